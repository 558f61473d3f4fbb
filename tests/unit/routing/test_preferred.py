"""A contact that goes back to one agent: who is asked, for how long, and what place it has."""

from datetime import timedelta

from haedap.domain.decisions import OfferContact
from haedap.domain.ids import AgentId, ContactId
from haedap.domain.states import AgentState, OfferOutcome
from haedap.routing import waiting
from tests.unit.routing.centre import Centre, every, only, states


def returned(centre: Centre, contact: str, agent: int) -> None:
    """A contact that waits in its queue, taken out of it and returned to the agent for 20 s."""
    floor = centre.router._floor
    record = floor.contacts[ContactId(contact)]
    floor.index.remove_waiting(record)
    waiting.return_to(floor, record, AgentId(agent), 20)


def test_who_is_returned_is_put_to_the_agent_in_wrap_up_after_this_contact() -> None:
    centre = Centre()
    centre.talking(1, "c")
    centre.ready(2)
    floor = centre.router._floor
    record = floor.contacts[ContactId("c")]
    record.leg = record.agent = None
    floor.agents[AgentId(1)].state = AgentState.WRAP_UP
    waiting.return_to(floor, record, AgentId(1), 20)
    offered = only(centre.after(0), OfferContact)
    assert (offered.agent, offered.auto_answer) == (1, False)
    assert centre.agent_state(1) is AgentState.OFFERED, "the offer ends the wrap-up"
    assert centre.agent_state(2) is AgentState.AVAILABLE
    assert (1, AgentState.ENGAGED, "") in states(centre.answer("c.2"))


def test_who_is_returned_waits_for_an_agent_who_wraps_up_another_contact_but_not_for_ever() -> None:
    centre = Centre()
    centre.talking(1, "other")
    centre.leave("other")
    centre.call("c")
    returned(centre, "c", 1)
    centre.ready(2)
    assert not every(centre.after(19.9), OfferContact)
    assert only(centre.after(0.1), OfferContact).agent == 2


def test_an_agent_who_is_free_in_time_has_the_returned_first() -> None:
    centre = Centre()
    centre.talking(1, "other")
    centre.leave("other")
    centre.call("earlier")
    centre.call("c")
    returned(centre, "c", 1)
    centre.after(1)
    assert only(centre.available(1), OfferContact).contact == "c"


def test_when_the_agent_cannot_be_asked_anybody_is_and_the_contact_stays_first() -> None:
    for leave in (Centre.away, Centre.sign_out, Centre.unreachable):
        centre = Centre()
        centre.talking(1, "other")
        centre.leave("other")
        centre.call("earlier")
        centre.call("c")
        returned(centre, "c", 1)
        centre.after(1)
        leave(centre, 1)
        centre.reachable(2)
        centre.ready(2)
        centre.now += timedelta(seconds=1)
        assert "c" in {record.contact for record in centre.router.snapshot().agents}, leave
    centre = Centre()
    centre.call("earlier")
    centre.call("c")
    returned(centre, "c", 99)
    centre.ready(2)
    assert centre.router.snapshot().agents[1].contact == "c", "an agent who is no more"


def test_an_agent_who_lets_the_returned_ring_out_leaves_them_to_anybody() -> None:
    centre = Centre()
    centre.talking(1, "other")
    centre.leave("other")
    centre.call("c")
    returned(centre, "c", 1)
    centre.available(1)
    centre.ready(2)
    assert only(centre.fail("c.1", OfferOutcome.NO_ANSWER), OfferContact).agent == 2


def test_the_preference_survives_a_restart() -> None:
    centre = Centre()
    centre.talking(1, "other")
    centre.leave("other")
    centre.call("c")
    returned(centre, "c", 1)
    centre.router = centre.router.restore(centre.router.snapshot())
    centre.ready(2)
    assert only(centre.after(20), OfferContact).agent == 2
