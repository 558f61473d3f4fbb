"""What users of other contact-centre software complain of most, each as a test: it must not happen here."""

from collections.abc import Callable

import pytest

from haedap.domain.decisions import OfferContact
from haedap.domain.facts import ControlApplied, SegmentEnded, SegmentStarted
from haedap.domain.ids import ContactId
from haedap.domain.states import AgentState, ConsultStep, Control, EndedBy, OfferOutcome
from tests.unit.routing.centre import WATER_LINE, only
from tests.unit.routing.talks import OFFICER, Talks, to_agent, to_queue

# --- complaint 2: transfers corrupt statistics, the agent's talk clock runs on


@pytest.mark.parametrize("target", [to_agent(2), to_queue("tax"), to_queue("water"), OFFICER])
def test_complaint_2_the_talk_clock_stops_at_a_blind_transfer(target: object) -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.blind(1, target)  # type: ignore[arg-type]
    segment = only(tuple(talks.said(SegmentEnded)), SegmentEnded)
    assert (segment.segment, segment.agent) == (1, 1)
    talks.run(4)
    talks.picks_up()
    talks.run(600)
    talks.leave("c")
    talks.run(600)
    offered, engaged, _ = talks.clocks()[1]
    assert (offered, engaged) == (5, 30), "not a second of what others talk"


@pytest.mark.parametrize("target", [to_agent(2), OFFICER])
def test_complaint_2_the_talk_clock_stops_when_a_consultation_is_completed(target: object) -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.consult(1, target)  # type: ignore[arg-type]
    talks.run(4)
    talks.picks_up()
    talks.run(6)
    talks.step(1, ConsultStep.COMPLETE)
    talks.run(600)
    talks.leave("c")
    talks.run(600)
    assert talks.clocks()[1] == (5, 40, 60)


def test_complaint_2_the_hold_clock_stops_with_the_transfer() -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.control(1, "c", Control.HOLD)
    talks.control(1, "c", Control.MUTE)
    talks.consult(1, to_agent(2))
    ends = [fact.control for fact in talks.said(ControlApplied)][2:]
    assert ends == [Control.UNHOLD, Control.UNMUTE]


def test_complaint_2_every_segment_that_began_ended_and_they_do_not_overlap() -> None:
    talks = Talks()
    talks.begin(1, 2, 3)
    talks.consult(1, to_agent(2))
    talks.picks_up()
    talks.step(1, ConsultStep.COMPLETE)
    talks.blind(2, to_agent(3))
    talks.picks_up()
    talks.leave("c")
    told = [
        (type(fact).__name__, fact.segment, fact.agent)
        for _, fact in talks.book
        if isinstance(fact, SegmentStarted | SegmentEnded)
    ]
    assert told == [
        ("SegmentStarted", 1, 1),
        ("SegmentEnded", 1, 1),
        ("SegmentStarted", 2, 2),
        ("SegmentEnded", 2, 2),
        ("SegmentStarted", 3, 3),
        ("SegmentEnded", 3, 3),
    ]


# --- complaint 3: wrap-up lost after a transfer or with several queues


def test_complaint_3_wrap_up_follows_every_segment_of_a_transfer() -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.blind(1, to_agent(2))
    assert talks.agent_state(1) is AgentState.WRAP_UP
    talks.picks_up()
    talks.leave("c")
    assert talks.agent_state(2) is AgentState.WRAP_UP
    talks.run(59)
    assert (talks.agent_state(1), talks.agent_state(2)) == (AgentState.WRAP_UP, AgentState.WRAP_UP)
    talks.run(1)
    assert (talks.agent_state(1), talks.agent_state(2)) == (AgentState.AVAILABLE, AgentState.AVAILABLE)


def test_complaint_3_wrap_up_goes_by_the_queue_that_the_talk_was_in() -> None:
    talks = Talks()
    talks.begin(1, 2, 3)
    talks.blind(1, to_queue("water"))
    talks.picks_up()
    talks.run(7)
    talks.blind(3, to_queue("tax"))
    talks.picks_up()
    talks.run(9)
    talks.leave("c")
    talks.run(100)
    assert talks.clocks() == {1: (5, 30, 60), 2: (0, 9, 60), 3: (0, 7, 0)}, "water has none"


def test_complaint_3_an_agent_of_two_queues_wraps_up_each_by_its_own_rule() -> None:
    talks = Talks()
    talks.begin(2, called=WATER_LINE)
    talks.leave("c")
    assert talks.agent_state(2) is AgentState.AVAILABLE, "water has no wrap-up"
    talks.call("d")
    talks.picks_up()
    talks.leave("d")
    talks.call("e")
    talks.run(59)
    assert talks.agent_state(2) is AgentState.WRAP_UP
    talks.run(1)
    assert talks.agent_state(2) is AgentState.OFFERED


# --- complaint 4: a queue that deadlocks


def test_complaint_4_two_who_pass_on_to_each_other_do_not_block_each_other() -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.call("d")
    talks.picks_up("d.1")
    assert talks.agent_state(2) is AgentState.ENGAGED
    talks.consult(1, to_agent(2))
    talks.blind(1, to_agent(2))
    assert talks.transfers() == ["busy", "busy"]
    talks.leave("c")
    talks.leave("d")
    talks.run(60)
    assert (talks.agent_state(1), talks.agent_state(2)) == (AgentState.AVAILABLE, AgentState.AVAILABLE)


def test_complaint_4_who_is_passed_to_a_queue_rings_at_whoever_is_idle_there_at_once() -> None:
    talks = Talks()
    talks.begin(1, 2)
    assert only(talks.blind(1, to_queue("tax")), OfferContact).agent == 2


def test_complaint_4_a_queue_goes_on_after_a_transfer_into_it() -> None:
    talks = Talks()
    talks.begin(1)
    talks.blind(1, to_queue("tax"))
    talks.call("d")
    talks.run(61)
    offers = [offer for offer in talks.said(OfferContact) if offer.agent == 1][1:]
    assert [offer.contact for offer in offers] == ["c"], "nobody else came: the same agent after all, and first"
    talks.picks_up()
    talks.leave("c")
    talks.run(61)
    assert talks.ringing() == "d.1"


# --- complaint 6: an attended transfer logs the agent out; agents stuck 'Reserved'

_ENDS: dict[str, Callable[[Talks], object]] = {
    "the citizen leaves": lambda talks: talks.leave("c"),
    "the agent takes it back": lambda talks: talks.step(1, ConsultStep.CANCEL),
    "the agent's leg is lost": lambda talks: talks.hangs_up("c.1", EndedBy.LINE),
    "the agent's screen is loaded anew": lambda talks: talks.returned(1),
    "the colleague's screen is loaded anew": lambda talks: talks.returned(2),
    "the colleague's telephone fails": lambda talks: talks.declines(OfferOutcome.FAILED),
    "the colleague declines": lambda talks: talks.declines(),
    "nobody answers": lambda talks: talks.run(22),
    "the exchange was restarted": lambda talks: talks.reconcile("c", answered=("c.1",)),
    "everything is gone": lambda talks: talks.reconcile(""),
}


@pytest.mark.parametrize("end", _ENDS)
def test_complaint_6_no_colleague_stays_offered(end: str) -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.consult(1, to_agent(2))
    assert talks.agent_state(2) is AgentState.OFFERED
    _ENDS[end](talks)
    expected = AgentState.AWAY if end == "nobody answers" else AgentState.AVAILABLE
    assert talks.agent_state(2) is expected
    assert len(talks.transfers()) == 1


@pytest.mark.parametrize("hang_up", [False, True])
def test_complaint_6_an_attended_transfer_keeps_both_agents_signed_in(hang_up: bool) -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.consult(1, to_agent(2))
    talks.picks_up()
    if hang_up:
        talks.hangs_up("c.1")
    else:
        talks.step(1, ConsultStep.COMPLETE)
    assert (talks.agent_state(1), talks.agent_state(2)) == (AgentState.WRAP_UP, AgentState.ENGAGED)
    talks.run(60)
    talks.call("d")
    assert only(talks.picks_up("d.1"), SegmentStarted).agent == 1, "the next citizen is the agent's as ever"
    talks.leave("c")
    talks.run(60)
    assert talks.agent_state(2) is AgentState.AVAILABLE
    assert ContactId("c") not in {contact.id for contact in talks.router.snapshot().contacts}
