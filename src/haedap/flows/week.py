"""Reads opening hours from their JSON form: seven lists of ["HH:MM", "HH:MM"], Monday first."""

import re
from datetime import time
from itertools import pairwise

from haedap.domain.plan import Period
from haedap.flows.errors import ErrorCode, FlowError, HoursInvalid

MOST_PERIODS = 10
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_MINUTES = 24 * 60


def parse_week(week: object) -> tuple[tuple[Period, ...], ...]:
    """The week's periods, each day's in order. Raises `HoursInvalid` with every error, places like `0.1.0`."""
    if not isinstance(week, list | tuple) or len(week) != 7:
        raise HoursInvalid((FlowError("", ErrorCode.WEEK_DAYS),))
    errors: list[FlowError] = []
    days = tuple(_day(periods, f"{number}.", errors) for number, periods in enumerate(week))
    if errors:
        raise HoursInvalid(tuple(errors))
    return days


def parse_periods(periods: object) -> tuple[Period, ...]:
    """One day's periods in order. Raises `HoursInvalid` with every error, places like `1.0`."""
    errors: list[FlowError] = []
    day = _day(periods, "", errors)
    if errors:
        raise HoursInvalid(tuple(errors))
    return day


def _day(periods: object, place: str, errors: list[FlowError]) -> tuple[Period, ...]:
    if not isinstance(periods, list | tuple):
        errors.append(FlowError(place.rstrip("."), ErrorCode.WEEK_DAYS))
        return ()
    if len(periods) > MOST_PERIODS:
        errors.append(FlowError(place.rstrip("."), ErrorCode.TOO_MANY_PERIODS, {"most": MOST_PERIODS}))
        return ()
    read = [(_period(item, f"{place}{number}", errors), number) for number, item in enumerate(periods)]
    found = sorted(((period, number) for period, number in read if period), key=lambda pair: pair[0].start)
    for (earlier, _), (later, number) in pairwise(found):
        if _end_minute(earlier) > _minute(later.start):
            errors.append(FlowError(f"{place}{number}", ErrorCode.PERIODS_OVERLAP))
    return tuple(period for period, _ in found)


def _period(item: object, place: str, errors: list[FlowError]) -> Period | None:
    if not isinstance(item, list | tuple) or len(item) != 2:
        errors.append(FlowError(place, ErrorCode.PERIOD))
        return None
    times = [_clock(text, f"{place}.{number}", errors) for number, text in enumerate(item)]
    return Period(times[0], times[1]) if times[0] is not None and times[1] is not None else None


def _clock(text: object, place: str, errors: list[FlowError]) -> time | None:
    if text == "24:00":
        return time()
    found = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if not found:
        errors.append(FlowError(place, ErrorCode.PERIOD_TIME))
        return None
    return time(int(found[1]), int(found[2]))


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _end_minute(period: Period) -> int:
    """Minutes from the start of the period's day; past 24 hours when it runs into the next day."""
    return _minute(period.end) if period.end > period.start else _minute(period.end) + _MINUTES
