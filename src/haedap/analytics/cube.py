"""Asking for figures: a question, its groups, and for each group a tally out of which any figure follows.

A tally holds counts and sums only. So tallies of groups can be added, and a share over two groups is never the mean of
two shares.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

import ibis
from ibis.expr.types import BooleanValue, Column, DateValue, IntegerValue, Table

from haedap.analytics import tally
from haedap.analytics.dimensions import Dimension, Group, Value
from haedap.analytics.engines import Engine, Row
from haedap.analytics.figures import FigureSettings
from haedap.analytics.sources import FACTS
from haedap.analytics.tally import Tally

__all__ = ["Question", "Tally", "behind", "rolled", "tallies"]


@dataclass(frozen=True, slots=True)
class Question:
    """The contacts that arrived on the days from `since` until before `until`, in Seoul, grouped `by` dimensions.

    `where` keeps those whose value of a dimension is one of some.
    """

    since: date
    until: date
    by: tuple[Dimension, ...] = ()
    where: Mapping[Dimension, tuple[Value, ...]] = field(default_factory=dict)


_EPOCH_MONDAY = date(1970, 1, 5)


@dataclass(frozen=True, slots=True)
class _Level:
    """How a dimension is computed from a fact, and how what comes back is shown; `sought` is the way there."""

    column: Callable[[Table], Column]
    shown: Callable[[Any], Value] = lambda value: value
    sought: Callable[[Any], Any] = lambda value: value


def month_of(day: DateValue) -> IntegerValue:
    """A whole number for each month, in their order."""
    return day.year().cast("int64") * 16 | day.month().cast("int64")


def shown_month(number: int) -> str:
    """`2026-11`."""
    return f"{int(number) // 16:04}-{int(number) % 16:02}"


def _month_number(shown: str) -> int:
    year, month = shown.split("-")
    return int(year) * 16 | int(month)


def _plain(name: str) -> _Level:
    return _Level(lambda fact: fact[name])


_LEVELS = {
    **{each: _plain(each.value) for each in Dimension},
    Dimension.DAY: _Level(lambda fact: fact.day, str, date.fromisoformat),
    Dimension.WEEK: _Level(
        lambda fact: (fact.day.delta(ibis.literal(_EPOCH_MONDAY), unit="day") // 7).cast("int64"),
        lambda weeks: str(_EPOCH_MONDAY + timedelta(weeks=int(weeks))),
        lambda monday: (date.fromisoformat(monday) - _EPOCH_MONDAY).days // 7,
    ),
    Dimension.MONTH: _Level(lambda fact: month_of(fact.day), shown_month, _month_number),
    Dimension.YEAR: _Level(lambda fact: fact.day.year(), int),
}


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The facts of a question. Equal questions about other days are equal, so that engines compile them once."""

    where: tuple[tuple[Dimension, tuple[Value, ...]], ...]

    @classmethod
    def of(cls, question: Question) -> _Chosen:
        return cls(tuple(sorted((dimension, tuple(values)) for dimension, values in question.where.items())))

    def __call__(self, facts: Table) -> Table:
        for dimension, values in self.where:
            facts = facts.filter(_is_one_of(dimension, values, facts))
        return facts


@dataclass(frozen=True, slots=True)
class _Tallied:
    """The tallies of the chosen facts by dimensions."""

    chosen: _Chosen
    by: tuple[Dimension, ...]
    settings: FigureSettings
    only: frozenset[str] | None

    def __call__(self, facts: Table) -> Table:
        asked = tally.with_settings(self.settings, self.chosen(facts))
        groups = {f"by_{dimension}": _LEVELS[dimension].column(asked) for dimension in self.by}
        return tally.counted(self.settings, asked, groups, self.only)


@dataclass(frozen=True, slots=True)
class _Behind:
    """The chosen facts that a figure looks at, latest first."""

    chosen: _Chosen
    key: str
    settings: FigureSettings
    counted: bool | None
    limit: int
    offset: int

    def __call__(self, facts: Table) -> Table:
        measure = tally.measure_of(self.settings.formula, self.key)
        asked = tally.with_settings(self.settings, self.chosen(facts))
        asked = asked.mutate(counted=measure.hits(asked)).filter(measure.population(asked))
        if self.counted is not None:
            asked = asked.filter(asked.counted == self.counted)
        waited = asked.answer_wait.coalesce(asked.abandon_wait) / 1_000_000
        columns = ("id", "arrived_at", "queue", "topic", "state", "outcome", "agent")
        latest = asked.order_by(ibis.desc("arrived_at"), "id").limit(self.limit, offset=self.offset)
        return latest.select(*columns, "counted", waited_seconds=waited)


def tallies(
    engine: Engine, question: Question, settings: FigureSettings, only: Collection[str] | None = None
) -> dict[Group, Tally]:
    """The tally of each group that has any contact, by its values in the order of `question.by`. One statement.

    Without dimensions the only group is `()`, and is there even without contacts. `only`: the figures that are
    wanted, which is the quicker the fewer they are; the tallies then refuse the others.
    """
    wanted = None if only is None else frozenset(only)
    ask = _Tallied(_Chosen.of(question), question.by, settings, wanted)
    places = [(f"by_{dimension}", _LEVELS[dimension].shown) for dimension in question.by]
    found: dict[Group, Tally] = {}
    for row in engine.rows(FACTS, ask, question.since, question.until):
        group = tuple([shown(row.pop(name)) for name, shown in places])
        found[group] = Tally(settings, row, wanted)
    return found


def behind(
    engine: Engine,
    question: Question,
    settings: FigureSettings,
    key: str,
    *,
    counted: bool | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Row]:
    """The contacts that the figure `key` looks at, latest first; `question.by` does not matter.

    Columns: `id`, `arrived_at`, `queue`, `topic`, `state`, `outcome`, `agent`, `waited_seconds`, and `counted`:
    whether the figure counts it, or for a share whether it stands above the line; the argument keeps one kind of them.
    Raises AnalyticsError for a figure that is not made of contacts.
    """
    tally.measure_of(settings.formula, key)
    ask = _Behind(_Chosen.of(question), key, settings, counted, limit, offset)
    return engine.rows(FACTS, ask, question.since, question.until)


def rolled(tallies: Mapping[Group, Tally], keep: tuple[int, ...]) -> dict[Group, Tally]:
    """Fewer dimensions: those at the places `keep`, in that order; groups that become the same are added up."""
    if not tallies:
        return {}
    first = next(iter(tallies.values()))
    names = tuple(max(tallies.values(), key=lambda one: len(one.counts)).counts)
    counts_of = itemgetter(*names) if len(names) > 1 else lambda counts: tuple(counts.values())
    kept_of = itemgetter(*keep) if len(keep) > 1 else lambda group: tuple(group[place] for place in keep)
    together: dict[Group, list[tuple[int, ...]]] = {}
    for group, one in tallies.items():
        counts = (
            counts_of(one.counts) if len(one.counts) == len(names) else tuple(one.counts.get(name, 0) for name in names)
        )
        together.setdefault(kept_of(group), []).append(counts)
    return {
        group: Tally(first.settings, dict(zip(names, map(sum, zip(*rows, strict=True)), strict=True)), first.only)
        for group, rows in together.items()
    }


def _is_one_of(dimension: Dimension, values: tuple[Value, ...], facts: Table) -> BooleanValue:
    level = _LEVELS[dimension]
    column = level.column(facts)
    known = column.isin([level.sought(value) for value in values if value is not None])
    return (known.fill_null(False) | column.isnull()) if None in values else known  # noqa: FBT003 - Ibis' own way
