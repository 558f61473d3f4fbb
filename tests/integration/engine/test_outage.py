"""PostgreSQL dies under load and comes back: decisions wait meanwhile, nothing is lost or written twice."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from haedap.clock import wall_time
from tests.support.engine import (
    READ_MODELS,
    Centre,
    journal_numbers,
    make_centre,
    running_engine,
    wait_until,
)
from tests.support.exchange import Exchange
from tests.support.load import assert_nothing_lost_or_doubled, busy_centre, let_go, serve_everybody
from tests.support.own_cluster import OwnCluster, own_cluster
from tests.support.patience import PATIENCE

AGENTS = 6
_WRITTEN = (
    *("journal", "router_snapshot", "sign_of_life", "command"),
    *("centre_settings", "number", "flow", "agent_skill", "queue", "skill", "account"),
)
"""What engines, and whoever makes the centre, write beside the read models."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[OwnCluster]:
    with tempfile.TemporaryDirectory(prefix="hd-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        with own_cluster(Path(name)) as running:
            yield running


@pytest.fixture
def server(cluster: OwnCluster) -> Iterator[OwnCluster]:
    """A server at work, with empty tables."""
    yield cluster
    cluster.end()
    cluster.start()
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(map(sql.Identifier, (*READ_MODELS, *_WRITTEN))))
        )


async def test_killed_under_load(server: OwnCluster) -> None:
    exchange = busy_centre(server.url, AGENTS)
    contacts: list[str] = []
    async with running_engine(server.url, exchange, snapshot_every=200) as centre:
        await centre.on_duty(*range(1, AGENTS + 1))
        load = asyncio.create_task(_load(exchange, contacts))
        for outage in range(3):
            await wait_until(lambda seen=outage: len(contacts) > 30 * (seen + 1))  # type: ignore[misc]
            server.kill()
            before = len(exchange.performed)
            calls = len(contacts)
            await wait_until(lambda seen=calls: len(contacts) > seen + 10)  # type: ignore[misc]
            assert len(exchange.performed) - before < 100, "decisions were performed that no journal knows"
            server.start()
        load.cancel()
        await serve_everybody(exchange)
        await _all_ended(centre, len(contacts))
        await centre.projected()
    await _assert_nothing_lost_or_doubled(server.url, contacts)


async def test_events_beyond_the_limit_are_made_good_by_a_reconciliation(
    server: OwnCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_centre(server.url, agents=1)
    exchange = Exchange()
    async with running_engine(server.url, exchange) as centre:
        monkeypatch.setattr(centre.engine.inbox, "_most", 40)
        first = exchange.call()
        await wait_until(lambda: exchange.calls[first].sound == "music")
        server.kill()
        contacts = [exchange.call() for _ in range(50)]
        for contact in contacts[30:]:
            exchange.hang_up(contact)
        exchange.hang_up(first)
        assert centre.engine.inbox.overflowed
        server.start()
        await wait_until(lambda: all(call.sound == "music" for call in exchange.calls.values()))
        assert not centre.engine.inbox.overflowed
        for contact in list(exchange.calls):
            exchange.hang_up(contact)
        # The last ten came and went beyond the limit: nobody can know of them.
        await _all_ended(centre, 1 + 40)
        assert (await centre.contact(first))["outcome"] == "abandoned"


async def test_a_stop_during_an_outage_ends_in_time(server: OwnCluster) -> None:
    make_centre(server.url)
    exchange = Exchange()
    async with running_engine(server.url, exchange):
        server.kill()
        exchange.call()
        started = wall_time()
    assert (wall_time() - started).total_seconds() < 30  # the database stays away


async def _load(exchange: Exchange, contacts: list[str]) -> None:
    """A call every few milliseconds; those who talk are let go."""
    while True:
        contacts.append(exchange.call())
        let_go(exchange)
        await asyncio.sleep(0.005)


async def _all_ended(centre: Centre, count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            rows = await centre.rows("SELECT count(*) AS n FROM contact WHERE state = 'ended'")
            if rows[0]["n"] == count:
                return
            await asyncio.sleep(0.02)


async def _assert_nothing_lost_or_doubled(url: str, contacts: list[str]) -> None:
    numbers = await journal_numbers(url)
    assert numbers == list(range(1, len(numbers) + 1))
    await assert_nothing_lost_or_doubled(url, contacts)
