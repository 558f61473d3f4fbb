"""What every request needs while Asterisk is connected."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog

from haedap.channels.port import Post
from haedap.channels.voice.ari import Ari, AriLostError, AriRefusedError
from haedap.channels.voice.calls import Calls

Clock = Callable[[], datetime]
_log = structlog.get_logger()


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Line:
    """One connection to Asterisk, the legs on it and where events go."""

    ari: Ari
    post: Post
    now: Clock
    calls: Calls = field(default_factory=Calls)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do `work` beside; a dead leg or a lost connection ends it quietly."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def try_ask(self, method: str, path: str, query: Mapping[str, str | int] | None = None) -> bool:
        """A request whose refusal only says that there is nothing left to do. Returns whether it was done."""
        try:
            await self.ari.ask(method, path, query)
        except AriRefusedError:
            return False
        return True

    async def close(self) -> None:
        """Drop what is still being done: the next connection finds out what became of it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, AriLostError | AriRefusedError):
            _log.error("voice: unexpected error", exc_info=error)
