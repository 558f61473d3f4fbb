"""The states of agents: what they ask for, and what the work makes of it."""

from datetime import timedelta

import pytest

from haedap.domain import events as e
from haedap.domain.decisions import EndLeg, OfferContact
from haedap.domain.facts import AgentStateChanged, OfferEnded
from haedap.domain.ids import AgentId
from haedap.domain.states import AgentState, EndedBy, OfferOutcome
from haedap.routing import Router
from tests.unit.routing.centre import PLAN, WATER_LINE, Centre, change_queue, every, kinds, only, states


def test_sign_in_is_away_until_available() -> None:
    centre = Centre()
    assert states(centre.post(e.AgentSignedIn, agent=AgentId(1))) == [(1, AgentState.AWAY, "signed_in")]
    assert centre.post(e.AgentSignedIn, agent=AgentId(1)) == ()
    assert states(centre.available(1)) == [(1, AgentState.AVAILABLE, "")]
    assert centre.available(1) == ()


def test_who_is_signed_out_is_not_available_nor_away() -> None:
    centre = Centre()
    assert centre.available(1) == centre.away(1) == centre.sign_out(1) == ()


def test_away_has_a_reason_that_can_be_changed() -> None:
    centre = Centre()
    centre.ready(1)
    assert states(centre.away(1, "lunch")) == [(1, AgentState.AWAY, "lunch")]
    assert centre.away(1, "lunch") == ()
    assert states(centre.away(1, "training")) == [(1, AgentState.AWAY, "training")]


def test_unknown_agents_change_nothing() -> None:
    centre = Centre()
    for kind in (e.AgentSignedIn, e.AgentSetAvailable, e.AgentSignedOut, e.AgentReturned, e.AgentReachable):
        assert centre.post(kind, agent=AgentId(99)) == ()
    assert centre.away(99) == centre.unreachable(99) == ()
    assert centre.post(e.WrapUpExtended, agent=AgentId(99), seconds=30) == ()


def test_who_closes_the_browser_and_goes_home_is_available_no_longer() -> None:
    centre = Centre()
    centre.ready(1)
    centre.unreachable(1)
    assert states(centre.after(179)) == []
    assert states(centre.after(1)) == [(1, AgentState.AWAY, "unreachable")]
    centre.reachable(1)
    assert centre.agent_state(1) is AgentState.AWAY, "they say themselves that they are back"
    assert states(centre.available(1)) == [(1, AgentState.AVAILABLE, "")]


def test_a_telephone_that_comes_back_soon_was_not_missed() -> None:
    centre = Centre()
    centre.ready(1)
    centre.unreachable(1)
    centre.after(179)
    centre.reachable(1)
    assert states(centre.after(600)) == []
    centre.unreachable(1)
    assert states(centre.after(179)) == [], "each time anew"


def test_a_telephone_is_not_missed_in_wrap_up_but_from_its_end_on() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.unreachable(1)
    centre.leg_ends(offer, EndedBy.AGENT)
    assert states(centre.after(60)) == [(1, AgentState.AVAILABLE, "")]
    centre.router = Router.restore(centre.router.snapshot())
    assert states(centre.after(179)) == []
    assert states(centre.after(1)) == [(1, AgentState.AWAY, "unreachable")]


@pytest.mark.parametrize("wish", ["away", "sign_out"])
def test_a_ringing_offer_is_taken_back_when_the_agent_wants_none(wish: str) -> None:
    centre = Centre()
    centre.ready(1, 2)
    centre.call("c")
    outputs = getattr(centre, wish)(1)
    assert kinds(outputs)[:3] == ["EndLeg", "OfferEnded", "AgentStateChanged"]
    assert only(outputs, OfferEnded).outcome is OfferOutcome.WITHDRAWN
    assert only(outputs, OfferContact).agent == 2


@pytest.mark.parametrize(
    ("wish", "state", "reason"),
    [("away", AgentState.AWAY, "lunch"), ("sign_out", AgentState.SIGNED_OUT, "")],
)
def test_a_wish_in_mid_call_waits_for_call_and_wrap_up(wish: str, state: AgentState, reason: str) -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    told = only(getattr(centre, wish)(1), AgentStateChanged)
    assert (told.state, told.pending, told.pending_reason) == (AgentState.ENGAGED, state, reason)
    assert getattr(centre, wish)(1) == ()
    wrap_up = only(centre.leg_ends(offer, EndedBy.AGENT), AgentStateChanged)
    assert (wrap_up.state, wrap_up.pending) == (AgentState.WRAP_UP, state)
    done = only(centre.after(60), AgentStateChanged)
    assert (done.state, done.reason, done.pending) == (state, reason, None)


def test_a_wish_in_mid_call_can_be_taken_back() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.sign_out(1)
    assert only(centre.post(e.AgentSignedIn, agent=AgentId(1)), AgentStateChanged).pending is None
    centre.away(1)
    assert only(centre.available(1), AgentStateChanged).pending is None
    assert centre.available(1) == ()
    centre.leg_ends(offer, EndedBy.AGENT)
    assert states(centre.after(60)) == [(1, AgentState.AVAILABLE, "")]


def test_wrap_up_ends_by_itself_and_tells_when() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    wrap_up = only(centre.leg_ends(offer, EndedBy.AGENT), AgentStateChanged)
    assert (wrap_up.state, wrap_up.contact, wrap_up.until) == (
        AgentState.WRAP_UP,
        "c",
        centre.now + timedelta(seconds=60),
    )
    centre.call("d")
    assert not every(centre.after(59.9), OfferContact), "no contact in wrap-up"
    outputs = centre.after(0.1)
    assert states(outputs) == [(1, AgentState.AVAILABLE, ""), (1, AgentState.OFFERED, "")]


def test_wrap_up_can_be_ended_early_and_follows_an_earlier_wish() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.leg_ends(offer, EndedBy.AGENT)
    assert states(centre.available(1)) == [(1, AgentState.AVAILABLE, "")]
    offer = centre.talking(1, "d")
    centre.away(1, "lunch")
    centre.leg_ends(offer, EndedBy.AGENT)
    assert states(centre.available(1)) == [(1, AgentState.AWAY, "lunch")]


def test_wrap_up_can_be_extended_from_now() -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.leg_ends(offer, EndedBy.AGENT)
    centre.after(50)
    told = only(centre.post(e.WrapUpExtended, agent=AgentId(1), seconds=30), AgentStateChanged)
    assert (told.state, told.contact, told.until) == (AgentState.WRAP_UP, "c", centre.now + timedelta(seconds=30))
    assert centre.after(29) == ()
    assert states(centre.after(1)) == [(1, AgentState.AVAILABLE, "")]


@pytest.mark.parametrize(("seconds", "granted"), [(0, None), (-5, None), (10**12, 3600)])
def test_an_extension_is_sensible_or_nothing(seconds: int, granted: int | None) -> None:
    centre = Centre()
    offer = centre.talking(1, "c")
    centre.leg_ends(offer, EndedBy.AGENT)
    told = every(centre.post(e.WrapUpExtended, agent=AgentId(1), seconds=seconds), AgentStateChanged)
    assert [fact.until for fact in told] == ([centre.now + timedelta(seconds=granted)] if granted else [])


def test_an_extension_outside_wrap_up_is_nothing() -> None:
    centre = Centre()
    centre.ready(1)
    assert centre.post(e.WrapUpExtended, agent=AgentId(1), seconds=30) == ()


def test_without_wrap_up_the_next_contact_comes_at_once() -> None:
    centre = Centre()
    offer = centre.talking(2, "a", WATER_LINE)
    centre.call("b", WATER_LINE)
    outputs = centre.leg_ends(offer, EndedBy.AGENT)
    assert states(outputs) == [(2, AgentState.AVAILABLE, ""), (2, AgentState.OFFERED, "")]


def test_without_wrap_up_a_wish_is_followed_at_once() -> None:
    centre = Centre(change_queue(PLAN, "tax", wrap_up_seconds=0))
    offer = centre.talking(1, "a")
    centre.sign_out(1)
    assert states(centre.leg_ends(offer, EndedBy.AGENT)) == [(1, AgentState.SIGNED_OUT, "")]


def test_losing_the_registration_leaves_calls_and_ringing_alone() -> None:
    centre = Centre()
    offer = centre.talking(1, "a")
    assert kinds(centre.unreachable(1)) == ["AgentReachabilityChanged"]
    assert centre.unreachable(1) == ()
    assert centre.agent_state(1) is AgentState.ENGAGED
    centre.leg_ends(offer, EndedBy.AGENT)
    centre.call("b")
    assert not every(centre.after(60), OfferContact)


def test_a_screen_loaded_anew_while_it_rings_is_rung_again() -> None:
    centre = Centre()
    centre.ready(1, 2)
    centre.call("c")
    outputs = centre.returned(1)
    assert only(outputs, EndLeg).offer == "c.1"
    assert only(outputs, OfferEnded).outcome is OfferOutcome.WITHDRAWN
    assert (only(outputs, OfferContact).offer, only(outputs, OfferContact).agent) == ("c.2", 1)


def test_a_screen_loaded_anew_without_a_call_changes_nothing() -> None:
    centre = Centre()
    centre.ready(1)
    assert centre.returned(1) == ()
    offer = centre.talking(1, "c")
    centre.leg_ends(offer, EndedBy.AGENT)
    assert centre.returned(1) == ()
