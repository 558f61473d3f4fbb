"""The journal: appended by one writer, in whole batches, each batch once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
import psycopg
import structlog
from psycopg import sql

from haedap.domain.codec import decode_event, decode_fact
from haedap.domain.events import AnyEvent
from haedap.domain.facts import AnyFact
from haedap.domain.ids import AgentId, ContactId, OfferId
from haedap.store import CommandsWithdrawnError, StoreUnavailableError, TakenOverError
from haedap.store.commands import DONE_CHANNEL, Outcome
from haedap.store.connection import LONGEST_PAUSE, Connection, passing_errors, pauses, reach
from haedap.store.rows import Role, Row

WRITER_LOCK = 0x48616564
"""The advisory lock of the one engine that may write; `pg_locks.objid` of its holder."""

GRACE = LONGEST_PAUSE + 0.5
"""Seconds that whoever waited for the lock stays back when PostgreSQL is there again: who had it, and has events that
wait, comes first, also by the last of its tries."""
_ASK_AGAIN = 0.2
_CHUNK = 5000
_INSERT = """
INSERT INTO journal (seq, at, role, name, contact, agent, data)
SELECT seq, at, role, name, contact, agent, data FROM jsonb_to_recordset(%s::jsonb)
AS r(seq bigint, at timestamptz, role text, name text, contact uuid, agent int, data jsonb)
"""
_MARK = """
UPDATE command SET outcome = r.outcome, detail = r.detail, finished_at = now()
FROM jsonb_to_recordset(%s::jsonb) AS r(id uuid, outcome text, detail text)
WHERE command.id = r.id AND command.outcome IS NULL RETURNING command.id::text
"""
_OPEN_OFFERS = """
SELECT begun.contact::text, begun.data->>'offer', begun.agent
FROM journal begun JOIN contact ON contact.id = begun.contact AND contact.state <> 'ended'
WHERE begun.role = %(fact)s AND begun.name = 'ContactOffered' AND NOT EXISTS (
    SELECT FROM journal ended WHERE ended.contact = begun.contact AND ended.role = %(fact)s
    AND ended.name = 'OfferEnded' AND ended.data->>'offer' = begun.data->>'offer')
"""
_TELL = sql.SQL("SELECT pg_notify({}, id) FROM jsonb_array_elements_text(%s::jsonb) AS id").format(DONE_CHANNEL)

_encode = msgspec.json.Encoder().encode
_log = structlog.get_logger()


class Journal:
    """The writer's end of the journal: holds the lock from `open` to `close`.

    `tail` is the number of the last row that is known to be committed.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._turn = asyncio.Lock()
        self._full = False
        """Whether the last attempt failed for want of space: no other engine could write either."""
        self.tail = 0

    async def open(self) -> None:
        """Connect, wait for the lock, and learn where the journal ends. Tries again while PostgreSQL is away."""
        async for attempt in pauses():
            connection = await reach(self._url, "journal")
            try:
                if attempt > 0:
                    await asyncio.sleep(GRACE)
                await _wait_for_lock(connection)
                self.tail = await journal_tail(connection)
            except StoreUnavailableError:
                await connection.close()
            except BaseException:
                await connection.close()
                raise
            else:
                self._connection = connection
                return

    async def close(self) -> None:
        """Give the lock back."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def append(self, rows: Sequence[Row], outcomes: Sequence[Outcome] = ()) -> None:
        """Commit the rows, numbered from `tail + 1`, and the outcomes of commands, all or nothing.

        While PostgreSQL is away it waits, comes back, looks whether the batch landed, and writes it if it did not.
        Raises CommandsWithdrawnError (nothing was written) and TakenOverError.
        """
        if not rows and not outcomes:
            return
        async with self._turn:
            try:
                await self._write(rows, outcomes)
            except StoreUnavailableError as error:
                _log.warning("PostgreSQL does not answer; events wait until it is back", error=str(error))
                await self._write_after_return(rows, outcomes)
                _log.info("PostgreSQL is back; nothing was lost", waiting_rows=len(rows))
            if rows:
                self.tail = rows[-1].seq

    async def confirm(self) -> None:
        """See whether the lock is still ours; after a lost connection wait until it is again. Raises TakenOverError."""
        async with self._turn:
            try:
                await self._write((), ())
            except StoreUnavailableError as error:
                _log.warning("PostgreSQL does not answer; decisions wait until it is back", error=str(error))
                await self._write_after_return((), ())
                _log.info("PostgreSQL is back; nothing was lost", waiting_rows=0)

    async def _write_after_return(self, rows: Sequence[Row], outcomes: Sequence[Outcome]) -> None:
        async for _attempt in pauses():
            try:
                connection = await self._standing(rows)
                if not await self._landed(connection, rows):
                    await self._write(rows, outcomes)
            except StoreUnavailableError:
                continue
            return

    async def _standing(self, rows: Sequence[Row]) -> Connection:
        """A connection that holds the lock: the old one, if only the disk is full, else a new one."""
        if self._connection is not None:
            if self._full and not self._connection.closed:
                return self._connection
            await self._connection.close()
        self._connection = await reach(self._url, "journal")
        await self._lock_again(self._connection, rows)
        return self._connection

    async def _lock_again(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Take the lock, which our own dead connection may still hold for a moment. Raises TakenOverError."""
        while not await _try_lock(connection):
            await self._landed(connection, rows)
            await asyncio.sleep(_ASK_AGAIN)

    async def _landed(self, connection: Connection, rows: Sequence[Row]) -> bool:
        """Whether the rows are in the journal already. Raises TakenOverError when rows of another engine are."""
        tail = await journal_tail(connection)
        if tail == self.tail:
            return False
        if rows and tail == rows[-1].seq and await _is_last(connection, rows[-1]):
            return True
        raise TakenOverError("another engine wrote the journal while PostgreSQL was away")

    async def _write(self, rows: Sequence[Row], outcomes: Sequence[Outcome]) -> None:
        assert self._connection is not None  # noqa: S101 - the caller has opened it
        try:
            with passing_errors():
                if outcomes:
                    await self._write_with_outcomes(self._connection, rows, outcomes)
                else:
                    await self._connection.execute(_INSERT, (_encode(rows).decode(),), prepare=True)
        except psycopg.errors.UniqueViolation as error:
            raise TakenOverError("another engine wrote the journal") from error
        except StoreUnavailableError as error:
            self._full = isinstance(error.__cause__, psycopg.errors.DiskFull)
            raise

    async def _write_with_outcomes(
        self, connection: Connection, rows: Sequence[Row], outcomes: Sequence[Outcome]
    ) -> None:
        async with connection.transaction():
            cursor = await connection.execute(_MARK, (_encode(outcomes).decode(),), prepare=True)
            marked = {row[0] for row in await cursor.fetchall()}
            withdrawn = frozenset(outcome.id for outcome in outcomes) - marked
            if rows and withdrawn:
                raise CommandsWithdrawnError(withdrawn)
            if rows:
                await connection.execute(_INSERT, (_encode(rows).decode(),), prepare=True)
            await connection.execute(_TELL, (_encode(sorted(marked)).decode(),))


async def journal_tail(connection: Connection) -> int:
    """The number of the last row. Raises StoreUnavailableError."""
    with passing_errors():
        cursor = await connection.execute("SELECT coalesce(max(seq), 0) FROM journal")
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def journal_time(connection: Connection) -> datetime | None:
    """The time of the last row; None when there is none. Raises StoreUnavailableError."""
    with passing_errors():
        cursor = await connection.execute("SELECT at FROM journal ORDER BY seq DESC LIMIT 1")
        row = await cursor.fetchone()
    return None if row is None else row[0]


async def _is_last(connection: Connection, last: Row) -> bool:
    """Whether the row of this number is this very row: times are told to the microsecond."""
    with passing_errors():
        cursor = await connection.execute("SELECT at, role, name FROM journal WHERE seq = %s", (last.seq,))
        return await cursor.fetchone() == (last.at, last.role.value, last.name)


async def _try_lock(connection: Connection) -> bool:
    with passing_errors():
        cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (WRITER_LOCK,))
        row = await cursor.fetchone()
    return bool(row and row[0])


async def _wait_for_lock(connection: Connection) -> None:
    if await _try_lock(connection):
        return
    _log.info("another engine is at work; this one waits to take over")
    with passing_errors():
        await connection.execute("SELECT pg_advisory_lock(%s)", (WRITER_LOCK,))


async def read_events(connection: Connection, after: int) -> AsyncIterator[tuple[int, datetime, AnyEvent]]:
    """(seq, row's time, event) of the events behind row `after`. Raises msgspec.ValidationError for a strange one."""
    async for seq, at, _role, text in _read(connection, after, (Role.EVENT,)):
        yield seq, at, decode_event(text)


async def read_rows(connection: Connection, after: int) -> AsyncIterator[tuple[int, str, str]]:
    """(seq, role, JSON) of all rows behind row `after`. Raises StoreUnavailableError."""
    async for seq, _at, role, text in _read(connection, after, tuple(Role)):
        yield seq, role, text


async def read_facts(connection: Connection, after: int) -> AsyncIterator[tuple[int, datetime, AnyFact]]:
    """The facts behind row `after`. A row that is no fact of this version is passed over with a line in the log."""
    async for seq, at, _role, text in _read(connection, after, (Role.FACT,)):
        try:
            fact = decode_fact(text)
        except msgspec.ValidationError:
            _log.warning("a fact of the journal cannot be read by this version and is passed over", seq=seq)
            continue
        yield seq, at, fact


class OpenOffer(NamedTuple):
    """What rings, and with whom."""

    offer: OfferId
    agent: AgentId


async def open_offers(connection: Connection) -> dict[ContactId, OpenOffer]:
    """The offers without an end, by the contacts that are not over in the read models."""
    with passing_errors():
        cursor = await connection.execute(_OPEN_OFFERS, {"fact": Role.FACT.value})
        return {contact: OpenOffer(offer, agent) for contact, offer, agent in await cursor.fetchall()}


async def _read(
    connection: Connection, after: int, roles: Sequence[Role]
) -> AsyncIterator[tuple[int, datetime, str, str]]:
    query = "SELECT seq, at, role, data::text FROM journal WHERE seq > %s AND role = ANY(%s) ORDER BY seq LIMIT %s"
    while True:
        with passing_errors():
            cursor = await connection.execute(query, (after, [role.value for role in roles], _CHUNK))
            found = await cursor.fetchall()
        for seq, at, role, text in found:
            yield seq, at, role, text
        if len(found) < _CHUNK:
            return
        after = found[-1][0]
