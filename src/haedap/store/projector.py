"""Follows the journal beside the engine and keeps the read models up to date.

The engine hands committed rows over in memory; after a start, a lost connection or a jam the projector reads them from
the journal instead. Either way the tables are the same, for they are a fold of the journal.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from haedap.domain.facts import AnyFact
from haedap.store import StoreError, StoreUnavailableError
from haedap.store.connection import Connection, connect, connected, passing_errors, reach
from haedap.store.journal import WRITER_LOCK, read_facts
from haedap.store.records import Records
from haedap.store.rows import Role, Row
from haedap.store.tables import clear, load_agents, load_contacts, load_promises, projected_seq, write_changes

_MOST_HANDED = 50_000
_AT_ONCE = 2000
_BREATH = 0.1
"""Seconds between two writes: what arrives meanwhile is written together."""

_PAUSE = 0.5
"""Seconds before a new attempt."""

Facts = Sequence[tuple[int, datetime, AnyFact]]

_log = structlog.get_logger()


class Projector:
    """`hand_over` what was committed, `run` beside. `seq` is the last journal row that the tables contain."""

    def __init__(self, url: str, *, recorded_in: ZoneInfo | None) -> None:
        self._url = url
        self._recorded_in = recorded_in
        self._handed: deque[tuple[int, Facts]] = deque()
        self._behind = True
        """Whether rows must be read from the journal, because not all were handed over."""
        self._something = asyncio.Event()
        self._records = Records(recorded_in=recorded_in)
        self.seq = 0

    def hand_over(self, rows: Sequence[Row]) -> None:
        """These rows were committed, all of them, and nothing between them and the rows handed over before."""
        facts = [(row.seq, row.at, row.data) for row in rows if row.role is Role.FACT]
        self._handed.append((rows[-1].seq, facts))  # type: ignore[arg-type]  # a row of role F holds a fact
        if len(self._handed) > _MOST_HANDED:
            self._handed.clear()
            self._behind = True
        self._something.set()

    async def run(self) -> None:
        """Work until cancelled. PostgreSQL may go away and come back; an error here never stops the calls."""
        while True:
            connection = await reach(self._url, "projector", durable=False)
            try:
                await self._follow(connection)
            except StoreUnavailableError:
                _log.info("the read models wait for PostgreSQL")
            except Exception:  # whatever is wrong with what screens show must not stop the calls
                _log.exception("the read models cannot be written; trying again", seq=self.seq)
            finally:
                await connection.close()
            self._behind = True
            await asyncio.sleep(_PAUSE)

    async def catch_up(self) -> None:
        """Write all that the journal has now, once. Raises StoreUnavailableError."""
        async with connected(self._url, "projector", durable=False) as connection:
            await self._load(connection)
            await self._read_journal(connection)

    async def _follow(self, connection: Connection) -> None:
        await self._load(connection)
        while True:
            if self._behind:
                # What is handed over from here on is either found in the journal, too, or follows it.
                self._behind = False
                await self._read_journal(connection)
            await self._write_handed(connection)
            await asyncio.sleep(_BREATH)
            self._something.clear()
            if not self._handed and not self._behind:
                await self._something.wait()

    async def _load(self, connection: Connection) -> None:
        self.seq = await projected_seq(connection)
        self._records = Records(
            recorded_in=self._recorded_in,
            contacts=await load_contacts(connection),
            agents=await load_agents(connection),
            promises=await load_promises(connection),
        )

    async def _read_journal(self, connection: Connection) -> None:
        end = await _journal_end(connection)
        facts: list[tuple[int, datetime, AnyFact]] = []
        async for fact in read_facts(connection, self.seq):
            if fact[0] > end:
                break
            facts.append(fact)
            if len(facts) == _AT_ONCE:
                await self._write(connection, facts, fact[0])
                facts = []
        if end > self.seq:
            await self._write(connection, facts, end)

    async def _write_handed(self, connection: Connection) -> None:
        facts: list[tuple[int, datetime, AnyFact]] = []
        seq = self.seq
        while self._handed and not self._behind and len(facts) < _AT_ONCE:
            last, new = self._handed.popleft()
            facts.extend(fact for fact in new if fact[0] > seq)
            seq = max(seq, last)
        if seq > self.seq:
            await self._write(connection, facts, seq)

    async def _write(self, connection: Connection, facts: Facts, seq: int) -> None:
        for number, at, fact in facts:
            self._records.apply(fact, at, number)
        await write_changes(connection, self._records.take_changes(), seq)
        self.seq = seq


async def rebuild(url: str, *, recorded_in: ZoneInfo | None) -> int:
    """Make the read models anew from the whole journal, in one transaction; returns the last row's number.

    Raises StoreError when an engine is at work, StoreUnavailableError when PostgreSQL is away.
    """
    connection = await connect(url, "rebuild")
    try:
        with passing_errors():
            async with connection.transaction():
                cursor = await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (WRITER_LOCK,))
                row = await cursor.fetchone()
                if row is None or not row[0]:
                    raise StoreError("an engine is at work: stop it before the read models are rebuilt")
                await clear(connection)
                projector = Projector(url, recorded_in=recorded_in)
                await projector._read_journal(connection)  # noqa: SLF001 - the same module
                return projector.seq
    finally:
        await connection.close()


async def _journal_end(connection: Connection) -> int:
    with passing_errors():
        cursor = await connection.execute("SELECT coalesce(max(seq), 0) FROM journal")
        row = await cursor.fetchone()
    return int(row[0]) if row else 0
