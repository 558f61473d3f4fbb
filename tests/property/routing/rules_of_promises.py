"""The facts about promises: what is owed, tried and kept."""

from haedap.domain.facts import (
    AttemptEnded,
    AttemptStarted,
    CitizenAnswered,
    CitizenCalled,
    PromiseAltered,
    PromiseEnded,
    PromiseEscalated,
    PromiseMade,
)
from haedap.domain.ids import ContactId
from haedap.domain.states import PromiseReason
from haedap.domain.targets import ToAgent
from tests.property.routing.books import Books, C, Rules
from tests.property.routing.debts import Debt, Place


def promise_made(books: Books, fact: PromiseMade) -> None:
    case = None if fact.contact is None else books.cases.get(fact.contact)
    place = None if fact.contact is None else books.debts.places.get(fact.contact)
    if place is None or fact.reason in (PromiseReason.AGENT, PromiseReason.TEXT):
        books.count += 1
        place = Place(books.count, 0)
    books.debts.make(fact, Place(place.entered, place.priority))
    if case is not None:
        case.promised = True
        if fact.reason is PromiseReason.QUEUE:
            assert case.state is C.WAITING
            case.state = C.IN_FLOW


def promise_altered(books: Books, fact: PromiseAltered) -> None:
    books.debts.alter(fact, books.now, put_off=books.changes and books.has_home(fact.owner))
    _follow(books, books.debts.open[fact.promise])


def promise_escalated(books: Books, fact: PromiseEscalated) -> None:
    books.debts.escalate(fact)
    _follow(books, books.debts.open[fact.promise])


def attempt_started(books: Books, fact: AttemptStarted) -> None:
    books.debts.start(fact)
    assert fact.contact is None or books.cases[fact.contact].promise == fact.promise


def attempt_ended(books: Books, fact: AttemptEnded) -> None:
    books.debts.finish(fact)


def promise_ended(books: Books, fact: PromiseEnded) -> None:
    books.debts.end(fact)
    if fact.into is not None:
        _follow(books, books.debts.open[fact.into])


def _follow(books: Books, debt: Debt) -> None:
    """The contact that stands for a promise has its place."""
    case = None if debt.calling is None else books.cases.get(debt.calling)
    if case is not None:
        case.entered = debt.place.entered
        case.priority = debt.place.priority + 100 * debt.escalated
        books.debts.places[debt.calling or ContactId("")] = Place(case.entered, case.priority)
        if not isinstance(debt.owner, ToAgent) or debt.escalated:
            case.preferred_until = case.preferred_until or books.now


def citizen_called(books: Books, fact: CitizenCalled) -> None:
    case = books.open_segment(fact)
    assert case.promise is not None
    assert not case.reached


def citizen_answered(books: Books, fact: CitizenAnswered) -> None:
    case = books.open_segment(fact)
    assert case.promise is not None
    assert not case.reached
    case.reached = True


RULES: Rules = {
    PromiseMade: promise_made,
    PromiseAltered: promise_altered,
    PromiseEscalated: promise_escalated,
    AttemptStarted: attempt_started,
    AttemptEnded: attempt_ended,
    PromiseEnded: promise_ended,
    CitizenCalled: citizen_called,
    CitizenAnswered: citizen_answered,
}
