"""When each contact arrives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from haedap.apps.demo.year.calendar import MINUTES, Day, Floats, midnights, minutes_closed, minutes_open, season
from haedap.apps.demo.year.counts import Counts
from haedap.apps.demo.year.profile import Catalogue, Profile, Surge

Ints = NDArray[np.int64]
Weigh: TypeAlias = Callable[[tuple[tuple[int, int], ...]], Floats]
"""The weights of the minutes of a day with these opening hours."""

_MINUTE = 60_000_000
_NOISE = 0.07
"""How much one day differs from its like (standard deviation, by which weights are multiplied)."""
_BUSY_MINUTES = 4
"""Who gives up called within so many minutes of somebody who was answered."""
_CROWDED = 8.0
"""How much likelier it is to give up while a surge lasts."""
NONE = -1


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Contacts by their time of arrival (microseconds since 1970), `topic` and `surge` as places in their lists."""

    at: Ints
    topic: Ints
    surge: Ints

    def chosen(self, places: NDArray[np.intp]) -> Arrivals:
        """Those at the places, in that order."""
        return Arrivals(self.at[places], self.topic[places], self.surge[places])


def answered(
    profile: Profile, catalogue: Catalogue, days: list[Day], counts: Counts, rng: np.random.Generator
) -> Arrivals:
    """Those who are answered. Each topic has its season; the surges take their part of their topics."""
    busy = np.array([day.weight for day in days]) * rng.lognormal(0.0, _NOISE, len(days))
    dates = {day.day: place for place, day in enumerate(days)}
    surges = [(place, surge) for place, surge in enumerate(profile.surges) if surge.day in dates]
    parts = []
    for topic, (code, leaf) in enumerate(catalogue.leaves.items()):
        left = counts.leaves[topic]
        for place, surge in surges:
            if surge.topic == code:
                size = round(counts.leaves[topic] * surge.part)
                parts.append(_part(_surging(surge, days, dates[surge.day], size, rng), topic, place))
                left -= size
        weights = busy * season(catalogue.seasons[leaf.season], days)
        of_day = np.repeat(np.arange(len(days)), rng.multinomial(left, weights / weights.sum()))
        parts.append(_part(_within(days, of_day, minutes_open, rng), topic, NONE))
    return _in_order(parts)


def unanswered(taken: Arrivals, days: list[Day], number: int, rng: np.random.Generator) -> Ints:
    """Those whom nobody answers: they call when many others do, within opening hours."""
    weights = np.where(taken.surge == NONE, 1.0, _CROWDED)
    beside = rng.choice(len(taken.at), number, p=weights / weights.sum())
    shift = rng.integers(-_BUSY_MINUTES * _MINUTE, _BUSY_MINUTES * _MINUTE, number)
    at = taken.at[beside] + shift
    return np.where(_open_at(at, days), at, taken.at[beside] + 1)


def closed(span_days: list[Day], number: int, rng: np.random.Generator) -> Ints:
    """Those who call outside opening hours."""
    weights = np.array([minutes_closed(day.open).sum() for day in span_days])
    of_day = rng.choice(len(span_days), number, p=weights / weights.sum())
    return _within(span_days, of_day, minutes_closed, rng)


def _part(at: Ints, topic: int, surge: int) -> Arrivals:
    return Arrivals(at, np.full(len(at), topic), np.full(len(at), surge))


def _in_order(parts: list[Arrivals]) -> Arrivals:
    whole = Arrivals(
        np.concatenate([part.at for part in parts]),
        np.concatenate([part.topic for part in parts]),
        np.concatenate([part.surge for part in parts]),
    )
    return whole.chosen(np.argsort(whole.at, kind="stable"))


def _within(days: list[Day], of_day: Ints, weigh: Weigh, rng: np.random.Generator) -> Ints:
    """A time of each of these days, by the weights of its minutes."""
    minute = np.zeros(len(of_day), np.int64)
    patterns = sorted({day.open for day in days})
    kind = np.array([patterns.index(day.open) for day in days])[of_day]
    for place, periods in enumerate(patterns):
        chosen = kind == place
        if chosen.any():
            minute[chosen] = _drawn(weigh(periods), int(chosen.sum()), rng)
    return midnights(days)[of_day] + minute * _MINUTE + rng.integers(0, _MINUTE, len(of_day))


def _drawn(weights: Floats, number: int, rng: np.random.Generator) -> Ints:
    steps = np.cumsum(weights)
    found: Ints = np.searchsorted(steps, rng.random(number) * steps[-1], side="right")
    return found


def _surging(surge: Surge, days: list[Day], first: int, size: int, rng: np.random.Generator) -> Ints:
    """Times of a surge: it begins at once and fades, and each further day has half as many."""
    open_days = [place for place in range(first, len(days)) if days[place].open][: surge.days]
    halves = np.array([0.5**n for n in range(len(open_days))])
    of_day = np.repeat(open_days, rng.multinomial(size, halves / halves.sum()))
    begin, end = surge.hours[0] * 60, surge.hours[1] * 60
    fading = np.where(
        (np.arange(MINUTES) >= begin) & (np.arange(MINUTES) < end), np.exp((begin - np.arange(MINUTES)) / 180.0), 0.0
    )
    return _within(days, of_day, lambda periods: np.where(minutes_open(periods) > 0, fading, 0.0), rng)


def _open_at(at: Ints, days: list[Day]) -> NDArray[np.bool_]:
    starts = midnights(days)
    of_day = np.searchsorted(starts, at, side="right") - 1
    minute = (at - starts[of_day]) // _MINUTE
    is_open = np.array([minutes_open(day.open) > 0 for day in days])
    found: NDArray[np.bool_] = is_open[of_day, minute]
    return found
