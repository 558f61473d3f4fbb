"""The decisions: what is rung, put through and ended."""

from haedap.domain.decisions import ApplyControl, Connect, DialOutside, EndContact, EndLeg, Gather, OfferContact
from haedap.domain.facts import ControlApplied
from haedap.domain.ids import ContactId, OfferId
from haedap.domain.states import Control
from tests.property.routing.books import NOBODY, A, Books, C, Person, Rules


def offer_contact(books: Books, decision: OfferContact) -> None:
    assert decision.offer not in books.rung, "an offer rings once"
    books.rung.add(decision.offer)
    case = books.cases[decision.contact]
    if case.offer == decision.offer:
        assert not (decision.join and (case.held or case.muted)), "the answer would be heard"
        return
    assert not decision.join
    assert case.state is C.ENGAGED
    if case.consulted == decision.agent:
        _consults(books, decision.contact, decision.offer)
    else:
        assert decision.agent in books.supervisors
        assert decision.agent != case.agent
        assert decision.agent not in books.supervising(), "a supervisor in two talks"
        assert books.people.get(decision.agent, Person()).state not in (A.OFFERED, A.ENGAGED)
        assert not any(contact == decision.contact and agent for contact, agent in books.side.values())
        books.side[decision.offer] = decision.contact, decision.agent


def dial_outside(books: Books, decision: DialOutside) -> None:
    assert decision.offer not in books.rung
    books.rung.add(decision.offer)
    _consults(books, decision.contact, decision.offer)


def end_leg(books: Books, decision: EndLeg) -> None:
    books.side.pop(decision.offer, None)


def end_contact(books: Books, decision: EndContact) -> None:
    books.side = {offer: leg for offer, leg in books.side.items() if leg[0] != decision.contact}


def apply_control(books: Books, decision: ApplyControl) -> None:
    if decision.control is Control.MUTE:
        books.silent.add(decision.offer)
    elif decision.control is Control.UNMUTE:
        books.silent.discard(decision.offer)


def control_applied(books: Books, fact: ControlApplied) -> None:
    case = books.cases[fact.contact]
    if fact.control in (Control.HOLD, Control.UNHOLD):
        case.held = fact.control is Control.HOLD
    elif fact.control in (Control.MUTE, Control.UNMUTE):
        case.muted = fact.control is Control.MUTE


def connect(books: Books, decision: Connect) -> None:
    case = books.cases[decision.contact]
    assert not case.held, "who is on hold is joined by nobody but the agent's wish"
    assert not case.muted or decision.offer in books.silent, "muted before it is heard"


def gather(books: Books, decision: Gather) -> None:
    case = books.cases[decision.contact]
    assert not (case.held and decision.citizen)
    assert not case.muted or not books.silent.isdisjoint(decision.offers), "muted before it is heard"


def _consults(books: Books, contact: ContactId, offer: OfferId) -> None:
    assert books.cases[contact].transfer is not None
    assert (contact, NOBODY) not in books.side.values(), "two whom an agent consults"
    books.side[offer] = contact, NOBODY


RULES: Rules = {
    OfferContact: offer_contact,
    DialOutside: dial_outside,
    EndLeg: end_leg,
    EndContact: end_contact,
    ApplyControl: apply_control,
    ControlApplied: control_applied,
    Connect: connect,
    Gather: gather,
}
