"""Who answers for an officer at a moment. Pure: the people come in as `Person`s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Away:
    """A time away: from `start` until before `end`; None: until further notice. Aware times."""

    start: datetime
    end: datetime | None
    reason: str

    def covers(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True)
class Person:
    """What is to be known of an officer: the times away, and the deputies by id, who is asked first first."""

    active: bool
    away: tuple[Away, ...] = ()
    deputies: tuple[int, ...] = ()

    def absence(self, at: datetime) -> Away | None:
        """The time away that holds at `at` and ends last."""
        return _last([away for away in self.away if away.covers(at)])

    def here(self, at: datetime) -> bool:
        return self.active and self.absence(at) is None


def who_answers(officer: int, at: datetime, people: Mapping[int, Person]) -> int | None:
    """The officer, or the first deputy who is not absent; None: nobody, so the department's own number.

    The officer's deputies come in their order, then the deputies of these, and so on. Nobody is asked twice; who has
    left or is not among `people` is not asked.
    """
    asked = {officer}
    line = [officer]
    while line:
        for who in line:
            if who in people and people[who].here(at):
                return who
        line = _next_line(line, asked, people)
    return None


def _next_line(line: list[int], asked: set[int], people: Mapping[int, Person]) -> list[int]:
    found: list[int] = []
    for who in line:
        for deputy in people[who].deputies if who in people else ():
            if deputy not in asked:
                asked.add(deputy)
                found.append(deputy)
    return found


def _last(absences: list[Away]) -> Away | None:
    endless = [away for away in absences if away.end is None]
    if endless:
        return endless[0]
    return max(absences, key=lambda away: away.end or away.start, default=None)
