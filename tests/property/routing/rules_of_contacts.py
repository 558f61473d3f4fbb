"""The facts about contacts: arrival, queue, offers, segments, end."""

from datetime import timedelta

from haedap.domain.facts import (
    ContactClosed,
    ContactMoved,
    ContactOffered,
    ContactOpened,
    ContactQueued,
    ContactReturned,
    LegLost,
    LegRegained,
    OfferEnded,
    SegmentEnded,
    SegmentStarted,
)
from haedap.domain.states import ContactOutcome, EndedBy, MoveCause, OfferOutcome, ProtectionStep
from haedap.domain.targets import ToAgent
from tests.property.routing.books import NOBODY, A, Books, C, Case, Person, Rules
from tests.property.routing.debts import Place

NO_LEVEL = 99


def contact_opened(books: Books, fact: ContactOpened) -> None:
    assert fact.contact not in books.cases
    assert fact.contact not in books.closed, "a closed contact opened anew"
    books.cases[fact.contact] = Case(caller=fact.caller, promise=fact.promise, resumes=fact.resumes)
    if fact.promise is not None:
        books.outgoing[fact.contact] = None
    books.seen["resumed"] += fact.resumes is not None


def contact_queued(books: Books, fact: ContactQueued) -> None:
    case = books.cases[fact.contact]
    assert case.state is C.IN_FLOW
    assert not case.queued, "offered (인입) is counted once"
    case.state, case.queue, case.priority, case.since = C.WAITING, fact.queue, fact.priority, books.now
    case.entered = books.place_of(case)
    case.queued = True
    books.debts.places[fact.contact] = Place(case.entered, case.priority)


def contact_offered(books: Books, fact: ContactOffered) -> None:
    case, person = books.cases[fact.contact], books.people[fact.agent]
    assert fact.offer not in books.offers
    assert fact.queue == case.queue
    assert case.offer is None, "two offers of one contact"
    if case.consulted == fact.agent:
        case.consulted, case.state = None, C.OFFERED
        assert books.side.pop(fact.offer) == (fact.contact, NOBODY), "the leg that rings is put the citizen"
    elif case.state is C.FORWARDED:
        assert case.transfer is not None
        assert case.transfer.target == ToAgent(fact.agent)
        assert books.is_idle(fact.agent, person)
        case.state = C.OFFERED
    elif case.state is C.RECONNECTING:
        assert case.agent == fact.agent, "a lost citizen is kept for the same agent"
        assert person.reachable
    else:
        _is_fair(books, fact, case, person)
        books.seen["given back"] += case.given_back
        case.state = C.OFFERED
    case.offer, books.offers[fact.offer] = fact.offer, None
    case.agent = fact.agent
    case.offered_until = books.now + timedelta(seconds=books.queues[case.queue].ring_seconds + 2)
    of_agent = [other for other in books.cases.values() if other.agent == fact.agent]
    assert len(of_agent) == 1, "an agent with two contacts"


def _is_fair(books: Books, fact: ContactOffered, case: Case, person: Person) -> None:
    assert case.state is C.WAITING
    if case.preferred == fact.agent:
        assert person.reachable
        assert person.state is A.AVAILABLE or (person.state is A.WRAP_UP and books.is_of_case(person, fact.contact))
        return
    assert books.is_idle(fact.agent, person)
    skill = books.queues[case.queue].skill
    if skill not in person.levels:
        assert books.is_wide(case, person), "not this agent's"
        books.seen["widened"] += 1
    assert books.cooling.get((fact.contact, fact.agent), books.now) <= books.now, "cooling"
    chosen = (person.levels.get(skill, NO_LEVEL), person.idle_since)
    for agent_id, other in books.people.items():
        if books.is_idle(agent_id, other) and books.may_have(fact.contact, case, agent_id, other):
            assert (other.levels[skill], other.idle_since) >= chosen, f"agent {agent_id} was passed over"
    for contact_id, waiting in books.cases.items():
        waits = waiting.state is C.WAITING and waiting.preferred is None
        if waits and books.may_have(contact_id, waiting, fact.agent, person):
            assert waiting.rank >= case.rank, f"contact {contact_id} was overtaken"


def offer_ended(books: Books, fact: OfferEnded) -> None:
    case = books.cases[fact.contact]
    assert fact.offer in books.rung
    assert books.offers[fact.offer] is None, "an offer ended twice"
    assert (case.offer, case.agent) == (fact.offer, fact.agent)
    books.offers[fact.offer] = fact.outcome
    case.offer = case.offered_until = None
    if fact.outcome is OfferOutcome.ANSWERED:
        return
    if case.state is C.OFFERED:
        case.state, case.agent = C.WAITING, None
        if fact.outcome is OfferOutcome.FAILED:
            books.cooling[fact.contact, fact.agent] = books.now + timedelta(seconds=5)
    else:
        assert case.state is C.RECONNECTING


def segment_started(books: Books, fact: SegmentStarted) -> None:
    case = books.cases[fact.contact]
    if fact.offer in books.side:
        assert case.state is C.FORWARDED
        _taken_by_hand(books, fact, case)
    else:
        assert books.offers[fact.offer] is OfferOutcome.ANSWERED
        assert case.state is C.OFFERED
    assert not case.segment_open
    assert fact.segment == case.segments + 1
    case.preferred = case.preferred_until = None
    books.debts.had[fact.contact] = fact.agent
    case.state, case.segments, case.segment_open = C.ENGAGED, fact.segment, True


def _taken_by_hand(books: Books, fact: SegmentStarted, case: Case) -> None:
    """From hand to hand: a colleague who was consulted, or a supervisor, has the citizen."""
    contact, supervisor = books.side.pop(fact.offer)
    assert contact == fact.contact
    if supervisor == NOBODY:
        assert fact.agent == case.consulted
    else:
        assert fact.agent == supervisor
        books.taken_over.add(supervisor)
        books.people.setdefault(supervisor, Person())
    case.consulted, case.agent = None, fact.agent
    books.offers[fact.offer] = OfferOutcome.ANSWERED


def leg_lost(books: Books, fact: LegLost) -> None:
    case = books.open_segment(fact)
    assert case.state is C.ENGAGED
    assert (fact.held, fact.muted) == (case.held, case.muted), "neither ends by itself"
    case.state = C.RECONNECTING


def leg_regained(books: Books, fact: LegRegained) -> None:
    case = books.open_segment(fact)
    assert case.state is C.RECONNECTING
    case.state = C.ENGAGED


def segment_ended(books: Books, fact: SegmentEnded) -> None:
    case = books.open_segment(fact)
    assert case.offer is None, "the offer ends before the segment"
    case.segment_open, case.agent, case.held, case.muted = False, None, False, False
    if case.transfer is not None or case.steps[-1:] == (ProtectionStep.END,) or fact.by is EndedBy.SUPERVISOR:
        case.state = C.FORWARDED
    else:
        case.state, case.given_back = C.WAITING, True


def contact_moved(books: Books, fact: ContactMoved) -> None:
    case = books.cases[fact.contact]
    if fact.cause is MoveCause.TRANSFER:
        assert case.state is C.FORWARDED
        assert fact.by is not None
        books.cooling[fact.contact, fact.by] = books.now + timedelta(seconds=20)
        case.state, case.queue, case.given_back = C.WAITING, fact.queue, True
    else:
        assert case.state is C.WAITING, "only who waits is moved"
        assert (fact.by in books.supervisors) == (fact.cause is MoveCause.SUPERVISOR)
        assert case.promise is None or case.reached or fact.cause is MoveCause.SUPERVISOR
        case.queue = fact.queue


def contact_returned(books: Books, fact: ContactReturned) -> None:
    case = books.cases[fact.contact]
    assert case.transfer is None
    assert case.state in (C.FORWARDED, C.WAITING)
    assert not case.segment_open
    case.state, case.given_back = C.WAITING, True
    case.preferred, case.preferred_until = fact.agent, books.now + timedelta(seconds=20)


def contact_closed(books: Books, fact: ContactClosed) -> None:
    case = books.cases.pop(fact.contact)
    assert not case.segment_open
    assert case.offer is None
    assert case.transfer is None, "a transfer without outcome"
    assert case.supervisor is None
    books.closed[fact.contact] = books.now
    books.debts.places.setdefault(fact.contact, Place(case.entered, case.priority))
    if not case.queued:
        del books.debts.places[fact.contact]
    if case.promise is not None and not case.reached:
        assert fact.outcome is ContactOutcome.NOT_REACHED
    elif case.segments:
        assert fact.outcome is ContactOutcome.ANSWERED
    elif case.promised or (case.queued and case.caller is not None and fact.by is not EndedBy.CITIZEN):
        assert fact.outcome is ContactOutcome.PROMISED, "cut off, or promised, is not given up"
    elif case.queued:
        assert fact.outcome is ContactOutcome.ABANDONED
    else:
        assert fact.outcome not in (ContactOutcome.ANSWERED, ContactOutcome.ABANDONED)


RULES: Rules = {
    ContactOpened: contact_opened,
    ContactQueued: contact_queued,
    ContactOffered: contact_offered,
    OfferEnded: offer_ended,
    SegmentStarted: segment_started,
    LegLost: leg_lost,
    LegRegained: leg_regained,
    SegmentEnded: segment_ended,
    ContactMoved: contact_moved,
    ContactReturned: contact_returned,
    ContactClosed: contact_closed,
}
