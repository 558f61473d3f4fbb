"""Asking for figures: a question, its groups, and for each group a tally out of which any figure follows.

A tally holds counts and sums only. So tallies of groups can be added, and a share over two groups is never the mean of
two shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from haedap.analytics.engines import Engine
from haedap.analytics.figures import FigureSettings

Value: TypeAlias = str | int | None
Group: TypeAlias = tuple[Value, ...]


class Dimension(StrEnum):
    """What contacts are grouped by, with what the values are."""

    CENTRE = "centre"
    CHANNEL = "channel"
    QUEUE = "queue"
    """The key of the queue that was asked for; None: no person was."""
    AGENT = "agent"
    """The account of the first who answered; None: nobody did."""
    TOPIC = "topic"
    """The topic's code; '' without one."""
    OFFICE = "office"
    """The name of the topic's owning office; '' without one."""
    DISTRICT = "district"
    """읍면동; '' when not known."""
    DAY = "day"
    """`2026-11-18`, in Seoul like all that follow."""
    WEEK = "week"
    """Its Monday: `2026-11-16`."""
    MONTH = "month"
    """`2026-11`."""
    YEAR = "year"
    """An int."""
    HOUR = "hour"
    """0 to 23."""
    WEEKDAY = "weekday"
    """0 is Monday."""


@dataclass(frozen=True, slots=True)
class Question:
    """The contacts that arrived on the days from `since` until before `until`, in Seoul, grouped `by` dimensions.

    `where` keeps those whose value of a dimension is one of some.
    """

    since: date
    until: date
    by: tuple[Dimension, ...] = ()
    where: Mapping[Dimension, tuple[Value, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tally:
    """집계: counts and sums of one group, by the name of what was counted. See `haedap.analytics.tally`."""

    settings: FigureSettings
    counts: Mapping[str, int]

    @property
    def contacts(self) -> int:
        """All that came in; the centre's own calls are left out."""
        raise NotImplementedError

    def value(self, key: str) -> int | float | None:
        """The figure: a count, a share of 0 to 1, seconds or points; None when there is nothing to divide by."""
        raise NotImplementedError

    def hits(self, key: str) -> int:
        """How many contacts the figure counts; of a share, those above the line."""
        raise NotImplementedError

    def population(self, key: str) -> int:
        """How many contacts the figure looks at; of a share, those below the line."""
        raise NotImplementedError

    def __add__(self, other: Tally) -> Tally:
        """The tally of both groups together."""
        raise NotImplementedError


def tallies(engine: Engine, question: Question, settings: FigureSettings) -> dict[Group, Tally]:
    """The tally of each group that has any contact, by its values in the order of `question.by`. One statement.

    Without dimensions the only group is `()`, and is there even without contacts.
    """
    raise NotImplementedError


def rolled(tallies: Mapping[Group, Tally], keep: tuple[int, ...]) -> dict[Group, Tally]:
    """Fewer dimensions: those at the places `keep`, in that order; groups that become the same are added up."""
    raise NotImplementedError
