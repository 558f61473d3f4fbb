"""The centre's clock under every kind of jump of the machine's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap import clock as clock_module
from haedap.clock import AHEAD, SLEW, SteadyClock, centre_time

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
HOUR = 3600.0


class Machine:
    """A machine whose clock can be set."""

    def __init__(self) -> None:
        self.uptime = 1000.0
        self.wall = START

    def clock(self) -> SteadyClock:
        return SteadyClock(lambda: self.wall, lambda: self.uptime)

    def pass_by(self, seconds: float, jump: float = 0.0) -> None:
        self.uptime += seconds
        self.wall += timedelta(seconds=seconds + jump)


steps = st.lists(
    st.tuples(
        st.floats(0.0, 600.0),
        st.one_of(st.just(0.0), st.floats(-2 * HOUR, 2 * HOUR)),
    ),
    max_size=40,
)


@given(steps)
def test_it_never_goes_back_and_no_length_of_time_is_wrong_by_more_than_a_tenth(
    steps: list[tuple[float, float]],
) -> None:
    machine = Machine()
    clock = machine.clock()
    before, began, uptime = clock(), clock(), machine.uptime
    for seconds, jump in steps:
        machine.pass_by(seconds, jump)
        now = clock()
        went = (now - before).total_seconds()
        assert seconds * (1 - SLEW) - 1e-5 <= went <= seconds * (1 + SLEW) + 1e-5
        before = now
    whole = machine.uptime - uptime
    assert abs((before - began).total_seconds() - whole) <= whole * SLEW + 1e-3


@given(steps)
def test_it_comes_back_to_the_wall_clock(steps: list[tuple[float, float]]) -> None:
    machine = Machine()
    clock = machine.clock()
    for seconds, jump in steps:
        machine.pass_by(seconds, jump)
        clock()
    off = abs(clock.ahead.total_seconds())
    machine.pass_by(off / SLEW + 1)
    assert abs(clock.ahead) < timedelta(milliseconds=1)


def test_a_wrap_up_of_a_minute_stays_one_when_the_clock_jumps_an_hour_either_way() -> None:
    for jump in (HOUR, -HOUR):
        machine = Machine()
        clock = machine.clock()
        until = clock() + timedelta(seconds=60)
        machine.pass_by(10, jump)
        assert clock() < until
        machine.pass_by(44)
        assert clock() < until, "over too early"
        machine.pass_by(13)
        assert clock() >= until, "frozen"


def test_moments_that_others_tell_by_the_wall_clock_are_understood() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.pass_by(10, -HOUR)
    said = machine.wall
    machine.pass_by(1)
    told = clock.of_wall(said)
    assert abs((clock() - told).total_seconds() - 1) < 0.2


def test_a_successor_goes_on_where_the_other_was() -> None:
    machine = Machine()
    first = machine.clock()
    machine.pass_by(10, -HOUR)
    told, ahead = first(), first.ahead
    machine.pass_by(2)
    second = SteadyClock(lambda: machine.wall, lambda: machine.uptime, ahead)
    second.not_before(told)
    assert abs((second() - first()).total_seconds()) < 0.5
    third = machine.clock()
    third.not_before(told)
    assert third() >= told, "without a word of the first it still does not go back"


def test_a_process_goes_on_by_what_it_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is started after the clock was set an hour ahead; whoever is told nothing goes by the wall clock."""
    for told, ahead in (("-3600.0", timedelta(hours=-1)), (None, timedelta())):
        if told is None:
            monkeypatch.delenv(AHEAD, raising=False)
        else:
            monkeypatch.setenv(AHEAD, told)
        clock_module._of_process.cache_clear()
        assert abs(centre_time() - datetime.now(UTC) - ahead) < timedelta(seconds=10)
    clock_module._of_process.cache_clear()
