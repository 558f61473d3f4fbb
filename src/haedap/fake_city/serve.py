"""Runs the fake city: its databases are made first, then its web systems are served."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date

import msgspec
import uvicorn

from haedap import __version__
from haedap.fake_city import FakeCityError, database
from haedap.fake_city.answers import City
from haedap.fake_city.faults import Behaviour, Behaviours
from haedap.fake_city.people import household
from haedap.fake_city.server import ALL_SYSTEMS, FakeCity

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How the fake city is to be. `port` 0: any that is free. `server_url`: where databases can be made, or None."""

    port: int
    seed: int
    people: int
    today: Callable[[], date]
    server_url: str | None = field(repr=False)
    reader_password: str = field(repr=False)
    tell: Callable[[str], None]
    """Takes a Korean sentence about what is missing."""
    usual_delay_ms: int = 0
    behaviours: Mapping[str, Behaviour] = field(default_factory=dict)


class Running(msgspec.Struct, frozen=True):
    """A city that answers."""

    port: int
    systems: tuple[str, ...]


@asynccontextmanager
async def fake_city(wanted: Wanted) -> AsyncIterator[Running]:
    """Serve as long as the body lasts. Raises FakeCityError when the port cannot be had.

    Where databases cannot be made, `tell` says so and the web systems are served alone.
    """
    listener = _listen(wanted.port)
    try:
        url = await asyncio.to_thread(_databases, wanted)
        city = City(seed=wanted.seed, people=wanted.people, today=wanted.today)
        application = FakeCity(city, Behaviours(ALL_SYSTEMS, wanted.usual_delay_ms), url)
        for system, behaviour in wanted.behaviours.items():
            await application.tell(system, behaviour)
        configuration = uvicorn.Config(
            application, log_level="critical", access_log=False, lifespan="off", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(configuration)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            while not server.started and not serving.done():
                await asyncio.sleep(0.01)
            yield Running(listener.getsockname()[1], ALL_SYSTEMS if url else ALL_SYSTEMS[len(database.SYSTEMS) :])
        finally:
            server.should_exit = server.force_exit = True
            await serving
    finally:
        listener.close()


def _databases(wanted: Wanted) -> str | None:
    if wanted.server_url is None:
        return None
    today = wanted.today()
    people = (household(number, wanted.seed, today) for number in range(wanted.people))
    try:
        mark = f"{__version__} {today} {wanted.seed} {wanted.people}"
        url = database.prepare(wanted.server_url, wanted.reader_password, mark, people)
    except FakeCityError as error:
        wanted.tell(f"{error} SQL 뷰 없이 엽니다.")
        return None
    database.tell(url, dict.fromkeys(database.SYSTEMS, Behaviour(delay_ms=wanted.usual_delay_ms)))
    return url


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # said, so that TCP_NODELAY is set
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise FakeCityError(
            f"포트 {port}번을 다른 프로그램이 쓰고 있습니다. --port로 다른 번호를 지정하십시오."
        ) from None
    return listener
