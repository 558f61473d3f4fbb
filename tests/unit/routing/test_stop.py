"""The whole centre was off, or the exchange alone: what was under way ended then, not when it was found out."""

from datetime import timedelta

import pytest

from haedap.domain import events as e
from haedap.domain.decisions import OfferContact, TakeMessage
from haedap.domain.facts import AgentStateChanged, ContactClosed, MessageLeft, PromiseMade
from haedap.domain.ids import ContactId
from haedap.domain.states import AgentState, ContactState, EndedBy
from tests.unit.routing.centre import WATER_LINE, Centre, every, only, states
from tests.unit.routing.promising import CITIZEN, NIGHT_LINE, Promising, opened, play_ends

NIGHT_SECONDS = 15 * 3600


def test_what_was_under_way_is_over_and_nobody_worked_all_night() -> None:
    centre = Promising()
    centre.ready(1)
    offer = only(centre.call("talking", caller="+821000000011"), OfferContact).offer
    centre.answer(offer)
    centre.connected(offer)
    centre.ready(2)
    centre.call("ringing", caller="+821000000012")
    centre.ready(3)
    centre.away(3)
    centre.call("waiting", WATER_LINE, caller="+821000000013")
    outputs = centre.stopped(NIGHT_SECONDS)
    closed = every(outputs, ContactClosed)
    assert {end.contact for end in closed} == {"talking", "ringing", "waiting"}
    assert {end.by for end in closed} == {EndedBy.CENTRE}
    assert len(every(outputs, PromiseMade)) == len(closed), "who was cut off is owed a call"
    last = {fact.agent: (fact.state, fact.reason) for fact in every(outputs, AgentStateChanged)}
    assert last == dict.fromkeys((1, 2), (AgentState.AWAY, "unreachable"))
    assert centre.agent_state(3) is AgentState.AWAY
    assert not every(centre.after(0), AgentStateChanged)


@pytest.mark.parametrize("seconds", [11, 60, 179])
def test_a_short_stop_sends_nobody_away(seconds: int) -> None:
    """Whose wrap-up would have ended meanwhile had none that was longer than it may be."""
    centre = Centre()
    centre.talking(1, "c")
    centre.ready(2)
    over = [(1, AgentState.AVAILABLE, "")] if seconds >= 60 else []
    assert states(centre.stopped(seconds)) == [(1, AgentState.WRAP_UP, ""), *over]
    assert states(centre.after(0)) == []
    assert centre.agent_state(2) is AgentState.AVAILABLE
    assert not every(centre.call("early"), OfferContact), "no telephone has come back"
    assert only(centre.reachable(2), OfferContact).contact == "early"


@pytest.mark.parametrize("seconds", [11, 170])
def test_after_a_short_stop_there_is_time_to_come_back(seconds: int) -> None:
    """Telephones find an exchange that was away by and by: how long it was away is not their fault."""
    centre = Centre()
    centre.ready(1, 2)
    centre.stopped(seconds)
    assert not states(centre.after(60))
    centre.reachable(1)
    assert states(centre.after(120)) == [(2, AgentState.AWAY, "unreachable")]


def test_a_wish_from_the_call_is_followed_and_a_word_to_go_too() -> None:
    centre = Centre()
    for number, wish in ((1, centre.away), (2, centre.sign_out)):
        centre.talking(number, f"c{number}")
        wish(number)
    centre.stopped(NIGHT_SECONDS)
    assert centre.agent_state(1) is AgentState.AWAY
    assert centre.agent_state(2) is AgentState.SIGNED_OUT


@pytest.mark.parametrize("exchange_later", [0, 600])
@pytest.mark.parametrize("said_for", [0, 120])
def test_a_message_on_tape_outlives_the_stop(said_for: int, exchange_later: int) -> None:
    centre = Promising()
    centre.at_night()
    centre.call("c", NIGHT_LINE, caller=CITIZEN)
    centre.press("c", "0")
    assert only(play_ends(centre, "c"), TakeMessage).most_seconds == 120
    centre.now += timedelta(seconds=said_for)
    assert not every(centre.stopped(NIGHT_SECONDS), ContactClosed)
    assert centre.after(exchange_later) == (), "nobody is there to be asked again"
    outputs = centre.post(e.MessageTaken, contact=ContactId("c"), seconds=7)
    assert only(outputs, MessageLeft).seconds == 7
    assert only(outputs, PromiseMade).citizen == CITIZEN


def test_a_call_to_a_citizen_that_the_stop_cut_off_is_owed_still() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise(1))
    centre.answer(f"{contact}.1")
    centre.stopped(NIGHT_SECONDS)
    assert centre.contact_state(contact) is None
    centre.after(8 * 3600)
    centre.reachable(1)
    assert only(centre.available(1), OfferContact).agent == 1


def test_a_due_callback_that_nobody_had_yet_waits_on() -> None:
    centre = Promising()
    contact = opened(centre.promise(1))
    assert not every(centre.stopped(NIGHT_SECONDS), ContactClosed)
    assert centre.contact_state(contact) is ContactState.WAITING


# --- the exchange alone


def test_what_the_exchange_carried_ends_with_it_and_whoever_works_goes_on() -> None:
    centre = Promising()
    centre.ready(1)
    offer = only(centre.call("talking", caller="+821000000011"), OfferContact).offer
    centre.answer(offer)
    centre.connected(offer)
    centre.call("waiting", caller="+821000000012")
    centre.ready(2, 3)
    centre.away(3)
    outputs = centre.exchange_stopped()
    assert {(end.contact, end.by) for end in every(outputs, ContactClosed)} == {
        ("talking", EndedBy.CENTRE),
        ("waiting", EndedBy.CENTRE),
    }
    assert len(every(outputs, PromiseMade)) == 2, "who was cut off is owed a call"
    assert [centre.agent_state(number) for number in (1, 2, 3)] == [
        AgentState.WRAP_UP,
        AgentState.AVAILABLE,
        AgentState.AWAY,
    ]
    centre.after(60)
    assert centre.agent_state(1) is AgentState.AVAILABLE
    assert not every(centre.after(100), OfferContact), "nobody is rung, and nobody is told that they did not answer"
    assert not centre.exchange_stopped()
    assert not every(centre.reconcile(), ContactClosed)
    assert every(centre.reachable(2), OfferContact)


def test_a_message_on_tape_outlives_the_exchange() -> None:
    centre = Promising()
    centre.at_night()
    centre.call("c", NIGHT_LINE, caller=CITIZEN)
    centre.press("c", "0")
    play_ends(centre, "c")
    assert not every(centre.exchange_stopped(), ContactClosed)
    assert only(centre.post(e.MessageTaken, contact=ContactId("c"), seconds=7), MessageLeft).seconds == 7
