"""Calls to citizens after a restart: what is true on the wire and what the router thinks are made to agree."""

from haedap.domain.decisions import ApplyControl, EndContact
from haedap.domain.facts import AttemptEnded, ContactClosed, ContactOpened
from haedap.domain.states import AttemptOutcome, Control, EndedBy, PromiseOutcome
from tests.unit.routing.centre import closing, every, only
from tests.unit.routing.promising import CITIZEN, Promising, called, ended, opened, promise_id


def test_after_a_restart_of_the_exchange_calls_to_citizens_are_made_to_agree() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise(1))
    assert not every(centre.reconcile(ringing=(f"{contact}.1",)), ContactClosed), "it has no citizen's leg yet"
    centre.answer(f"{contact}.1")
    assert centre.reconcile(answered=(f"{contact}.1",), uncalled=(contact,)) == (), "it rings there"
    outputs = centre.reconcile(contact, answered=(f"{contact}.1",))
    assert ended(outputs) == [(promise_id(1), PromiseOutcome.KEPT)], "the citizen's answer was not heard"


def test_an_agent_who_is_muted_while_it_rings_is_so_after_a_restart() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise(1))
    centre.answer(f"{contact}.1")
    centre.control(1, contact, Control.MUTE)
    outputs = centre.reconcile(answered=(f"{contact}.1",), uncalled=(contact,))
    assert only(outputs, ApplyControl).control is Control.MUTE


def test_a_call_to_a_citizen_that_is_gone_after_a_restart_is_made_again() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise(1))
    centre.answer(f"{contact}.1")
    outputs = centre.reconcile(answered=(f"{contact}.1",))
    assert only(outputs, AttemptEnded).outcome is AttemptOutcome.FAILED
    assert len(every(centre.after(60), ContactOpened)) == 1


def test_an_agents_answer_that_nobody_heard_before_a_restart_has_the_citizen_called() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise(1))
    outputs = centre.reconcile(answered=(f"{contact}.1",))
    assert called(outputs) == [CITIZEN]
    assert not every(outputs, AttemptEnded)


def test_when_agent_and_citizen_are_gone_after_a_restart_the_attempt_ends_once() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise(1))
    centre.answer(f"{contact}.1")
    outputs = centre.reconcile()
    assert closing(outputs) == ("not_reached", "centre")
    assert only(outputs, AttemptEnded).outcome is AttemptOutcome.FAILED


def test_a_citizen_who_is_still_called_for_an_attempt_that_is_over_is_hung_up_on() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise(1))
    centre.answer(f"{contact}.1")
    centre.leg_ends(f"{contact}.1", EndedBy.AGENT)
    assert only(centre.reconcile(uncalled=(contact,)), EndContact).contact == contact
