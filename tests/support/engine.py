"""An engine with a simulated exchange and a real PostgreSQL: a small centre to test with."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from haedap.clock import wall_time
from haedap.engine.core import Core
from haedap.engine.recordings import RecordingFolder
from haedap.engine.service import Engine
from haedap.store.connection import connected
from haedap.store.journal import read_events
from tests.support.exchange import Exchange, ExchangeChannel
from tests.support.patience import PATIENCE

KOREA = ZoneInfo("Asia/Seoul")
MAIN_NUMBER = "+82200000120"
QUEUE_AT_ONCE = {
    "start": "wait",
    "steps": {"wait": {"kind": "queue", "queue": "general", "priority": 0, "prompts": [], "music": True}},
}
QUEUE_IN_SILENCE = {
    "start": "wait",
    "steps": {"wait": {"kind": "queue", "queue": "general", "priority": 0, "prompts": [], "music": False}},
}
"""Who is called is the first that happens, so it may be prepared."""
READ_MODELS = (
    "contact",
    "segment",
    "agent_status",
    "agent_period",
    "transfer",
    "protection_step",
    "supervision",
    "promise",
    "promise_attempt",
    "projection",
    "recording",
)


def make_centre(
    url: str,
    *,
    agents: int = 2,
    flow: Mapping[str, object] = QUEUE_AT_ONCE,
    wrap_up: int = 0,
    ring: int = 20,
    calls_per_minute: int = 0,
) -> None:
    """Queue `general`, the main number, and agents 1 … n who serve the queue. By default one citizen may call often."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO centre_settings (id, calls_per_minute, unknown_calls_per_minute) VALUES (1, %s, %s)",
            (calls_per_minute, calls_per_minute),
        )
        connection.execute("INSERT INTO skill (key, name) VALUES ('general', '일반')")
        connection.execute(
            "INSERT INTO queue (key, name, skill_id, ring_seconds, wrap_up_seconds, announce_every_seconds)"
            " VALUES ('general', '일반', 'general', %s, %s, 0)",
            (ring, wrap_up),
        )
        connection.execute("INSERT INTO flow (key, name, definition) VALUES ('main', '대표', %s)", (json.dumps(flow),))
        connection.execute("INSERT INTO number (number, flow_id) VALUES (%s, 'main')", (MAIN_NUMBER,))
        for number in range(1, agents + 1):
            connection.execute(
                "INSERT INTO account (id, username, name, role, password) VALUES (%s, %s, %s, 'agent', '!')",
                (number, f"agent{number}", f"상담사 {number}"),
            )
            connection.execute(
                "INSERT INTO agent_skill (account_id, skill_id, level) VALUES (%s, 'general', 1)", (number,)
            )


async def wait_until(condition: Callable[[], bool]) -> None:
    """Fails when the condition does not come true."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        await asyncio.sleep(0.005)


@dataclass
class Centre:
    """A running engine and what surrounds it."""

    url: str
    exchange: Exchange
    channel: ExchangeChannel
    engine: Engine
    refused: dict[str, str] = field(default_factory=dict)

    async def command(self, name: str, agent: int | None = None, **data: object) -> str:
        """Write a command as the web does; returns `done` or the code of the refusal."""
        outcome = await self.outcome_of(await self.write_command(name, agent, data))
        assert outcome is not None, f"the engine did nothing about {name}"
        return outcome

    async def write_command(self, name: str, agent: int | None, data: object, age: float = 0.0) -> str:
        command = str(uuid.uuid4())
        await self.execute(
            "INSERT INTO command (id, name, agent, data, created_at)"
            " VALUES (%s, %s, %s, %s, now() - make_interval(secs => %s))",
            (command, name, agent, json.dumps(data), age),
        )
        return command

    async def outcome_of(self, command: str) -> str | None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            rows = await self.rows("SELECT outcome, detail FROM command WHERE id = %s", (command,))
            if rows[0]["outcome"] is not None:
                return str(rows[0]["detail"] or rows[0]["outcome"])
            await asyncio.sleep(0.005)
        return None

    async def rows(self, query: str, parameters: tuple[object, ...] = ()) -> list[dict[str, Any]]:
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True, row_factory=dict_row) as connection:
            cursor = await connection.execute(query, parameters)
            return list(await cursor.fetchall())

    async def execute(self, query: str, parameters: tuple[object, ...] = ()) -> None:
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as connection:
            await connection.execute(query, parameters)

    async def on_duty(self, *agents: int) -> None:
        """Sign these agents in and make them available."""
        for agent in agents:
            assert await self.command("sign_in", agent) == "done"
            assert await self.command("available", agent) == "done"

    async def projected(self) -> None:
        """Wait until the read models have all that is journaled."""
        await wait_until(lambda: self.engine.projector.seq == self.engine.journal.tail)

    async def contact(self, contact: str) -> dict[str, Any]:
        await self.projected()
        return (await self.rows("SELECT * FROM contact WHERE id = %s", (contact,)))[0]


@asynccontextmanager
async def running_engine(
    url: str,
    exchange: Exchange,
    *,
    snapshot_every: int = 20_000,
    now: Callable[[], datetime] = wall_time,
) -> AsyncIterator[Centre]:
    """An engine at work; it is stopped cleanly at the end, and an engine that failed fails the test."""
    channel = ExchangeChannel(exchange)
    engine = Engine(
        url, channel, now, recordings=RecordingFolder(Path("/nonexistent"), KOREA), snapshot_every=snapshot_every
    )
    working = asyncio.create_task(engine.run())
    try:
        await wait_until(lambda: exchange.tell is not None or working.done())
        yield Centre(url, exchange, channel, engine)
    finally:
        engine.stop()
        await asyncio.wait_for(working, PATIENCE)


def state_of(centre: Centre) -> bytes:
    """The engine's present state, as a snapshot keeps it."""
    loop = centre.engine._loop
    assert loop is not None
    return loop.core.snapshot()


async def replayed(url: str) -> tuple[Core, list[tuple[str, str, dict[str, Any]]]]:
    """The core made from all events of the journal, and the rows (role, name, data) that it would write."""
    core = Core()
    rows: list[tuple[str, str, dict[str, Any]]] = []
    async with connected(url, "test") as connection:
        async for _seq, _at, event in read_events(connection, 0):
            rows.extend((row.role.value, row.name, as_json(row.data)) for row in core.handle(event))
    return core, rows


def as_json(item: object) -> dict[str, Any]:
    import msgspec

    plain: dict[str, Any] = json.loads(msgspec.json.encode(item))
    return plain


async def journaled(url: str) -> list[tuple[str, str, dict[str, Any]]]:
    """All rows of the journal as (role, name, data)."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        cursor = await connection.execute("SELECT role, name, data FROM journal ORDER BY seq")
        return [tuple(row) for row in await cursor.fetchall()]


async def read_models(url: str) -> dict[str, list[str]]:
    """Every row of the read models as text, in a fixed order."""
    found = {}
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for table in READ_MODELS:
            query = sql.SQL("SELECT to_jsonb(t)::text FROM {} t ORDER BY 1").format(sql.Identifier(table))
            cursor = await connection.execute(query)
            found[table] = [row[0] for row in await cursor.fetchall()]
    return found


async def journal_numbers(url: str) -> list[int]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        cursor = await connection.execute("SELECT seq FROM journal ORDER BY seq")
        return [row[0] for row in await cursor.fetchall()]
