"""Long journals, made by the router on a virtual clock and written as fast as PostgreSQL takes them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
import psycopg

from bench.stream import Stream
from haedap.domain.events import AnyEvent
from haedap.domain.ids import AgentId, ContactId, OfferId
from haedap.domain.plan import Plan
from haedap.engine.core import Core
from haedap.routing.records import LegStage
from haedap.store.connection import connected
from haedap.store.plans import load_plan
from haedap.store.rows import Row
from haedap.store.snapshots import save_snapshot
from tests.support.exchange import Call, Leg

_DAY = timedelta(hours=20)


def plan_of(url: str) -> Plan:
    """The plan as the tables have it."""

    async def load() -> Plan:
        async with connected(url, "test") as connection:
            return (await load_plan(connection, None)).plan

    return asyncio.run(load())


class LongJournal:
    """A busy day of the plan: about `waiting` contacts wait at any time. `core` is the state after all rows."""

    def __init__(self, plan: Plan, *, waiting: int, seed: int = 1) -> None:
        self.core = Core()
        self._stream = Stream(plan, Random(seed), waiting)
        self._stream.now = datetime.now(UTC) - _DAY

    def rows(self, at_least: int) -> Iterator[list[Row]]:
        """The rows, event by event, until there are so many."""
        for event in self._events():
            rows = self.core.handle(event)
            self._stream.react(tuple(row.data for row in rows[1:]))  # type: ignore[misc] # an event comes first
            yield rows
            if self.core.seq >= at_least:
                return

    def write(self, url: str, at_least: int, *, snapshot_at: int = 0) -> None:
        """Fill the journal of an empty database; with a snapshot after about `snapshot_at` rows, if that is not 0."""
        snapshot: tuple[int, datetime, bytes] | None = None
        copied = "COPY journal (seq, at, role, name, contact, agent, data) FROM STDIN"
        with psycopg.connect(url) as connection, connection.cursor().copy(copied) as copy:
            for row in (row for rows in self.rows(at_least) for row in rows):
                data = msgspec.json.encode(row.data).decode()
                copy.write_row((row.seq, row.at, row.role.value, row.name, row.contact, row.agent, data))
                if snapshot is None and row.seq == self.core.seq >= snapshot_at > 0:
                    snapshot = self.core.seq, self.core.at, self.core.snapshot()
        if snapshot is not None:
            asyncio.run(_save(url, *snapshot))

    def agents(self) -> list[AgentId]:
        """Everybody on the plan."""
        return [agent.id for agent in self.core.plan.agents] if self.core.plan else []

    def on_the_wire(self) -> tuple[dict[ContactId, Call], dict[OfferId, Leg]]:
        """The calls and legs that an exchange has where the journal ends."""
        calls, legs = {}, {}
        for contact in self.core._router.snapshot().contacts:
            calls[contact.id] = Call(contact.id, contact.called, contact.caller)
            if contact.leg is not None:
                answered = contact.leg.stage is not LegStage.RINGING
                joined = contact.leg.stage is LegStage.JOINED
                legs[contact.leg.offer] = Leg(contact.leg.offer, contact.id, contact.leg.agent, answered, joined)
        return calls, legs

    def _events(self) -> Iterator[AnyEvent]:
        yield from self._stream.opening()
        while True:
            yield self._stream.next(self.core.next_deadline())


async def _save(url: str, seq: int, at: datetime, data: bytes) -> None:
    async with connected(url, "test") as connection:
        await save_snapshot(connection, seq, at, data)
