"""The days of a span: when the centre is open, and how busy a day and a minute of it are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

import numpy as np
from numpy.typing import NDArray

from haedap.apps.demo.year.profile import Profile, Span
from haedap.flows import public_holidays

Floats = NDArray[np.float64]

MINUTES = 24 * 60
_WEEKDAYS = (1974.0, 1718.0, 1677.0, 1630.0, 1600.0, 520.0, 400.0)
"""Contacts of a mean day, Monday first: Monday to Thursday as published by a city, the others as usual."""
_MORNING = (1, 1, 1, 1, 1, 2, 6, 20, 90, 226, 255.469, 231.269)
_AFTERNOON = (93.097, 205, 237.584, 232.387, 214, 158, 60, 34, 20, 10, 5, 2)
_HOURS = (*_MORNING, *_AFTERNOON)
"""Contacts of an hour: 10 to 13 and 14 to 16 o'clock as published by a city, the others as usual."""
_CLOSED_HOURS = (2, 1, 1, 1, 1, 2, 6, 18, 30, 26, 24, 22, 20, 20, 20, 18, 18, 20, 34, 26, 18, 12, 8, 4)
"""Who calls while the centre is closed."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day: the minutes from midnight between which the centre is open (none when it is closed), and its weight."""

    day: date
    open: tuple[tuple[int, int], ...]
    weight: float


def days_of(profile: Profile, span: Span) -> list[Day]:
    """All days of the span, the closed ones with the weight 0."""
    return [_day(profile, day) for day in span.days]


def contacts_of(profile: Profile, span: Span) -> int:
    """How many contacts the span has in all."""
    return span.contacts or span.a_working_day * sum(bool(day.open) for day in days_of(profile, span))


def midnights(days: list[Day]) -> NDArray[np.int64]:
    """Microseconds since 1970 of each day's midnight in Seoul, whose clocks have not changed since 1988."""
    first = datetime.combine(date(1970, 1, 1), time())
    micro = [(datetime.combine(day.day, time()) - first).days * 86_400_000_000 for day in days]
    return np.array(micro, np.int64) - 9 * 3_600_000_000


@cache
def minutes_open(periods: tuple[tuple[int, int], ...]) -> Floats:
    """The weight of each minute of a day with these opening hours."""
    weights = np.repeat(np.array(_HOURS, float), 60)
    is_open = np.zeros(MINUTES, bool)
    for begin, end in periods:
        is_open[begin:end] = True
    return np.where(is_open, weights, 0.0)


@cache
def minutes_closed(periods: tuple[tuple[int, int], ...]) -> Floats:
    """The weight of each minute of such a day at which the centre is closed."""
    return np.where(minutes_open(periods) > 0, 0.0, np.repeat(np.array(_CLOSED_HOURS, float), 60))


def season(months: tuple[float, ...], days: list[Day]) -> Floats:
    """The weight of each day by the time of the year: by month, without a step between two months."""
    middles = np.array([15.2 + 30.4 * month for month in range(-1, 13)])
    values = np.array([months[-1], *months, months[0]])
    weights: Floats = np.interp([day.day.timetuple().tm_yday for day in days], middles, values)
    return weights


def _day(profile: Profile, day: date) -> Day:
    holiday = day in public_holidays(day.year)
    if holiday and not profile.open_on_holidays:
        return Day(day, (), 0.0)
    periods = tuple((_minute(begin), _minute(end)) for begin, end in profile.week[day.weekday()])
    weight = _WEEKDAYS[day.weekday()]
    return Day(day, periods, (min(weight, _WEEKDAYS[5]) if holiday else weight) if periods else 0.0)


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
