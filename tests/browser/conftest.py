"""One whole centre and one Chromium for the session; people and windows of its own for each test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from tests.browser.support.chromium import chromium, person
from tests.browser.support.citizen import ADDRESS
from tests.browser.support.numbers import add_numbers, send_all_home
from tests.browser.support.pages import Desk
from tests.support.centre import Centre, a_centre
from tests.support.ports import free_ports

Hire = Callable[[str], Awaitable[Desk]]


@pytest.fixture(scope="session")
def line_out() -> str:
    """Where the trunk leads: an address of the citizens'."""
    return f"{ADDRESS}:{free_ports(1, ADDRESS)[0]}"


@pytest.fixture(scope="session")
def centre(line_out: str) -> Iterator[Centre]:
    """The demonstration centre, by `haedap run`."""
    with a_centre(HAEDAP_TRUNK_HOST=line_out, HAEDAP_FAKE_CITY="yes") as centre:
        centre.start()
        centre.wait_ready()
        with psycopg.connect(database_of(centre), autocommit=True) as connection:
            add_numbers(connection)
        yield centre


def database_of(centre: Centre) -> str:
    return f"postgresql://haedap@/haedap?host={centre.runtime}"


@pytest.fixture(scope="session")
def sip(centre: Centre) -> tuple[str, int]:
    """Where its telephone line is."""
    found = centre.info()["sip"]
    return str(found["host"]), int(found["udp_port"])


@pytest.fixture
def database(centre: Centre) -> Iterator[psycopg.Connection[Any]]:
    """The centre's database, to look at."""
    with psycopg.connect(database_of(centre), autocommit=True) as connection:
        yield connection


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def someone(browser: Browser, centre: Centre) -> AsyncIterator[Callable[[], Awaitable[BrowserContext]]]:
    """Gives another person a computer."""
    async with AsyncExitStack() as stack:

        async def give() -> BrowserContext:
            context = await person(browser, centre.url)
            stack.push_async_callback(context.close)
            return context

        yield give


@pytest_asyncio.fixture(loop_scope="session")
async def hire(
    someone: Callable[[], Awaitable[BrowserContext]], database: psycopg.Connection[Any]
) -> AsyncIterator[Hire]:
    """Puts an agent at a desk, ready to take calls. Afterwards everybody goes home, whatever they were doing."""

    async def agent(username: str) -> Desk:
        desk = await Desk.of(await someone(), username)
        await desk.take_calls()
        return desk

    yield agent
    await asyncio.to_thread(send_all_home, database)
