"""The whole centre was off, cleanly or by a power cut: the figures of what was under way end as it stopped."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from haedap.clock import wall_time
from haedap.domain.ids import AgentId, ContactId
from haedap.operations.audit import examine
from haedap.store import life
from tests.support.engine import Centre, make_centre, running_engine, wait_until
from tests.support.exchange import Answering, Exchange

NIGHT = timedelta(hours=15)
SOON = timedelta(minutes=1)
"""More than a test takes."""


def next_morning() -> datetime:
    return wall_time() + NIGHT


def exchange_of(since: datetime) -> Exchange:
    exchange = Exchange()
    exchange.since = since
    exchange.answering[AgentId(1)] = Answering.AT_ONCE
    return exchange


async def talk(centre: Centre) -> ContactId:
    await centre.on_duty(1)
    contact = centre.exchange.call()
    await wait_until(lambda: contact in centre.exchange.joins)
    return contact


async def spans(centre: Centre) -> list[timedelta | None]:
    """How long each thing lasted that the figures are made of: the contact, its talk, the agent's states."""
    await centre.projected()
    rows = await centre.rows(
        "SELECT ended_at - arrived_at AS lasted FROM contact WHERE direction = 'in'"
        " UNION ALL SELECT ended_at - talk_from + wrap_up_seconds * interval '1 s' FROM segment"
        " UNION ALL SELECT ended_at - started_at FROM agent_period WHERE state NOT IN ('away', 'signed_out')"
    )
    return [row["lasted"] for row in rows]


async def test_a_talk_that_a_clean_stop_cut_off_is_no_talk_of_a_night(database: str) -> None:
    make_centre(database)
    async with running_engine(database, exchange_of(wall_time())) as centre:
        contact = await talk(centre)
    async with running_engine(database, exchange_of(next_morning()), now=next_morning) as centre:
        lasted = await spans(centre)
        assert len(lasted) >= 4
        assert all(one is not None and one < SOON for one in lasted), lasted
        found = await centre.contact(contact)
        assert (found["outcome"], found["ended_by"]) == ("answered", "centre")
        status = await centre.rows("SELECT state, reason, since < now() AS before FROM agent_status WHERE agent = 1")
        assert status == [{"state": "away", "reason": "unreachable", "before": True}]
    assert examine(database).ok


async def test_calls_that_went_on_are_not_ended_by_a_long_start(database: str) -> None:
    """Only the engine was away: the exchange is that of yesterday, and so is the talk."""
    make_centre(database)
    exchange = exchange_of(wall_time())
    async with running_engine(database, exchange) as centre:
        contact = await talk(centre)
    async with running_engine(database, exchange, now=next_morning) as centre:
        assert (await centre.contact(contact))["state"] == "engaged"
        exchange.hang_up(contact)
        while (await centre.contact(contact))["state"] != "ended":
            await asyncio.sleep(0.05)


async def test_a_call_that_lives_is_believed_more_than_the_clock_of_the_exchange(database: str) -> None:
    make_centre(database)
    exchange = exchange_of(wall_time())
    async with running_engine(database, exchange) as centre:
        contact = await talk(centre)
    exchange.since = next_morning()
    async with running_engine(database, exchange, now=next_morning) as centre:
        assert (await centre.contact(contact))["state"] == "engaged"


async def test_a_power_cut_is_dated_by_the_last_sign_of_life(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said at the end: what is known is that the engine was still there."""
    monkeypatch.setattr(life, "EVERY", 0.1)
    make_centre(database)
    async with running_engine(database, exchange_of(wall_time())) as centre:
        await talk(centre)
        later = "SELECT at FROM sign_of_life WHERE at > (SELECT max(at) FROM journal) + interval '0.5 s'"
        while not (signs := await centre.rows(later)):
            await asyncio.sleep(0.05)
        sign = signs[0]["at"]
    await centre.execute("UPDATE sign_of_life SET at = %s", (sign,))
    async with running_engine(database, exchange_of(next_morning()), now=next_morning) as centre:
        await centre.projected()
        assert await centre.rows("SELECT ended_at FROM contact WHERE direction = 'in'") == [{"ended_at": sign}]


async def test_a_sign_by_a_clock_that_was_set_back_moves_no_clock(database: str) -> None:
    """Times that are still to come would stand on every screen, until they have come."""
    make_centre(database)
    async with running_engine(database, exchange_of(wall_time())) as centre:
        await wait_until_signed(centre)
    await centre.execute("UPDATE sign_of_life SET at = at + interval '10 minutes'")
    async with running_engine(database, exchange_of(wall_time())) as centre:
        await talk(centre)
        await centre.projected()
        rows = await centre.rows("SELECT max(at) < now() + interval '1 minute' AS now FROM journal")
        assert rows == [{"now": True}]
    assert await centre.rows("SELECT 1 AS given FROM sign_of_life WHERE at < now() + interval '1 minute'")


async def test_a_database_that_went_away_gets_its_signs_again(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "EVERY", 0.1)
    make_centre(database)
    async with running_engine(database, exchange_of(wall_time())) as centre:
        await wait_until_signed(centre)
        await centre.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE '%% life %%'"
        )
        await centre.execute("DELETE FROM sign_of_life")
        await wait_until_signed(centre)


async def wait_until_signed(centre: Centre) -> None:
    while not await centre.rows("SELECT at FROM sign_of_life"):
        await asyncio.sleep(0.05)
