"""The facts about agents."""

from datetime import datetime, timedelta

from haedap.domain.facts import AgentReachabilityChanged, AgentStateChanged
from tests.property.routing.books import A, Books, Person, Rules

LEGAL = {
    A.SIGNED_OUT: {A.AWAY},
    A.AWAY: {A.AVAILABLE, A.AWAY, A.SIGNED_OUT},
    A.AVAILABLE: {A.OFFERED, A.AWAY, A.SIGNED_OUT},
    A.OFFERED: {A.ENGAGED, A.AVAILABLE, A.AWAY, A.SIGNED_OUT},
    A.ENGAGED: {A.ENGAGED, A.WRAP_UP, A.AVAILABLE, A.AWAY, A.SIGNED_OUT},
    A.WRAP_UP: {A.WRAP_UP, A.AVAILABLE, A.AWAY, A.SIGNED_OUT},
}


def agent_state_changed(books: Books, fact: AgentStateChanged) -> None:
    person = books.people[fact.agent]
    returned = (person.state, fact.state) == (A.WRAP_UP, A.OFFERED) and books.is_of_case(person, fact.contact)
    if not returned and fact.agent not in books.taken_over:
        assert fact.state in LEGAL[person.state], f"{person.state} → {fact.state}"
    if fact.pending is not None:
        assert fact.state in (A.ENGAGED, A.WRAP_UP)
    ends_idleness = (person.state, fact.state) == (A.WRAP_UP, A.OFFERED)
    if ends_idleness or (fact.state is A.AVAILABLE and person.state is not A.OFFERED):
        books.count += 1
        person.idle_since = books.count
    if fact.state is A.AVAILABLE:
        assert person.rest_until is None or person.rest_until <= books.now, "no rest after abuse"
    _consulted_or_not(books, fact)
    person.state, person.contact, person.pending = fact.state, fact.contact, fact.pending
    _miss(books, person)


def _consulted_or_not(books: Books, fact: AgentStateChanged) -> None:
    """Whether the agent is consulted about a contact, or asked to be."""
    for contact, case in books.cases.items():
        if case.consulted == fact.agent and (fact.state not in (A.OFFERED, A.ENGAGED) or fact.contact != contact):
            case.consulted = None
    case_of = None if fact.contact is None else books.cases.get(fact.contact)
    if case_of is not None and fact.state is A.OFFERED and case_of.agent != fact.agent:
        assert case_of.transfer is not None
        assert case_of.consulted is None
        case_of.consulted = fact.agent


def agent_reachability_changed(books: Books, fact: AgentReachabilityChanged) -> None:
    person = books.people[fact.agent]
    assert person.reachable is not fact.reachable
    person.reachable = fact.reachable
    _miss(books, person)


def _miss(books: Books, person: Person) -> None:
    missing = person.state is A.AVAILABLE and not person.reachable
    person.missing_since = (person.missing_since or books.now) if missing else None


def nobody_could_come_back(books: Books, before: datetime) -> None:
    """There was no exchange where a telephone could have registered."""
    for person in books.people.values():
        if person.missing_since is not None:
            person.missing_since = before


def nobody_is_missed_for_long(books: Books) -> None:
    """As soon as time passes."""
    since = [person.missing_since for person in books.people.values() if person.missing_since is not None]
    assert all(books.now - missing < timedelta(minutes=3) for missing in since)


RULES: Rules = {
    AgentStateChanged: agent_state_changed,
    AgentReachabilityChanged: agent_reachability_changed,
}
