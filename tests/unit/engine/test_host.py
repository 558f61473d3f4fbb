"""A channel is asked anew by being ended and begun again; who is told to end meanwhile ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import pytest

from haedap.engine.host import ChannelHost
from tests.support.patience import PATIENCE

if TYPE_CHECKING:
    from haedap.channels.port import Channel, Post


class SlowToEnd:
    """A channel whose connections take a while to close."""

    def __init__(self) -> None:
        self.runs = 0
        self.begun = asyncio.Event()
        self.ending = asyncio.Event()
        self.may_end = asyncio.Event()

    async def run(self, _post: Post) -> None:
        self.runs += 1
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ending.set()
            await self.may_end.wait()


async def test_a_channel_is_begun_again_to_be_asked_anew() -> None:
    channel = SlowToEnd()
    channel.may_end.set()
    host = ChannelHost(cast("Channel", channel), print)
    running = asyncio.create_task(host.run())
    await channel.begun.wait()
    channel.begun.clear()
    host.reconcile()
    await channel.begun.wait()
    assert channel.runs == 2
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_who_is_told_to_end_while_it_is_asked_anew_ends() -> None:
    channel = SlowToEnd()
    host = ChannelHost(cast("Channel", channel), print)
    running = asyncio.create_task(host.run())
    await channel.begun.wait()
    host.reconcile()
    await channel.ending.wait()
    running.cancel()
    channel.may_end.set()
    await asyncio.wait((running,), timeout=PATIENCE)
    assert running.cancelled()
    assert channel.runs == 1, "another engine may have the calls already"
