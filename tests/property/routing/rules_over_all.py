"""What holds of everybody at once, after every event."""

from datetime import UTC, datetime

from haedap.domain.events import AnyEvent, TimePassed
from haedap.domain.ids import AgentId, ContactId
from haedap.domain.states import ProtectionStep
from tests.property.routing.books import NOBODY, A, Books, C


def everybody_is_in_one_place(books: Books) -> None:
    at_work: dict[AgentId, ContactId] = {}
    for contact_id, case in books.cases.items():
        assert (case.agent is not None) == (case.state in (C.OFFERED, C.ENGAGED, C.RECONNECTING))
        if case.agent is not None:
            assert case.agent not in at_work
            at_work[case.agent] = contact_id
        if case.consulted is not None:
            assert case.transfer is not None, "consulted about nothing"
            assert case.consulted not in at_work
            at_work[case.consulted] = contact_id
    for agent_id, person in books.people.items():
        if person.state in (A.OFFERED, A.ENGAGED):
            assert at_work.pop(agent_id) == person.contact
    assert not at_work, "a contact with an agent who does not have it"


def every_leg_has_its_place(books: Books) -> None:
    seen: set[tuple[ContactId, bool]] = set()
    for contact, supervisor in books.side.values():
        case = books.cases[contact]
        assert case.state is C.ENGAGED or (supervisor == NOBODY and case.state is C.FORWARDED), "a stray leg"
        assert case.transfer is not None or case.state is C.FORWARDED or supervisor != NOBODY
        assert (contact, supervisor == NOBODY) not in seen
        seen.add((contact, supervisor == NOBODY))
    for contact, case in books.cases.items():
        if case.state is C.FORWARDED and case.steps[-1:] != (ProtectionStep.END,):
            assert (contact, True) in seen, "nobody has the citizen, and nobody is rung for them"


def nobody_waits_for_an_idle_agent(books: Books, event: AnyEvent) -> None:
    due = event.at if isinstance(event, TimePassed) else datetime.min.replace(tzinfo=UTC)
    for agent_id, person in books.people.items():
        if not books.is_idle(agent_id, person):
            continue
        for contact_id, case in books.cases.items():
            waits = case.state is C.WAITING and not books.is_kept(case)
            if waits and books.queues[case.queue].skill in person.levels:
                assert books.cooling.get((contact_id, agent_id), due) > due, "an idle agent and a waiting contact"


def no_offer_outlives_its_time(books: Books) -> None:
    for case in books.cases.values():
        assert case.offered_until is None or case.offered_until > books.now, "an offer without end"
