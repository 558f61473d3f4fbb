"""After a restart the wire is right, and the router makes the rest agree. Time, snapshots and their limits."""

from datetime import timedelta

import msgspec
import pytest

from haedap.domain import events as e
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
from haedap.domain.facts import ContactClosed, LegLost, OfferEnded, SegmentStarted
from haedap.domain.ids import ContactId, PromptKey
from haedap.domain.states import AgentState, ContactState, Control, EndedBy, OfferOutcome
from haedap.routing import Router, RoutingError, SnapshotFormatUnknown
from tests.unit.routing.centre import (
    BEGUN_AND_ENDED,
    MENU_LINE,
    SILENT_LINE,
    Centre,
    closing,
    every,
    kinds,
    only,
    states,
)


def test_contacts_that_are_gone_end_as_their_state_says() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("talking")
    centre.answer("talking.1")
    centre.call("in_flow", MENU_LINE)
    centre.call("waiting")
    outputs = centre.reconcile("")
    closed = [(fact.contact, fact.outcome, fact.by) for fact in every(outputs, ContactClosed)]
    assert closed == [
        ("talking", "answered", "centre"),
        ("in_flow", "left_in_flow", "centre"),
        ("waiting", "abandoned", "centre"),
    ]
    assert centre.agent_state(1) is AgentState.WRAP_UP


@pytest.mark.parametrize(("exchange", "by"), [("one", EndedBy.CITIZEN), ("another", EndedBy.CENTRE)])
@pytest.mark.parametrize("set_by", [timedelta(hours=-3), timedelta(), timedelta(hours=3)])
def test_who_is_gone_of_the_same_run_of_the_exchange_has_hung_up_whatever_the_clocks_say(
    exchange: str, by: EndedBy, set_by: timedelta
) -> None:
    """When the exchange began is told by a clock that may have been set since."""
    centre = Centre()
    centre.reconcile("", exchange="one", since=centre.now - timedelta(hours=1))
    centre.call("waiting")
    centre.router = Router.restore(centre.router.snapshot())
    outputs = centre.reconcile("", exchange=exchange, since=centre.now - timedelta(hours=1) - set_by)
    assert closing(outputs) == ("abandoned", by.value)


@pytest.mark.parametrize("named", ["", "one"])
def test_where_only_one_of_two_reconciliations_names_the_exchange_its_time_tells(named: str) -> None:
    centre = Centre()
    centre.reconcile("", exchange="" if named else "one", since=centre.now)
    centre.call("waiting")
    outputs = centre.reconcile("", exchange=named, since=centre.now - timedelta(hours=1))
    assert closing(outputs) == ("abandoned", "citizen")


def test_what_agrees_only_gets_its_sound_again() -> None:
    centre = Centre()
    offer = centre.talking(1, "talking")
    said = only(centre.call("in_flow", MENU_LINE), Play)
    centre.call("waiting")
    centre.call("silent", SILENT_LINE)
    outputs = centre.reconcile("talking in_flow waiting silent", answered=(offer,), connected=(offer,))
    assert kinds(outputs) == ["Play", "PlayMusic"]
    again = only(outputs, Play)
    assert again.sayings == said.sayings
    assert again.id != said.id
    assert centre.played("in_flow", said.id) == ()
    assert only(outputs, PlayMusic).contact == "waiting"


def test_an_offer_that_is_gone_has_failed() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("c")
    outputs = centre.reconcile("c")
    assert only(outputs, OfferEnded).outcome is OfferOutcome.FAILED
    assert states(outputs) == [(1, AgentState.AVAILABLE, "")]
    assert every(outputs, PlayMusic)


def test_an_offer_that_rings_still_rings() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("c")
    assert kinds(centre.reconcile("c", ringing=("c.1",))) == ["PlayMusic"]
    assert centre.contact_state("c") is ContactState.OFFERED


def test_an_answer_that_nobody_heard_counts() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("c")
    outputs = centre.reconcile("c", answered=("c.1",))
    assert only(outputs, SegmentStarted).agent == 1
    assert only(outputs, Connect).offer == "c.1"


def test_a_leg_that_is_gone_is_lost() -> None:
    centre = Centre()
    centre.talking(1, "c")
    outputs = centre.reconcile("c")
    assert only(outputs, LegLost).agent == 1
    assert only(outputs, OfferContact).auto_answer


def test_legs_that_are_not_joined_are_joined_again() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.control(1, "c", Control.PAUSE_RECORDING)
    outputs = centre.reconcile("c", answered=(offer,))
    assert kinds(outputs) == ["ApplyControl", "Connect"]
    assert only(outputs, Connect).offer == offer
    assert only(outputs, ApplyControl).control is Control.PAUSE_RECORDING


def test_a_leg_that_is_not_joined_is_not_heard_by_a_citizen_on_hold() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.control(1, "c", Control.HOLD)
    outputs = centre.reconcile("c", answered=(offer,))
    assert (only(outputs, Gather).offers, only(outputs, Gather).citizen) == ((offer,), False)
    assert not every(outputs, Connect)


def test_a_leg_is_muted_before_it_is_joined() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.control(1, "c", Control.MUTE)
    outputs = centre.reconcile("c", answered=(offer,))
    assert kinds(outputs)[0] == "ApplyControl"
    assert kinds(outputs)[-1] == "Connect"
    assert {decision.control for decision in every(outputs, ApplyControl)} == {Control.MUTE}


def test_what_was_asked_for_and_never_done_is_done() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    wanted = [Control.HOLD, Control.MUTE, Control.PAUSE_RECORDING]
    for control in wanted:
        centre.control(1, "c", control)
    outputs = centre.reconcile("c", answered=(offer,), connected=(offer,))
    assert [decision.control for decision in every(outputs, ApplyControl)] == wanted
    assert kinds(outputs) == ["ApplyControl"] * 3


def test_who_was_lost_on_hold_hears_music_again() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.control(1, "c", Control.HOLD)
    centre.unreachable(1)
    centre.leg_ends(offer, EndedBy.LINE)
    assert kinds(centre.reconcile("c")) == ["PlayMusic"]


def test_legs_and_contacts_without_owner_are_ended() -> None:
    centre = Centre()
    offer = centre.talking(1, "over")
    centre.leg_ends(offer, EndedBy.AGENT)
    outputs = centre.reconcile("over", ringing=("x.1",), answered=("over.1", "y.1"), connected=("y.1",))
    assert [decision.offer for decision in every(outputs, EndLeg)] == ["x.1", "over.1", "y.1"]
    assert only(outputs, EndContact).contact == "over"


def test_the_lost_citizen_hears_the_same_again() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.unreachable(1)
    centre.leg_ends(offer, EndedBy.LINE)
    again = only(centre.reconcile("c"), Play)
    assert again.sayings == (Saying(PromptKey("reconnecting")),)
    assert kinds(centre.played("c", again.id)) == ["PlayMusic"]
    assert kinds(centre.reconcile("c")) == ["PlayMusic"]
    assert centre.contact_state("c") is ContactState.RECONNECTING


def test_time_does_not_go_back() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("c")
    deadline = centre.router.next_deadline()
    assert centre.router.handle(e.TimePassed(at=centre.now - timedelta(days=1))) == ()
    late = centre.router.handle(e.CitizenLeft(at=centre.now - timedelta(hours=1), contact=ContactId("c")))
    assert closing(late) == ("abandoned", "citizen")
    assert deadline == centre.now + timedelta(seconds=22)
    assert centre.router.next_deadline() is None


def test_an_event_from_before_the_last_happens_at_the_time_of_the_last() -> None:
    centre = Centre()
    centre.ready(1)
    centre.after(100)
    latest = centre.now
    centre.now -= timedelta(seconds=90)
    centre.call("c")
    assert centre.router.next_deadline() == latest + timedelta(seconds=22)
    assert centre.after(30) == ()


def test_only_time_fires_deadlines_and_all_that_are_due() -> None:
    centre = Centre()
    centre.ready(1)
    centre.call("a")
    centre.call("b")
    centre.now += timedelta(seconds=60)
    assert kinds(centre.answer("a.1"))[0] == "OfferEnded", "an answer is an answer, be the clock slow"
    centre.answer("x")
    assert only(centre.after(0), Play).contact == "b"
    assert centre.router.next_deadline() == centre.now + timedelta(seconds=45)


def test_next_deadline_forgets_what_no_longer_holds() -> None:
    centre = Centre()
    assert centre.router.next_deadline() is None
    centre.ready(1)
    centre.call("c")
    assert centre.router.next_deadline() == centre.now + timedelta(seconds=22)
    centre.answer("c.1")
    assert centre.router.next_deadline() is None


def test_a_snapshot_of_another_format_is_refused() -> None:
    taken = msgspec.structs.replace(Centre().router.snapshot(), format=99)
    with pytest.raises(SnapshotFormatUnknown, match="99"):
        Router.restore(taken)
    assert issubclass(SnapshotFormatUnknown, RoutingError)


def test_an_empty_router_can_be_kept_and_restored() -> None:
    restored = Router.restore(Router().snapshot())
    assert restored.next_deadline() is None
    assert restored.snapshot() == Router().snapshot()


@pytest.mark.parametrize(("begun", "ended"), BEGUN_AND_ENDED)
def test_what_was_to_end_and_never_did_ends(begun: Control, ended: Control) -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.control(1, "c", begun)
    centre.control(1, "c", ended)
    outputs = centre.reconcile("c", answered=(offer,), connected=(offer,))
    assert kinds(outputs) == ["ApplyControl"]
    assert (only(outputs, ApplyControl).offer, only(outputs, ApplyControl).control) == (offer, ended)
