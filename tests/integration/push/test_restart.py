"""The hub over the death and return of its PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.integration.push.desks import (
    Desk,
    People,
    Projector,
    Server,
    agent_row,
    contact_row,
    refetched,
    until,
)
from tests.support.own_cluster import OwnCluster, own_cluster


@pytest.fixture
def mortal() -> Iterator[OwnCluster]:
    folder = Path(tempfile.mkdtemp(prefix="hd-"))
    folder.chmod(0o755)
    with own_cluster(folder) as cluster:
        yield cluster
    shutil.rmtree(folder)


async def test_screens_outlive_a_crash_of_postgresql(people: People, mortal: OwnCluster) -> None:
    """Log-ins stay in the database of `people`; the hub's own is killed and started again."""
    _copy_agents(mortal.url, people)
    viewers = (people.first, people.second, people.supervisor)
    before, changed = contact_row("engaged", people.first), contact_row("waiting")
    async with Server(mortal.url).running() as server:
        async with Projector.at(mortal.url) as projector:
            await projector.write([before, changed], [agent_row(people.first, "engaged")])
            seq = projector.seq
            desks = [await Desk(server, people.sessions[each]).open() for each in viewers]
            await until(lambda: all(desk.seq == seq for desk in desks))
            mortal.kill()
        mortal.start()
        async with Projector.at(mortal.url) as projector:
            projector.seq = seq
            changed.state, before.state = "offered", "ended"
            await projector.write([before, changed], [agent_row(people.first, "wrap_up")])
            await until(lambda: all(desk.seq == projector.seq for desk in desks))
            await projector.write([contact_row()], [agent_row(people.second)])
            await until(lambda: all(desk.seq == projector.seq for desk in desks))
        for desk, viewer in zip(desks, viewers, strict=True):
            assert desk.closed_with is None
            assert desk.state == await refetched(server, people.sessions[viewer])
            assert len(desk.contacts) == 2
        for desk in desks:
            await desk.close()


def _copy_agents(url: str, people: People) -> None:
    """The same accounts in the hub's database, which it joins to the agents' states."""
    with psycopg.connect(people.url) as known, psycopg.connect(url, autocommit=True) as mortal:
        for number, name in known.execute("SELECT id, name FROM account").fetchall():
            mortal.execute(
                "INSERT INTO account (id, username, name, role, password) VALUES (%s, %s, %s, 'agent', '!')",
                (number, name, name),
            )
