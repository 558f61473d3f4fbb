"""The embedded PostgreSQL on its own: it lets only us in, speaks Hangul and survives kill -9."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from haedap.operations import OperationsError
from haedap.operations.child import Child
from haedap.operations.cluster import Cluster
from haedap.operations.services import postgres_service
from tests.support.own_cluster import DURABLE, OwnCluster
from tests.support.patience import PATIENCE


@pytest.fixture
def server() -> Iterator[OwnCluster]:
    """A durable cluster that is not running yet."""
    folder = Path(tempfile.mkdtemp(prefix="hd-"))
    folder.chmod(0o755)
    server = OwnCluster(folder, DURABLE)
    yield server
    server.end()
    shutil.rmtree(folder)


@pytest.fixture
def cluster(server: OwnCluster) -> Cluster:
    return server.cluster


def test_hangul_trigrams_and_time_zone(postgres: Cluster) -> None:
    postgres.make_database("hangul")
    with psycopg.connect(postgres.url("hangul")) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute(
            "SELECT cardinality(show_trgm('가로등')), current_setting('timezone'), "
            "TIMESTAMPTZ '2026-11-21 00:00Z' AT TIME ZONE 'Asia/Seoul'"
        ).fetchone()
    assert row is not None
    assert row[0] > 0
    assert row[1] == "UTC"
    assert row[2].hour == 9


def test_what_was_committed_survives_kill_9(server: OwnCluster) -> None:
    server.cluster.prepare()
    server.start()
    server.cluster.make_database("kept")
    with psycopg.connect(server.cluster.url("kept"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    server.kill()
    server.cluster.prepare()
    server.start()
    with psycopg.connect(server.cluster.url("kept")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_no_tcp_port_and_no_other_user(server: OwnCluster) -> None:
    server.cluster.prepare()
    server.start()
    with psycopg.connect(server.cluster.url("postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        rules = connection.execute("SELECT type, auth_method FROM pg_hba_file_rules").fetchall()
    assert set(rules) == {("local", "peer")}
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.cluster.url("postgres").replace("haedap@", "postgres@"))


async def test_the_supervisor_brings_it_back_after_kill_9(cluster: Cluster, tmp_path: Path) -> None:
    cluster.prepare()
    child = Child(postgres_service(cluster), tmp_path)
    await child.start(lambda: None)
    told: list[str] = []
    keeper = asyncio.create_task(child.stay_alive(lambda: None, told.append))
    try:
        first = child.pid
        ready = child.service.ready
        assert first is not None
        assert ready is not None
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(PATIENCE):
            while child.pid in {None, first} or not await ready():
                await asyncio.sleep(0.02)
        assert len(told) >= 1
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
        await child.stop()
    assert not cluster.answers()


def test_data_of_another_version_is_refused(cluster: Cluster) -> None:
    cluster.prepare()
    (cluster.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(OperationsError, match="PostgreSQL 12"):
        cluster.prepare()


def test_a_folder_of_somebody_else_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    cluster.sockets.symlink_to(tmp_path / "real")
    with pytest.raises(OperationsError, match="주인이 다른"):
        cluster.prepare()
