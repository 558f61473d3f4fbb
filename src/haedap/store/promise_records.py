"""The fold of callback promises and of the attempts to keep them."""

from datetime import datetime

import structlog

from haedap.domain import facts
from haedap.domain.ids import OfficerId, PromiseId, QueueKey
from haedap.domain.states import AttemptOutcome, PromiseState
from haedap.domain.targets import Owner, ToAgent, ToOutside, ToQueue
from haedap.store.record_rows import Changes, LivePromise, PromiseAttemptRow, PromiseRow

PROMISE_FACTS = (
    facts.PromiseMade
    | facts.PromiseAltered
    | facts.AttemptStarted
    | facts.AttemptEnded
    | facts.PromiseEscalated
    | facts.PromiseEnded
)

_log = structlog.get_logger()


def change_promise(
    promises: dict[PromiseId, LivePromise], fact: PROMISE_FACTS, at: datetime, seq: int, changes: Changes
) -> PromiseRow | None:
    """One fact; returns the row. `promises` are those that are not over; a fact about any other is passed over."""
    if isinstance(fact, facts.PromiseMade):
        promises[fact.promise] = LivePromise(row=_made(fact, at, seq))
    promise = promises.get(fact.promise)
    if promise is None:
        _log.warning("a fact about a promise that is not open is passed over", fact=type(fact).__name__, seq=seq)
        return None
    match fact:
        case facts.PromiseAltered():
            promise.row.due_at, promise.row.deadline = fact.due_at, fact.deadline
            _give_to(promise.row, fact.owner)
        case facts.AttemptStarted():
            _start(promise, fact, at, seq)
        case facts.AttemptEnded():
            _end_attempt(promise, fact, at, seq)
        case facts.PromiseEscalated():
            promise.row.escalated_at = at
        case facts.PromiseEnded():
            _end(promise.row, fact, at)
            _stand_for(changes, fact)
            del promises[fact.promise]
    promise.row.seq = seq
    changes.promises[promise.row.id] = promise.row
    if promise.attempt is not None:
        changes.attempts[promise.attempt.id] = promise.attempt
        if promise.attempt.ended_at is not None:
            promise.attempt = None
    return promise.row


def _made(fact: facts.PromiseMade, at: datetime, seq: int) -> PromiseRow:
    row = PromiseRow(
        id=fact.promise,
        citizen=fact.citizen[:20],
        reason=fact.reason,
        state=PromiseState.OPEN,
        made_at=at,
        place_at=fact.made_at,
        due_at=fact.due_at,
        deadline=fact.deadline,
        contact=fact.contact,
        made_by=fact.agent,
        seq=seq,
    )
    _give_to(row, fact.owner)
    return row


def _give_to(row: PromiseRow, owner: Owner) -> None:
    row.owner_queue = row.owner_agent = row.owner_officer = row.owner_number = None
    row.owner_name = ""
    match owner:
        case ToQueue(queue=queue):
            row.owner_kind, row.owner_queue = "queue", queue
        case ToAgent(agent=agent):
            row.owner_kind, row.owner_agent = "agent", agent
        case ToOutside():
            row.owner_kind, row.owner_officer = "outside", owner.officer
            row.owner_number, row.owner_name = owner.number[:20], owner.name[:100]


def owner_of(row: PromiseRow) -> Owner:
    """Who owes it."""
    if row.owner_queue is not None:
        return ToQueue(QueueKey(row.owner_queue))
    if row.owner_agent is not None:
        return ToAgent(row.owner_agent)
    officer = None if row.owner_officer is None else OfficerId(row.owner_officer)
    return ToOutside(number=row.owner_number or "", officer=officer, name=row.owner_name)


def _start(promise: LivePromise, fact: facts.AttemptStarted, at: datetime, seq: int) -> None:
    if fact.contact is not None:
        promise.row.state = PromiseState.WAITING
    promise.attempt = PromiseAttemptRow(
        id=seq, promise=fact.promise, number=fact.attempt, contact=fact.contact, started_at=at, seq=seq
    )


def _end_attempt(promise: LivePromise, fact: facts.AttemptEnded, at: datetime, seq: int) -> None:
    attempt = promise.attempt
    if attempt is None or attempt.number != fact.attempt:
        # An officer's call is told when it is over.
        attempt = promise.attempt = PromiseAttemptRow(
            id=seq, promise=fact.promise, number=fact.attempt, contact=None, started_at=at, seq=seq
        )
    attempt.ended_at, attempt.outcome, attempt.again_at, attempt.seq = at, fact.outcome, fact.again_at, seq
    promise.row.state = PromiseState.OPEN
    promise.row.attempts += fact.outcome is not AttemptOutcome.FAILED
    promise.row.due_at = fact.again_at or promise.row.due_at


def _end(row: PromiseRow, fact: facts.PromiseEnded, at: datetime) -> None:
    row.state, row.ended_at, row.outcome = PromiseState.ENDED, at, fact.outcome
    row.into, row.kept_in, row.ended_by = fact.into, fact.contact, fact.agent


def _stand_for(changes: Changes, fact: facts.PromiseEnded) -> None:
    """Whatever was merged into a promise that is merged itself follows it; of rows written before see `tables`."""
    if fact.into is not None:
        for row in changes.promises.values():
            if row.into == fact.promise:
                row.into = fact.into
