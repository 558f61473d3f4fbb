"""The guard on a virtual clock: time limit, rate, places, repetitions, and a breaker that opens and heals."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, date, datetime
from typing import Any

import pytest

from haedap.connectors.configuration import Limits
from haedap.connectors.guard import Breaker, Guarded
from haedap.connectors.port import (
    Answer,
    ConnectorError,
    FailureCode,
    Manifest,
    Misconfigured,
    PermanentFailure,
    Query,
    TemporaryFailure,
)

QUERY = Query(subject={}, on=date(2026, 11, 22))
FOUND = Answer(records=(), read_out="없습니다.", fetched_at=datetime(2026, 11, 22, tzinfo=UTC))
SICK = TemporaryFailure("sick", "잠시 뒤 다시 확인해 드리겠습니다.", FailureCode.SYSTEM)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its time jumps to the next thing that is due as soon as there is nothing else to do."""

    _now = 1000.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        loop: Any = self
        if not loop._ready and loop._scheduled:
            self._now = max(self._now, loop._scheduled[0]._when)
        loop_class: Any = asyncio.SelectorEventLoop
        loop_class._run_once(self)


def on_virtual_time(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(work())


class System:
    """A connector that does what it is told."""

    manifest = Manifest(key="tax", title="지방세", kind="test")

    def __init__(self, does: Callable[[], Awaitable[Answer]]) -> None:
        self.does, self.asked_at = does, list[float]()

    async def look_up(self, query: Query) -> Answer:
        self.asked_at.append(asyncio.get_running_loop().time())
        return await self.does()

    async def close(self) -> None: ...


def answering(seconds: float = 0.0) -> System:
    async def does() -> Answer:
        await asyncio.sleep(seconds)
        return FOUND

    return System(does)


def failing(error: ConnectorError) -> System:
    async def does() -> Answer:
        raise error

    return System(does)


async def code_of(guarded: Guarded) -> FailureCode | None:
    try:
        await guarded.look_up(QUERY)
    except ConnectorError as error:
        return error.failure if error.sentence else None
    return None


def test_a_breaker_opens_after_failures_in_a_row_and_heals_by_one_try() -> None:
    now = 0.0
    breaker = Breaker(3, 30.0, lambda: now)
    for _ in range(2):
        breaker.failed()
    breaker.succeeded()
    for _ in range(3):
        assert breaker.admit()
        breaker.failed()
    assert breaker.is_open
    now = 29.9
    assert not breaker.admit()
    now = 30.0
    assert [breaker.admit(), breaker.admit()] == [True, False]
    breaker.failed()
    now = 59.9
    assert not breaker.admit()
    now = 60.0
    assert breaker.admit()
    breaker.succeeded()
    assert not breaker.is_open
    assert breaker.admit()


def test_a_try_that_never_came_back_is_tried_again() -> None:
    now = 0.0
    breaker = Breaker(1, 10.0, lambda: now)
    breaker.failed()
    now = 10.0
    assert breaker.admit()
    now = 20.0
    assert breaker.admit()


def test_a_slow_system_is_given_up_and_left_alone_and_comes_back() -> None:
    async def work() -> None:
        system = answering(60.0)
        guarded = Guarded(system, Limits(seconds=2.0, failures=2, rest_seconds=30.0))
        loop = asyncio.get_running_loop()
        begun = loop.time()
        assert await code_of(guarded) is FailureCode.TIMEOUT
        assert loop.time() - begun == pytest.approx(2.0)
        assert await code_of(guarded) is FailureCode.TIMEOUT
        assert guarded.is_broken
        begun = loop.time()
        assert await code_of(guarded) is FailureCode.BROKEN
        assert loop.time() == begun
        await asyncio.sleep(30.0)
        system.does = answering().does
        assert await code_of(guarded) is None
        assert not guarded.is_broken
        assert len(system.asked_at) == 3

    on_virtual_time(work)


def test_what_may_pass_is_asked_again_inside_the_time() -> None:
    async def work() -> None:
        system = failing(SICK)
        assert await code_of(Guarded(system, Limits(attempts=3, per_second=50))) is FailureCode.SYSTEM
        assert len(system.asked_at) == 3
        pauses = [later - first for first, later in zip(system.asked_at, system.asked_at[1:], strict=False)]
        assert all(0.1 <= pause <= 0.31 for pause in pauses)
        hurried = failing(SICK)
        begun = asyncio.get_running_loop().time()
        await code_of(Guarded(hurried, Limits(attempts=5, seconds=0.3, per_second=50)))
        assert asyncio.get_running_loop().time() - begun <= 0.3 + 1e-9
        assert len(hurried.asked_at) < 5

    on_virtual_time(work)


@pytest.mark.parametrize(
    "error",
    [
        PermanentFailure("no", "담당 부서로 확인해 드리겠습니다."),
        Misconfigured("no key", "담당 부서로 확인해 드리겠습니다."),
        TemporaryFailure("quota", "조금 뒤 다시 확인해 드리겠습니다.", FailureCode.LIMIT, again=False),
    ],
)
def test_what_will_not_pass_is_asked_once(error: ConnectorError) -> None:
    async def work() -> None:
        system = failing(error)
        guarded = Guarded(system, Limits(attempts=5, failures=2))
        assert await code_of(guarded) is error.failure
        assert len(system.asked_at) == 1
        assert await code_of(guarded) is error.failure
        assert guarded.is_broken is isinstance(error, TemporaryFailure)

    on_virtual_time(work)


def test_no_more_questions_a_second_than_allowed() -> None:
    async def work() -> None:
        system = answering()
        guarded = Guarded(system, Limits(per_second=4, seconds=10))
        begun = asyncio.get_running_loop().time()
        await asyncio.gather(*(guarded.look_up(QUERY) for _ in range(12)))
        assert len(system.asked_at) == 12
        for first, later in zip(system.asked_at, system.asked_at[8:], strict=False):
            assert later - first >= 1.0 - 1e-6
        assert max(system.asked_at) - begun >= 1.9

    on_virtual_time(work)


def test_a_rate_below_one_a_second() -> None:
    async def work() -> None:
        system = answering()
        guarded = Guarded(system, Limits(per_second=0.5, seconds=10))
        await asyncio.gather(*(guarded.look_up(QUERY) for _ in range(3)))
        assert max(system.asked_at) - min(system.asked_at) == pytest.approx(4.0, abs=0.1)

    on_virtual_time(work)


def test_who_waits_too_long_for_a_place_is_told_so_and_the_system_is_not_blamed() -> None:
    async def work() -> None:
        system = answering(1.5)
        guarded = Guarded(system, Limits(at_once=1, seconds=2.0, failures=1, per_second=100))
        codes = await asyncio.gather(*(code_of(guarded) for _ in range(3)))
        assert codes == [None, FailureCode.TIMEOUT, FailureCode.BUSY]

    on_virtual_time(work)


def test_a_cancelled_look_up_is_no_failure_and_gives_its_place_back() -> None:
    async def work() -> None:
        system = answering(5.0)
        guarded = Guarded(system, Limits(at_once=1, failures=1, seconds=10))
        looking = asyncio.create_task(guarded.look_up(QUERY))
        await asyncio.sleep(0.1)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        assert not guarded.is_broken
        assert await code_of(guarded) is None

    on_virtual_time(work)
