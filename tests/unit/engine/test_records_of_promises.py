"""The fold of transfers, protection, supervision and promises: figures stay right whatever happens to a citizen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from haedap.domain import facts
from haedap.domain.ids import AgentId, ContactId, OfferId, OfficerId, PromiseId, QueueKey
from haedap.domain.states import (
    AgentState,
    AttemptOutcome,
    Channel,
    ContactOutcome,
    ContactState,
    Control,
    Direction,
    EndedBy,
    MoveCause,
    PromiseOutcome,
    PromiseReason,
    ProtectionStep,
    Supervision,
    TransferMode,
    TransferOutcome,
)
from haedap.domain.targets import Owner, Target, ToAgent, ToOutside, ToQueue
from haedap.store.record_rows import ContactRow, PromiseRow, TransferRow
from haedap.store.records import Records
from tests.support.engine import KOREA

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
CONTACT = ContactId(str(uuid4()))
PROMISE, OTHER = PromiseId(str(uuid4())), PromiseId(str(uuid4()))
ONE, TWO, BOSS = AgentId(1), AgentId(2), AgentId(9)
TAX, WATER = QueueKey("tax"), QueueKey("water")
OFFICE = ToOutside("7012", OfficerId(3), "세무과 재산세팀")
TAX_QUEUE = ToQueue(TAX)
CITIZEN = "+821000001234"

Steps = Iterable[tuple[float, facts.AnyFact]]


def _opened(**more: Any) -> facts.ContactOpened:
    return facts.ContactOpened(
        contact=CONTACT,
        channel=Channel.VOICE,
        called="+82200000120",
        caller=CITIZEN,
        caller_text="",
        caller_name="",
        withheld=False,
        flow=None,
        **more,
    )


QUEUED = facts.ContactQueued(contact=CONTACT, queue=TAX, priority=0)
CLOSED = facts.ContactClosed(contact=CONTACT, outcome=ContactOutcome.ANSWERED, by=EndedBy.CITIZEN)


def _started(agent: AgentId = ONE, segment: int = 1, queue: QueueKey = TAX) -> facts.SegmentStarted:
    offer = OfferId(f"{CONTACT}.{segment}")
    return facts.SegmentStarted(contact=CONTACT, segment=segment, agent=agent, queue=queue, offer=offer)


def _ended(agent: AgentId = ONE, segment: int = 1) -> facts.SegmentEnded:
    return facts.SegmentEnded(contact=CONTACT, segment=segment, agent=agent, by=EndedBy.AGENT)


def _transfer(target: Target, mode: TransferMode = TransferMode.BLIND, number: int = 1) -> facts.TransferStarted:
    return facts.TransferStarted(
        contact=CONTACT, transfer=number, segment=1, agent=ONE, mode=mode, target=target, brief="b1"
    )


def _over(outcome: TransferOutcome, number: int = 1) -> facts.TransferEnded:
    return facts.TransferEnded(contact=CONTACT, transfer=number, outcome=outcome)


def _moved(cause: MoveCause) -> facts.ContactMoved:
    return facts.ContactMoved(contact=CONTACT, queue=WATER, cause=cause)


def _made(owner: Owner = TAX_QUEUE, contact: ContactId | None = CONTACT, at: float = 0) -> facts.PromiseMade:
    return facts.PromiseMade(
        promise=PROMISE,
        citizen=CITIZEN,
        owner=owner,
        reason=PromiseReason.QUEUE,
        made_at=START + timedelta(seconds=at),
        due_at=START + timedelta(minutes=5),
        deadline=START + timedelta(hours=8),
        agent=ONE,
        contact=contact,
    )


def _talk(*steps: tuple[float, facts.AnyFact]) -> Records:
    """A citizen who was answered after 10 seconds, and then these."""
    return _fold([(0, _opened()), (1, QUEUED), (10, _started()), *steps])


def _fold(steps: Steps) -> Records:
    records = Records(recorded_in=KOREA)
    for seq, (seconds, fact) in enumerate(steps, 1):
        records.apply(fact, START + timedelta(seconds=seconds), seq)
    return records


def _contact(records: Records) -> ContactRow:
    return records.changes.contacts[CONTACT]


def _only_transfer(records: Records) -> TransferRow:
    (row,) = records.changes.transfers.values()
    return row


def _promise(records: Records) -> PromiseRow:
    return records.changes.promises[PROMISE]


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else (at - START).total_seconds()


# --- transfers


def test_a_blind_transfer_to_a_queue_stops_the_agents_clock_and_keeps_the_contacts_queue_for_figures() -> None:
    records = _talk(
        (30, _transfer(ToQueue(WATER))),
        (30, _ended()),
        (30, _over(TransferOutcome.COMPLETED)),
        (30, _moved(MoveCause.TRANSFER)),
        (50, _started(TWO, 2, WATER)),
        (90, _ended(TWO, 2)),
        (90, CLOSED),
    )
    row, (first, second) = _contact(records), records.changes.segments.values()
    assert (row.transferred, row.returned, row.moved, row.segments) == (True, 0, 0, 2)
    assert (row.asked_queue, row.queue) == (TAX, WATER)
    assert _seconds(row.answered_at) == 10
    assert [(_seconds(part.talk_from), _seconds(part.ended_at)) for part in (first, second)] == [(10, 30), (50, 90)]
    transfer = _only_transfer(records)
    assert (transfer.target_kind, transfer.target_queue, transfer.brief) == ("queue", WATER, "b1")
    assert (_seconds(transfer.started_at), _seconds(transfer.ended_at), transfer.outcome) == (30, 30, "completed")


def test_wrap_up_after_a_transfer_belongs_to_the_agent_who_transferred() -> None:
    records = _talk(
        (10, facts.AgentStateChanged(agent=ONE, state=AgentState.ENGAGED, contact=CONTACT)),
        (30, _transfer(ToQueue(WATER))),
        (30, _ended()),
        (30, _over(TransferOutcome.COMPLETED)),
        (30, facts.AgentStateChanged(agent=ONE, state=AgentState.WRAP_UP)),
        (45, facts.AgentStateChanged(agent=ONE, state=AgentState.AVAILABLE)),
    )
    (segment,) = records.changes.segments.values()
    assert segment.wrap_up_seconds == 15


def test_a_citizen_put_through_to_an_office_is_forwarded_until_the_end() -> None:
    steps: list[tuple[float, facts.AnyFact]] = [(30, _transfer(OFFICE)), (30, _ended())]
    assert _contact(_talk(*steps)).state == ContactState.FORWARDED
    steps += [
        (40, facts.TransferAnswered(contact=CONTACT, transfer=1)),
        (42, _over(TransferOutcome.COMPLETED)),
    ]
    records = _talk(*steps)
    assert (_contact(records).state, _contact(records).transferred) == (ContactState.FORWARDED, True)
    transfer = _only_transfer(records)
    target = (transfer.target_kind, transfer.target_number, transfer.target_officer, transfer.target_name)
    assert target == ("outside", "7012", 3, "세무과 재산세팀")
    assert _seconds(transfer.answered_at) == 40


@pytest.mark.parametrize("swapped", [False, True])
def test_a_consultation_that_is_completed_forwards_whatever_fact_comes_first(swapped: bool) -> None:
    end: list[tuple[float, facts.AnyFact]] = [(60, _ended()), (60, _over(TransferOutcome.COMPLETED))]
    records = _talk((30, _transfer(OFFICE, TransferMode.CONSULT)), *(reversed(end) if swapped else end))
    assert _contact(records).state == ContactState.FORWARDED


def test_who_is_let_go_while_the_consulted_office_still_rings_is_on_the_way_there() -> None:
    steps: Steps = [(30, _transfer(OFFICE, TransferMode.CONSULT)), (35, _ended())]
    assert _contact(_talk(*steps)).state == ContactState.FORWARDED
    returned = facts.ContactReturned(contact=CONTACT, transfer=1, agent=ONE)
    assert _contact(_talk(*steps, (60, _over(TransferOutcome.NO_ANSWER)), (60, returned))).state == ContactState.WAITING


def test_a_blind_transfer_that_comes_to_nothing_returns_the_citizen() -> None:
    records = _talk(
        (30, _transfer(OFFICE)),
        (30, _ended()),
        (50, _over(TransferOutcome.NO_ANSWER)),
        (50, facts.ContactReturned(contact=CONTACT, transfer=1, agent=ONE)),
        (55, _started(ONE, 2)),
        (80, _ended(ONE, 2)),
    )
    row = _contact(records)
    assert (row.state, row.transferred, row.returned) == (ContactState.WAITING, False, 1)
    assert _seconds(_only_transfer(records).returned_at) == 50


def test_an_office_whose_line_is_lost_after_the_hand_over_counts_as_transferred_and_returned() -> None:
    records = _talk(
        (30, _transfer(OFFICE)),
        (30, _ended()),
        (40, _over(TransferOutcome.COMPLETED)),
        (70, facts.ContactReturned(contact=CONTACT, transfer=1, agent=ONE)),
        (75, _started(ONE, 2)),
        (80, _ended(ONE, 2)),
    )
    row = _contact(records)
    assert (row.state, row.transferred, row.returned) == (ContactState.WAITING, True, 1)


def test_a_consultation_ends_hold_and_mute_and_shows_who_hears_whom() -> None:
    records = _talk(
        (20, facts.ControlApplied(contact=CONTACT, segment=1, agent=ONE, control=Control.HOLD)),
        (25, facts.ControlApplied(contact=CONTACT, segment=1, agent=ONE, control=Control.MUTE)),
        (30, _transfer(ToAgent(TWO), TransferMode.CONSULT)),
        (40, facts.TransferStepped(contact=CONTACT, transfer=1, citizen=True, consulted=True)),
    )
    row, transfer = _contact(records), _only_transfer(records)
    assert (row.hold_seconds, row.held, row.muted, row.state) == (10, False, False, ContactState.ENGAGED)
    assert (transfer.citizen, transfer.consulted, transfer.target_agent) == (True, True, TWO)


def test_a_transfer_that_was_cancelled_is_none() -> None:
    records = _talk((30, _transfer(ToAgent(TWO), TransferMode.CONSULT)), (40, _over(TransferOutcome.CANCELLED)))
    assert (_contact(records).transferred, _contact(records).state) == (False, ContactState.ENGAGED)


def test_a_late_fact_about_an_earlier_transfer_changes_nothing() -> None:
    records = _talk(
        (30, _transfer(ToAgent(TWO), TransferMode.CONSULT)),
        (40, _over(TransferOutcome.CANCELLED)),
        (50, _transfer(ToAgent(TWO), TransferMode.CONSULT, 2)),
        (55, _over(TransferOutcome.COMPLETED)),
    )
    assert [row.outcome for row in records.changes.transfers.values()] == ["cancelled", None]
    assert not _contact(records).transferred


# --- waiting


def test_overflow_is_counted_and_does_not_change_whose_figures_it_is() -> None:
    row = _contact(_fold([(0, _opened()), (1, QUEUED), (60, _moved(MoveCause.WAIT))]))
    assert (row.queue, row.asked_queue, row.moved, row.state) == (WATER, TAX, 1, ContactState.WAITING)
    assert _seconds(row.queued_at) == 1


def test_a_resumed_contact_names_the_earlier_one() -> None:
    assert _contact(_fold([(0, _opened(resumes=ContactId("earlier")))])).resumes == "earlier"


def test_a_message_is_on_tape_although_nobody_answered() -> None:
    records = _fold([(0, _opened()), (20, facts.MessageLeft(contact=CONTACT, seconds=17))])
    row = _contact(records)
    assert (row.message_seconds, row.recorded, row.answered_at) == (17, True, None)
    assert list(records.changes.recordings) == [CONTACT]


# --- outgoing contacts


def _outgoing(*steps: tuple[float, facts.AnyFact]) -> Records:
    called = facts.CitizenCalled(contact=CONTACT, segment=1, agent=ONE)
    opened = _opened(direction=Direction.OUT, promise=PROMISE)
    return _fold([(0, opened), (0, QUEUED), (86_400, _started()), (86_400, called), *steps])


def test_the_talk_of_an_outgoing_contact_begins_with_the_citizens_answer() -> None:
    answered = facts.CitizenAnswered(contact=CONTACT, segment=1, agent=ONE)
    records = _outgoing((86_412, answered), (86_500, _ended()))
    row, (segment,) = _contact(records), records.changes.segments.values()
    assert (row.direction, row.promise, row.recorded) == ("out", PROMISE, True)
    assert _seconds(row.answered_at) == _seconds(segment.talk_from) == 86_412
    assert records.changes.recordings[CONTACT].file == f"2026/11/22/{CONTACT}.wav"


def test_a_citizen_who_is_not_reached_was_never_talked_to() -> None:
    closed = facts.ContactClosed(contact=CONTACT, outcome=ContactOutcome.NOT_REACHED, by=EndedBy.CENTRE)
    records = _outgoing((86_430, _ended()), (86_430, closed))
    row, (segment,) = _contact(records), records.changes.segments.values()
    assert (row.answered_at, row.recorded, row.outcome, segment.talk_from) == (None, False, "not_reached", None)


def test_the_second_segment_of_an_outgoing_contact_is_talk_from_its_start() -> None:
    answered = facts.CitizenAnswered(contact=CONTACT, segment=1, agent=ONE)
    records = _outgoing((86_412, answered), (86_450, _ended()), (86_460, _started(TWO, 2)))
    assert [_seconds(segment.talk_from) for segment in records.changes.segments.values()] == [86_412, 86_460]


# --- protection and supervision


def test_every_step_against_abuse_is_kept_and_marks_the_contact() -> None:
    steps = [
        (20.0 + n, facts.ProtectionTaken(contact=CONTACT, segment=1, agent=ONE, step=step, kind="insult"))
        for n, step in enumerate(ProtectionStep)
    ]
    records = _talk(*steps)
    assert _contact(records).abusive
    assert [row.step for row in records.changes.protection_steps.values()] == ["warn", "announce", "end"]


def test_whose_call_is_ended_for_abuse_waits_for_nobody_while_they_are_told_why() -> None:
    end = facts.ProtectionTaken(contact=CONTACT, segment=1, agent=ONE, step=ProtectionStep.END, kind="threat")
    assert _contact(_talk((20, end), (20, _ended()))).state == "forwarded"


def test_each_way_of_taking_part_is_a_row_of_its_own() -> None:
    def taking_part(mode: Supervision) -> facts.SupervisionStarted:
        return facts.SupervisionStarted(contact=CONTACT, segment=1, supervisor=BOSS, mode=mode)

    records = _talk(
        (20, taking_part(Supervision.LISTEN)),
        (30, taking_part(Supervision.WHISPER)),
        (50, facts.SupervisionEnded(contact=CONTACT, supervisor=BOSS)),
        (51, facts.SupervisionEnded(contact=CONTACT, supervisor=BOSS)),
    )
    rows = records.changes.supervisions.values()
    assert [(row.mode, _seconds(row.started_at), _seconds(row.ended_at)) for row in rows] == [
        ("listen", 20, 30),
        ("whisper", 30, 50),
    ]


# --- promises


def test_a_promise_to_an_officer_refers_the_contact() -> None:
    assert _contact(_talk((30, _made(OFFICE)))).referred
    assert not _contact(_talk((30, _made()))).referred


def test_a_contact_is_referred_even_after_its_end() -> None:
    records = _talk((30, _ended()), (30, CLOSED))
    records.take_changes()
    records.apply(_made(OFFICE), START + timedelta(seconds=60), 77)
    assert records.changes.referred == {CONTACT: 77}
    assert not records.changes.contacts


def test_a_promise_that_is_given_to_an_officer_later_refers_the_contact() -> None:
    altered = facts.PromiseAltered(promise=PROMISE, owner=OFFICE, due_at=START, deadline=START + timedelta(hours=1))
    records = _talk((30, _made()), (60, altered))
    promise = _promise(records)
    assert _contact(records).referred
    assert (promise.owner_kind, promise.owner_queue, promise.owner_officer) == ("outside", None, 3)
    assert _seconds(promise.deadline) == 3600


def test_a_promise_knows_when_it_was_made_and_whose_place_it_has() -> None:
    promise = _promise(_fold([(100, _made(at=40))]))
    assert (_seconds(promise.made_at), _seconds(promise.place_at)) == (100, 40)
    assert (promise.state, promise.owner_queue, promise.made_by, promise.attempts) == ("open", TAX, ONE, 0)


def _attempt(number: int, contact: ContactId | None = CONTACT) -> facts.AttemptStarted:
    return facts.AttemptStarted(promise=PROMISE, attempt=number, contact=contact)


def _attempted(number: int, outcome: AttemptOutcome, again: float | None = None) -> facts.AttemptEnded:
    again_at = None if again is None else START + timedelta(seconds=again)
    return facts.AttemptEnded(promise=PROMISE, attempt=number, outcome=outcome, again_at=again_at)


def test_attempts_are_counted_but_not_those_that_the_centre_failed() -> None:
    records = _fold(
        [
            (0, _made()),
            (10, _attempt(1)),
            (20, _attempted(1, AttemptOutcome.FAILED, 80)),
            (80, _attempt(2)),
            (90, _attempted(2, AttemptOutcome.NO_ANSWER, 690)),
            (690, _attempt(3)),
        ]
    )
    promise = _promise(records)
    assert (promise.state, promise.attempts, _seconds(promise.due_at)) == ("waiting", 1, 690)
    kept: list[tuple[float, facts.AnyFact]] = [
        (690 + 15, _attempted(3, AttemptOutcome.REACHED)),
        (690 + 15, facts.PromiseEnded(promise=PROMISE, outcome=PromiseOutcome.KEPT, contact=CONTACT, agent=ONE)),
    ]
    for seq, (seconds, fact) in enumerate(kept, 100):
        records.apply(fact, START + timedelta(seconds=seconds), seq)
    assert (promise.state, promise.attempts, promise.outcome) == ("ended", 2, "kept")
    assert (promise.kept_in, _seconds(promise.ended_at), promise.seq) == (CONTACT, 705, 101)
    outcomes = [(row.number, row.outcome) for row in records.changes.attempts.values()]
    assert outcomes == [(1, "failed"), (2, "no_answer"), (3, "reached")]
    assert not records.promises


def test_an_officers_own_call_is_an_attempt() -> None:
    records = _fold([(0, _made(OFFICE)), (60, _attempted(1, AttemptOutcome.BUSY))])
    (attempt,) = records.changes.attempts.values()
    assert (attempt.contact, attempt.outcome, _promise(records).state) == (None, "busy", "open")


def test_escalation_and_merging_are_shown() -> None:
    records = _fold(
        [
            (0, _made()),
            (50, facts.PromiseEscalated(promise=PROMISE)),
            (60, facts.PromiseEnded(promise=PROMISE, outcome=PromiseOutcome.MERGED, into=OTHER)),
            (70, facts.PromiseEscalated(promise=PROMISE)),
        ]
    )
    promise = _promise(records)
    assert (_seconds(promise.escalated_at), promise.into, promise.outcome) == (50, OTHER, "merged")


def test_facts_after_the_end_of_a_contact_change_nothing() -> None:
    records = _talk((30, _ended()), (30, CLOSED), (31, _transfer(OFFICE)), (32, _moved(MoveCause.WAIT)))
    assert not records.changes.transfers
    assert (_contact(records).state, _contact(records).queue) == (ContactState.ENDED, TAX)


def test_texts_that_are_too_long_are_cut_to_the_columns() -> None:
    office = ToOutside("1" * 50, None, "가" * 500)
    transfer = _only_transfer(_talk((30, _transfer(office))))
    assert [len(text or "") for text in (transfer.target_number, transfer.target_name)] == [20, 100]
    promise = _promise(_fold([(0, _made(office))]))
    assert [len(text or "") for text in (promise.owner_number, promise.owner_name)] == [20, 100]
