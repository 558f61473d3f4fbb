"""The inbox: whatever happens outside waits here for the engine, in order, checked and bounded."""

import asyncio
from collections import deque
from datetime import timedelta
from uuid import UUID

import msgspec
import structlog

from haedap.clock import SteadyClock
from haedap.domain.codec import encode
from haedap.domain.events import AnyEvent, ChannelReconciled
from haedap.domain.plan import Plan
from haedap.store.commands import Command, Outcome
from haedap.store.rows import contact_of

MOST_EVENTS = 100_000
"""Some minutes of a busy centre; beyond that only a new reconciliation can tell what is true."""
_FUTURE = timedelta(seconds=5)
_LARGEST_AGENT = 2**31
_NUL = b"\\u0000"

_log = structlog.get_logger()


class Finished(msgspec.Struct, frozen=True):
    """An administrator's command that was carried out beside the router; `plan`: the one that it read, if it did."""

    outcome: Outcome
    plan: Plan | None = None


Item = AnyEvent | Command | Finished


class Inbox:
    """Filled by channels and commands, emptied by the engine, all on one event loop.

    What comes in bears the time of the wall clock; what goes out bears that of the engine's own, which never jumps.
    Time is no item: when it has come is for the engine to see, so under load time never crowds out events.
    """

    def __init__(self, clock: SteadyClock, most: int = MOST_EVENTS) -> None:
        self._clock = clock
        self._most = most
        self._items: deque[Item] = deque()
        self._wake = asyncio.Event()
        self.overflowed = False
        """Whether events were dropped since this was last set to False."""

    def __len__(self) -> int:
        return len(self._items)

    def post(self, event: AnyEvent) -> None:
        """An event from a channel. One that cannot be journaled is dropped with a line in the log; never raises."""
        checked = self._checked(event)
        if checked is None:
            return
        if len(self._items) >= self._most:
            if not self.overflowed:
                _log.error("too many events wait; new ones are dropped until the channels are asked anew")
            self.overflowed = True
            return
        self._append(checked)

    def put(self, item: Item) -> None:
        """A command or its end: there are few, so they are never dropped."""
        if isinstance(item, Command):
            item = msgspec.structs.replace(item, created_at=self._clock.of_wall(item.created_at))
        self._append(item)

    def _append(self, item: Item) -> None:
        self._items.append(item)
        self._wake.set()

    def take(self, most: int) -> list[Item]:
        """Up to `most` items, oldest first."""
        return [self._items.popleft() for _ in range(min(most, len(self._items)))]

    async def wait(self, seconds: float | None) -> None:
        """Return when there is an item, when `seconds` are over, or after `wake`."""
        if self._items:
            return
        loop = asyncio.get_running_loop()
        timer = loop.call_later(seconds, self._wake.set) if seconds is not None else None
        try:
            await self._wake.wait()
        finally:
            self._wake.clear()
            if timer is not None:
                timer.cancel()

    def wake(self) -> None:
        """End the present or the next `wait`."""
        self._wake.set()

    def _checked(self, event: AnyEvent) -> AnyEvent | None:
        """The event, fit for the journal; its time is never far in the future, which would ring all alarms at once."""
        try:
            now, at = self._clock(), self._clock.of_wall(event.at)
            event = msgspec.structs.replace(event, at=now if at > now + _FUTURE else at)
            if isinstance(event, ChannelReconciled) and event.since is not None:
                event = msgspec.structs.replace(event, since=self._clock.of_wall(event.since))
            contact = contact_of(event)
            fit = contact is None or str(UUID(contact)) == contact
            fit = fit and abs(getattr(event, "agent", 0)) < _LARGEST_AGENT and _NUL not in encode(event)
        except (ValueError, TypeError, AttributeError):
            fit = False
        if not fit:
            _log.warning("an event that cannot be journaled is dropped", kind=type(event).__name__)
        return event if fit else None
