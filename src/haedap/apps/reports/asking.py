"""A report: the figures of a period, over its time and from one side, beside those of the time before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format

from haedap.analytics import measures
from haedap.analytics.cube import Question, behind, rolled, tallies
from haedap.analytics.dimensions import Dimension, Value
from haedap.analytics.engines import Row
from haedap.analytics.engines.kept import Kept
from haedap.analytics.measures import Definition
from haedap.apps.contacts import api as contacts
from haedap.apps.reports import names, topics
from haedap.apps.reports.forms import Asked
from haedap.apps.reports.lines import ByValue, Groups, Line, Number, total
from haedap.apps.reports.periods import Kind, Period
from haedap.apps.wallboard.figures import figure_settings

PAGE = 100
COLUMNS = (
    "contacts",
    "offered",
    "answered",
    "answer_rate",
    "abandonment",
    "service_level",
    "asa_seconds",
    "aht_seconds",
    "self_handled",
    "transfer_rate",
    "fcr",
    "survey",
)
"""What a table has room for; files for spreadsheets have all."""
HEADLINE = ("contacts", "answer_rate", "service_level", "asa_seconds", "aht_seconds", "self_handled")
_MEMORY = "64MB"
"""Of the database, for sorting and grouping: a month of a large centre fits."""
_DAYS_OF_A_CURVE = 62
"""Longer periods are drawn by month."""
_HOURS = range(24)


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure now and in the two periods that it is compared with."""

    definition: Definition
    now: Number
    before: Number
    year_before: Number


@dataclass(frozen=True, slots=True)
class Curve:
    """Contacts over the period's time; those `before` stand place by place, and are empty where there were none."""

    labels: tuple[str, ...]
    offered: tuple[Number, ...]
    answered: tuple[Number, ...]
    before: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that pages and files show. `before`, `year_before`: of a period that goes on, as much as has passed of it.

    `week`: contacts by weekday and hour, from the sides of either. `named`: agents are told apart.
    """

    asked: Asked
    made_at: datetime
    before: Period
    year_before: Period
    definitions: tuple[Definition, ...]
    figures: tuple[Compared, ...]
    curve: Curve
    lines: tuple[Line, ...]
    week: tuple[tuple[Number, ...], ...]
    named: bool

    @property
    def goes_on(self) -> bool:
        """The period has not ended."""
        return self.asked.period.until > timezone.localdate(self.made_at)

    @property
    def columns(self) -> tuple[Definition, ...]:
        """The figures of a table."""
        return tuple(each for each in self.definitions if each.key in COLUMNS)

    @property
    def headline(self) -> tuple[Compared, ...]:
        """What is looked at first."""
        return tuple(each for each in self.figures if each.definition.key in HEADLINE)

    @property
    def groups(self) -> bool:
        """Whether the lines are groups of contacts, and not the quarters of a team."""
        return any(line.asked for line in self.lines)

    @property
    def empty(self) -> bool:
        """Nothing came in."""
        return not self.figures[0].now


def report_of(asked: Asked, now: datetime, *, named: bool = False) -> Report:
    """Counted in the live read models. Agents are told apart only if `named`."""
    settings = figure_settings()
    elapsed = asked.period.elapsed(timezone.localdate(now))
    before, year_before = asked.period.previous.as_far_as(elapsed), asked.period.year_before.as_far_as(elapsed)
    unit, sides = _unit(asked.period), _sides(asked.by)
    dimensions = tuple(dict.fromkeys((unit, *sides)))
    periods = ((asked.period, dimensions), (before, dimensions), (year_before, (asked.by,)))
    with _snapshot(asked) as facts:
        found, found_before, found_year_before = (
            tallies(facts, Question(period.since, period.until, by), settings) for period, by in periods
        )
    definitions = tuple(each.definition for each in measures.fact_measures(settings.formula))
    side = dimensions.index(asked.by)
    groups = Groups(
        asked, settings, definitions, rolled(found, (side,)), rolled(found_before, (side,)), found_year_before
    )
    whole = [total(part.values(), settings) for part in (groups.now, groups.before, groups.year_before)]
    clock = tuple(dimensions.index(each) for each in sides) if len(sides) > 1 else ()
    return Report(
        asked=asked,
        made_at=now,
        before=before,
        year_before=year_before,
        definitions=definitions,
        figures=tuple(Compared(each, *(tally.value(each.key) for tally in whole)) for each in definitions),
        curve=_Clock(unit, asked.period, now).curve(rolled(found, (0,)), rolled(found_before, (0,)), before),
        lines=groups.lines(named=named),
        week=_week(rolled(found, clock)) if clock else (),
        named=named,
    )


def definition_of(key: str) -> Definition | None:
    """The explanation of a figure of reports; none when there is no such figure."""
    known = measures.fact_measures(figure_settings().formula)
    return next((each.definition for each in known if each.definition.key == key), None)


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure's contacts, at most PAGE of them, latest first, columns as in `cube.behind`; `more`: there are others.

    `value`: the figure, out of `hits` of `population` contacts.
    """

    value: Number
    hits: int
    population: int
    rows: list[Row]
    more: bool


def contacts_behind(asked: Asked, key: str, *, counted: bool | None = None, offset: int = 0) -> Behind:
    """What a figure is made of. Raises AnalyticsError for an unknown figure."""
    question, settings = Question(asked.period.since, asked.period.until), figure_settings()
    with _snapshot(asked) as facts:
        found = behind(facts, question, settings, key, counted=counted, limit=PAGE + 1, offset=offset)
        tally = tallies(facts, question, settings, (key,))[()]
    return Behind(tally.value(key), tally.hits(key), tally.population(key), found[:PAGE], len(found) > PAGE)


def last_month(agent: int | None = None) -> Period | None:
    """The month in which the last contact, the last with this agent, arrived; none when there was none."""
    _first, last = contacts.first_and_last_day(agent)
    return Period.with_day(Kind.MONTH, last) if last else None


@contextmanager
def _snapshot(asked: Asked) -> Iterator[Kept]:
    """The facts that are asked about, all of one moment: figures of several statements belong together."""
    wanted = _wanted(asked)
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(f"SET LOCAL work_mem = '{_MEMORY}'")
        yield Kept(cursor, wanted)


def _wanted(asked: Asked) -> Mapping[Dimension, tuple[Value, ...]]:
    """Which contacts are asked about; a topic has those below it in it."""
    return {
        side: topics.with_below(str(value)) if side is Dimension.TOPIC and value else (value,)
        for side, value in asked.where.items()
    }


def _unit(period: Period) -> Dimension:
    if period.days == 1:
        return Dimension.HOUR
    return Dimension.DAY if period.days <= _DAYS_OF_A_CURVE else Dimension.MONTH


def _sides(by: Dimension) -> tuple[Dimension, ...]:
    """Hour and weekday are always seen together."""
    clock = (Dimension.WEEKDAY, Dimension.HOUR)
    return clock if by in clock else (by,)


@dataclass(frozen=True, slots=True)
class _Clock:
    """How a period's time passes: by hours, days or months, up to `now`."""

    unit: Dimension
    period: Period
    now: datetime

    def curve(self, found: ByValue, found_before: ByValue, before: Period) -> Curve:
        values = self._values(self.period)
        earlier = [_hits(found_before, value, "offered") for value in self._values(before)][: len(values)]
        rest = len(values) - len(earlier)
        return Curve(
            self._labels(values),
            tuple(_hits(found, value, "offered") if self._begun(value) else None for value in values),
            tuple(_hits(found, value, "answered") if self._begun(value) else None for value in values),
            (*earlier, *([None] * rest)) if any(earlier) else (),
        )

    def _labels(self, values: list[Value]) -> tuple[str, ...]:
        """Within one year its months need not say which."""
        if self.unit is Dimension.MONTH and self.period.since.year == self.period.last.year:
            return tuple(date_format(date.fromisoformat(f"{value}-01"), "F") for value in values)
        return tuple(names.names_of(self.unit, values).values())

    def _values(self, period: Period) -> list[Value]:
        """Every hour, day or month of the period."""
        if self.unit is Dimension.HOUR:
            return list(_HOURS)
        days = [period.since + timedelta(days=place) for place in range(period.days)]
        return list(dict.fromkeys(day.isoformat() if self.unit is Dimension.DAY else f"{day:%Y-%m}" for day in days))

    def _begun(self, value: Value) -> bool:
        """What has not begun is not 0."""
        local = timezone.localtime(self.now)
        if self.unit is Dimension.HOUR:
            return self.period.since < local.date() or int(value or 0) <= local.hour
        return str(value) <= (local.date().isoformat() if self.unit is Dimension.DAY else f"{local:%Y-%m}")


def _hits(found: ByValue, value: Value, key: str) -> int:
    tally = found.get((value,))
    return tally.hits(key) if tally else 0


def _week(found: ByValue) -> tuple[tuple[Number, ...], ...]:
    return tuple(
        tuple(found[(weekday, hour)].contacts if (weekday, hour) in found else 0 for hour in _HOURS)
        for weekday in range(7)
    )
