"""Listening, whispering, barging in, taking over, and forced states."""

from collections.abc import Callable

import msgspec
import pytest

from haedap.domain import events as e
from haedap.domain.decisions import EndLeg, Gather, OfferContact, Supervise
from haedap.domain.facts import (
    AgentStateChanged,
    SegmentEnded,
    SegmentStarted,
    SupervisionEnded,
    SupervisionStarted,
)
from haedap.domain.ids import AgentId, ContactId
from haedap.domain.states import (
    AgentState,
    ConsultStep,
    ContactState,
    EndedBy,
    OfferOutcome,
    ProtectionStep,
    Supervision,
)
from tests.unit.routing.centre import Output, change, every, kinds, only, states
from tests.unit.routing.talks import SUPERVISED, Talks, to_agent

LISTEN, WHISPER, BARGE = Supervision.LISTEN, Supervision.WHISPER, Supervision.BARGE


def listening(number: int = 9) -> Talks:
    """The supervisor is in the talk of agent 1 on the leg `c.2`."""
    talks = Talks()
    talks.begin(1)
    talks.supervise(number, LISTEN)
    talks.answer("c.2")
    return talks


def test_the_supervisors_own_telephone_rings_and_then_they_hear() -> None:
    talks = Talks()
    talks.begin(1)
    outputs = talks.supervise(9, WHISPER)
    offer = only(outputs, OfferContact)
    assert (offer.endpoint, offer.agent, offer.join, offer.auto_answer) == ("desk-9", 9, False, True)
    assert kinds(outputs) == ["OfferContact"]
    assert talks.supervise(9, WHISPER) == (), "twice changes nothing"
    outputs = talks.answer("c.2")
    part = only(outputs, Supervise)
    assert (part.offer, part.watched, part.mode) == ("c.2", "c.1", WHISPER)
    started = only(outputs, SupervisionStarted)
    assert (started.supervisor, started.segment, started.mode) == (9, 1, WHISPER)
    assert talks.answer("c.2") == ()


def test_the_mode_changes_without_ringing_again() -> None:
    talks = listening()
    outputs = talks.supervise(9, BARGE)
    assert kinds(outputs) == ["Supervise", "SupervisionStarted"]
    assert only(outputs, Supervise).mode is BARGE
    assert talks.supervise(9, BARGE) == ()


def test_the_mode_that_is_wanted_at_the_answer_holds() -> None:
    talks = Talks()
    talks.begin(1)
    talks.supervise(9, LISTEN)
    assert talks.supervise(9, BARGE) == ()
    assert only(talks.answer("c.2"), Supervise).mode is BARGE


def test_it_ends_when_the_supervisor_says_so() -> None:
    talks = listening()
    assert talks.supervise(3, None) == (), "another supervisor"
    outputs = talks.supervise(9, None)
    assert kinds(outputs) == ["EndLeg", "SupervisionEnded"]
    assert talks.supervise(9, None) == ()
    assert talks.hangs_up("c.2") == ()


@pytest.mark.parametrize("by", [EndedBy.AGENT, EndedBy.LINE])
def test_it_ends_with_the_supervisors_leg_and_the_talk_goes_on(by: EndedBy) -> None:
    talks = listening()
    assert kinds(talks.hangs_up("c.2", by)) == ["SupervisionEnded"]
    assert talks.contact_state("c") is ContactState.ENGAGED


def test_it_ends_with_the_segment_and_with_the_agents_leg() -> None:
    ways: tuple[Callable[[Talks], tuple[Output, ...]], ...] = (
        lambda talks: talks.leave("c"),
        lambda talks: talks.hangs_up("c.1"),
        lambda talks: talks.hangs_up("c.1", EndedBy.LINE),
        lambda talks: talks.blind(1, to_agent(2)),
        lambda talks: talks.protect(1, ProtectionStep.END, "sexual"),
    )
    for happens in ways:
        talks = listening()
        talks.ready(2)
        outputs = happens(talks)
        assert only(outputs, SupervisionEnded).supervisor == 9
        assert "c.2" in [leg.offer for leg in every(outputs, EndLeg)]


def test_it_goes_on_while_the_agent_consults() -> None:
    talks = listening()
    talks.ready(2)
    talks.consult(1, to_agent(2))
    talks.picks_up()
    assert not talks.said(SupervisionEnded)
    assert only(talks.step(1, ConsultStep.COMPLETE), SupervisionEnded).contact == "c"


def test_who_does_not_answer_took_no_part() -> None:
    ways: tuple[Callable[[Talks], object], ...] = (
        lambda talks: talks.fail("c.2", OfferOutcome.REJECTED),
        lambda talks: talks.run(22),
        lambda talks: talks.supervise(9, None),
        lambda talks: talks.leave("c"),
        lambda talks: talks.reconcile("c", answered=("c.1",), connected=("c.1",)),
    )
    for happens in ways:
        talks = Talks()
        talks.begin(1)
        talks.supervise(9, LISTEN)
        happens(talks)
        assert not talks.said(SupervisionEnded)
        assert not talks.said(SupervisionStarted)
        talks.call("d")
        assert kinds(talks.answer("c.2")) == ["EndLeg"]


def test_who_may_not() -> None:
    talks = Talks()
    talks.ready(1, 2, 3)
    talks.call("c")
    assert talks.supervise(9, LISTEN) == (), "nobody talks yet"
    talks.answer("c.1")
    assert talks.supervise(2, LISTEN) == (), "no supervisor"
    assert talks.take_over(2) == ()
    talks.call("d")
    talks.answer("d.1")
    talks.call("e")
    assert talks.agent_state(3) is AgentState.OFFERED
    assert talks.supervise(3, LISTEN) == (), "their telephone rings"
    talks.answer("e.1")
    assert talks.supervise(3, LISTEN) == (), "they talk"
    assert talks.take_over(3) == ()
    talks.supervise(9, LISTEN)
    second = talks.post(e.SupervisionRequested, supervisor=AgentId(9), contact=ContactId("d"), mode=LISTEN)
    assert second == (), "one talk at a time"
    talks.leave("e")
    assert talks.supervise(3, LISTEN) == (), "one supervisor in a talk"


def test_an_agent_who_supervises_keeps_the_state_and_is_offered_nothing() -> None:
    talks = Talks()
    talks.begin(1)
    talks.ready(3)
    assert states(talks.supervise(3, LISTEN)) == []
    talks.answer("c.2")
    assert talks.agent_state(3) is AgentState.AVAILABLE
    assert not every(talks.call("d"), OfferContact)
    talks.blind(1, to_agent(3))
    assert talks.transfers() == ["busy"]
    assert only(talks.supervise(3, None), OfferContact).agent == 3, "free again"


def test_who_is_a_supervisor_no_more_hears_no_more() -> None:
    talks = listening()
    outputs = talks.plan(change(SUPERVISED, supervisors=()))
    assert kinds(outputs) == ["EndLeg", "SupervisionEnded"]


def test_a_supervisor_whose_screen_is_loaded_anew_is_out_of_it() -> None:
    talks = listening()
    assert kinds(talks.returned(9)) == ["EndLeg", "SupervisionEnded"]


# --- taking over


def test_a_listener_takes_over_at_once() -> None:
    talks = listening()
    outputs = talks.take_over(9)
    assert kinds(outputs) == [
        "SupervisionEnded",
        "EndLeg",
        "SegmentEnded",
        "AgentStateChanged",
        "SegmentStarted",
        "Gather",
        "AgentStateChanged",
        "AgentStateChanged",
    ]
    assert only(outputs, EndLeg).offer == "c.1"
    assert only(outputs, SegmentEnded).by is EndedBy.SUPERVISOR
    assert only(outputs, Gather).offers == ("c.2",)
    started = only(outputs, SegmentStarted)
    assert (started.agent, started.segment, started.offer) == (9, 2, "c.2")
    assert (talks.agent_state(1), talks.agent_state(9)) == (AgentState.WRAP_UP, AgentState.ENGAGED)


def test_who_is_no_agent_is_one_until_the_wrap_up_is_over() -> None:
    talks = listening()
    talks.take_over(9)
    talks.leave("c")
    assert talks.agent_state(9) is AgentState.WRAP_UP
    assert states(talks.after(60))[-1] == (9, AgentState.SIGNED_OUT, "")
    assert talks.agent_state(9) is None


def test_who_takes_over_without_listening_is_rung_first() -> None:
    talks = Talks()
    talks.begin(1)
    assert kinds(talks.take_over(9)) == ["OfferContact"]
    assert talks.take_over(9) == ()
    outputs = talks.answer("c.2")
    assert not every(outputs, SupervisionStarted)
    assert only(outputs, SegmentStarted).agent == 9


def test_a_supervisor_who_was_away_is_away_again() -> None:
    talks = Talks()
    talks.begin(1)
    talks.ready(3)
    talks.away(3, "meeting")
    talks.take_over(3)
    talks.answer("c.2")
    talks.leave("c")
    assert states(talks.after(60))[-1] == (3, AgentState.AWAY, "meeting")


def test_a_lost_leg_of_who_took_over_is_given_back_to_them() -> None:
    talks = listening()
    talks.reachable(9)
    talks.take_over(9)
    talks.connected("c.2")
    assert only(talks.hangs_up("c.2", EndedBy.LINE), OfferContact).endpoint == "desk-9"


def test_a_consultation_is_cancelled_by_taking_over() -> None:
    talks = listening()
    talks.ready(2)
    talks.consult(1, to_agent(2))
    talks.picks_up()
    talks.take_over(9)
    assert talks.transfers() == ["cancelled"]
    assert talks.agent_state(2) is AgentState.AVAILABLE


# --- forced states


def forced(outputs: tuple[object, ...]) -> list[tuple[AgentState, AgentState | None, int | None]]:
    return [(f.state, f.pending, f.by) for f in outputs if isinstance(f, AgentStateChanged)]


def test_a_forced_state_says_by_whom_and_the_next_one_does_not() -> None:
    talks = Talks()
    talks.ready(1)
    assert forced(talks.force(1, AgentState.AWAY, "training")) == [(AgentState.AWAY, None, 9)]
    assert forced(talks.available(1)) == [(AgentState.AVAILABLE, None, None)]
    assert forced(talks.force(1, AgentState.SIGNED_OUT)) == [(AgentState.SIGNED_OUT, None, 9)]
    assert talks.force(1, AgentState.AVAILABLE) == (), "nobody is forced to be there"


def test_in_mid_call_a_forced_state_waits() -> None:
    talks = Talks()
    talks.begin(1)
    assert forced(talks.force(1, AgentState.AWAY, "rest")) == [(AgentState.ENGAGED, AgentState.AWAY, 9)]
    talks.leave("c")
    assert forced(talks.after(60)) == [(AgentState.AWAY, None, 9)]


def test_forced_available_ends_a_wrap_up_whatever_was_wished() -> None:
    talks = Talks()
    talks.begin(1)
    talks.away(1)
    talks.leave("c")
    outputs = talks.force(1, AgentState.AVAILABLE)
    assert states(outputs)[-1] == (1, AgentState.AVAILABLE, "")


def test_only_supervisors_force_and_only_what_an_agent_may_wish() -> None:
    talks = Talks()
    talks.ready(1)
    assert talks.force(1, AgentState.AWAY, by=2) == ()
    assert talks.force(99, AgentState.AWAY) == ()
    for state in (AgentState.ENGAGED, AgentState.OFFERED, AgentState.WRAP_UP):
        assert talks.force(1, state) == ()


def test_everything_of_it_is_kept_in_a_snapshot() -> None:
    talks = listening()
    taken = talks.router.snapshot()
    again = type(talks.router).restore(taken)
    event = e.TakeOverRequested(at=talks.now, supervisor=AgentId(9), contact=ContactId("c"))
    assert again.handle(event) == talks.router.handle(event)
    assert msgspec.json.encode(again.snapshot()) == msgspec.json.encode(talks.router.snapshot())
    again = type(talks.router).restore(taken)
    loaded_anew = again.handle(e.AgentReturned(at=talks.now, agent=AgentId(9)))
    assert only(loaded_anew, SupervisionEnded).supervisor == 9
