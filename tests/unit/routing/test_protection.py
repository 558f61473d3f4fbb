"""Abuse: the steps in their order, what the citizen hears, and the rest afterwards."""

from datetime import timedelta

import pytest

from haedap.domain.decisions import ApplyControl, Connect, EndContact, EndLeg, Play, Saying
from haedap.domain.facts import AgentStateChanged, ControlApplied, ProtectionTaken
from haedap.domain.ids import PromptKey
from haedap.domain.states import AgentState, ContactState, Control, EndedBy, OfferOutcome, ProtectionStep
from tests.unit.routing.centre import change_queue, closing, kinds, only, states
from tests.unit.routing.talks import SUPERVISED, Talks, to_agent

WARN, ANNOUNCE, END = ProtectionStep.WARN, ProtectionStep.ANNOUNCE, ProtectionStep.END


def abused(seconds: int = 600) -> Talks:
    """Agent 1 has ended the call for abuse; the rest is so long."""
    talks = Talks(change_queue(SUPERVISED, "tax", rest_seconds=seconds))
    talks.begin(1)
    for step in ProtectionStep:
        talks.protect(1, step)
    return talks


def test_a_warning_is_recorded_and_changes_nothing_else() -> None:
    talks = Talks()
    talks.begin(1)
    outputs = talks.protect(1, WARN)
    assert kinds(outputs) == ["ProtectionTaken"]
    taken = only(outputs, ProtectionTaken)
    assert (taken.segment, taken.agent, taken.step, taken.kind) == (1, 1, WARN, "insult")
    assert talks.protect(1, WARN) == (), "once"


def test_the_announcement_is_heard_and_then_the_talk_goes_on() -> None:
    talks = Talks()
    talks.begin(1)
    talks.protect(1, WARN)
    outputs = talks.protect(1, ANNOUNCE)
    assert kinds(outputs) == ["ProtectionTaken", "Play"]
    assert only(outputs, Play).sayings == (Saying(PromptKey("protection_notice")),)
    assert talks.control(1, "c", Control.HOLD) == (), "the citizen is being told something"
    outputs = talks.told()
    assert only(outputs, Connect).offer == "c.1"
    assert talks.contact_state("c") is ContactState.ENGAGED


def test_the_end_takes_the_agent_out_of_it_at_once_and_tells_the_citizen_why() -> None:
    talks = Talks()
    talks.begin(1)
    talks.protect(1, WARN)
    talks.protect(1, ANNOUNCE)
    outputs = talks.protect(1, END)
    assert kinds(outputs) == ["ProtectionTaken", "EndLeg", "SegmentEnded", "AgentStateChanged", "Play"]
    assert only(outputs, EndLeg).offer == "c.1"
    assert only(outputs, Play).sayings == (Saying(PromptKey("protection_end")),)
    assert states(outputs) == [(1, AgentState.WRAP_UP, "")]
    outputs = talks.told()
    assert only(outputs, EndContact).contact == "c"
    assert closing(outputs) == ("answered", "agent")
    assert talks.told() == ()


def test_the_citizen_may_hang_up_in_the_middle_of_it() -> None:
    talks = abused()
    assert closing(talks.leave("c")) == ("answered", "citizen")
    assert talks.told() == ()


@pytest.mark.parametrize(
    ("steps", "kind", "taken"),
    [
        ((ANNOUNCE,), "insult", 0),
        ((END,), "insult", 0),
        ((WARN, END), "insult", 1),
        ((WARN, ANNOUNCE, ANNOUNCE), "insult", 2),
        ((WARN, ANNOUNCE, WARN), "insult", 2),
        ((ANNOUNCE,), "threat", 0),
        ((END,), "threat", 1),
        ((END,), "sexual", 1),
        ((WARN, END), "sexual", 2),
        ((END, END), "threat", 1),
    ],
)
def test_each_step_once_and_in_order_unless_it_is_the_worst(
    steps: tuple[ProtectionStep, ...], kind: str, taken: int
) -> None:
    talks = Talks()
    talks.begin(1)
    for step in steps:
        talks.protect(1, step, kind)
    assert len(talks.said(ProtectionTaken)) == taken


def test_every_step_is_on_tape_and_nobody_is_on_hold() -> None:
    talks = Talks()
    talks.begin(1)
    talks.control(1, "c", Control.PAUSE_RECORDING)
    outputs = talks.protect(1, WARN)
    assert only(outputs, ApplyControl).control is Control.RESUME_RECORDING
    assert only(outputs, ControlApplied).control is Control.RESUME_RECORDING
    talks.control(1, "c", Control.HOLD)
    outputs = talks.protect(1, ANNOUNCE)
    assert only(outputs, ControlApplied).control is Control.UNHOLD


def test_only_ones_own_talk_and_not_announced_to_who_is_not_there() -> None:
    talks = Talks()
    talks.begin(1, 2)
    assert talks.protect(2, WARN) == ()
    talks.protect(1, WARN)
    talks.consult(1, to_agent(2))
    assert talks.protect(1, ANNOUNCE) == (), "the citizen hears music, not the agent"
    assert kinds(talks.protect(1, END, "threat"))[:2] == ["ProtectionTaken", "EndLeg"]
    assert talks.transfers() == ["cancelled"]
    assert talks.agent_state(2) is AgentState.AVAILABLE


def test_the_next_agent_of_the_same_call_need_not_warn_again() -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.protect(1, WARN)
    talks.blind(1, to_agent(2))
    talks.picks_up()
    assert only(talks.protect(2, ANNOUNCE), ProtectionTaken).segment == 2


def test_a_lost_leg_in_the_announcement_is_mended_as_ever() -> None:
    talks = Talks()
    talks.begin(1)
    talks.protect(1, WARN)
    talks.protect(1, ANNOUNCE)
    talks.hangs_up("c.1", EndedBy.LINE)
    assert kinds(talks.answer("c.2")) == ["OfferEnded", "Connect", "LegRegained"]


def test_a_line_that_is_lost_in_the_farewell_is_no_dropped_call() -> None:
    talks = Talks()
    talks.ready(1)
    talks.call("c", caller="+821000000001")
    talks.picks_up()
    talks.protect(1, END, "threat")
    outputs = talks.leave("c", EndedBy.LINE)
    assert kinds(outputs) == ["ContactClosed"]
    assert closing(outputs) == ("answered", "agent")


# --- the rest


def test_after_the_wrap_up_the_agent_rests_at_least_until_its_time_is_over() -> None:
    talks = abused(600)
    end = talks.now
    talks.run(60)
    rest = talks.said(AgentStateChanged)[-1]
    assert (rest.state, rest.reason, rest.until) == (AgentState.AWAY, "rest", end + timedelta(seconds=600))
    assert talks.available(1) == (), "not before its time"
    talks.run(539)
    assert talks.available(1) == ()
    talks.run(1)
    assert talks.agent_state(1) is AgentState.AWAY, "they say themselves when they are fit again"
    assert states(talks.available(1)) == [(1, AgentState.AVAILABLE, "")]


def test_a_wrap_up_that_is_ended_early_leads_to_the_rest_too() -> None:
    talks = abused()
    assert states(talks.available(1)) == [(1, AgentState.AWAY, "rest")]


def test_a_wrap_up_that_outlasts_the_rest_needs_no_other() -> None:
    talks = abused(30)
    talks.run(60)
    assert talks.agent_state(1) is AgentState.AVAILABLE


@pytest.mark.parametrize("leave", [lambda talks: talks.away(1), lambda talks: talks.sign_out(1)])
def test_no_other_absence_shortens_the_rest(leave: object) -> None:
    talks = abused()
    talks.run(60)
    leave(talks)  # type: ignore[operator]
    talks.ready(1)
    assert talks.agent_state(1) is AgentState.AWAY
    assert talks.said(AgentStateChanged)[-1].reason == "rest", "they are told why they are not available"
    talks.run(540)
    talks.available(1)
    assert talks.agent_state(1) is AgentState.AVAILABLE


def test_a_supervisor_may_end_the_rest() -> None:
    talks = abused()
    talks.run(60)
    talks.force(1, AgentState.AVAILABLE)
    assert talks.agent_state(1) is AgentState.AVAILABLE
    talks.away(1)
    assert states(talks.available(1)) == [(1, AgentState.AVAILABLE, "")]


def test_who_wished_to_be_away_is_away_and_rests_all_the_same() -> None:
    talks = Talks()
    talks.begin(1)
    talks.away(1, "lunch")
    talks.protect(1, END, "threat")
    assert states(talks.after(60)) == [(1, AgentState.AWAY, "lunch")]
    assert states(talks.available(1)) == [(1, AgentState.AWAY, "rest")]
    assert talks.available(1) == ()


def test_a_farewell_that_cannot_be_said_ends_the_call_all_the_same() -> None:
    talks = abused()
    failed = talks.said(Play)[-1]
    assert failed.sayings == (Saying(PromptKey("protection_end")),)
    assert talks.fail("c.1", OfferOutcome.FAILED) == (), "the agent has nothing to do with it any more"
    assert closing(talks.played("c", failed.id)) == ("answered", "agent")
