"""The decisions: what is rung, put through and ended."""

from haedap.domain.decisions import DialOutside, EndContact, EndLeg, OfferContact
from haedap.domain.ids import ContactId, OfferId
from tests.property.routing.books import NOBODY, A, Books, C, Person, Rules


def offer_contact(books: Books, decision: OfferContact) -> None:
    assert decision.offer not in books.rung, "an offer rings once"
    books.rung.add(decision.offer)
    case = books.cases[decision.contact]
    if case.offer == decision.offer:
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


def _consults(books: Books, contact: ContactId, offer: OfferId) -> None:
    assert books.cases[contact].transfer is not None
    assert (contact, NOBODY) not in books.side.values(), "two whom an agent consults"
    books.side[offer] = contact, NOBODY


RULES: Rules = {
    OfferContact: offer_contact,
    DialOutside: dial_outside,
    EndLeg: end_leg,
    EndContact: end_contact,
}
