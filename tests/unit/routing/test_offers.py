"""Who gets whom, and what becomes of offers."""

import pytest

from haedap.domain.decisions import Connect, EndLeg, OfferContact
from haedap.domain.facts import OfferEnded, SegmentStarted
from haedap.domain.states import AgentState, ContactState, EndedBy, OfferOutcome
from tests.unit.routing.centre import (
    MENU_LINE,
    PLAN,
    WATER_LINE,
    Centre,
    agent,
    change,
    change_queue,
    every,
    kinds,
    only,
    states,
)


def test_an_arriving_contact_goes_to_the_longest_idle_of_level_1() -> None:
    centre = Centre()
    centre.ready(3, 2, 1)
    outputs = centre.call("c", caller="+821000001234")
    assert kinds(outputs) == [
        "ContactOpened",
        "FlowStepEntered",
        "ContactQueued",
        "PlayMusic",
        "ContactOffered",
        "AgentStateChanged",
        "OfferContact",
    ]
    offer = only(outputs, OfferContact)
    assert (offer.offer, offer.agent, offer.endpoint, offer.queue) == ("c.1", 2, "agent-2", "tax")
    assert (offer.caller, offer.ring_seconds, offer.auto_answer) == ("+821000001234", 20, False)
    assert centre.agent_state(2) is AgentState.OFFERED


def test_level_2_is_asked_when_nobody_of_level_1_is_free() -> None:
    centre = Centre()
    centre.ready(3, 1)
    assert only(centre.call("a"), OfferContact).agent == 1
    assert only(centre.call("b"), OfferContact).agent == 3
    assert not every(centre.call("c"), OfferContact)


def test_an_agent_without_the_skill_is_not_asked() -> None:
    centre = Centre()
    centre.ready(1)
    assert not every(centre.call("c", WATER_LINE), OfferContact)


def test_only_available_agents_with_a_registered_telephone_are_asked() -> None:
    centre = Centre()
    centre.ready(1)
    centre.unreachable(1)
    assert not every(centre.call("c"), OfferContact)
    assert only(centre.reachable(1), OfferContact).offer == "c.1"


def test_a_freed_agent_takes_the_highest_priority_then_the_earliest_over_all_queues() -> None:
    centre = Centre()
    centre.call("water", WATER_LINE)
    centre.call("tax")
    centre.call("urgent", MENU_LINE)
    centre.press("urgent", "2")
    centre.ready(3)
    order = []
    for _ in range(3):
        offer = next(contact for contact in ("water", "tax", "urgent") if centre.contact_state(contact) == "offered")
        order.append(offer)
        centre.leave(offer)
    assert order == ["urgent", "water", "tax"]


def test_an_answer_starts_the_segment_and_joins_both() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("c")
    outputs = centre.answer("c.1")
    assert kinds(outputs) == ["OfferEnded", "Connect", "SegmentStarted", "AgentStateChanged"]
    assert only(outputs, OfferEnded).outcome is OfferOutcome.ANSWERED
    assert only(outputs, Connect).offer == "c.1"
    assert only(outputs, SegmentStarted).segment == 1
    assert states(outputs) == [(1, AgentState.ENGAGED, "")]
    assert centre.connected("c.1") == ()


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (OfferOutcome.NO_ANSWER, "no_answer"),
        (OfferOutcome.REJECTED, "rejected"),
        (OfferOutcome.UNREACHABLE, "unreachable"),
    ],
)
def test_an_offer_let_pass_sets_the_agent_away_and_goes_to_the_next(outcome: OfferOutcome, reason: str) -> None:
    centre = Centre()
    centre.ready(1, 2)
    centre.call("c")
    outputs = centre.fail("c.1", outcome)
    assert only(outputs, OfferEnded).outcome is outcome
    assert states(outputs) == [(1, AgentState.AWAY, reason), (2, AgentState.OFFERED, "")]
    assert only(outputs, OfferContact).offer == "c.2"
    assert not every(outputs, EndLeg), "the channel said itself that the leg is over"


def test_an_unreachable_telephone_counts_as_not_registered() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("c")
    assert "AgentReachabilityChanged" in kinds(centre.fail("c.1", OfferOutcome.UNREACHABLE))
    assert not every(centre.available(1), OfferContact)
    assert only(centre.reachable(1), OfferContact).offer == "c.2"


def test_ringing_ends_after_the_ring_time_and_two_seconds() -> None:
    centre = Centre()
    centre.ready(1, 2)
    centre.call("c")
    assert centre.after(21.9) == ()
    outputs = centre.after(0.1)
    assert only(outputs, EndLeg).offer == "c.1"
    assert only(outputs, OfferEnded).outcome is OfferOutcome.NO_ANSWER
    assert states(outputs)[0] == (1, AgentState.AWAY, "no_answer")
    assert only(outputs, OfferContact).agent == 2


def test_a_technical_failure_keeps_the_agent_idle_but_not_for_this_contact_for_5_seconds() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("c")
    outputs = centre.fail("c.1")
    assert states(outputs) == [(1, AgentState.AVAILABLE, "")]
    assert not every(outputs, OfferContact)
    assert only(centre.call("d"), OfferContact).offer == "d.1", "another contact is welcome"
    centre.leave("d")
    assert not every(centre.after(4.9), OfferContact)
    assert only(centre.after(0.1), OfferContact).offer == "c.2"


@pytest.mark.parametrize(
    "outcome",
    [OfferOutcome.ANSWERED, OfferOutcome.REFUSED, OfferOutcome.CITIZEN_LEFT, OfferOutcome.WITHDRAWN],
)
def test_an_outcome_that_no_channel_may_report_is_a_technical_failure(outcome: OfferOutcome) -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("c")
    assert only(centre.fail("c.1", outcome), OfferEnded).outcome is OfferOutcome.FAILED


def test_a_telephone_that_fails_with_three_contacts_in_five_seconds_takes_the_agent_out() -> None:
    centre = Centre()
    centre.ready(1)
    for contact in "abcd":
        centre.call(contact)
    assert only(centre.fail("a.1"), OfferContact).contact == "b"
    assert only(centre.fail("b.1"), OfferContact).contact == "c"
    outputs = centre.fail("c.1")
    assert not every(outputs, OfferContact)
    assert centre.agent_state(1) is AgentState.AWAY
    assert only(centre.available(1), OfferContact).contact == "d"


def test_a_failed_offer_keeps_the_contacts_place() -> None:
    centre = Centre()
    centre.ready(1)
    for contact in "abc":
        centre.call(contact)
    centre.fail("a.1", OfferOutcome.REJECTED)
    assert only(centre.available(1), OfferContact).contact == "a"


def test_an_offer_that_came_to_nothing_without_the_agents_doing_keeps_the_idle_order() -> None:
    centre = Centre()
    centre.ready(1, 2)
    centre.call("a")
    outputs = centre.leave("a")
    assert kinds(outputs) == ["EndLeg", "OfferEnded", "ContactClosed", "AgentStateChanged"]
    assert only(outputs, OfferEnded).outcome is OfferOutcome.CITIZEN_LEFT
    assert only(centre.call("b"), OfferContact).agent == 1
    centre.fail("b.1")
    assert only(centre.call("c"), OfferContact).agent == 1


def test_a_technical_failure_keeps_the_idle_order_among_others() -> None:
    centre = Centre(change(PLAN, agents=(agent(1, tax=1), agent(2, tax=1), agent(3, tax=1))))
    centre.ready(1, 2, 3)
    centre.call("a")
    assert only(centre.fail("a.1"), OfferContact).agent == 2
    assert only(centre.call("b"), OfferContact).agent == 1, "idle longer than agent 3"


def test_absence_and_work_end_the_idleness() -> None:
    centre = Centre()
    centre.ready(1, 2)
    centre.away(1)
    centre.available(1)
    assert only(centre.call("a"), OfferContact).agent == 2
    centre.leave("a")
    centre.available(2)
    assert only(centre.call("b"), OfferContact).agent == 2, "saying AVAILABLE again changes nothing"


def test_a_late_answer_only_ends_its_leg() -> None:
    centre = Centre()
    centre.ready(1, 2)
    centre.call("c")
    centre.after(22)
    outputs = centre.answer("c.1")
    assert kinds(outputs) == ["EndLeg"]
    assert only(outputs, EndLeg).offer == "c.1"
    assert centre.contact_state("c") is ContactState.OFFERED


def test_an_answer_after_the_end_or_for_nothing_known_ends_the_leg() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("c")
    centre.leave("c")
    first, second = (only(centre.answer("c.1"), EndLeg) for _ in range(2))
    assert first.id != second.id, "the channel performs each id once"
    assert only(centre.answer("stranger.7"), EndLeg).contact == "stranger"
    assert centre.answer("nonsense") == ()


def test_repeated_and_foreign_reports_change_nothing() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("c")
    centre.answer("c.1")
    assert centre.answer("c.1") == ()
    for offer in ("c.2", "x.1", "", "."):
        assert centre.fail(offer) == ()
        assert centre.leg_ends(offer, EndedBy.AGENT) == ()
        assert centre.connected(offer) == ()
        assert centre.connect_failed(offer) == ()


def test_a_leg_that_ends_while_the_router_thinks_it_rings_is_a_failed_offer() -> None:
    centre = Centre()
    centre.ready(1, 2)
    centre.call("c")
    assert states(centre.leg_ends("c.1", EndedBy.AGENT))[0] == (1, AgentState.AWAY, "rejected")
    assert states(centre.leg_ends("c.2", EndedBy.LINE)) == [(2, AgentState.AVAILABLE, "")]


def test_two_agents_freed_at_once_each_take_the_one_they_should() -> None:
    """The contact that comes first chooses first, the agent that is idle longest is chosen."""
    centre = Centre()
    centre.talking(1, "a")
    centre.talking(2, "b")
    centre.leave("a")
    centre.leave("b")
    centre.call("c")
    centre.call("d")
    offers = [(offer.contact, offer.agent) for offer in every(centre.after(60), OfferContact)]
    assert offers == [("c", 1), ("d", 2)]


def test_the_contact_that_comes_first_chooses_first_whoever_is_freed_first() -> None:
    agents = (agent(1, tax=1, water=1), agent(2, water=2))
    centre = Centre(change_queue(change(PLAN, agents=agents), "water", wrap_up_seconds=60))
    centre.talking(2, "b", WATER_LINE)
    centre.talking(1, "a")
    centre.leave("b")
    centre.after(1)
    centre.leave("a")
    centre.call("tax")
    centre.call("water", WATER_LINE)
    offers = [(offer.contact, offer.agent) for offer in every(centre.after(60), OfferContact)]
    assert offers == [("tax", 1), ("water", 2)], "agent 1 is the better one for water, too"


def test_of_two_that_are_put_back_at_once_the_first_gets_the_agent() -> None:
    centre = Centre()
    centre.ready(1, 2, 3)
    centre.call("z")
    centre.call("b")
    assert only(centre.after(22), OfferContact).contact == "z"
