"""What every request needs while Asterisk is connected."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

import structlog

from haedap.channels.port import Post
from haedap.channels.voice.ari import Ari, AriLostError, AriRefusedError
from haedap.channels.voice.calls import Calls
from haedap.channels.voice.recordings import Recordings
from haedap.domain.ids import ContactId, OfferId

Clock = Callable[[], datetime]
_log = structlog.get_logger()


@dataclass(slots=True)
class Line:
    """The connections to Asterisk, the legs on them and where events go.

    Asterisk does the requests of one connection one after the other, and to ring a telephone takes it a while: so that
    no contact waits for another's requests, contacts are spread over `lanes`. `ari` is for all that has no contact.
    """

    ari: Ari
    lanes: Sequence[Ari]
    post: Post
    now: Clock
    recordings: Recordings
    calls: Calls = field(default_factory=Calls)
    prepared: set[OfferId] = field(default_factory=set)
    """Offers that have been seen to, and are still to be performed."""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _turns: WeakValueDictionary[ContactId, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do `work` beside; a dead leg or a lost connection ends it quietly."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def turn(self, contact: ContactId) -> asyncio.Lock:
        """Held by whoever changes who hears what in this contact, until they are through with it.

        Decisions come one after the other, but an agent who answers and a leg that ends wait for none of them. Without
        turns, what was read before an answer of Asterisk came would not be true any more after it.
        """
        return self._turns.setdefault(contact, asyncio.Lock())

    def spawn_in_turn(self, contact: ContactId, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """As `spawn`, after all who asked for a turn before."""

        async def take_turn() -> None:
            async with self.turn(contact):
                await work()

        self.spawn(take_turn())

    def lane(self, contact: ContactId) -> Ari:
        """Where the requests of this contact and its legs are made, in order."""
        return self.lanes[hash(contact) % len(self.lanes)]

    async def try_ask(
        self, method: str, path: str, query: Mapping[str, str | int] | None = None, *, contact: ContactId | None
    ) -> bool:
        """A request whose refusal only says that there is nothing left to do. Returns whether it was done."""
        ari = self.ari if contact is None else self.lane(contact)
        try:
            await ari.ask(method, path, query)
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
