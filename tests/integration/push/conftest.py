from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from tests.integration.push.desks import People, Projector, Server

# Imports stand in the fixtures: pytest reads this file before Django is set up.


@pytest.fixture
def people(orm_database: str) -> People:
    from tests.integration.push.desks import make_people

    return make_people(orm_database)


@pytest_asyncio.fixture
async def server(people: People) -> AsyncIterator[Server]:
    from tests.integration.push.desks import Server

    async with Server(people.url).running() as running:
        yield running


@pytest_asyncio.fixture
async def projector(people: People) -> AsyncIterator[Projector]:
    from tests.integration.push.desks import Projector

    async with Projector.at(people.url) as writing:
        yield writing
