"""What stands before every system, so that a sick one costs nobody else anything.

A time limit for the whole look-up; so many questions a second and so many at once; repetitions of what may pass, inside
the time; and a breaker that leaves a system alone after failures in a row and then tries it with one look-up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import stamina
from aiolimiter import AsyncLimiter

from haedap.connectors.configuration import Limits
from haedap.connectors.port import (
    Answer,
    Connector,
    ConnectorError,
    FailureCode,
    Manifest,
    Query,
    TemporaryFailure,
)

_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE = 1.0
_TIMEOUT = "{title} 시스템의 응답이 늦어지고 있습니다. 잠시 뒤 다시 확인해 드리거나 담당 부서로 연결해 드리겠습니다."
_BUSY = "{title} 조회가 몰려 잠시 기다려야 합니다. 조금 뒤 다시 확인해 드리겠습니다."
_BROKEN = "{title} 시스템에 장애가 있어 지금은 확인해 드리기 어렵습니다. 복구되는 대로 다시 안내해 드리겠습니다."


class Breaker:
    """Open after `failures` in a row, for `rest_seconds`; then one try decides. `clock`: seconds, never going back."""

    def __init__(self, failures: int, rest_seconds: float, clock: Callable[[], float]) -> None:
        self._most, self._rest, self._clock = failures, rest_seconds, clock
        self._failed = 0
        self._tried_at = 0.0

    @property
    def is_open(self) -> bool:
        return self._failed >= self._most

    def admit(self) -> bool:
        """Whether a look-up may go on. While it is open, one in every `rest_seconds` may, to try the system."""
        if not self.is_open:
            return True
        if self._clock() - self._tried_at < self._rest:
            return False
        self._tried_at = self._clock()
        return True

    def succeeded(self) -> None:
        self._failed = 0

    def failed(self) -> None:
        self._failed += 1
        self._tried_at = self._clock()


class Guarded:
    """A connector behind its guard; it is a connector itself. Belongs to one event loop."""

    def __init__(self, connector: Connector, limits: Limits, clock: Callable[[], float] | None = None) -> None:
        self._connector = connector
        self._limits = limits
        self._clock = clock
        self._breaker = Breaker(limits.failures, limits.rest_seconds, clock or _loop_time)
        self._rate = AsyncLimiter(max(1.0, limits.per_second), max(1.0, limits.per_second) / limits.per_second)
        self._places = asyncio.Semaphore(limits.at_once)

    @property
    def manifest(self) -> Manifest:
        """See `port.Connector`."""
        return self._connector.manifest

    @property
    def is_broken(self) -> bool:
        """Whether the system is being left alone."""
        return self._breaker.is_open

    async def close(self) -> None:
        """See `port.Connector`."""
        await self._connector.close()

    async def look_up(self, query: Query) -> Answer:
        """See `port.Connector`; within the limits."""
        if not self._breaker.admit():
            raise self._failure("the system is being left alone", _BROKEN, FailureCode.BROKEN)
        asked = False
        try:
            async with asyncio.timeout(self._limits.seconds), self._places:
                await self._rate.acquire()
                asked = True
                answer = await self._repeated(query)
        except TimeoutError:
            if not asked:
                raise self._failure("too many look-ups of this system", _BUSY, FailureCode.BUSY) from None
            self._breaker.failed()
            raise self._failure("no answer in time", _TIMEOUT, FailureCode.TIMEOUT) from None
        except TemporaryFailure:
            self._breaker.failed()
            raise
        except ConnectorError:
            self._breaker.succeeded()  # it answered, if only that it will not
            raise
        self._breaker.succeeded()
        return answer

    async def _repeated(self, query: Query) -> Answer:
        """Ask, and ask again after failures that may pass; each repetition counts against the rate as well."""
        attempts = stamina.retry_context(
            on=_may_pass,
            attempts=self._limits.attempts,
            timeout=None,
            wait_initial=_PAUSE_SECONDS,
            wait_max=_LONGEST_PAUSE,
            wait_jitter=_PAUSE_SECONDS,
        )
        async for attempt in attempts:
            with attempt:
                if attempt.num > 1:
                    await self._rate.acquire()
                return await self._connector.look_up(query)
        raise AssertionError("the last attempt returns or raises")  # pragma: no cover

    def _failure(self, reason: str, sentence: str, code: FailureCode) -> TemporaryFailure:
        return TemporaryFailure(reason, sentence.format(title=self.manifest.title), code, again=False)


def _may_pass(error: Exception) -> bool:
    return isinstance(error, TemporaryFailure) and error.again


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
