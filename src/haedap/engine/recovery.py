"""The start after a stop or a crash: the state comes back from snapshot and journal, never from memory."""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence

import psycopg
import structlog

from haedap.domain.codec import decode_event
from haedap.domain.facts import (
    AgentStateChanged,
    AnyFact,
    AttemptEnded,
    ContactClosed,
    OfferEnded,
    SegmentEnded,
    SupervisionEnded,
    TransferEnded,
)
from haedap.domain.ids import ContactId, PromiseId, QueueKey, SkillKey
from haedap.domain.states import (
    AgentState,
    AttemptOutcome,
    ContactOutcome,
    EndedBy,
    OfferOutcome,
    PromiseReason,
    TransferOutcome,
)
from haedap.engine import UnreadableJournalError
from haedap.engine.core import Core
from haedap.routing import PromiseRecord
from haedap.store import StoreError
from haedap.store.connection import Connection
from haedap.store.journal import OpenOffer, read_events, read_rows
from haedap.store.promise_records import owner_of
from haedap.store.record_rows import LiveAgent, LiveContact, LivePromise
from haedap.store.rows import Role, says_the_same
from haedap.store.snapshots import load_snapshots

_log = structlog.get_logger()


async def recover(connection: Connection, tail: int) -> Core:
    """The core after journal row `tail`, its last.

    Raises UnreadableJournalError when neither snapshot nor journal can be read by this version, and
    StoreUnavailableError.
    """
    core = await restore(connection, tail)
    begun = core.seq
    events = await advance(connection, core, tail)
    _log.info("the journal is replayed", snapshot=begun, events=events, seq=tail)
    return core


async def restore(connection: Connection, tail: int) -> Core:
    """The core of the newest snapshot up to row `tail` that this version can read, else an empty one."""
    passed_over = False
    for seq, data in await load_snapshots(connection):
        if seq > tail:
            continue
        try:
            core = Core.restore(data, seq)
        except UnreadableJournalError:
            _log.warning("a snapshot cannot be read by this version and is passed over", seq=seq)
            passed_over = True
            continue
        core.own = core.own and not passed_over
        return core
    return Core()


async def advance(connection: Connection, core: Core, tail: int) -> int:
    """Replay the events behind the core up to row `tail` at least; returns how many. Whatever ends it, the core is
    that of the last event it took.

    Raises UnreadableJournalError, also when the router decides otherwise than it did under other rules,
    StoreUnavailableError, and psycopg.Error where PostgreSQL answers, but with an error: the journal may be fine.
    """
    events = 0
    try:
        async for seq in _replay(connection, core) if core.own else _prove(connection, core):
            core.seq = seq
            events += 1
    except (StoreError, UnreadableJournalError, psycopg.Error):
        raise
    except Exception as error:
        raise UnreadableJournalError(f"{type(error).__name__} after {events} events") from error
    core.seq = max(core.seq, tail)
    return events


async def _replay(connection: Connection, core: Core) -> AsyncIterator[int]:
    """Takes each event; yields its row."""
    async for seq, _at, event in read_events(connection, core.seq):
        core.replay(event)
        yield seq


async def _prove(connection: Connection, core: Core) -> AsyncIterator[int]:
    """Takes each event together with what was answered then, which must be what is answered now: a queue that nobody
    was ever in, or an end that was told already, must not become part of the books. Yields the last row of each."""
    rows: list[tuple[int, str, str]] = []
    async for row in read_rows(connection, core.seq):
        if row[1] == Role.EVENT and rows:
            yield _taken(core, rows)
            rows = []
        rows.append(row)
    if rows:
        yield _taken(core, rows)


def _taken(core: Core, rows: Sequence[tuple[int, str, str]]) -> int:
    (seq, role, event), *kept = rows
    if role != Role.EVENT:
        raise UnreadableJournalError(f"row {seq} has no event")
    answers = core.replay(decode_event(event))
    if len(answers) != len(kept) or not all(
        says_the_same(answer, role, text) for answer, (_, role, text) in zip(answers, kept, strict=True)
    ):
        raise UnreadableJournalError(f"other rules decided on row {seq}")
    return rows[-1][0]


def closing_facts(
    contacts: Iterable[LiveContact],
    offers: Mapping[ContactId, OpenOffer],
    agents: Iterable[LiveAgent],
    promises: Collection[LivePromise],
) -> list[AnyFact]:
    """What becomes true when the router cannot go on where it was: all contacts are over with whatever is open in
    them, nobody is on duty. Promises stay, but for attempts to keep them. `offers`, `promises`: the open ones.
    """
    facts: list[AnyFact] = []
    for contact in contacts:
        facts.extend(_ends(contact, offers.get(contact.row.id)))
        outcome = _outcome(contact, promises)
        facts.append(ContactClosed(contact=contact.row.id, outcome=outcome, by=EndedBy.CENTRE))
    facts.extend(
        AttemptEnded(
            promise=promise.row.id, attempt=promise.attempt.number, outcome=AttemptOutcome.FAILED, again_at=None
        )
        for promise in promises
        if promise.attempt is not None
    )
    facts.extend(
        AgentStateChanged(agent=agent.row.agent, state=AgentState.SIGNED_OUT)
        for agent in agents
        if agent.row.state != AgentState.SIGNED_OUT
    )
    return facts


def owed(promises: Iterable[LivePromise], attempts: Mapping[PromiseId, int]) -> list[PromiseRecord]:
    """What a router that knows nothing must know of the open promises: all that the tables tell. `attempts`: the number
    of the last one, if there was any.

    Whom a citizen talked to before they were cut off, and a priority, are forgotten: the place is that of the time.
    """
    rows = sorted((promise.row for promise in promises), key=lambda row: (row.place_at, row.seq))
    return [
        PromiseRecord(
            id=row.id,
            citizen=row.citizen,
            owner=owner_of(row),
            reason=PromiseReason(row.reason),
            queue=QueueKey(row.owner_queue or ""),
            skill=SkillKey(""),
            order=order,
            since=row.place_at,
            due_at=row.due_at,
            deadline=row.deadline,
            contact=row.contact,
            escalate_at=row.deadline,
            escalated=row.escalated_at is not None,
            attempts=attempts.get(row.id, 0),
            failures=row.attempts,
        )
        for order, row in enumerate(rows, 1)
    ]


def _ends(contact: LiveContact, offer: OpenOffer | None) -> Iterator[AnyFact]:
    """The ends of all that is open in the contact."""
    key, segment, transfer = contact.row.id, contact.segment, contact.transfer
    if offer is not None:
        yield OfferEnded(contact=key, offer=offer.offer, agent=offer.agent, outcome=OfferOutcome.WITHDRAWN)
    if transfer is not None and transfer.ended_at is None:
        yield TransferEnded(contact=key, transfer=transfer.number, outcome=TransferOutcome.CANCELLED)
    if contact.supervision is not None:
        yield SupervisionEnded(contact=key, supervisor=contact.supervision.supervisor)
    if segment is not None:
        yield SegmentEnded(contact=key, segment=segment.number, agent=segment.agent, by=EndedBy.CENTRE)


def _outcome(contact: LiveContact, promises: Iterable[LivePromise]) -> ContactOutcome:
    for promise in promises:
        if promise.attempt is not None and promise.attempt.contact == contact.row.id:
            return ContactOutcome.NOT_REACHED
        if promise.row.contact == contact.row.id and not contact.row.segments:
            return ContactOutcome.PROMISED
    if contact.row.segments:
        return ContactOutcome.ANSWERED
    return ContactOutcome.ABANDONED if contact.row.queued_at else ContactOutcome.LEFT_IN_FLOW
