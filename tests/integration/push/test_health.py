"""The wallboard's status line: faults as they come and go, the database's own death included."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from websockets.asyncio.client import ClientConnection

from haedap.apps.wallboard.faults import ENGINES, FAULTS, HEALTH_CHANNEL, Level
from tests.integration.push.desks import People, Server, open_socket
from tests.support.own_cluster import OwnCluster, own_cluster
from tests.support.patience import PATIENCE


@pytest.fixture
def mortal() -> Iterator[OwnCluster]:
    folder = Path(tempfile.mkdtemp(prefix="hd-"))
    folder.chmod(0o755)
    with own_cluster(folder) as cluster:
        yield cluster
    shutil.rmtree(folder)


@asynccontextmanager
async def _board(server: Server, people: People) -> AsyncIterator[ClientConnection]:
    socket = await open_socket(server, people.sessions[people.supervisor])
    try:
        yield socket
    finally:
        await socket.close()


async def _told(socket: ClientConnection, *keys: str) -> dict[str, Any]:
    """The next health message that tells of just these faults."""
    async with asyncio.timeout(PATIENCE):
        while True:
            message: dict[str, Any] = json.loads(await socket.recv())
            if message["type"] == "health" and [line["key"] for line in message["faults"]] == list(keys):
                return message


def _write(url: str, **rows: dict[str, object]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM centre_health")
        for key, detail in rows.items():
            connection.execute("INSERT INTO centre_health VALUES (%s, now(), now(), %s)", (key, json.dumps(detail)))
        connection.execute("SELECT pg_notify(%s, '')", (HEALTH_CHANNEL,))


async def test_faults_come_and_go_in_words_the_gravest_first(people: People, server: Server) -> None:
    async with _board(server, people) as board:
        await _told(board)
        _write(people.url, disk_low={"free_mb": 900}, exchange_away={}, engines={"active": 7, "standby": True})
        message = await _told(board, "exchange_away", "disk_low")
        assert (message["engine"], message["standby"]) == (True, True)
        assert "900 MB" in message["faults"][1]["text"]
        assert "교환기" in message["faults"][0]["text"]
        assert message["faults"][0]["level"] == "fault"
        async with _board(server, people) as late:
            assert await _told(late, "exchange_away", "disk_low") == message
        _write(people.url, engines={"active": None, "standby": False})
        message = await _told(board)
        assert (message["engine"], message["standby"]) == (False, False)


async def test_a_strange_row_disturbs_nobody(people: People, server: Server) -> None:
    _write(people.url, of_a_later_version={}, disk_low={}, clock_jumped={"seconds": "%(x)s"})
    async with _board(server, people) as board:
        await _told(board, "disk_low", "clock_jumped")


async def test_the_death_of_the_database_is_told_and_its_return(people: People, mortal: OwnCluster) -> None:
    """Log-ins stay in the database of `people`; the hub's own is killed and started again."""
    async with Server(mortal.url).running() as server, _board(server, people) as board:
        await _told(board)
        mortal.kill()
        await _told(board, "database_away")
        mortal.start()
        await _told(board)


def test_every_fault_has_its_words() -> None:
    assert ENGINES not in FAULTS
    for fault in FAULTS.values():
        assert fault.level in Level
        assert fault.says.endswith(".")
        assert fault.remedy.endswith(".")
