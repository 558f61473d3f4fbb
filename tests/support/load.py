"""A centre under load: agents who take every call at once, and what must hold of the journal however it went."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping

from haedap.domain.ids import AgentId
from haedap.store.projector import rebuild
from tests.support.engine import KOREA, QUEUE_AT_ONCE, journaled, make_centre, read_models, replayed
from tests.support.exchange import Answering, Exchange
from tests.support.patience import PATIENCE


def busy_centre(url: str, agents: int, flow: Mapping[str, object] = QUEUE_AT_ONCE) -> Exchange:
    """A centre in the database, and an exchange whose `agents` answer at once."""
    make_centre(url, agents=agents, flow=flow)
    exchange = Exchange()
    exchange.answering = {AgentId(number): Answering.AT_ONCE for number in range(1, agents + 1)}
    return exchange


def let_go(exchange: Exchange) -> None:
    """The agents who talk hang up."""
    for leg in [leg for leg in exchange.legs.values() if leg.joined]:
        exchange.end_agent_leg(leg.offer)


async def serve_everybody(exchange: Exchange) -> None:
    """Agents hang up as soon as they talk, until nobody is left."""
    async with asyncio.timeout(PATIENCE):
        while exchange.calls or exchange.legs:
            let_go(exchange)
            await asyncio.sleep(0.005)


async def assert_nothing_lost_or_doubled(url: str, contacts: list[str]) -> None:
    """Every contact was opened and closed once; replay gives the same journal, a rebuild the same tables."""
    rows = await journaled(url)
    opened = Counter(data["contact"] for _, name, data in rows if name == "ContactOpened")
    closed = Counter(data["contact"] for _, name, data in rows if name == "ContactClosed")
    assert opened == closed == Counter(contacts)
    _, again = await replayed(url)
    assert again == rows
    before = await read_models(url)
    assert len(before["contact"]) == len(contacts)
    await rebuild(url, recorded_in=KOREA)
    assert await read_models(url) == before
