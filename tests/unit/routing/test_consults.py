"""Consulting before the citizen is passed on: who hears whom at each step, and every way that it ends."""

from collections.abc import Callable

import pytest

from haedap.domain.decisions import Announce, ApplyControl, Connect, EndContact, EndLeg, Gather, OfferContact
from haedap.domain.facts import (
    AgentReachabilityChanged,
    AgentStateChanged,
    ControlApplied,
    LegLost,
    SegmentStarted,
    TransferEnded,
    TransferStepped,
)
from haedap.domain.states import AgentState, ConsultStep, ContactState, Control, EndedBy, OfferOutcome
from haedap.domain.targets import Target
from tests.unit.routing.centre import every, kinds, only, states
from tests.unit.routing.talks import OFFICER, SPOKEN, Talks, to_agent, to_queue


def heard(outputs: tuple[object, ...]) -> tuple[tuple[str, ...], bool]:
    """Whom the one `Gather` brings together, and whether the citizen is there."""
    (gather,) = [output for output in outputs if isinstance(output, Gather)]
    return gather.offers, gather.citizen


def consulting(target: Target, announcement: str = "") -> Talks:
    """Agent 1 consults; the leg `c.2` rings."""
    talks = Talks()
    talks.begin(1, 2)
    talks.consult(1, target, announcement)
    return talks


def test_the_citizen_hears_music_while_a_colleague_is_rung() -> None:
    talks = Talks()
    talks.begin(1, 2)
    outputs = talks.consult(1, to_agent(2))
    assert kinds(outputs) == ["TransferStarted", "Gather", "AgentStateChanged", "OfferContact"]
    assert heard(outputs) == (("c.1",), False)
    offer = only(outputs, OfferContact)
    assert (offer.offer, offer.agent, offer.join, offer.auto_answer) == ("c.2", 2, False, False)
    assert states(outputs) == [(2, AgentState.OFFERED, "")]
    assert talks.contact_state("c") is ContactState.ENGAGED


def test_hold_and_mute_end_and_nobody_is_held_meanwhile() -> None:
    talks = Talks()
    talks.begin(1, 2)
    talks.control(1, "c", Control.HOLD)
    outputs = talks.consult(1, to_agent(2))
    assert kinds(outputs)[:4] == ["TransferStarted", "ApplyControl", "ControlApplied", "Gather"]
    assert only(outputs, ApplyControl).control is Control.UNHOLD
    assert talks.control(1, "c", Control.HOLD) == ()
    assert only(talks.control(1, "c", Control.MUTE), ControlApplied).control is Control.MUTE


@pytest.mark.parametrize("target", [to_agent(2), to_queue("water"), OFFICER])
def test_who_answers_talks_to_the_agent_alone(target: Target) -> None:
    talks = consulting(target)
    outputs = talks.answer("c.2")
    assert heard(outputs) == (("c.1", "c.2"), False)
    stepped = only(outputs, TransferStepped)
    assert (stepped.citizen, stepped.consulted) == (False, True)
    assert talks.answer("c.2") == (), "once"


def test_the_announcement_comes_first() -> None:
    talks = consulting(OFFICER, SPOKEN)
    outputs = talks.answer("c.2")
    assert kinds(outputs) == ["TransferAnswered", "Announce"]
    assert only(outputs, Announce).text == SPOKEN
    for step in (ConsultStep.TO_CONSULTED, ConsultStep.CONFERENCE):
        assert talks.step(1, step) == (), "not yet"
    assert heard(talks.spoken()) == (("c.1", "c.2"), False)
    assert talks.spoken() == ()


def test_the_agent_goes_to_and_fro() -> None:
    talks = consulting(to_agent(2))
    talks.picks_up()
    for step, citizen, legs in (
        (ConsultStep.TO_CITIZEN, True, ("c.1",)),
        (ConsultStep.CONFERENCE, True, ("c.1", "c.2")),
        (ConsultStep.TO_CONSULTED, False, ("c.1", "c.2")),
    ):
        outputs = talks.step(1, step)
        assert kinds(outputs) == ["TransferStepped", "Gather"]
        assert heard(outputs) == (legs, citizen)
        assert talks.step(1, step) == (), "twice changes nothing"


def test_while_it_rings_the_agent_may_be_with_the_citizen() -> None:
    talks = consulting(OFFICER)
    assert talks.step(1, ConsultStep.TO_CONSULTED) == ()
    assert talks.step(1, ConsultStep.CONFERENCE) == ()
    assert heard(talks.step(1, ConsultStep.TO_CITIZEN)) == (("c.1",), True)
    assert heard(talks.answer("c.2")) == (("c.1", "c.2"), False), "who was called is not kept waiting"


def test_completed_the_colleague_has_the_citizen() -> None:
    talks = consulting(to_agent(2))
    talks.picks_up()
    outputs = talks.step(1, ConsultStep.COMPLETE)
    assert kinds(outputs) == [
        "EndLeg",
        "SegmentEnded",
        "AgentStateChanged",
        "SegmentStarted",
        "TransferEnded",
        "Gather",
    ]
    assert only(outputs, EndLeg).offer == "c.1"
    assert heard(outputs) == (("c.2",), True)
    started = only(outputs, SegmentStarted)
    assert (started.segment, started.agent, started.offer) == (2, 2, "c.2")
    assert states(outputs) == [(1, AgentState.WRAP_UP, "")]
    assert talks.hangs_up("c.1") == (), "asked for"
    assert only(talks.hangs_up("c.2", EndedBy.LINE), LegLost).agent == 2, "from now on it is the colleague's talk"


def test_completed_in_mid_announcement_the_colleague_hears_it_to_the_end() -> None:
    talks = consulting(to_agent(2), SPOKEN)
    talks.answer("c.2")
    outputs = talks.step(1, ConsultStep.COMPLETE)
    assert not every(outputs, Gather)
    assert only(outputs, SegmentStarted).agent == 2
    assert kinds(talks.spoken()) == ["Connect"]


def test_completed_in_mid_announcement_the_officer_has_not_got_the_citizen_yet() -> None:
    talks = consulting(OFFICER, SPOKEN)
    talks.answer("c.2")
    talks.step(1, ConsultStep.COMPLETE)
    assert talks.transfers() == []
    assert kinds(talks.spoken()) == ["Gather", "TransferEnded"]
    assert talks.contact_state("c") is ContactState.FORWARDED


def test_taken_back_the_citizen_is_with_the_agent() -> None:
    talks = consulting(to_agent(2))
    talks.picks_up()
    outputs = talks.step(1, ConsultStep.CANCEL)
    assert kinds(outputs) == ["EndLeg", "TransferEnded", "AgentStateChanged", "Gather"]
    assert only(outputs, EndLeg).offer == "c.2"
    assert heard(outputs) == (("c.1",), True)
    assert states(outputs) == [(2, AgentState.AVAILABLE, "")], "no wrap-up: they had no citizen"
    assert talks.step(1, ConsultStep.CANCEL) == ()


def test_what_a_consulted_colleague_wished_comes_after_it() -> None:
    talks = consulting(to_agent(2))
    talks.picks_up()
    talks.away(2)
    assert talks.agent_state(2) is AgentState.ENGAGED
    assert states(talks.step(1, ConsultStep.CANCEL)) == [(2, AgentState.AWAY, "lunch")]


def test_a_consulted_colleague_who_goes_while_it_rings_is_gone_at_once() -> None:
    for leave, state in ((Talks.away, AgentState.AWAY), (Talks.sign_out, AgentState.SIGNED_OUT)):
        talks = consulting(to_agent(2))
        outputs = leave(talks, 2)
        assert only(outputs, TransferEnded).outcome.value == "unreachable"
        assert heard(outputs) == (("c.1",), True)
        assert [state for agent, state, _ in states(outputs) if agent == 2] == [state]


def test_a_consulted_colleague_keeps_their_place_among_the_idle() -> None:
    talks = Talks()
    talks.begin(1, 2, 3)
    talks.consult(1, to_agent(2))
    talks.declines()
    talks.call("d")
    assert talks.said(OfferContact)[-1].agent == 2


def test_a_consulted_colleague_whose_screen_is_new_leaves_the_citizen_where_they_are() -> None:
    talks = consulting(to_agent(2))
    talks.picks_up()
    assert talks.said(AgentStateChanged)[-1].contact == "c", "what the colleague's screen is to show"
    outputs = talks.returned(2)
    assert talks.transfers() == ["cut_off"]
    assert heard(outputs) == (("c.1",), True)
    assert not every(outputs, LegLost)


def test_a_consulted_colleague_whose_telephone_is_off_is_asked_no_more() -> None:
    talks = consulting(to_agent(2))
    outputs = talks.declines(OfferOutcome.UNREACHABLE)
    assert talks.transfers() == ["unreachable"]
    assert states(outputs) == [(2, AgentState.AWAY, "unreachable")]
    told = only(outputs, AgentReachabilityChanged)
    assert (told.agent, told.reachable) == (2, False)


_FAILURES: dict[str, tuple[Callable[[Talks], object], str]] = {
    "hangs up": (lambda talks: talks.hangs_up("c.2"), "left"),
    "hangs up, said of an officer": (lambda talks: talks.hangs_up("c.2", EndedBy.OFFICER), "left"),
    "line lost": (lambda talks: talks.hangs_up("c.2", EndedBy.LINE), "failed"),
    "failed after the answer": (lambda talks: talks.fail("c.2", OfferOutcome.NO_ANSWER), "failed"),
    "cannot be joined": (lambda talks: talks.connect_failed("c.2"), "failed"),
    "gone after a restart": (lambda talks: talks.reconcile("c", answered=("c.1",), connected=("c.1",)), "failed"),
}


@pytest.mark.parametrize("target", [to_agent(2), OFFICER])
@pytest.mark.parametrize("failure", _FAILURES)
def test_whatever_happens_to_the_consulted_the_citizen_is_with_the_agent_at_once(failure: str, target: Target) -> None:
    happens, outcome = _FAILURES[failure]
    talks = consulting(target)
    talks.answer("c.2")
    outputs = happens(talks)
    assert talks.transfers() == [outcome]
    assert isinstance(outputs, tuple)
    assert heard(outputs) == (("c.1",), True)
    assert talks.agent_state(2) is AgentState.AVAILABLE
    assert talks.contact_state("c") is ContactState.ENGAGED


@pytest.mark.parametrize("target", [to_agent(2), OFFICER])
def test_whose_line_is_lost_after_they_talked_was_cut_off(target: Target) -> None:
    for lost in ("line lost", "failed after the answer", "gone after a restart"):
        talks = consulting(target)
        talks.picks_up()
        _FAILURES[lost][0](talks)
        assert talks.transfers() == ["cut_off"]


def test_before_the_answer_a_hang_up_declines_and_a_loss_fails() -> None:
    for by, outcome in ((EndedBy.AGENT, "rejected"), (EndedBy.LINE, "failed")):
        talks = consulting(to_agent(2))
        talks.hangs_up("c.2", by)
        assert talks.transfers() == [outcome]


def test_the_citizen_leaves() -> None:
    talks = consulting(to_agent(2))
    talks.picks_up()
    outputs = talks.leave("c")
    assert [leg.offer for leg in every(outputs, EndLeg)] == ["c.1", "c.2"]
    assert only(outputs, TransferEnded).outcome.value == "citizen_left"
    assert states(outputs) == [(2, AgentState.AVAILABLE, ""), (1, AgentState.WRAP_UP, "")]


def test_the_agents_leg_is_lost() -> None:
    talks = consulting(to_agent(2))
    talks.picks_up()
    outputs = talks.hangs_up("c.1", EndedBy.LINE)
    assert only(outputs, TransferEnded).outcome.value == "cut_off"
    assert only(outputs, EndLeg).offer == "c.2"
    assert only(outputs, LegLost).agent == 1
    assert only(outputs, OfferContact).agent == 1


def test_an_agent_who_cannot_be_joined_at_last_loses_both() -> None:
    talks = consulting(OFFICER)
    for offer in ("c.1", "c.3", "c.4"):
        outputs = talks.connect_failed(offer)
        talks.answer(talks.ringing())
    assert only(outputs, EndContact).contact == "c"
    assert talks.transfers() == ["cut_off"]


def test_steps_of_others_and_without_a_consultation_are_nothing() -> None:
    talks = Talks()
    talks.begin(1, 2)
    for step in ConsultStep:
        assert talks.step(1, step) == ()
    talks.consult(1, to_agent(2))
    for step in ConsultStep:
        assert talks.step(2, step) == ()
        assert talks.step(99, step) == ()


def test_who_consults_while_they_are_still_told_of_the_citizen_is_not_joined_with_them() -> None:
    """The end of the announcement, which the consultation replaced, brought them together; the citizen hears music."""
    talks = Talks()
    talks.begin(1)
    talks.ready(2, 3)
    talks.blind(1, to_agent(2), SPOKEN)
    talks.picks_up()
    talks.consult(2, to_agent(3))
    assert not every(talks.spoken(), Connect)
