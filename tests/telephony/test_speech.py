"""A call is written down: real Asterisk, engine and `haedap speech`, and an endpoint that hears which side spoke."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.machines import NUMBER, Machines, running_machines
from tests.support.patience import PATIENCE
from tests.telephony.conftest import wait_until_idle
from tests.telephony.support.conversation import AGENT_TONE, CITIZEN_TONE, becomes
from tests.telephony.support.exchange import Exchange, running_exchange
from tests.telephony.support.telephone import Caller
from tests.telephony.test_whole_engine import Centre, agent_on_duty, prepare, talk


@pytest.fixture
def machines() -> Iterator[Machines]:
    with running_machines() as made:
        yield made


@pytest.fixture
def listening_exchange(machines: Machines) -> Iterator[Exchange]:
    """An Asterisk of a centre that writes calls down."""
    speech = {"HAEDAP_SPEECH": "endpoint", "HAEDAP_SPEECH_URL": machines.address, "HAEDAP_SPEECH_KEY": "invented-key"}
    with tempfile.TemporaryDirectory(prefix="hds-") as home, running_exchange(Path(home), **speech) as exchange:
        yield exchange


@pytest.fixture
async def centre(database: str, listening_exchange: Exchange) -> AsyncIterator[Centre]:
    await asyncio.to_thread(prepare, database, listening_exchange)
    made = Centre(database, listening_exchange)
    await made.start()
    yield made
    await made.end(signal.SIGTERM)


@asynccontextmanager
async def scribe(centre: Centre) -> AsyncIterator[asyncio.subprocess.Process]:
    """`haedap speech`, until the end of the block."""
    environ = {**os.environ, **centre.exchange.environ, "DATABASE_URL": centre.url}
    process = await asyncio.create_subprocess_exec(
        *("setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "haedap", "speech"), env=environ
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def sides_heard(exchange: Exchange) -> int:
    """How many sides of talks are heard: each by an ear and a line to us, joined. -1: one is only on its way."""
    channels = {channel["id"] for channel in exchange.ask("channels") if channel["id"].startswith("speech-")}
    joined = {channel for bridge in exchange.ask("bridges") for channel in bridge["channels"]} & channels
    return len(joined) // 2 if joined == channels else -1


async def hears_sides(exchange: Exchange, sides: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while await asyncio.to_thread(sides_heard, exchange) != sides:
            await asyncio.sleep(0.05)


async def written(centre: Centre, side: str, tone: float, after: int = 0) -> int:
    """Wait until that side was written down; returns the last piece's id."""
    query = "SELECT id FROM transcript_piece WHERE side = %s AND text = %s AND id > %s"
    text = f"{tone:.0f} 헤르츠, 연락처 [전화번호]"
    await centre.becomes_true(query, side, text, after)
    [row] = await centre.rows("SELECT max(id) AS last FROM transcript_piece")
    return int(row["last"])


async def test_both_sides_are_written_down_and_nobody_else(centre: Centre, machines: Machines) -> None:
    exchange = centre.exchange
    async with scribe(centre) as process, agent_on_duty(centre, 1) as desk, Caller(exchange.sip) as caller:
        await talk(centre, caller, desk)
        await hears_sides(exchange, 2)
        [contact] = [str(row["id"]) for row in await centre.rows("SELECT id FROM contact")]
        # The recording is paused: what was said before is written down, and from then on there is no ear.
        await caller.media.listen(0.5)
        await centre.command("control", 1, contact=contact, control="pause_recording", digits="")
        await hears_sides(exchange, 0)
        await written(centre, "citizen", CITIZEN_TONE)
        last = await written(centre, "agent", AGENT_TONE)
        await centre.command("control", 1, contact=contact, control="resume_recording", digits="")
        await hears_sides(exchange, 2)
        # Muted: the citizen alone.
        await centre.command("control", 1, contact=contact, control="mute", digits="")
        await hears_sides(exchange, 1)
        await desk.media.listen(0.5)
        await centre.command("control", 1, contact=contact, control="hold", digits="")
        await hears_sides(exchange, 0)
        await written(centre, "citizen", CITIZEN_TONE, last)
        await centre.command("control", 1, contact=contact, control="unhold", digits="")
        await centre.command("control", 1, contact=contact, control="unmute", digits="")
        await hears_sides(exchange, 2)
        # Killed in mid-call, it disturbs nobody and leaves nothing for its successor.
        process.kill()
        await process.wait()
        await becomes(caller.media, AGENT_TONE, heard=True)
        await becomes(desk.media, CITIZEN_TONE, heard=True)
        async with scribe(centre):
            await hears_sides(exchange, 2)
            await caller.hang_up()
            await desk.wait_for("BYE")
            await centre.becomes_true("SELECT 1 FROM contact WHERE state = 'ended'")
            await asyncio.to_thread(wait_until_idle, exchange)
    assert {asked.key for asked in machines.asked} == {"Bearer invented-key"}
    assert {asked.fields["language"] for asked in machines.asked} == {"ko"}
    rows = await centre.rows("SELECT * FROM transcript_piece")
    assert {str(row["contact"]) for row in rows} == {contact}
    assert all(row["started_at"] < row["ended_at"] for row in rows)
    assert not [row for row in rows if NUMBER in row["text"]]
    assert {row["text"].split()[0] for row in rows if row["side"] == "citizen"} == {f"{CITIZEN_TONE:.0f}"}
    assert {row["text"].split()[0] for row in rows if row["side"] == "agent"} == {f"{AGENT_TONE:.0f}"}
