"""kill -9 of the engine at the worst moments: the calls go on, no contact is lost, none is counted twice."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from haedap.domain.decisions import AnyDecision, Connect, EndContact, EndLeg, OfferContact, PlayMusic
from tests.support.engine import QUEUE_IN_SILENCE, wait_until
from tests.support.exchange import Exchange, serve
from tests.support.load import assert_nothing_lost_or_doubled, busy_centre, serve_everybody
from tests.support.patience import PATIENCE

CHECKOUT = Path(__file__).resolve().parents[3]
AGENTS = 6


class EngineProcess:
    """An engine that is started again after each death."""

    def __init__(self, url: str, path: Path, log: Path) -> None:
        self._command = (
            "setpriv",
            "--pdeathsig",
            "KILL",
            sys.executable,
            "-m",
            "tests.support.engine_process",
            url,
            str(path),
            "60",
        )
        self._log = log
        self.process: asyncio.subprocess.Process | None = None
        self.deaths = 0

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(*self._command, cwd=CHECKOUT, stderr=log)

    def kill(self) -> None:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.kill()
            self.deaths += 1

    async def start_again(self) -> None:
        assert self.process is not None
        await self.process.wait()
        await self.start()

    async def stop(self) -> int:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)


@asynccontextmanager
async def engine_process(url: str, exchange: Exchange, folder: Path) -> AsyncIterator[EngineProcess]:
    engine = EngineProcess(url, folder / "exchange", folder / "engine.log")
    async with serve(exchange, folder / "exchange"):
        await engine.start()
        try:
            await wait_until(lambda: exchange.tell is not None)
            yield engine
            assert await engine.stop() == 0, (folder / "engine.log").read_text()
        finally:
            if engine.process is not None and engine.process.returncode is None:
                engine.process.kill()
                await engine.process.wait()


async def _on_duty(url: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for name in ("sign_in", "available"):
            await connection.execute(
                "INSERT INTO command (id, name, agent) SELECT gen_random_uuid(), %s, n FROM generate_series(1, %s) n",
                (name, AGENTS),
            )
            await _until_rows(connection, "SELECT 1 FROM command WHERE outcome IS NULL", 0)
        await _until_rows(connection, "SELECT 1 FROM agent_status WHERE state = 'available' AND reachable", AGENTS)


async def _until_rows(connection: psycopg.AsyncConnection, query: str, count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            cursor = await connection.execute(query)
            if len(await cursor.fetchall()) == count:
                return
            await asyncio.sleep(0.01)


async def _assert_all_is_well(url: str, exchange: Exchange, contacts: list[str]) -> None:
    """Every contact has exactly one record that is over, and nothing is left on the wire."""
    await assert_nothing_lost_or_doubled(url, contacts)
    assert not exchange.calls
    assert not exchange.legs


@pytest.mark.parametrize("kind", [PlayMusic, OfferContact, Connect, EndLeg, EndContact])
async def test_killed_between_commit_and_perform(kind: type, database: str, tmp_path: Path) -> None:
    exchange = busy_centre(database, AGENTS)
    async with engine_process(database, exchange, tmp_path) as engine:

        async def kill_once(decision: AnyDecision) -> None:
            if isinstance(decision, kind) and not engine.deaths:
                engine.kill()
                raise ConnectionResetError

        if kind is not PlayMusic:
            await _on_duty(database)
        exchange.before_performing = kill_once
        contact = exchange.call()
        if kind in {EndLeg, EndContact}:
            await wait_until(lambda: contact in exchange.joins)
            if kind is EndLeg:
                exchange.hang_up(contact)
            else:
                exchange.end_agent_leg(next(iter(exchange.legs)))
        await wait_until(lambda: engine.deaths == 1)
        await engine.start_again()
        if kind is PlayMusic:
            await wait_until(lambda: exchange.calls[contact].sound == "music")
        if kind in {OfferContact, Connect, PlayMusic}:
            if kind is not PlayMusic:
                await wait_until(lambda: contact in exchange.joins)
            exchange.hang_up(contact)
        await wait_until(lambda: not exchange.calls and not exchange.legs and exchange.tell is not None)
        await _until_ended(database, 1)
    await _assert_all_is_well(database, exchange, [contact])


async def test_killed_while_an_offer_that_rings_is_being_committed(database: str, tmp_path: Path) -> None:
    exchange = busy_centre(database, AGENTS, QUEUE_IN_SILENCE)
    async with engine_process(database, exchange, tmp_path) as engine:

        def kill_once(_offer: OfferContact) -> None:
            if not engine.deaths:
                engine.kill()

        await _on_duty(database)
        exchange.on_prepared = kill_once
        async with await psycopg.AsyncConnection.connect(database) as other:
            await other.execute("LOCK TABLE journal IN SHARE MODE")
            contact = exchange.call()
            await wait_until(lambda: engine.deaths == 1)
            assert [leg.contact for leg in exchange.legs.values()] == [contact]
            # Its connection would go on by itself, and the offer would be in the journal all the same.
            await other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'journal'::regclass AND NOT granted"
            )
        await engine.start_again()
        await wait_until(lambda: contact in exchange.joins)
        exchange.hang_up(contact)
        await wait_until(lambda: not exchange.calls and not exchange.legs and exchange.tell is not None)
        await _until_ended(database, 1)
    assert exchange.joins == {contact: 1}
    await _assert_all_is_well(database, exchange, [contact])


async def test_killed_again_and_again_under_load(database: str, tmp_path: Path) -> None:
    chance = random.Random(20261121)
    exchange = busy_centre(database, AGENTS)
    contacts: list[str] = []
    async with engine_process(database, exchange, tmp_path) as engine:
        await _on_duty(database)
        for _life in range(4):
            requests = len(exchange.performed)
            contacts.extend(exchange.call() for _ in range(20))
            await wait_until(lambda seen=requests: len(exchange.performed) > seen + chance.randint(1, 30))  # type: ignore[misc]
            engine.kill()
            known = sorted({decision.contact for decision in exchange.performed} & exchange.calls.keys())
            for contact in chance.sample(known, min(3, len(known))):
                exchange.hang_up(contact)
            await engine.start_again()
            await wait_until(lambda: exchange.tell is not None)
        await serve_everybody(exchange)
        await _until_ended(database, len(contacts))
    assert engine.deaths == 4
    assert set(exchange.joins.values()) == {1}, "a conversation was joined anew, so it had been dropped"
    await _assert_all_is_well(database, exchange, contacts)


async def _until_ended(url: str, count: int) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await _until_rows(connection, "SELECT 1 FROM contact WHERE state = 'ended'", count)
