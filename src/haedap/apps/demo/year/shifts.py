"""Who answers, and so how long each citizen waits: agents take the contacts of a day in their order.

Nothing is drawn here that could contradict itself: an agent talks to one citizen at a time, has lunch, and who calls
when all are busy waits until one is free.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from haedap.apps.demo.year.arrivals import Arrivals, Ints
from haedap.apps.demo.year.calendar import Day, Floats, midnights
from haedap.apps.demo.year.profile import Catalogue, Profile

SECOND = 1_000_000
_MINUTE = 60 * SECOND
_WEEKEND = 0.5
"""Of those, who are there on a Saturday, a Sunday or a holiday."""
_LUNCH_AT = (11 * 60 + 30, 12 * 60 + 15, 13 * 60)
"""The minutes at which a third of the agents goes to lunch."""
LUNCH = 45 * _MINUTE
"""How long they are away."""
_SPREAD = 0.55
"""How much talks differ in length (of the logarithm)."""
_SHORTEST = 12.0
_LONGEST = 1500.0
EARLY = 10 * _MINUTE
"""So long before opening the agents sign in."""


@dataclass(frozen=True, slots=True)
class Service:
    """How each answered contact was served; all times in microseconds since 1970, `agent` counted from 0.

    `offered` is when a telephone began to ring, `hold` the seconds for which the citizen was on hold.
    """

    queued: Ints
    offered: Ints
    answered: Ints
    ended: Ints
    ready: Ints
    """When the wrap-up was over."""
    agent: Ints
    hold: Floats


@dataclass(frozen=True, slots=True)
class Shift:
    """An agent's day: signed in, open for contacts, gone. `lunch` is when it began; None: there was none."""

    agent: int
    signed_in: int
    opened: int
    left: int
    lunch: int | None


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything that agents did in a span."""

    service: Service
    shifts: list[Shift]


def serve(
    profile: Profile, catalogue: Catalogue, days: list[Day], arrivals: Arrivals, rng: np.random.Generator
) -> Roster:
    """Let the agents answer everybody, day by day."""
    number = len(arrivals.at)
    queued = arrivals.at + (rng.uniform(11.0, 34.0, number) * SECOND).astype(np.int64)
    order = np.argsort(queued, kind="stable")
    ring = (rng.gamma(3.0, 1.5, number) * SECOND).astype(np.int64) + SECOND
    talk = (_talks(profile, catalogue, arrivals, rng) * SECOND).astype(np.int64)
    wrap_up = (rng.gamma(2.2, profile.wrap_up / 2.2, number) * SECOND).astype(np.int64)
    offered, agent = np.zeros(number, np.int64), np.zeros(number, np.int64)
    shifts: list[Shift] = []
    starts = midnights(days)
    edges = np.searchsorted(queued[order], np.append(starts, starts[-1] + 86_400 * SECOND))
    for place, day in enumerate(days):
        if not day.open:
            continue
        chosen = order[edges[place] : edges[place + 1]]
        team = _Team(_on_duty(profile, day, place), day, int(starts[place]))
        for one in chosen:
            offered[one], agent[one] = team.take(int(queued[one]), int(ring[one] + talk[one] + wrap_up[one]))
        shifts += team.shifts()
    answered = offered + ring
    ended = answered + talk
    held = rng.random(number) < 0.17
    hold = np.where(held, np.minimum(rng.gamma(2.0, 14.0, number), talk / SECOND * 0.6), 0.0).round(1)
    return Roster(Service(queued, offered, answered, ended, ended + wrap_up, agent, hold), shifts)


def _talks(profile: Profile, catalogue: Catalogue, arrivals: Arrivals, rng: np.random.Generator) -> Floats:
    means = np.array([leaf.talk for leaf in catalogue.leaves.values()]) * profile.talk
    factor = rng.lognormal(-(_SPREAD**2) / 2, _SPREAD, len(arrivals.at))
    short = np.where(arrivals.surge >= 0, 0.7, 1.0)
    return np.clip(means[arrivals.topic] * factor * short, _SHORTEST, _LONGEST)


def _on_duty(profile: Profile, day: Day, place: int) -> list[int]:
    """The agents of the day; those who are off take turns."""
    full = max(1, round(profile.agents * profile.on_duty))
    working = day.day.weekday() < 5 and day.weight > 600
    number = full if working else max(1, round(full * _WEEKEND))
    return [(place * 3 + step) % profile.agents for step in range(number)]


class _Team:
    """The agents of one day; whoever has been free the longest is next."""

    def __init__(self, agents: list[int], day: Day, midnight: int) -> None:
        self._opened = midnight + day.open[0][0] * _MINUTE
        self._closes = midnight + day.open[-1][1] * _MINUTE
        self._free = [(self._opened - EARLY + step * SECOND, agent) for step, agent in enumerate(agents)]
        heapq.heapify(self._free)
        waves = {agent: _LUNCH_AT[step % len(_LUNCH_AT)] for step, agent in enumerate(agents)}
        self._lunch_at = {agent: midnight + minute * _MINUTE for agent, minute in waves.items()}
        self._lunched: dict[int, int] = {}
        self._signed_in = dict(zip(agents, (at for at, _agent in sorted(self._free)), strict=True))

    def take(self, queued: int, busy: int) -> tuple[int, int]:
        """Somebody serves a citizen who queued then for so long: when it begins to ring, and at whose telephone."""
        while True:
            free, agent = self._free[0]
            start = max(free, queued)
            lunch = self._lunch_at[agent]
            if agent not in self._lunched and start >= lunch:
                self._lunched[agent] = max(free, lunch)
                heapq.heapreplace(self._free, (self._lunched[agent] + LUNCH, agent))
                continue
            heapq.heapreplace(self._free, (start + busy, agent))
            return start, agent

    def shifts(self) -> list[Shift]:
        """What the day was for each agent."""
        return [
            Shift(
                agent=agent,
                signed_in=self._signed_in[agent],
                opened=self._opened,
                left=max(free, self._closes),
                lunch=self._lunched.get(agent),
            )
            for free, agent in sorted(self._free, key=lambda pair: pair[1])
        ]
