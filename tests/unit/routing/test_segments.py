"""Talking: how segments end, how a lost leg is mended, and what the agent may do to the call."""

import pytest

from haedap.domain.decisions import (
    ApplyControl,
    Connect,
    EndContact,
    EndLeg,
    Gather,
    OfferContact,
    Play,
    PlayMusic,
    Saying,
)
from haedap.domain.facts import ControlApplied, LegLost, LegRegained, OfferEnded, SegmentEnded, SegmentStarted
from haedap.domain.ids import PromptKey
from haedap.domain.states import AgentState, ContactState, Control, EndedBy, OfferOutcome
from tests.unit.routing.centre import (
    BEGUN_AND_ENDED,
    MENU_LINE,
    PLAN,
    SILENT_LINE,
    TAX_LINE,
    Centre,
    change_queue,
    closing,
    every,
    kinds,
    only,
    states,
)


def test_the_agent_hangs_up() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    outputs = centre.leg_ends(offer, EndedBy.AGENT)
    assert kinds(outputs) == ["SegmentEnded", "EndContact", "ContactClosed", "AgentStateChanged"]
    assert only(outputs, SegmentEnded).by is EndedBy.AGENT
    assert closing(outputs) == ("answered", "agent")
    assert centre.leave("c") == (), "the citizen's leg ends as asked"


def test_the_agent_ends_by_control() -> None:
    centre = Centre()
    centre.talking(1, "c")
    outputs = centre.control(1, "c", Control.END)
    assert kinds(outputs) == ["SegmentEnded", "EndContact", "ContactClosed", "AgentStateChanged"]
    assert centre.control(1, "c", Control.END) == ()


@pytest.mark.parametrize("by", [EndedBy.CITIZEN, EndedBy.LINE, EndedBy.CENTRE])
def test_the_citizen_leaves(by: EndedBy) -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    outputs = centre.leave("c", by)
    assert kinds(outputs) == ["EndLeg", "SegmentEnded", "ContactClosed", "AgentStateChanged"]
    assert only(outputs, SegmentEnded).by is by
    assert closing(outputs) == ("answered", by.value)
    assert centre.leg_ends(offer, EndedBy.LINE) == ()


@pytest.mark.parametrize("by", [EndedBy.LINE, EndedBy.CENTRE])
def test_a_lost_leg_is_given_back_to_the_same_agent(by: EndedBy) -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.ready(2)
    outputs = centre.leg_ends(offer, by)
    assert kinds(outputs) == ["LegLost", "Play", "ContactOffered", "OfferContact"]
    again = only(outputs, OfferContact)
    assert (again.agent, again.auto_answer, again.offer) == (1, True, "c.2")
    assert centre.contact_state("c") is ContactState.RECONNECTING
    outputs = centre.answer("c.2")
    assert kinds(outputs) == ["OfferEnded", "Connect", "LegRegained"]
    assert only(outputs, LegRegained).segment == 1
    assert centre.after(3600) == (), "the reconnect time is no more"
    assert only(centre.leave("c"), SegmentEnded).segment == 1


def test_a_screen_loaded_anew_gives_the_citizen_back() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    outputs = centre.returned(1)
    assert kinds(outputs) == ["EndLeg", "LegLost", "Play", "ContactOffered", "OfferContact"]
    assert only(outputs, EndLeg).offer == offer
    outputs = centre.returned(1)
    assert only(outputs, OfferEnded).outcome is OfferOutcome.WITHDRAWN, "loaded once more: the last leg is dead, too"
    assert only(outputs, EndLeg).offer == "c.2"
    assert only(outputs, OfferContact).offer == "c.3"


def test_the_lost_citizen_waits_for_the_registration() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.unreachable(1)
    assert not every(centre.leg_ends(offer, EndedBy.LINE), OfferContact)
    assert only(centre.reachable(1), OfferContact).auto_answer
    assert "AgentReachabilityChanged" in kinds(centre.fail("c.2", OfferOutcome.UNREACHABLE))
    assert not every(centre.after(10), OfferContact)
    assert only(centre.reachable(1), OfferContact).offer == "c.3"


def test_a_telephone_that_rings_for_the_lost_citizen_is_not_rung_twice() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.leg_ends(offer, EndedBy.LINE)
    centre.unreachable(1)
    assert not every(centre.reachable(1), OfferContact)
    assert centre.answer("c.2")


@pytest.mark.parametrize("outcome", [OfferOutcome.FAILED, OfferOutcome.NO_ANSWER])
def test_a_failed_attempt_is_repeated_after_2_seconds(outcome: OfferOutcome) -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.leg_ends(offer, EndedBy.LINE)
    assert kinds(centre.fail("c.2", outcome)) == ["OfferEnded"]
    assert not every(centre.after(1.9), OfferContact)
    assert only(centre.after(0.1), OfferContact).offer == "c.3"


def test_after_the_reconnect_time_the_citizen_is_the_first_for_anybody() -> None:
    centre = Centre()
    offer = centre.talking(1, "lost")
    centre.call("urgent", MENU_LINE)
    centre.press("urgent", "2")
    centre.unreachable(1)
    centre.leg_ends(offer, EndedBy.LINE)
    assert centre.after(29.9) == ()
    outputs = centre.after(0.1)
    assert kinds(outputs) == ["SegmentEnded", "AgentStateChanged"]
    assert only(outputs, SegmentEnded).by is EndedBy.LINE
    assert states(outputs) == [(1, AgentState.AWAY, "unreachable")]
    centre.ready(2)
    assert centre.contact_state("lost") is ContactState.OFFERED
    assert only(centre.answer("lost.2"), SegmentStarted).segment == 2


def test_at_the_end_of_the_reconnect_time_a_ringing_leg_ends() -> None:
    centre = Centre(change_queue(PLAN, "tax", reconnect_seconds=10))
    offer = centre.talking(1, "c")
    centre.leg_ends(offer, EndedBy.LINE)
    outputs = centre.after(10)
    assert kinds(outputs)[:3] == ["EndLeg", "OfferEnded", "SegmentEnded"]
    assert kinds(centre.answer("c.2")) == ["EndLeg"]


def test_without_reconnect_time_the_citizen_waits_at_once() -> None:
    centre = Centre(change_queue(PLAN, "tax", reconnect_seconds=0))
    offer = centre.talking(1, "c")
    outputs = centre.leg_ends(offer, EndedBy.LINE)
    assert kinds(outputs) == ["LegLost", "Play", "SegmentEnded", "AgentStateChanged"]
    assert centre.contact_state("c") is ContactState.WAITING


def test_the_agent_declines_to_take_the_citizen_back() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.leg_ends(offer, EndedBy.LINE)
    assert states(centre.fail("c.2", OfferOutcome.REJECTED)) == [(1, AgentState.AWAY, "rejected")]
    assert centre.contact_state("c") is ContactState.WAITING


def test_an_agent_who_goes_does_not_keep_the_lost_citizen_waiting() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.ready(2)
    centre.leg_ends(offer, EndedBy.LINE)
    outputs = centre.sign_out(1)
    assert only(outputs, OfferEnded).outcome is OfferOutcome.WITHDRAWN
    assert states(outputs)[-2:] == [(1, AgentState.SIGNED_OUT, ""), (2, AgentState.OFFERED, "")]


def test_the_lost_citizen_leaves() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.leg_ends(offer, EndedBy.LINE)
    outputs = centre.leave("c")
    assert kinds(outputs) == ["EndLeg", "OfferEnded", "SegmentEnded", "ContactClosed", "AgentStateChanged"]
    assert closing(outputs) == ("answered", "citizen")
    assert states(outputs) == [(1, AgentState.WRAP_UP, "")]


def test_the_agent_ends_while_the_leg_is_lost() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.leg_ends(offer, EndedBy.LINE)
    outputs = centre.control(1, "c", Control.END)
    assert only(outputs, OfferEnded).outcome is OfferOutcome.WITHDRAWN
    assert closing(outputs) == ("answered", "agent")


def test_who_had_a_segment_was_answered_even_if_they_leave_waiting() -> None:
    centre = Centre(change_queue(PLAN, "tax", reconnect_seconds=0))
    offer = centre.talking(1, "c")
    centre.leg_ends(offer, EndedBy.LINE)
    assert closing(centre.leave("c")) == ("answered", "citizen")


def test_a_failure_to_join_is_tried_again_but_not_for_ever() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("c")
    for number in (1, 2):
        centre.answer(f"c.{number}")
        outputs = centre.connect_failed(f"c.{number}")
        assert only(outputs, EndLeg).offer == f"c.{number}"
        assert only(outputs, LegLost).segment == 1
    centre.answer("c.3")
    outputs = centre.connect_failed("c.3")
    assert only(outputs, EndContact).contact == "c"
    assert closing(outputs) == ("answered", "centre")


def test_a_leg_that_rings_is_not_joined_whatever_is_reported() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("c")
    assert centre.connected("c.1") == centre.connect_failed("c.1") == ()
    assert "Connect" in kinds(centre.answer("c.1"))


def test_a_joined_call_forgets_earlier_failures() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("c")
    for number in range(1, 6):
        centre.answer(f"c.{number}")
        centre.connected(f"c.{number}")
        assert only(centre.connect_failed(f"c.{number}"), LegLost).segment == 1


def test_a_failed_offer_that_was_answered_is_a_lost_leg() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    assert only(centre.fail(offer), LegLost).agent == 1


@pytest.mark.parametrize(("control", "undo"), BEGUN_AND_ENDED)
def test_controls_are_applied_once_and_undone_once(control: Control, undo: Control) -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    assert centre.control(1, "c", undo) == ()
    outputs = centre.control(1, "c", control)
    assert (only(outputs, ApplyControl).offer, only(outputs, ControlApplied).control) == (offer, control)
    assert centre.control(1, "c", control) == ()
    assert only(centre.control(1, "c", undo), ControlApplied).control is undo


@pytest.mark.parametrize(("digits", "sent"), [("12#*AD", True), ("", False), ("1" * 33, False), ("1;2", False)])
def test_only_keys_are_sent(digits: str, *, sent: bool) -> None:
    centre = Centre()
    centre.talking(1, "c")
    outputs = centre.control(1, "c", Control.SEND_DIGITS, digits)
    assert [fact.digits for fact in every(outputs, ControlApplied)] == ([digits] if sent else [])


def test_nobody_controls_what_is_not_theirs() -> None:
    centre = Centre()
    centre.ready(1, 2)
    centre.call("c")
    assert centre.control(1, "c", Control.END) == (), "ringing is not talking"
    centre.answer("c.1")
    assert centre.control(2, "c", Control.END) == ()
    assert centre.control(99, "c", Control.HOLD) == ()
    assert centre.control(1, "d", Control.END) == ()


def test_who_is_muted_is_not_heard_by_a_new_leg_either() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.control(1, "c", Control.MUTE)
    outputs = centre.leg_ends(offer, EndedBy.LINE)
    assert kinds(outputs) == ["LegLost", "Play", "ContactOffered", "OfferContact"], "the citizen is told"
    assert (only(outputs, LegLost).held, only(outputs, LegLost).muted) == (False, True)
    assert not only(outputs, OfferContact).join, "muted first"
    outputs = centre.answer("c.2")
    assert kinds(outputs) == ["OfferEnded", "ApplyControl", "Connect", "LegRegained"]
    applied = only(outputs, ApplyControl)
    assert (applied.offer, applied.control) == ("c.2", Control.MUTE)
    assert centre.control(1, "c", Control.MUTE) == (), "still muted"
    assert only(centre.control(1, "c", Control.UNMUTE), ApplyControl).offer == "c.2"
    assert only(centre.leg_ends("c.2", EndedBy.LINE), OfferContact).auto_answer
    assert kinds(centre.answer("c.3")) == ["OfferEnded", "Connect", "LegRegained"]


def test_a_citizen_on_hold_hears_music_until_the_agent_takes_them_back() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    for control in (Control.HOLD, Control.MUTE, Control.PAUSE_RECORDING):
        centre.control(1, "c", control)
    outputs = centre.leg_ends(offer, EndedBy.LINE)
    assert kinds(outputs) == ["LegLost", "PlayMusic", "ContactOffered", "OfferContact"]
    assert (only(outputs, LegLost).held, only(outputs, OfferContact).join) == (True, False)
    outputs = centre.answer("c.2")
    assert kinds(outputs) == ["ApplyControl", "OfferEnded", "ApplyControl", "Gather", "LegRegained"]
    assert [applied.control for applied in every(outputs, ApplyControl)] == [Control.PAUSE_RECORDING, Control.MUTE]
    assert (only(outputs, Gather).offers, only(outputs, Gather).citizen) == (("c.2",), False)
    for control in (Control.HOLD, Control.MUTE, Control.PAUSE_RECORDING):
        assert centre.control(1, "c", control) == ()
    assert only(centre.control(1, "c", Control.UNHOLD), ControlApplied).segment == 1
    assert only(centre.control(1, "c", Control.UNMUTE), ControlApplied).segment == 1


@pytest.mark.parametrize(
    ("control", "undo", "begun", "ended"),
    [
        (Control.HOLD, Control.UNHOLD, ["OfferEnded", "Gather"], ["OfferEnded", "Connect"]),
        (Control.MUTE, Control.UNMUTE, ["OfferEnded", "ApplyControl", "Connect"], ["OfferEnded", "Connect"]),
        (Control.PAUSE_RECORDING, Control.RESUME_RECORDING, *[["ApplyControl", "OfferEnded", "Connect"]] * 2),
    ],
)
def test_what_is_pressed_while_the_leg_is_lost_is_so_when_it_is_regained(
    control: Control, undo: Control, begun: list[str], ended: list[str]
) -> None:
    """The agent's screen may not have heard of the loss: no press comes to nothing without a word."""
    centre = Centre()
    for offer, pressed, done in ((centre.talking(1, "c"), control, begun), ("c.2", undo, ended)):
        assert not only(centre.leg_ends(offer, EndedBy.LINE), OfferContact).join, "what is wanted by then comes first"
        outputs = centre.control(1, "c", pressed)
        assert only(outputs, ControlApplied).control is pressed
        assert not every(outputs, ApplyControl), "there is no leg"
        assert centre.control(1, "c", pressed) == (), "once"
        outputs = centre.answer(f"c.{2 + (pressed is undo)}")
        assert kinds(outputs) == [*done, "LegRegained"]
        assert [applied.control for applied in every(outputs, ApplyControl)] == [pressed] * (len(done) - 2)


def test_who_is_off_hold_while_the_leg_is_lost_is_told_why_nobody_is_there() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.control(1, "c", Control.HOLD)
    centre.leg_ends(offer, EndedBy.LINE)
    said = only(centre.control(1, "c", Control.UNHOLD), Play)
    assert said.sayings == (Saying(PromptKey("reconnecting")),)
    assert only(centre.control(1, "c", Control.HOLD), ControlApplied).control is Control.HOLD
    assert only(centre.played("c", said.id), PlayMusic).contact == "c"
    assert centre.control(1, "c", Control.SEND_DIGITS, "1") == (), "nobody is there who sends them"


def test_a_citizen_on_hold_whose_agent_does_not_come_back_is_told_and_heard_by_the_next() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    for control in (Control.HOLD, Control.MUTE):
        centre.control(1, "c", control)
    centre.leg_ends(offer, EndedBy.LINE)
    outputs = centre.fail("c.2", OfferOutcome.REJECTED)
    assert only(outputs, Play).sayings == (Saying(PromptKey("reconnecting")),)
    assert kinds(outputs).index("Play") < kinds(outputs).index("SegmentEnded")
    centre.ready(2)
    outputs = centre.answer("c.3")
    assert only(outputs, Connect).offer == "c.3"
    assert not every(outputs, ApplyControl)
    assert only(centre.control(2, "c", Control.HOLD), ControlApplied).agent == 2


@pytest.mark.parametrize("line", [TAX_LINE, SILENT_LINE])
def test_who_lost_the_agent_is_told_hears_music_and_has_the_agent_back(line: str) -> None:
    centre = Centre()
    said = only(centre.leg_ends(centre.talking(1, "c", line), EndedBy.LINE), Play)
    assert said.sayings == (Saying(PromptKey("reconnecting")),)
    music = only(centre.played("c", said.id), PlayMusic)
    connect = only(centre.answer("c.2"), Connect)
    assert len({said.id, music.id, connect.id}) == 3
    assert connect.offer == "c.2"
