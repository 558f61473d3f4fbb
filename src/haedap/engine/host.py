"""Keeps a channel running, and starts it anew when a new reconciliation is wanted."""

import asyncio

import structlog

from haedap.channels.port import Channel, Post

_PAUSE = 1.0

_log = structlog.get_logger()


class ChannelHost:
    """Runs one channel until cancelled."""

    def __init__(self, channel: Channel, post: Post) -> None:
        self._channel = channel
        self._post = post
        self._running: asyncio.Task[None] | None = None
        self._again = False

    def reconcile(self) -> None:
        """Have the channel say anew what is true."""
        self._again = True
        if self._running is not None:
            self._running.cancel()

    async def run(self) -> None:
        """A channel that fails is started again after a pause."""
        while True:
            self._again = False
            self._running = asyncio.create_task(self._channel.run(self._post))
            try:
                await self._running
            except asyncio.CancelledError:
                told_to_end = (ours := asyncio.current_task()) is not None and ours.cancelling() > 0
                if told_to_end or not self._again:
                    raise
                continue
            except Exception:  # a channel's failure must not end the centre
                _log.exception("the channel failed and is started again")
            finally:
                await self._end()
            await asyncio.sleep(_PAUSE)

    async def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None and not running.done():
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
