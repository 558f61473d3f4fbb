"""집계 (tally): the counts and sums of one group of contacts, out of which any figure of `measures` follows.

Figures share their conditions, so that a tally is a handful of whole numbers: the same on every engine, and those of
two groups can be added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_

import ibis
from ibis.expr.operations import BitwiseAnd
from ibis.expr.types import BooleanValue, Column, IntegerValue, Table

from haedap.analytics import AnalyticsError, conditions, measures
from haedap.analytics.conditions import Condition
from haedap.analytics.facts import FACT
from haedap.analytics.figures import FigureSettings
from haedap.analytics.measures import Measure, ServiceLevelFormula, Unit


@dataclass(frozen=True, slots=True)
class Tally:
    """집계 of one group. `counts`: by the names of `column_names`; what is not in it is 0.

    `only`: the figures that were asked for, None: all.
    """

    settings: FigureSettings
    counts: Mapping[str, int]
    only: frozenset[str] | None = None

    @property
    def contacts(self) -> int:
        """All that came in; the centre's own calls are left out."""
        return self.hits("contacts")

    def value(self, key: str) -> int | float | None:
        """The figure: a count, a share of 0 to 1, seconds or points; None when there is nothing to divide by.

        Raises AnalyticsError for a figure that is not made of contacts.
        """
        measure = self._measure(key)
        if measure.definition.unit is Unit.CONTACTS:
            return self.hits(key)
        if measure.mean is None:
            return _divided(self.hits(key), self.population(key))
        total = self.counts.get(f"{key}_sum", 0)
        weight = self.counts.get(f"{key}_weight", 0) if measure.mean.weight else self.population(key)
        return _divided(total, weight * measure.mean.each)

    def hits(self, key: str) -> int:
        """How many contacts the figure counts; of a share, those above the line."""
        return self.counts.get(name_of(self._measure(key).hits), 0)

    def population(self, key: str) -> int:
        """How many contacts the figure looks at; of a share, those below the line."""
        return self.counts.get(name_of(self._measure(key).population), 0)

    def _measure(self, key: str) -> Measure:
        if self.only is not None and key not in self.only:
            raise AnalyticsError("묻지 않은 지표입니다. 지표를 다시 고르십시오.")
        return measure_of(self.settings.formula, key)

    def __add__(self, other: Tally) -> Tally:
        """The tally of both groups together."""
        names = {**self.counts, **other.counts}
        added = {name: self.counts.get(name, 0) + other.counts.get(name, 0) for name in names}
        return Tally(self.settings, added, self.only)


def with_settings(settings: FigureSettings, facts: Table) -> Table:
    """The facts, each with the centre's settings that its conditions need."""
    return facts.mutate(short_abandon_seconds=settings.short_abandon_seconds, repeat_days=settings.repeat_days)


def counted(
    settings: FigureSettings, facts: Table, groups: Mapping[str, Column], only: Collection[str] | None = None
) -> Table:
    """The tallies of facts of `with_settings` by `groups`: those, and the columns `column_names`, or of these what the
    figures `only` are made of.

    Facts that are alike in all that conditions look at are counted first, and what was counted is then added up under
    each condition. So a condition is looked at once for thousands of facts. The fewer figures, the more are alike.
    """
    wanted = _wanted(settings.formula, only)
    totals = {name: total.sum() for name, total in _totals(wanted, facts).items()}
    flags = flags_of(facts, _conditions(wanted).values())
    alike = facts.group_by(**groups, flags=flags).aggregate(alike=facts.count(), **totals)
    columns = _columns(wanted, alike)
    return alike.group_by(*groups).aggregate(**columns) if groups else alike.aggregate(**columns)


def flags_of(facts: Table, looking: Iterable[Condition]) -> IntegerValue:
    """All that the conditions `looking` look at in the facts: by these flags alone they say the same.

    The facts are those of `with_settings` if any of the conditions depends on settings.
    """
    looked_at = reduce(or_, map(_looked_at, looking), 0)
    flags: IntegerValue = facts.flags & (looked_at & _KEPT)
    for bit, condition in conditions.SETTLED.items():
        if looked_at & bit:
            flags |= ibis.ifelse(condition(facts), bit, 0)
    return flags


_KEPT = (1 << len(conditions.KEPT)) - 1
_ALIKE = ibis.table({"flags": "int64"}, name="alike")


@cache
def _looked_at(condition: Condition) -> int:
    """The flags in the condition's expression."""
    return reduce(or_, (bits.right.value for bits in condition(_ALIKE).op().find(BitwiseAnd)), 0)


def _wanted(formula: ServiceLevelFormula, only: Collection[str] | None) -> tuple[Measure, ...]:
    found = measures.fact_measures(formula)
    return found if only is None else tuple(each for each in found if each.definition.key in only)


def _conditions(wanted: Iterable[Measure]) -> dict[str, Condition]:
    """By name."""
    return {name_of(each): each for measure in wanted for each in (measure.population, measure.hits)}


def _totals(wanted: Iterable[Measure], facts: Table) -> dict[str, IntegerValue]:
    """What means add up, and by what they divide, by name."""
    totals: dict[str, IntegerValue] = {}
    for measure in wanted:
        if measure.mean is not None:
            totals[f"{measure.definition.key}_sum"] = measure.mean.total(facts)
            if measure.mean.weight is not None:
                totals[f"{measure.definition.key}_weight"] = measure.mean.weight(facts)
    return totals


def _columns(wanted: Sequence[Measure], alike: Table) -> dict[str, IntegerValue]:
    columns = {name: _added(alike.alike, condition(alike)) for name, condition in _conditions(wanted).items()}
    for measure in wanted:
        for name in (f"{measure.definition.key}_sum", f"{measure.definition.key}_weight"):
            if name in alike.columns:
                columns[name] = _added(alike[name], measure.population(alike))
    return columns


def _added(counts: IntegerValue, counted: BooleanValue) -> IntegerValue:
    """Engines' sums are wider than what they add up, each in its own way; here they are alike."""
    return counts.sum(where=counted).fill_null(0).cast("decimal(38, 0)").cast("int64")


@cache
def column_names(formula: ServiceLevelFormula) -> tuple[str, ...]:
    """What a tally has: contacts by condition, and sums."""
    settings = FigureSettings(formula=formula)
    return tuple(counted(settings, with_settings(settings, FACT), {}).columns)


def measure_of(formula: ServiceLevelFormula, key: str) -> Measure:
    """The figure `key` over facts. Raises AnalyticsError when there is none."""
    measure = _by_key(formula).get(key)
    if measure is None:
        raise AnalyticsError("상담 건으로 세지 않는 지표입니다. 보고서의 지표 가운데 하나를 고르십시오.")
    return measure


@cache
def _by_key(formula: ServiceLevelFormula) -> dict[str, Measure]:
    return {measure.definition.key: measure for measure in measures.fact_measures(formula)}


def name_of(condition: Condition) -> str:
    """The column in which the contacts are counted for which the condition holds."""
    return condition.__name__.lstrip("_")


def _divided(above: int, below: int) -> float | None:
    return above / below if below else None
