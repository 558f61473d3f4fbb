"""`haedap doctor` against a real Asterisk, registered at a provider or not, and against nothing at all."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
import pytest

from haedap.clock import SteadyClock
from haedap.config import Settings, load_settings
from haedap.operations.checks import modules, trunk
from haedap.operations.child import Child
from haedap.operations.services import asterisk_service
from haedap.operations.users import give, make_folder, service_user
from haedap.operations.watch import Watch
from tests.support.centre import a_centre
from tests.support.patience import PATIENCE
from tests.telephony.support.message import Message, digest_fields, digest_response, parse, reply

PASSWORD = "cl;ose-to 지키미"


@dataclass
class Registrar:
    """A provider: answers no REGISTER until it accepts each that proves the password. For some seconds only."""

    wire: socket.socket
    accepts: threading.Event
    password: str = PASSWORD

    def answer(self) -> None:
        """Serve until a datagram says `end`."""
        while True:
            data, peer = self.wire.recvfrom(65_536)
            if data == b"end":
                return
            if self.accepts.is_set():
                self.wire.sendto(self._answer(parse(data)).encode(), peer)

    def _answer(self, request: Message) -> Message:
        given = digest_fields(request.get("Authorization"))
        if given and given["response"] == digest_response(given, "REGISTER", self.password):
            answer = reply(request, "200 OK", "provider", request["Contact"])
            answer.headers.append(("Expires", "12"))
        else:
            answer = reply(request, "401 Unauthorized", "provider", request["Contact"])
            fields = f'realm="provider.example", nonce="{uuid.uuid4().hex}", algorithm=MD5, qop="auth"'
            answer.headers.append(("WWW-Authenticate", f"Digest {fields}"))
        return answer


@pytest.fixture
def registrar() -> Iterator[Registrar]:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as wire:
        wire.bind(("127.0.0.1", 0))
        provider = Registrar(wire, threading.Event())
        thread = threading.Thread(target=provider.answer, daemon=True)
        thread.start()
        yield provider
        wire.sendto(b"end", wire.getsockname())
        thread.join(PATIENCE)


@asynccontextmanager
async def _asterisk(settings: Settings) -> AsyncIterator[None]:
    user = service_user()
    for folder in (settings.state, settings.runtime, settings.logs, settings.recordings, settings.prompts):
        make_folder(folder, user)
    child = Child(asterisk_service(settings, user), settings.logs)
    give(settings.state, user)
    await child.start(lambda: None)
    try:
        yield
    finally:
        await child.stop()


async def test_a_trunk_without_registration_is_well_and_modules_run() -> None:
    with a_centre() as centre:
        settings = load_settings(centre.environment)
        async with _asterisk(settings):
            seen = await asyncio.to_thread(trunk, settings)
            running = await asyncio.to_thread(modules, settings)
    assert seen.ok
    assert "127.0.0.2/32" in seen.found
    assert running.ok
    assert "실행 중" in running.found


async def test_a_missing_registration_stands_on_the_wallboard_until_it_is_there(
    registrar: Registrar, database: str
) -> None:
    """Said with what to do by the doctor; the wallboard's row comes and goes with it. A password that is not taken any
    more is told from a provider who does not answer."""
    provider = f"sip:127.0.0.1:{registrar.wire.getsockname()[1]}"
    with a_centre(
        DATABASE_URL=database,
        HAEDAP_TRUNK_REGISTRAR=provider,
        HAEDAP_TRUNK_USER="centre",
        HAEDAP_TRUNK_PASSWORD=PASSWORD,
    ) as centre:
        settings = load_settings(centre.environment)
        watch = Watch(settings, SteadyClock(lambda: datetime.now(UTC), time.monotonic))
        async with _asterisk(settings), asyncio.timeout(PATIENCE):
            finding = await asyncio.to_thread(trunk, settings)
            assert "등록 안 됨" in finding.found
            assert "HAEDAP_TRUNK_REGISTRAR" in finding.mend
            await asyncio.to_thread(watch.look)
            assert "trunk_unregistered" in _rows(database)
            registrar.accepts.set()
            while "trunk_unregistered" in _rows(database):
                await asyncio.sleep(0.2)
                await asyncio.to_thread(watch.look)
            assert (await asyncio.to_thread(trunk, settings)).ok
            registrar.password = "another"
            while (finding := await asyncio.to_thread(trunk, settings)).ok:
                await asyncio.sleep(0.2)
            assert "거절" in finding.found
            assert "HAEDAP_TRUNK_PASSWORD" in finding.mend
            await asyncio.to_thread(watch.look)
            assert "trunk_unregistered" in _rows(database)
    assert "exchange_away" not in _rows(database)


def _rows(database: str) -> set[str]:
    with psycopg.connect(database) as connection:
        return {key for (key,) in connection.execute("SELECT key FROM centre_health").fetchall()}


def test_a_centre_that_does_not_run_is_examined_without_a_traceback() -> None:
    with a_centre() as centre:
        done = centre.command("doctor", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert done.stderr == ""
    found = {check["name"]: check for check in report["checks"]}
    assert found["python"]["ok"]
    assert found["ports"]["ok"]
    assert not found["database"]["ok"]
    assert found["database"]["mend"]
    assert all(check["ok"] or check["mend"] for check in report["checks"])


def test_a_taken_port_is_named() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        a_centre(HAEDAP_WEB_PORT=str(other.getsockname()[1])) as centre,
    ):
        report = json.loads(centre.command("doctor", "--json").stdout)
    ports = next(check for check in report["checks"] if check["name"] == "ports")
    assert not ports["ok"]
    assert "HAEDAP_WEB_PORT" in ports["mend"]


def test_information_without_a_running_database() -> None:
    with a_centre(HAEDAP_MAIN_NUMBER="+82200000199") as centre:
        info = centre.info()
        plain = centre.command("info")
    assert info["main_number"] == "02-0000-0199"
    assert info["database"]["reachable"] is False
    assert plain.returncode == 0
    assert "02-0000-0199" in plain.stdout
