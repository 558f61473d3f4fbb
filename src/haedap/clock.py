"""The centre's time: it follows the wall clock, but never jumps with it.

Ring times, wrap-ups and waits are lengths of time. When the machine's clock is set an hour ahead they must not all be
over at once, and when it is set back they must not stand still. So the centre's clock runs by the monotonic one and
takes up a difference to the wall clock at a tenth of the speed of time: it never goes back, and no length of time is
wrong by more than a tenth.

The engine writes the record by it. Whoever compares the record with "now", or writes a moment beside it (a note, a
flag, an alarm's step), asks `centre_time`. What the wall clock promises to the outside (terms of law, articles' days,
signed addresses) stays with the wall clock, `django.utils.timezone.now`.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

SLEW = 0.1
"""How much faster or slower than time the clock runs while it takes up a difference."""
AHEAD = "HAEDAP_CLOCK_AHEAD"
"""How `haedap run` tells a process that it starts, in seconds, how far the centre's time is before the wall clock."""
_SAME = timedelta(milliseconds=50)
_ASK_EVERY = 1.0


def wall_time() -> datetime:
    """The machine's clock, in UTC: it may jump, ahead and back."""
    return datetime.now(UTC)


class SteadyClock:
    """Call it for the time. `wall` is the machine's clock, `monotonic` counts seconds evenly.

    `ahead`: how far before the wall clock it begins, to go on as another steady clock did.
    """

    def __init__(
        self, wall: Callable[[], datetime], monotonic: Callable[[], float], ahead: timedelta = timedelta()
    ) -> None:
        self.wall = wall
        self._monotonic = monotonic
        self._counted = monotonic()
        self._now = wall() + ahead

    def __call__(self) -> datetime:
        """The time, never earlier than at the last call."""
        counted = self._monotonic()
        passed = timedelta(seconds=max(counted - self._counted, 0.0))
        self._counted = counted
        behind = self.wall() - (self._now + passed)
        most = passed * SLEW
        self._now += passed + max(min(behind, most), -most)
        return self._now

    @property
    def ahead(self) -> timedelta:
        """How far this clock is before the wall clock; negative when it is behind."""
        return self() - self.wall()

    def of_wall(self, at: datetime) -> datetime:
        """What this clock said when the wall clock said `at`, for moments that have just been."""
        ahead = self.ahead
        return at + ahead if abs(ahead) > _SAME else at

    def not_before(self, at: datetime) -> None:
        """`at` was told already, by another clock."""
        self._now = max(self(), at)


def centre_time() -> datetime:
    """The centre's time now, in any thread of a process that `haedap run` started; the wall clock's in any other.

    A process that keeps it up is with the engine to a tenth of a second, even after a jump.
    """
    clock, lock = _of_process()
    with lock:
        return clock()


async def keep_up(clock: Callable[[], datetime]) -> None:
    """Ask `clock` every second, until cancelled: else, after an hour of silence, it takes up six minutes at once."""
    while True:
        clock()
        await asyncio.sleep(_ASK_EVERY)


def told_ahead() -> timedelta:
    """How far before the wall clock the centre's time was when this process was started."""
    return timedelta(seconds=float(os.environ.get(AHEAD, "0")))


@cache
def _of_process() -> tuple[SteadyClock, threading.Lock]:
    return SteadyClock(wall_time, time.monotonic, told_ahead()), threading.Lock()
