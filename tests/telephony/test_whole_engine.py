"""The engine as it runs in a centre, on a real Asterisk and a real PostgreSQL: calls become records, crashes do not."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from tests.support.engine import make_centre
from tests.support.patience import PATIENCE
from tests.telephony.conftest import credential, password
from tests.telephony.support.conversation import AGENT_TONE, CITIZEN_TONE, LOUD, QUIET, becomes, fades
from tests.telephony.support.exchange import MUSIC, WELCOME, Exchange, read_wav
from tests.telephony.support.sound import peak, presence
from tests.telephony.support.telephone import Caller, Desk

FLOW = {
    "start": "welcome",
    "steps": {
        "welcome": {"kind": "play", "prompts": ["welcome"], "next": "menu"},
        "menu": {
            "kind": "menu",
            "prompts": ["long"],
            "choices": {"1": "wait", "2": "bye"},
            "timeout_seconds": 10,
            "attempts": 1,
            "otherwise": "wait",
        },
        "wait": {"kind": "queue", "queue": "general", "priority": 0, "prompts": [], "music": True},
        "bye": {"kind": "announcement", "prompts": ["welcome"], "next": None},
    },
}


class Centre:
    """A database, an engine in a process of its own, and the shared Asterisk."""

    def __init__(self, url: str, exchange: Exchange) -> None:
        self.url = url
        self.exchange = exchange
        self._engine: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the engine; returns when Asterisk knows it."""
        environ = {**os.environ, **self.exchange.environ, "DATABASE_URL": self.url}
        self._engine = await asyncio.create_subprocess_exec(
            *("setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "haedap", "engine"), env=environ
        )
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(self.exchange.has_application, "haedap"):
                assert self._engine.returncode is None, "the engine ended at once"
                await asyncio.sleep(0.05)

    async def end(self, kind: signal.Signals) -> None:
        assert self._engine is not None
        if self._engine.returncode is None:
            self._engine.send_signal(kind)
        await self._engine.wait()

    async def rows(self, query: str, *parameters: object) -> list[dict[str, Any]]:
        connection = await psycopg.AsyncConnection.connect(self.url, autocommit=True, row_factory=dict_row)
        async with connection:
            return await (await connection.execute(query, parameters)).fetchall()

    async def becomes_true(self, query: str, *parameters: object) -> None:
        """Wait until the query gives at least one row."""
        async with asyncio.timeout(PATIENCE):
            while not await self.rows(query, *parameters):
                await asyncio.sleep(0.05)

    async def command(self, name: str, agent: int, **data: object) -> None:
        """A command as the desk gives it; fails when the engine refuses it."""
        number = str(uuid.uuid4())
        values = (number, name, agent, Jsonb(data))
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as connection:
            await connection.execute("INSERT INTO command (id, name, agent, data) VALUES (%s, %s, %s, %s)", values)
        await self.becomes_true("SELECT 1 FROM command WHERE id = %s AND outcome = 'done'", number)


def prepare(url: str, exchange: Exchange) -> None:
    """Two agents with desk telephones, prompts, a menu and a queue."""
    make_centre(url, flow=FLOW, wrap_up=0)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE account SET telephone = 'desk'")
        connection.execute("INSERT INTO prompt (key) VALUES ('welcome'), ('long')")
        for number in (1, 2):
            phone = credential(f"desk-{number}", exchange.settings.sip_realm)
            connection.execute(
                "INSERT INTO phone_credential (username, account_id, kind, ha1) VALUES (%s, %s, 'desk', %s)",
                (phone.username, number, phone.ha1),
            )


@pytest.fixture
async def centre(database: str, exchange: Exchange) -> AsyncIterator[Centre]:
    await asyncio.to_thread(prepare, database, exchange)
    made = Centre(database, exchange)
    await made.start()
    yield made
    await made.end(signal.SIGTERM)


@asynccontextmanager
async def agent_on_duty(centre: Centre, number: int) -> AsyncIterator[Desk]:
    """An agent's telephone, registered; the agent signed in and available."""
    async with Desk(centre.exchange.sip, "127.0.0.3", tone=AGENT_TONE) as desk:
        await eventually_registered(desk, number)
        await centre.becomes_true("SELECT 1 FROM agent_status WHERE agent = %s AND reachable", number)
        await centre.command("sign_in", number)
        await centre.command("available", number)
        yield desk
        desk.powered = True
        await desk.register(f"desk-{number}", password(f"desk-{number}"), expires=0)


async def eventually_registered(desk: Desk, number: int) -> None:
    """The engine admits telephones a moment after it has connected."""
    async with asyncio.timeout(PATIENCE):
        while await desk.register(f"desk-{number}", password(f"desk-{number}")) != 200:
            await asyncio.sleep(0.1)


async def talk(centre: Centre, caller: Caller, desk: Desk) -> None:
    """Through welcome and menu to an agent who answers."""
    caller.invite()
    await caller.answered()
    await becomes(caller.media, WELCOME, heard=True)
    await asyncio.sleep(0.7)
    caller.media.press("1")
    await desk.ring()
    await desk.answer()
    await becomes(caller.media, AGENT_TONE, heard=True)
    await becomes(desk.media, CITIZEN_TONE, heard=True)


async def test_call_becomes_a_record_with_its_recording(centre: Centre) -> None:
    async with agent_on_duty(centre, 1) as desk, Caller(centre.exchange.sip) as caller:
        await talk(centre, caller, desk)
        await asyncio.sleep(0.5)
        await caller.hang_up()
        await desk.wait_for("BYE")
        await centre.becomes_true("SELECT 1 FROM contact WHERE state = 'ended'")
        [row] = await centre.rows("SELECT * FROM contact")
        assert (row["outcome"], row["ended_by"], row["agent"]) == ("answered", "citizen", 1)
        assert (row["called"], row["caller"]) == ("+82200000120", "+821000001234")
        assert row["arrived_at"] <= row["queued_at"] <= row["answered_at"] <= row["ended_at"]
        await centre.becomes_true("SELECT 1 FROM recording WHERE status = 'ready'")
        [recording] = await centre.rows("SELECT file FROM recording")
        samples = read_wav(centre.exchange.settings.recordings / recording["file"])
        assert presence(samples, CITIZEN_TONE) > LOUD
        assert presence(samples, AGENT_TONE) > LOUD


async def test_number_of_somebody_else_is_refused_and_recorded(centre: Centre) -> None:
    async with Caller(centre.exchange.sip) as caller:
        caller.invite("0600000000")
        assert await caller.acknowledge_refusal() == 404
        await centre.becomes_true("SELECT 1 FROM contact WHERE outcome = 'refused' AND state = 'ended'")
        assert not [message for message in caller.received if message.status == 200]


async def test_agents_telephone_dies_and_the_same_agent_gets_the_citizen_back(centre: Centre) -> None:
    async with agent_on_duty(centre, 1) as desk, Caller(centre.exchange.sip) as caller:
        await talk(centre, caller, desk)
        before = len(desk.received)
        desk.vanish()
        await becomes(caller.media, MUSIC, heard=True)
        desk.powered = desk.media.speaking = True
        invite = await desk.ring(after=before)
        assert invite["X-Haedap-Auto-Answer"] == "yes"
        await desk.answer()
        await becomes(caller.media, AGENT_TONE, heard=True)
        await desk.hang_up()
        await caller.wait_for("BYE")
        await centre.becomes_true("SELECT 1 FROM contact WHERE state = 'ended'")
        [row] = await centre.rows("SELECT outcome, ended_by, segments FROM contact")
        assert row == {"outcome": "answered", "ended_by": "agent", "segments": 1}


async def test_who_is_muted_is_not_heard_after_a_lost_line_nor_after_the_death_of_the_engine(centre: Centre) -> None:
    """A mute ends when the agent ends it: until then the citizen hears nothing of the room, not for a moment."""
    async with agent_on_duty(centre, 1) as desk, Caller(centre.exchange.sip) as caller:
        await talk(centre, caller, desk)
        [row] = await centre.rows("SELECT id::text FROM contact")
        await centre.command("control", 1, contact=row["id"], control="mute")
        await fades(caller.media, AGENT_TONE)
        before = len(desk.received)
        desk.vanish()
        await becomes(caller.media, MUSIC, heard=True)
        muted = caller.media.mark()
        await centre.command("control", 1, contact=row["id"], control="hold")
        desk.powered = desk.media.speaking = True
        await desk.ring(after=before)
        await desk.answer()
        await centre.becomes_true("SELECT 1 FROM contact WHERE state = 'engaged' AND held AND muted")
        back = desk.media.mark()
        await becomes(caller.media, MUSIC, heard=True)
        assert peak(desk.media.since(back), CITIZEN_TONE) < QUIET, "on hold was pressed while the line was lost"
        await centre.command("control", 1, contact=row["id"], control="unhold")
        await becomes(desk.media, CITIZEN_TONE, heard=True)
        await centre.end(signal.SIGKILL)
        await centre.start()
        await centre.becomes_true("SELECT 1 FROM journal WHERE name = 'ChannelReconciled' HAVING count(*) = 2")
        await centre.becomes_true("SELECT 1 FROM contact WHERE state = 'engaged' AND muted")
        await becomes(desk.media, CITIZEN_TONE, heard=True)
        assert peak(caller.media.since(muted), AGENT_TONE) < QUIET
        await centre.end(signal.SIGKILL)
        # Pressed while no engine is there, and taken by the next one before it knows what is on the wire.
        await asyncio.gather(centre.command("control", 1, contact=row["id"], control="unmute"), centre.start())
        await becomes(caller.media, AGENT_TONE, heard=True)
        # That of the lost leg may have come again.
        before = len(desk.received)
        await caller.hang_up()
        await desk.wait_for("BYE", after=before)


async def test_a_talk_in_which_asterisk_dies_is_over_then(database: str, mortal_exchange: Exchange) -> None:
    """Not when it is back: until then the figures had a talk, and the desk an agent in it."""
    await asyncio.to_thread(prepare, database, mortal_exchange)
    centre = Centre(database, mortal_exchange)
    await centre.start()
    try:
        async with agent_on_duty(centre, 1) as desk:
            async with Caller(mortal_exchange.sip) as caller:
                await talk(centre, caller, desk)
                mortal_exchange.kill()
                await centre.becomes_true("SELECT 1 FROM contact WHERE outcome = 'answered' AND ended_by = 'centre'")
                await centre.becomes_true("SELECT 1 FROM segment WHERE ended_at IS NOT NULL")
                await centre.becomes_true("SELECT 1 FROM agent_status WHERE agent = 1 AND NOT reachable")
            mortal_exchange.start()
            await eventually_registered(desk, 1)
            await centre.becomes_true("SELECT 1 FROM agent_status WHERE agent = 1 AND reachable")
    finally:
        await centre.end(signal.SIGTERM)


async def test_kill_of_the_engine_drops_nobody_and_counts_nobody_twice(centre: Centre) -> None:
    """Who hung up while no engine was there has abandoned: the exchange dropped nobody."""
    sip = centre.exchange.sip
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(agent_on_duty(centre, 1))
        talking, listening, waiting, leaving = [await stack.enter_async_context(Caller(sip)) for _ in range(4)]
        await talk(centre, talking, desk)
        for number, one in enumerate((listening, waiting, leaving)):
            one.invite(caller=f"0100000200{number}")
            await one.answered()
            await becomes(one.media, WELCOME, heard=True)
        await asyncio.sleep(0.7)
        waiting.media.press("1")
        leaving.media.press("1")
        await becomes(waiting.media, MUSIC, heard=True)
        await becomes(leaving.media, MUSIC, heard=True)
        await centre.end(signal.SIGKILL)
        await becomes(talking.media, AGENT_TONE, heard=True)
        await becomes(waiting.media, MUSIC, heard=True)
        await leaving.hang_up()
        await centre.start()
        await becomes(talking.media, AGENT_TONE, heard=True)
        await becomes(listening.media, WELCOME, heard=True)
        await centre.becomes_true("SELECT 1 FROM contact WHERE caller = '+821000002002' AND outcome = 'abandoned'")
        listening.media.press("1")
        await becomes(listening.media, MUSIC, heard=True)
        before = len(desk.received)
        await desk.hang_up()
        await desk.ring(after=before)
        await desk.answer()
        await becomes(waiting.media, AGENT_TONE, heard=True)
        for one in (listening, waiting):
            await one.hang_up()
        await centre.becomes_true("SELECT 1 FROM contact HAVING count(*) FILTER (WHERE state = 'ended') = 4")
        rows = await centre.rows("SELECT outcome, count(*) AS n FROM contact GROUP BY outcome ORDER BY outcome")
        assert [(row["outcome"], row["n"]) for row in rows] == [("abandoned", 2), ("answered", 2)]
        opened = await centre.rows("SELECT contact FROM journal WHERE name = 'ContactOpened'")
        closed = await centre.rows("SELECT contact FROM journal WHERE name = 'ContactClosed'")
        assert len(opened) == len({row["contact"] for row in opened}) == 4
        assert len(closed) == len({row["contact"] for row in closed}) == 4
