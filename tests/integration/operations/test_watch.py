"""What `haedap run` sees of the centre's own faults, and the full disk as it really is."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

import psycopg
import pytest

from haedap.clock import SteadyClock
from haedap.config import Settings, load_settings
from haedap.operations import watch
from haedap.operations.audit import examine
from haedap.operations.checks import faults
from haedap.operations.watch import Watch
from tests.support.centre import free_port_settings
from tests.support.engine import make_centre, running_engine, wait_until
from tests.support.exchange import Answering, Exchange
from tests.support.own_cluster import own_cluster
from tests.support.patience import PATIENCE


class Machine:
    """A clock that can be set."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 11, 21, 9, tzinfo=UTC)
        self.uptime = 0.0

    def clock(self) -> SteadyClock:
        return SteadyClock(lambda: self.wall, lambda: self.uptime)


def _settings(url: str, folder: Path) -> Settings:
    settings = load_settings({**free_port_settings(), "HAEDAP_STATE": str(folder), "DATABASE_URL": url})
    return replace(settings, disk_warning_mb=1)


def _seen(url: str) -> dict[str, dict[str, Any]]:
    with psycopg.connect(url) as connection:
        return dict(connection.execute("SELECT key, detail FROM centre_health").fetchall())


def test_what_is_wrong_is_written_and_taken_back(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_ENGINE_GRACE", -1.0)
    machine = Machine()
    looking = Watch(_settings(database, tmp_path), machine.clock())
    looking.look()
    assert _seen(database) == {
        "engines": {"active": None, "standby": False},
        "no_engine": {},
        "exchange_away": {},
    }
    machine.wall += timedelta(hours=1)
    looking.settings = replace(looking.settings, disk_warning_mb=10**9)
    looking.look()
    seen = _seen(database)
    assert seen["clock_jumped"] == {"seconds": 3600}
    assert seen["disk_full"]["free_mb"] > 0
    machine.uptime += 36_001
    machine.wall += timedelta(seconds=36_001)
    looking.settings = replace(looking.settings, disk_warning_mb=1)
    looking.look()
    assert not {"clock_jumped", "disk_full", "disk_low"} & _seen(database).keys()


def test_doctor_says_the_same_in_words(database: str, tmp_path: Path) -> None:
    settings = _settings(database, tmp_path)
    assert faults(settings).ok
    Watch(settings, Machine().clock()).look()
    finding = faults(settings)
    assert "Asterisk" in finding.found
    assert "asterisk.log" in finding.mend


def _promise(url: str, *, state: str = "open") -> str:
    """Made at nine; its id."""
    promise, at = str(uuid.uuid4()), "2026-11-21 09:00+09"
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO promise (id, citizen, owner_kind, reason, state, made_at, place_at, due_at, deadline, seq)"
            " VALUES (%s, '+821000001234', 'queue', 'queue', %s, %s, %s, %s, %s, 1)",
            (promise, state, at, at, at, at),
        )
    return promise


def _attempt(url: str, promise: str, ended: str, outcome: str, *, number: int, by_officer: bool = False) -> None:
    """A call that was over at `ended`, an hour of the day in Korea."""
    contact = None if by_officer else str(uuid.uuid4())
    at = f"2026-11-21 {ended}+09"
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO promise_attempt (id, promise, number, contact, started_at, ended_at, outcome, seq)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, 1)",
            (number, promise, number, contact, at, at, outcome),
        )


def test_promised_calls_that_cannot_go_out_are_a_fault_until_one_goes_through(database: str, tmp_path: Path) -> None:
    settings = _settings(database, tmp_path)
    looking = Watch(settings, Machine().clock())
    first, second = _promise(database), _promise(database)
    _attempt(database, first, "09:02", "failed", number=2)
    _attempt(database, second, "09:03", "no_answer", number=1)
    _attempt(database, first, "09:10", "failed", number=3)
    looking.look()
    assert "calls_out_fail" not in _seen(database), "one alone may have met a restart"
    _attempt(database, second, "09:11", "failed", number=4)
    _attempt(database, first, "09:12", "failed", number=5)
    _attempt(database, second, "09:13", "reached", number=6, by_officer=True)
    looking.look()
    assert _seen(database)["calls_out_fail"] == {"calls": 3, "promises": 2, "since": "2026-11-21 09:10"}
    finding = faults(settings)
    assert "2026-11-21 09:10부터 콜백 2건에 3번" in finding.found
    assert "HAEDAP_TRUNK_PASSWORD" in finding.mend
    _attempt(database, second, "09:20", "busy", number=7)
    looking.look()
    assert "calls_out_fail" not in _seen(database)
    assert "콜백" not in faults(settings).found


def test_a_promise_that_nobody_owes_any_more_is_no_fault(database: str, tmp_path: Path) -> None:
    over = _promise(database, state="ended")
    for number in (1, 2, 3):
        _attempt(database, over, f"09:0{number}", "failed", number=number)
    Watch(_settings(database, tmp_path), Machine().clock()).look()
    assert "calls_out_fail" not in _seen(database)


def test_since_stays_while_a_fault_lasts_and_screens_are_woken_once(database: str, tmp_path: Path) -> None:
    looking = Watch(_settings(database, tmp_path), Machine().clock())
    with psycopg.connect(database, autocommit=True) as ear:
        ear.execute("LISTEN haedap_health")
        for _ in range(3):
            looking.look()
        ear.execute("NOTIFY haedap_health, 'over'")
        heard = [notice.payload for notice in takewhile(_not_over, ear.notifies(timeout=PATIENCE))]
        assert len(heard) == 1
        row = ear.execute("SELECT seen_at > since FROM centre_health WHERE key = 'exchange_away'").fetchone()
    assert row == (True,)


async def test_engines_are_seen_and_a_missing_standby_after_its_time(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_centre(database)
    looking = Watch(_settings(database, tmp_path), Machine().clock())
    async with running_engine(database, Exchange()):
        await asyncio.to_thread(looking.look)
        seen = _seen(database)
        assert seen["engines"] == {"active": os.getpid(), "standby": False}
        assert not {"no_engine", "standby_missing"} & seen.keys()
        monkeypatch.setattr(watch, "_STANDBY_GRACE", -1.0)
        await asyncio.to_thread(looking.look)
        assert "standby_missing" in _seen(database)


def test_an_outage_of_the_database_is_told_afterwards() -> None:
    with tempfile.TemporaryDirectory(prefix="hd-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with own_cluster(folder) as server:
            looking = Watch(_settings(server.url, folder), Machine().clock())
            server.kill()
            looking.look()
            server.start()
            looking.look()
            assert _seen(server.url)["database_was_away"]["seconds"] >= 1


def _not_over(notice: psycopg.Notify) -> bool:
    return notice.payload != "over"


class SmallDisk:
    """A file system of its own that is really filled. Only root may mount one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    @contextmanager
    def made(cls) -> Iterator[SmallDisk]:
        with tempfile.TemporaryDirectory(prefix="hd-", dir="/tmp") as name:
            subprocess.run(("mount", "-t", "tmpfs", "-o", "size=400m,mode=755", "haedap", name), check=True)
            try:
                yield cls(Path(name))
            finally:
                subprocess.run(("umount", "-l", name), check=True)

    def fill(self, url: str) -> None:
        """Write until the disk refuses."""
        with (self.folder / "filler").open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"\0" * 65_536)
        assert watch.disk(self.folder, 50) == ("disk_full", {"free_mb": 0})

    def is_full(self, url: str) -> bool:
        """Whether PostgreSQL itself can write no more."""
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS filler (text text)")
                connection.execute("INSERT INTO filler SELECT repeat(md5(n::text), 60) FROM generate_series(1, 4000) n")
        except psycopg.OperationalError:
            return True
        return False

    def free(self, url: str) -> None:
        (self.folder / "filler").unlink()


class Refusal:
    """PostgreSQL refuses to write the journal as it does on a full disk, on one that has space: for everybody."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    @contextmanager
    def made(cls) -> Iterator[Refusal]:
        with tempfile.TemporaryDirectory(prefix="hd-", dir="/tmp") as name:
            Path(name).chmod(0o755)
            yield cls(Path(name))

    def fill(self, url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$"
            )
            connection.execute("CREATE TRIGGER no_space BEFORE INSERT ON journal EXECUTE FUNCTION no_space()")

    def is_full(self, url: str) -> bool:
        return True

    def free(self, url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP TRIGGER no_space ON journal")


DISKS = (SmallDisk, Refusal) if os.geteuid() == 0 else (Refusal,)


@pytest.mark.parametrize("kind", DISKS)
async def test_a_full_disk_stalls_decisions_and_loses_nothing(kind: type[SmallDisk | Refusal]) -> None:
    """Calls go on, new ones wait unanswered, and all of it is decided when there is space again."""
    with kind.made() as disk, own_cluster(disk.folder) as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET max_wal_size = '64MB'")
            connection.execute("SELECT pg_reload_conf()")
        make_centre(server.url, agents=2)
        exchange = Exchange()
        exchange.answering = {1: Answering.AT_ONCE, 2: Answering.AT_ONCE}  # type: ignore[dict-item]
        async with running_engine(server.url, exchange) as centre:
            await centre.on_duty(1, 2)
            talking = exchange.call()
            await wait_until(lambda: talking in exchange.joins)
            disk.fill(server.url)
            contacts = [talking]
            async with asyncio.timeout(PATIENCE):
                while not disk.is_full(server.url):
                    contacts.append(exchange.call())
                    await asyncio.sleep(0)
            before = len(exchange.performed)
            stalled = [exchange.call() for _ in range(20)]
            await asyncio.sleep(1)  # what must not happen takes time
            assert len(exchange.performed) - before < len(stalled), "decided without a journal"
            assert exchange.calls[talking].sound == "talk", "the call in progress goes on"
            disk.free(server.url)
            await wait_until(lambda: all(call.sound for call in exchange.calls.values()))
            for contact in list(exchange.calls):
                exchange.hang_up(contact)
            await centre.projected()
        outcome = examine(server.url, replay=True)
        assert outcome.ok, outcome.broken
        assert outcome.closed == len(contacts) + len(stalled)
