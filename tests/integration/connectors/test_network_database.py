"""A database over the network: the reader comes in with its password, and a wrong one is told from a dead server."""

import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest

from haedap.config import get_settings
from haedap.connectors.port import FailureCode, Misconfigured, TemporaryFailure
from haedap.connectors.registry import build
from haedap.operations import cluster
from tests.support.city import WORLD, TestCity, a_city, ask

CALLER = "+821000001234"


@pytest.fixture(scope="module")
def city() -> Iterator[TestCity]:
    """A city whose databases are on a server of its own, which listens on the network and wants passwords."""
    with socket.socket() as probe, TemporaryDirectory(prefix="hd-") as name, pytest.MonkeyPatch.context() as patch:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        home = Path(name)
        home.chmod(0o755)
        access = home / "access.conf"
        access.write_text(
            f"local all {cluster.ROLE} peer map={cluster.ROLE}\nhost all all 127.0.0.1/32 scram-sha-256\n"
        )
        options = (f"hba_file={access}", "listen_addresses=127.0.0.1", f"port={port}")
        patch.setattr(cluster, "THROWAWAY", (*cluster.THROWAWAY, *options))
        patch.setattr(cluster.Cluster, "url", lambda own, name="haedap": _url(own.sockets, port, name))
        probe.close()
        with cluster.throwaway_cluster(get_settings().cache, home / "pg") as server:
            with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
                connection.execute(f"ALTER ROLE {cluster.ROLE} PASSWORD 'owner'")
            with a_city(f"postgresql://{cluster.ROLE}:owner@127.0.0.1:{port}/postgres") as found:
                yield found


def _url(sockets: Path, port: int, name: str) -> str:
    return f"postgresql://{cluster.ROLE}@/{name}?host={sockets}&port={port}"


def _changed(city: TestCity, **system: Any) -> dict[str, Any]:
    configuration = city.configuration("water")
    return {**configuration, "system": {**configuration["system"], **system}}


async def test_the_reader_comes_in_with_its_password(city: TestCity) -> None:
    assert (await ask(city.connector("water"), telephone=CALLER)).records


async def test_who_is_not_let_in(city: TestCity) -> None:
    wrong_password = build(city.configuration("water"), {"password": "wrong"}, WORLD)
    other_database = build(_changed(city, database="nowhere"), city.secrets("water"), WORLD)
    for connector in (wrong_password, other_database):
        with pytest.raises(Misconfigured) as caught:
            await ask(connector, telephone=CALLER)
        assert caught.value.failure is FailureCode.KEY
        assert "wrong" not in str(caught.value)


async def test_a_server_without_tls_is_not_spoken_to_when_tls_is_wanted(city: TestCity) -> None:
    with pytest.raises(TemporaryFailure) as caught:
        await ask(build(_changed(city, encryption="verify-full"), city.secrets("water"), WORLD), telephone=CALLER)
    assert caught.value.failure is FailureCode.UNREACHABLE
