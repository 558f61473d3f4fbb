"""Performs decisions: those of one contact in order, those of different contacts at the same time."""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

import structlog

from haedap.channels.port import Channel
from haedap.domain.decisions import AnyDecision, OfferContact
from haedap.domain.ids import ContactId
from haedap.domain.plan import Plan

_PATIENCE = 30.0
"""Seconds that a channel may take for one request."""


class Preparation(NamedTuple):
    """An offer that is not committed yet."""

    offer: OfferContact


Item = AnyDecision | Preparation | Plan

_NO_CONTACT = ContactId("")
"""The lane of plans."""

_log = structlog.get_logger()


class Performer:
    """One lane for each contact that has requests outstanding."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._lanes: dict[ContactId, deque[Item]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(self, decisions: Iterable[AnyDecision]) -> None:
        """Perform these, which are committed, after what was submitted for their contacts before. Returns at once."""
        for decision in decisions:
            self._append(decision.contact, decision)

    def prepare(self, offers: Iterable[OfferContact]) -> None:
        """Prepare these, which are being committed, after what was submitted for their contacts. Returns at once."""
        for offer in offers:
            self._append(offer.contact, Preparation(offer))

    def tell(self, plan: Plan) -> None:
        """Tell the channel of a new plan, after those before it. Returns at once."""
        self._append(_NO_CONTACT, plan)

    async def finish(self, seconds: float) -> None:
        """Wait until all is performed, at most `seconds`; then give up what is left."""
        tasks = tuple(self._tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _append(self, contact: ContactId, item: Item) -> None:
        lane = self._lanes.get(contact)
        if lane is not None:
            lane.append(item)
            return
        self._lanes[contact] = lane = deque((item,))
        task = asyncio.create_task(self._work(contact, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, contact: ContactId, lane: deque[Item]) -> None:
        try:
            while lane:
                await self._perform(lane.popleft())
        finally:
            del self._lanes[contact]

    async def _perform(self, item: Item) -> None:
        kind = type(item).__name__
        try:
            async with asyncio.timeout(_PATIENCE):
                match item:
                    case Plan():
                        await self._channel.plan_changed(item)
                    case Preparation():
                        await self._channel.prepare(item.offer)
                    case _:
                        await self._channel.perform(item)
        except TimeoutError:
            _log.error("the channel did not answer a request in time", kind=kind)
        except Exception:
            _log.exception("a request to the channel failed", kind=kind)
