"""The engine as it runs in a centre passes citizens on and calls them back, on real Asterisk and real PostgreSQL."""

from __future__ import annotations

import asyncio
import signal
import uuid
from collections.abc import AsyncIterator

import pytest

from tests.telephony.support.conversation import (
    AGENT_TONE,
    CITIZEN_TONE,
    LOUD,
    OFFICER_TONE,
    QUIET,
    hears,
)
from tests.telephony.support.exchange import MUSIC, Exchange, read_wav
from tests.telephony.support.sound import level, presence
from tests.telephony.support.telephone import Caller, Desk
from tests.telephony.test_whole_engine import Centre, agent_on_duty, prepare, talk


@pytest.fixture
async def whole(database: str, exchange: Exchange) -> AsyncIterator[Centre]:
    """A centre with two agents, and an engine that works."""
    await asyncio.to_thread(prepare, database, exchange)
    made = Centre(database, exchange)
    await made.start()
    yield made
    await made.end(signal.SIGTERM)


async def contact_of(whole: Centre) -> str:
    [row] = await whole.rows("SELECT id FROM contact")
    return str(row["id"])


async def test_consultation_survives_the_engine_and_is_completed(whole: Centre, officer: Desk) -> None:
    async with agent_on_duty(whole, 1) as desk, Caller(whole.exchange.sip) as caller:
        await talk(whole, caller, desk)
        contact = await contact_of(whole)
        target = {"type": "outside", "number": "4321", "name": "세무과 재산세팀"}
        await whole.command(
            "transfer", 1, contact=contact, mode="consult", target=target, announcement="재산세 고지서 문의입니다."
        )
        await hears(caller.media, MUSIC)
        await officer.ring()
        await officer.answer()
        await asyncio.gather(hears(officer.media, AGENT_TONE), hears(desk.media, OFFICER_TONE))
        assert level(officer.media.since(0), CITIZEN_TONE) < QUIET
        await whole.end(signal.SIGKILL)
        await whole.start()
        await asyncio.gather(
            hears(caller.media, MUSIC), hears(officer.media, AGENT_TONE), hears(desk.media, OFFICER_TONE)
        )
        await whole.command("consult_step", 1, contact=contact, step="conference")
        await asyncio.gather(
            hears(caller.media, AGENT_TONE, OFFICER_TONE), hears(desk.media, CITIZEN_TONE, OFFICER_TONE)
        )
        await whole.command("consult_step", 1, contact=contact, step="complete")
        await desk.wait_for("BYE")
        await asyncio.gather(hears(caller.media, OFFICER_TONE), hears(officer.media, CITIZEN_TONE))
        await officer.hang_up()
        await caller.wait_for("BYE")
        await whole.becomes_true("SELECT 1 FROM contact WHERE state = 'ended' AND outcome = 'answered'")
        await whole.becomes_true("SELECT 1 FROM transfer WHERE outcome = 'completed'")
        await whole.becomes_true("SELECT 1 FROM recording WHERE status = 'ready'")


async def test_officer_is_busy_and_the_agent_has_the_citizen_again(whole: Centre, officer: Desk) -> None:
    async with agent_on_duty(whole, 1) as desk, Caller(whole.exchange.sip) as caller:
        await talk(whole, caller, desk)
        target = {"type": "outside", "number": "4321", "name": ""}
        await whole.command("transfer", 1, contact=await contact_of(whole), mode="consult", target=target)
        await officer.wait_for("INVITE")
        officer.refuse("486 Busy Here")
        await asyncio.gather(hears(caller.media, AGENT_TONE), hears(desk.media, CITIZEN_TONE))
        await whole.becomes_true("SELECT 1 FROM transfer WHERE outcome IN ('busy', 'rejected')")
        await caller.hang_up()
        await desk.wait_for("BYE")


async def test_promise_is_kept_by_calling_the_citizen(whole: Centre, citizen: Desk) -> None:
    async with agent_on_duty(whole, 1) as desk:
        owner = {"type": "queue", "queue": "general"}
        await whole.command(
            "promise", 1, promise=str(uuid.uuid4()), citizen="+821000001234", owner=owner, reason="agent"
        )
        await desk.ring()
        await desk.answer()
        await citizen.ring()
        await citizen.answer()
        await asyncio.gather(hears(desk.media, CITIZEN_TONE), hears(citizen.media, AGENT_TONE))
        await asyncio.sleep(0.5)
        await citizen.hang_up()
        await desk.wait_for("BYE")
        await whole.becomes_true("SELECT 1 FROM promise WHERE state = 'ended' AND outcome = 'kept'")
        await whole.becomes_true("SELECT 1 FROM contact WHERE state = 'ended' AND direction = 'out'")
        await whole.becomes_true("SELECT 1 FROM recording WHERE status = 'ready'")
        [recording] = await whole.rows("SELECT file FROM recording")
        samples = read_wav(whole.exchange.settings.recordings / recording["file"])
        assert presence(samples, CITIZEN_TONE) > LOUD
        assert presence(samples, AGENT_TONE) > LOUD
