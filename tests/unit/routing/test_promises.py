"""Promises: how they are made, kept, tried again, merged, escalated and ended."""

from datetime import timedelta

import pytest

from haedap.domain import events as e
from haedap.domain.decisions import CallCitizen, Connect, EndLeg, OfferContact, PlayMusic
from haedap.domain.facts import (
    AttemptEnded,
    AttemptStarted,
    CitizenAnswered,
    CitizenCalled,
    ContactClosed,
    ContactOpened,
    PromiseAltered,
    PromiseEnded,
    PromiseEscalated,
)
from haedap.domain.ids import AgentId, QueueKey
from haedap.domain.plan import CallbackRules
from haedap.domain.states import (
    AgentState,
    AttemptOutcome,
    ConsultStep,
    ContactState,
    Direction,
    EndedBy,
    PromiseOutcome,
    PromiseReason,
    PromiseState,
    ProtectionStep,
    TransferMode,
)
from haedap.domain.targets import ToAgent, ToOutside
from tests.unit.routing.centre import START, change, change_queue, closing, every, kinds, only
from tests.unit.routing.promising import (
    CITIZEN,
    OTHER,
    TAX,
    Promising,
    called,
    ended,
    made,
    offered,
    opened,
    play_ends,
    promise_id,
    promising,
    said,
)

OFFICER = ToOutside("+82220000777", name="세무과 김○○")
MINUTE = timedelta(minutes=1)


def test_a_promise_is_kept_agent_first_then_the_citizen() -> None:
    centre = Promising()
    centre.ready(1)
    outputs = centre.promise()
    assert kinds(outputs)[:4] == ["PromiseMade", "ContactOpened", "AttemptStarted", "ContactQueued"]
    contact = only(outputs, ContactOpened)
    assert (contact.direction, contact.promise, contact.called, contact.caller) == (
        Direction.OUT,
        promise_id(1),
        CITIZEN,
        CITIZEN,
    )
    offer = only(outputs, OfferContact)
    assert (offer.agent, offer.caller, offer.join, offer.auto_answer) == (1, CITIZEN, False, False)
    outputs = centre.answer(offer.offer)
    assert not every(outputs, Connect), "there is nobody to be joined with yet"
    assert called(outputs) == [CITIZEN]
    assert only(outputs, CitizenCalled).agent == 1
    outputs = centre.reached(contact.contact)
    assert only(outputs, CitizenAnswered).segment == 1
    assert only(outputs, AttemptEnded).outcome is AttemptOutcome.REACHED
    kept = only(outputs, PromiseEnded)
    assert (kept.outcome, kept.contact, kept.agent) == (PromiseOutcome.KEPT, contact.contact, 1)
    assert centre.open() == []
    outputs = centre.leave(contact.contact)
    assert closing(outputs) == ("answered", "citizen")
    assert centre.agent_state(1) is AgentState.WRAP_UP


def test_the_ladder_and_its_end() -> None:
    centre = Promising()
    centre.ready(1)
    centre.promise()
    again = []
    for _ in range(4):
        assert len(centre.outgoing()) == 1
        fact = centre.fail_attempt()
        again.append(None if fact.again_at is None else (fact.again_at - centre.now) // MINUTE)
        centre.until(0 if fact.again_at is None else (fact.again_at - START) / timedelta(hours=1))
    assert again == [10, 60, 240, None]
    assert centre.open() == []


def test_a_queue_without_hours_calls_at_any_time_but_by_the_ladder() -> None:
    centre = Promising(callback_hours=None)
    centre.at_night()
    centre.ready(1)
    centre.promise()
    assert centre.fail_attempt().again_at == centre.now + 10 * MINUTE
    assert centre.outgoing() == []


def test_not_reached_ends_the_contact_and_the_wrap_up_is_short() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise())
    centre.answer(f"{contact}.1")
    outputs = centre.not_reached(contact, AttemptOutcome.BUSY)
    assert closing(outputs) == ("not_reached", "citizen")
    assert only(outputs, AttemptEnded).outcome is AttemptOutcome.BUSY
    assert centre.agent_state(1) is AgentState.WRAP_UP
    centre.after(15)
    assert centre.agent_state(1) is AgentState.AVAILABLE
    assert centre.open()[0].state is PromiseState.OPEN


def test_a_failure_of_the_centre_does_not_count_and_comes_again_later_and_later() -> None:
    centre = Promising(change(promising(), callbacks=CallbackRules(again_after_minutes=())))
    centre.ready(1)
    centre.promise()
    for minutes in (1, 2, 4, 8, 16, 30, 30):
        fact = centre.fail_attempt(AttemptOutcome.FAILED)
        assert fact.again_at == centre.now + minutes * MINUTE
        centre.after(minutes * 60)
    assert centre.fail_attempt().again_at is None
    assert centre.open() == []


def test_what_nobody_reports_is_no_answer() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise())
    centre.answer(f"{contact}.1")
    assert not every(centre.after(39), AttemptEnded)
    assert only(centre.after(1), AttemptEnded).outcome is AttemptOutcome.NO_ANSWER
    assert centre.reached(contact) == (), "too late"
    assert centre.not_reached(contact) == ()


def test_a_citizen_who_was_reached_stays_so_whatever_is_reported_late() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise())
    centre.answer(f"{contact}.1")
    centre.reached(contact)
    assert centre.not_reached(contact) == centre.reached(contact) == ()
    assert centre.contact_state(contact) is ContactState.ENGAGED


def test_a_citizens_leg_that_is_gone_before_the_answer_is_tried_again() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise())
    centre.answer(f"{contact}.1")
    outputs = centre.leave(contact, EndedBy.LINE)
    assert closing(outputs) == ("not_reached", "centre")
    assert only(outputs, AttemptEnded).outcome is AttemptOutcome.FAILED
    assert centre.agent_state(1) is AgentState.WRAP_UP


@pytest.mark.parametrize("lose", ["leg", "screen"])
def test_when_the_agent_is_lost_while_the_citizen_is_called_the_call_is_ended(lose: str) -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise())
    centre.answer(f"{contact}.1")
    outputs = centre.leg_ends(f"{contact}.1", EndedBy.LINE) if lose == "leg" else centre.returned(1)
    assert "EndContact" in kinds(outputs)
    assert closing(outputs) == ("not_reached", "centre")
    assert only(outputs, AttemptEnded).outcome is AttemptOutcome.FAILED


def test_an_agent_who_hangs_up_while_it_rings_has_tried() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise())
    centre.answer(f"{contact}.1")
    outputs = centre.leg_ends(f"{contact}.1", EndedBy.AGENT)
    assert only(outputs, AttemptEnded).outcome is AttemptOutcome.NO_ANSWER


def test_an_outgoing_contact_hears_nothing_while_it_waits() -> None:
    centre = Promising(announce_every_seconds=5)
    assert not every(centre.promise(), CallCitizen)
    assert not [kind for kind in kinds(centre.after(600)) if kind.startswith("Play")]


def test_not_before_its_time_nor_outside_the_hours() -> None:
    centre = Promising()
    centre.ready(1)
    assert centre.promise(due_at=START + 9 * 60 * MINUTE)
    assert centre.outgoing() == []
    assert not every(centre.until(22.9), ContactOpened), "19:00 is no time to call"
    outputs = centre.until(23)
    assert len(every(outputs, ContactOpened)) == 1, "nine o'clock the next morning"


def test_a_promise_that_waits_at_closing_time_is_taken_back_for_the_night() -> None:
    centre = Promising()
    centre.promise()
    assert len(centre.outgoing()) == 1
    outputs = centre.until(8)
    assert closing(outputs) == ("not_reached", "centre")
    assert only(outputs, AttemptEnded).again_at == START + timedelta(hours=23)
    centre.ready(1)
    assert not every(centre.until(22.9), OfferContact)
    assert len(every(centre.until(23), OfferContact)) == 1


def test_hours_that_are_shortened_hold_for_a_promise_that_waits() -> None:
    centre = Promising(callback_hours=None)
    centre.promise()
    centre.at_night()
    outputs = centre.plan(promising())
    assert closing(outputs) == ("not_reached", "centre")
    assert only(outputs, AttemptEnded).again_at == START + timedelta(hours=23)
    centre.ready(1)
    assert not every(centre.until(22.9), OfferContact)
    assert len(every(centre.until(23), OfferContact)) == 1


def test_hours_that_are_set_while_an_agent_is_rung_for_a_promise_take_the_offer_back() -> None:
    centre = Promising(callback_hours=None)
    centre.at_night()
    centre.ready(1)
    offer = only(centre.promise(), OfferContact).offer
    assert only(centre.plan(promising()), EndLeg).offer == offer
    assert centre.agent_state(1) is AgentState.AVAILABLE


def test_who_waits_for_the_morning_is_called_when_the_hours_are_made_longer() -> None:
    centre = Promising()
    centre.at_night()
    assert not every(centre.promise(), ContactOpened)
    assert len(every(centre.plan(change(promising(callback_hours=None))), ContactOpened)) == 1


def test_a_promise_that_is_told_again_while_its_call_goes_on_is_not_made_again() -> None:
    """However late: its contact would have the name of the one in which the citizen is on the line."""
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise())
    centre.answer(f"{contact}.1")
    centre.reached(contact)
    centre.after(2 * 3600)
    centre.promise(2, citizen=OTHER)
    centre.settle(2)
    assert centre.promise() == ()
    assert centre.contact_state(contact) == "engaged"


def test_a_clock_that_jumps_a_day_calls_nobody_at_night() -> None:
    """The router stood still from Monday morning to Wednesday, three o'clock; a hundred promises fell due meanwhile."""
    centre = Promising()
    for name in range(1, 101):
        centre.promise(name, citizen=f"+8210{name:08}", due_at=START + name * 10 * MINUTE)
    centre.ready(1, 2)
    centre.now = START + timedelta(hours=41)
    outputs = centre.post(e.TimePassed)
    assert not every(outputs, OfferContact)
    assert not every(outputs, ContactOpened)
    centre.now = START + timedelta(hours=47)
    outputs = centre.post(e.TimePassed)
    assert len(every(outputs, ContactOpened)) == 100
    assert len(offered(outputs)) == 2, "one for each free agent, not all at once"


def test_an_agents_own_promise_stays_theirs_until_it_is_escalated() -> None:
    centre = Promising()
    centre.ready(1)
    outputs = centre.promise(owner=ToAgent(AgentId(2)), deadline=START + 60 * MINUTE)
    assert not every(outputs, OfferContact)
    centre.ready(2)
    assert centre.outgoing()[0].leg is not None
    centre.away(2)
    outputs = centre.until(0.5)
    assert only(outputs, PromiseEscalated).promise == promise_id(1)
    assert offered(outputs)[0][1] == 1, "anybody who is free"


def test_escalation_goes_before_others() -> None:
    centre = Promising()
    centre.call("first")
    contact = opened(centre.promise(deadline=START + 60 * MINUTE))
    centre.until(0.5)
    assert centre.outgoing()[0].priority == 100
    centre.reachable(1)
    centre.post(e.AgentSignedIn, agent=AgentId(1))
    assert offered(centre.available(1)) == [(contact, 1)]
    assert not every(centre.until(1), PromiseEscalated), "once"


def test_a_second_promise_merges_into_the_first_and_improves_it() -> None:
    centre = Promising()
    centre.promise(1, due_at=START + 120 * MINUTE, deadline=START + 300 * MINUTE)
    outputs = centre.promise(2, due_at=START + 60 * MINUTE, deadline=START + 200 * MINUTE)
    assert kinds(outputs)[:3] == ["PromiseMade", "PromiseEnded", "PromiseAltered"]
    merged = only(outputs, PromiseEnded)
    assert (merged.outcome, merged.into) == (PromiseOutcome.MERGED, promise_id(1))
    altered = only(outputs, PromiseAltered)
    assert (altered.due_at, altered.deadline) == (START + 60 * MINUTE, START + 200 * MINUTE)
    assert [promise.id for promise in centre.open()] == [promise_id(1)]
    assert len(every(centre.until(1), ContactOpened)) == 1
    assert centre.promise(2) == (), "known, though it is over"


def test_a_promise_owed_for_long_costs_nothing_more_with_each_plan() -> None:
    centre = Promising()
    centre.promise(1, due_at=START + timedelta(days=300))
    plan, entries = promising(), len(centre.router._floor.deadlines._heap)
    for seconds in range(50):
        centre.plan(change_queue(plan, "tax", wrap_up_seconds=seconds))
    assert len(centre.router._floor.deadlines._heap) == entries
    escalations = every(centre.until(310 * 24), PromiseEscalated)
    assert len(escalations) == 1


def test_a_second_promise_that_is_owed_sooner_is_escalated_sooner() -> None:
    centre = Promising()
    centre.promise(1, deadline=START + 300 * MINUTE)
    centre.promise(2, deadline=START + 100 * MINUTE)
    early = 100 - CallbackRules().escalate_minutes
    assert not every(centre.until((early - 1) / 60), PromiseEscalated)
    assert only(centre.until(early / 60), PromiseEscalated).promise == promise_id(1)


def test_an_agents_promise_becomes_the_queues_when_the_citizen_asks_the_queue() -> None:
    centre = Promising()
    centre.ready(1)
    centre.promise(1, owner=ToAgent(AgentId(2)))
    outputs = centre.promise(2)
    assert only(outputs, PromiseAltered).owner == TAX
    assert offered(outputs)[0][1] == 1


def test_an_officer_is_reminded_and_calls_themselves() -> None:
    centre = Promising()
    centre.ready(1)
    outputs = centre.promise(1, owner=OFFICER, reason=PromiseReason.OFFICER, deadline=START + 120 * MINUTE)
    assert kinds(outputs) == ["PromiseMade"], "the centre calls nobody"
    assert only(centre.until(1.5), PromiseEscalated).promise == promise_id(1)
    outputs = centre.post(e.PromiseAttempted, promise=promise_id(1), outcome=AttemptOutcome.NO_ANSWER)
    assert (only(outputs, AttemptStarted).contact, only(outputs, AttemptEnded).again_at) == (
        None,
        centre.now + 10 * MINUTE,
    )
    outputs = centre.post(e.PromiseAttempted, promise=promise_id(1), outcome=AttemptOutcome.REACHED)
    assert ended(outputs) == [(promise_id(1), PromiseOutcome.KEPT)]


def test_an_officers_promise_and_the_centres_are_two_debts() -> None:
    centre = Promising()
    centre.promise(1, owner=OFFICER, reason=PromiseReason.OFFICER)
    centre.promise(2)
    centre.promise(3, owner=ToOutside("1234"), reason=PromiseReason.OFFICER)
    assert [promise.id for promise in centre.open()] == [promise_id(1), promise_id(2), promise_id(3)]
    assert ended(centre.promise(4, owner=OFFICER)) == [(promise_id(4), PromiseOutcome.MERGED)]


def test_who_calls_again_and_is_served_is_not_called_back() -> None:
    centre = Promising()
    contact = opened(centre.promise(1))
    centre.promise(2, owner=OFFICER, reason=PromiseReason.OFFICER)
    centre.call("again", caller=CITIZEN)
    centre.ready(2)
    centre.ready(1)
    outputs = centre.answer("again.1")
    assert ended(outputs) == [(promise_id(1), PromiseOutcome.RESOLVED)]
    assert only(outputs, PromiseEnded).contact == "again"
    assert only(outputs, AttemptEnded).again_at is None
    assert only(outputs, ContactClosed).contact == contact
    assert [promise.id for promise in centre.open()] == [promise_id(2)], "the officer's was about something else"


def test_a_promise_made_in_a_talk_waits_for_its_end_and_is_not_resolved_by_it() -> None:
    centre = Promising()
    centre.ready(1)
    centre.call("talk", caller=CITIZEN)
    centre.answer("talk.1")
    centre.ready(2)
    outputs = centre.promise(1, contact="talk")
    assert kinds(outputs) == ["PromiseMade"], "nobody is called who is on the line"
    outputs = centre.leave("talk")
    assert offered(outputs)[0][1] == 2


def test_a_promise_made_in_a_talk_is_not_resolved_by_whom_the_citizen_is_passed_on_to() -> None:
    centre = Promising()
    centre.ready(1)
    centre.call("talk", caller=CITIZEN)
    centre.answer("talk.1")
    centre.promise(1, contact="talk")
    centre.post(e.TransferRequested, agent=1, contact="talk", mode=TransferMode.BLIND, target=TAX, brief="")
    centre.ready(2)
    assert ended(centre.answer("talk.2")) == []
    assert [promise.id for promise in centre.open()] == [promise_id(1)]


@pytest.mark.parametrize("outcome", [PromiseOutcome.KEPT, PromiseOutcome.CANCELLED, PromiseOutcome.RESOLVED])
def test_somebody_says_that_it_is_over(outcome: PromiseOutcome) -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise(1))
    outputs = centre.settle(1, outcome)
    assert ended(outputs) == [(promise_id(1), outcome)]
    assert only(outputs, ContactClosed).contact == contact
    assert centre.agent_state(1) is AgentState.AVAILABLE, "the offer is taken back"
    assert centre.settle(1, outcome) == ()
    assert centre.settle(7, outcome) == ()


def test_only_the_router_says_merged_or_not_reached() -> None:
    centre = Promising()
    centre.promise(1)
    assert centre.settle(1, PromiseOutcome.MERGED) == ()
    assert centre.settle(1, PromiseOutcome.NOT_REACHED) == ()


def test_a_promise_is_put_off_and_given_to_somebody_else() -> None:
    centre = Promising()
    centre.ready(1)
    centre.promise(1)
    later = START + 60 * MINUTE
    outputs = centre.post(e.PromiseChanged, promise=promise_id(1), owner=ToAgent(AgentId(2)), due_at=later)
    assert (only(outputs, PromiseAltered).owner, only(outputs, PromiseAltered).due_at) == (ToAgent(AgentId(2)), later)
    assert centre.outgoing() == []
    centre.ready(2)
    assert offered(centre.until(1))[0][1] == 2
    assert centre.post(e.PromiseChanged, promise=promise_id(9)) == ()


def test_who_is_to_be_called_at_another_time_is_called_then() -> None:
    centre = Promising()
    centre.ready(1)
    centre.promise(1, due_at=START + 30 * MINUTE)
    centre.post(e.PromiseChanged, promise=promise_id(1), due_at=START + 60 * MINUTE)
    assert offered(centre.until(0.99)) == []
    assert len(offered(centre.until(1))) == 1


def test_a_call_that_is_being_made_is_not_broken_off_by_a_change() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise(1))
    centre.answer(f"{contact}.1")
    outputs = centre.post(e.PromiseChanged, promise=promise_id(1), due_at=START + 600 * MINUTE)
    assert kinds(outputs) == ["PromiseAltered"]
    assert ended(centre.reached(contact)) == [(promise_id(1), PromiseOutcome.KEPT)]


def test_a_changed_debtor_may_merge() -> None:
    centre = Promising()
    centre.promise(1, owner=OFFICER)
    centre.promise(2)
    outputs = centre.post(e.PromiseChanged, promise=promise_id(1), owner=TAX)
    assert ended(outputs) == [(promise_id(1), PromiseOutcome.MERGED)]
    assert [promise.id for promise in centre.open()] == [promise_id(2)]


def test_a_promise_that_merges_while_it_is_being_kept_calls_nobody_any_more() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise(1))
    centre.promise(2, owner=OFFICER)
    outputs = centre.post(e.PromiseChanged, promise=promise_id(1), owner=OFFICER)
    assert ended(outputs) == [(promise_id(1), PromiseOutcome.MERGED)]
    assert only(outputs, ContactClosed).contact == contact
    assert centre.agent_state(1) is AgentState.AVAILABLE


def _being_called(centre: Promising) -> str:
    """An agent hears the citizen's telephone ring; the promise is to be an officer's."""
    centre.ready(1, 2)
    contact = opened(centre.promise(1))
    centre.answer(f"{contact}.1")
    assert centre.post(e.PromiseChanged, promise=promise_id(1), owner=OFFICER) == ()
    return contact


def test_what_is_given_to_an_officer_while_it_is_being_kept_is_kept() -> None:
    """The officer owes the same citizen a call already, about something else."""
    centre = Promising()
    centre.promise(2, owner=OFFICER)
    contact = _being_called(centre)
    assert ended(centre.reached(contact)) == [(promise_id(1), PromiseOutcome.KEPT)]
    assert [promise.id for promise in centre.open()] == [promise_id(2)]


def test_what_is_given_to_an_officer_while_it_is_being_kept_is_theirs_when_nobody_answers() -> None:
    centre = Promising()
    contact = _being_called(centre)
    outputs = centre.not_reached(contact)
    assert only(outputs, AttemptEnded).again_at is None
    assert only(outputs, PromiseAltered).owner == OFFICER
    assert called(centre.until(24)) == []
    assert [promise.owner for promise in centre.open()] == [OFFICER]


def test_a_citizen_whose_telephone_rings_is_not_called_by_a_second_agent() -> None:
    centre = Promising()
    contact = _being_called(centre)
    outputs = centre.promise(3)
    assert ended(outputs) == [(promise_id(3), PromiseOutcome.MERGED)]
    assert not every(outputs, ContactOpened)
    assert ended(centre.reached(contact)) == [(promise_id(1), PromiseOutcome.KEPT)]
    assert centre.open() == []


def test_a_message_in_writing_is_called_back_at_the_place_of_now() -> None:
    centre = Promising()
    centre.call("earlier")
    written = centre.post(e.MessageWritten, promise=promise_id(1), queue=QueueKey("tax"), citizen=CITIZEN)
    centre.call("later")
    assert made(written).reason is PromiseReason.TEXT
    order = {record.id: record.order for record in centre.router.snapshot().contacts}
    assert sorted(order, key=lambda contact: order[contact]) == ["earlier", opened(written), "later"]


def test_what_is_over_is_remembered_for_an_hour() -> None:
    centre = Promising()
    centre.promise(1)
    centre.settle(1)
    assert centre.promise(1) == ()
    centre.after(3601)
    centre.promise(2)
    centre.settle(2)
    assert made(centre.promise(1)).promise == promise_id(1)


def test_promises_survive_a_restart() -> None:
    centre = Promising()
    centre.promise(1, due_at=START + 60 * MINUTE)
    centre.promise(2, citizen=OTHER, deadline=START + 100 * MINUTE)
    restored = Promising()
    restored.router = centre.router.restore(centre.router.snapshot())
    restored.now = centre.now
    assert restored.router.next_deadline() == centre.router.next_deadline()
    assert kinds(restored.until(9)) == kinds(centre.until(9))
    assert ended(restored.promise(3, citizen=OTHER)) == [(promise_id(3), PromiseOutcome.MERGED)]
    restored.router = restored.router.restore(restored.router.snapshot())
    assert restored.promise(3, citizen=OTHER) == (), "over, and not made anew"


def test_nobody_is_protected_from_a_citizen_who_is_still_being_called() -> None:
    centre = Promising()
    centre.ready(1)
    contact = opened(centre.promise(1))
    centre.answer(f"{contact}.1")
    protect = {"agent": AgentId(1), "contact": contact, "kind": "threat"}
    assert centre.post(e.Protected, step=ProtectionStep.END, **protect) == ()


def test_a_promise_that_is_put_off_goes_back_in_line() -> None:
    centre = Promising()
    centre.promise(1, deadline=START + 10 * MINUTE)
    assert centre.outgoing()[0].priority == 100
    centre.post(e.PromiseChanged, promise=promise_id(1), deadline=START + 300 * MINUTE)
    assert centre.outgoing()[0].priority == 0
    assert len(every(centre.until(4.5), PromiseEscalated)) == 1, "again, before the new deadline"


def test_a_called_citizen_who_comes_back_from_an_officer_hears_music() -> None:
    centre = Promising()
    centre.ready(1)
    offer = only(centre.promise(), OfferContact)
    centre.answer(offer.offer)
    centre.reached(offer.contact)
    talk = {"agent": AgentId(1), "contact": offer.contact}
    centre.post(e.TransferRequested, **talk, mode=TransferMode.CONSULT, target=OFFICER)
    centre.answer(f"{offer.contact}.2")
    centre.post(e.ConsultStepped, **talk, step=ConsultStep.COMPLETE)
    centre.away(1)
    assert said(centre.leg_ends(f"{offer.contact}.2", EndedBy.LINE)) == ["reconnecting"]
    only(play_ends(centre, offer.contact), PlayMusic)
