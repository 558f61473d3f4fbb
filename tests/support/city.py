"""The fake city for tests: real servers in a thread of this process, on a free port, with faults on request."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import httpx

from haedap.connectors.configuration import Limits
from haedap.connectors.configured import ConfiguredConnector, World
from haedap.connectors.guard import Guarded
from haedap.connectors.kinds.saeol import NoEnvelope
from haedap.connectors.port import Answer, Query
from haedap.connectors.registry import build
from haedap.fake_city.addresses import DemoSystem, systems_at
from haedap.fake_city.serve import Running, Wanted, fake_city
from haedap.plain_http import NO_CERTIFICATES
from tests.support.patience import PATIENCE

TODAY = date(2026, 11, 22)
PASSWORD = "only-in-tests"
WORLD = World(
    now=lambda: datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC),
    serial=lambda length: "7" * length,
    envelopes={"none": NoEnvelope()},
)


@dataclass(frozen=True)
class TestCity:
    """A fake city that answers."""

    __test__ = False
    address: str
    server_url: str
    told: list[str] = field(default_factory=list)

    def tell(self, system: str, **behaviour: Any) -> None:
        """Change how a system behaves, as anybody can: by its control address."""
        answer = self.control.put(f"/control/{system}", json=behaviour)
        assert answer.is_success, answer.text
        self.told.append(system)

    def heal(self) -> None:
        """All systems as they were."""
        if self.told:
            assert self.control.delete("/control").is_success
            self.told.clear()

    @cached_property
    def control(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=PATIENCE, trust_env=False, verify=NO_CERTIFICATES)

    def configuration(self, key: str) -> dict[str, Any]:
        return self._system(key).configuration

    def secrets(self, key: str) -> dict[str, str]:
        return self._system(key).secrets

    def connector(self, key: str, **changes: Any) -> ConfiguredConnector:
        """A shipped system; `changes` replace sections of its configuration."""
        return build({**self.configuration(key), **changes}, self.secrets(key), WORLD)

    def guarded(self, key: str, **limits: Any) -> Guarded:
        return Guarded(self.connector(key, limits=limits), Limits(**limits))

    def _system(self, key: str) -> DemoSystem:
        return self._systems[key]

    @cached_property
    def _systems(self) -> dict[str, DemoSystem]:
        systems = systems_at(self.address, self.server_url, PASSWORD)
        return {system.configuration["key"]: system for system in systems}


async def ask(connector: ConfiguredConnector | Guarded, **subject: str) -> Answer:
    """One look-up; the connector is closed behind it."""
    try:
        return await connector.look_up(Query(subject=subject, on=TODAY))
    finally:
        await connector.close()


@contextmanager
def a_city(server_url: str, *, people: int = 1300) -> Iterator[TestCity]:
    """A fake city over the databases of this server; 1234 is one of its people."""
    complaints: list[str] = []
    wanted = Wanted(
        port=0,
        seed=1,
        people=people,
        today=lambda: TODAY,
        server_url=server_url,
        reader_password=PASSWORD,
        tell=complaints.append,
    )
    started: list[Running] = []
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with fake_city(wanted) as running:
            started.append(running)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(PATIENCE), complaints
        assert not complaints
        city = TestCity(f"http://127.0.0.1:{started[0].port}", server_url)
        with city.control:
            yield city
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE)
        loop.close()
