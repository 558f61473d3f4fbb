"""The figures of a day, put together for a screen: pure, so that Django and the push hub ask in their own way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

from haedap.analytics import measures, queries
from haedap.analytics.measures import ServiceLevelFormula, Unit
from haedap.analytics.tables import SEOUL, Scope

Row: TypeAlias = dict[str, Any]

USUAL_WEEKS = 4
"""The curve is compared with the same weekday of this many weeks before."""


class Statement(NamedTuple):
    """SQL in psycopg's style and its parameters."""

    sql: str
    parameters: Sequence[Any] = ()


Questions: TypeAlias = Generator[Statement, list[Row], "Figures"]
"""Yields statements, is sent their rows, returns the figures. Ask all of them in one snapshot of the database."""


@dataclass(frozen=True, slots=True)
class FigureSettings:
    """The centre's settings that change figures."""

    short_abandon_seconds: int = 5
    formula: ServiceLevelFormula = ServiceLevelFormula.STANDARD
    repeat_days: int = 7
    """A contact that is followed by none of the same citizen on the same topic for so long was solved at once."""

    @classmethod
    def of_row(cls, rows: Sequence[Row]) -> FigureSettings:
        """From the one row of `centre_settings`; a centre that never saved any has the defaults."""
        if not rows:
            return cls()
        row = rows[0]
        formula = ServiceLevelFormula(row["service_level_formula"])
        return cls(int(row["short_abandon_seconds"]), formula, int(row["repeat_days"]))


@dataclass(frozen=True, slots=True)
class Point:
    """A quarter of an hour from `at`: how many of its contacts were offered and answered, none before it begins.

    `usual`: offered in the same quarter hour of the earlier days, none when there is no such day.
    """

    at: datetime
    offered: int | None
    answered: int | None
    usual: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures by key; those with nothing to count by are none. `agents`: how many are in each state."""

    at: datetime
    today: Row
    queues: dict[str, Row]
    curve: tuple[Point, ...]

    def message(self) -> Row:
        """What the screens are sent."""
        return {"type": "figures", **asdict(self)}


@dataclass(slots=True)
class UsualCurve:
    """What a day's curve is compared with. The past does not change, so it is asked for once a day."""

    since: datetime | None = None
    by_slot: dict[int, float] = field(default_factory=dict)


def ask_today(now: datetime, usual: UsualCurve) -> Questions:
    """The questions of the wallboard: today in Seoul, as of `now`. Keeps the usual curve in `usual`."""
    settings = FigureSettings.of_row((yield Statement(queries.SETTINGS)))
    queues = yield Statement(queries.QUEUES)
    scope = Scope.of_day(now.astimezone(SEOUL).date(), now, settings.short_abandon_seconds)
    if usual.since != scope.since:
        usual.by_slot = yield from _ask_usual(scope)
        usual.since = scope.since
    today = yield from _ask_group(scope, settings.formula, by_queue=False)
    by_queue = yield from _ask_group(scope, settings.formula, by_queue=True)
    working = yield Statement(queries.occupancy(), scope.values)
    agents = yield Statement(queries.agents_by_state())
    slots = yield Statement(queries.offered_by_slot(), scope.values)
    cases = yield Statement(queries.CASES_OVERDUE, (now,))
    empty = empty_figures(settings.formula)
    return Figures(
        at=now,
        today=empty
        | today.get(None, {})
        | working[0]
        | cases[0]
        | {"agents": {row["state"]: row["agents"] for row in agents}},
        queues={row["key"]: empty | by_queue.get(row["key"], {}) for row in queues},
        curve=_curve(scope, {row["slot"]: row for row in slots}, usual.by_slot),
    )


def empty_figures(formula: ServiceLevelFormula) -> Row:
    """The figures of a cohort without contacts: counts are 0, shares and means do not exist."""
    counted = {
        each.definition.key: 0 if each.definition.unit is Unit.CONTACTS else None
        for each in measures.cohort_measures(formula)
    }
    others = (measures.HANDLE_TIME.key, measures.CALLBACK_KEPT.definition.key)
    return counted | {measures.WAITING.key: 0, "longest_wait_since": None} | dict.fromkeys(others)


def _ask_group(
    scope: Scope, formula: ServiceLevelFormula, *, by_queue: bool
) -> Generator[Statement, list[Row], dict[str | None, Row]]:
    """Figures by queue key, or under None for the whole centre."""
    found: dict[str | None, Row] = {}
    for statement in (
        Statement(queries.cohort_figures(formula, by_queue=by_queue), scope.values),
        Statement(queries.handle_time(by_queue=by_queue), scope.values),
        Statement(queries.callbacks(by_queue=by_queue), scope.values),
        Statement(queries.waiting(by_queue=by_queue)),
    ):
        for row in (yield statement):
            found.setdefault(row.pop("queue", None), {}).update(row)
    return found


def _ask_usual(scope: Scope) -> Generator[Statement, list[Row], dict[int, float]]:
    """The mean of each quarter hour over those of the earlier days that had any contact at all."""
    sums: Counter[int] = Counter()
    days = 0
    for week in range(1, USUAL_WEEKS + 1):
        rows = yield Statement(queries.offered_by_slot(), scope.days_before(7 * week).values)
        sums.update({row["slot"]: row["offered"] for row in rows})
        days += bool(rows)
    return {slot: total / days for slot, total in sums.items()}


def _curve(scope: Scope, today: Mapping[int, Row], usual: Mapping[int, float]) -> tuple[Point, ...]:
    """From the first quarter hour with any contact, today or usually, to the last one."""
    slots = [*today, *usual]
    if not slots:
        return ()
    return tuple(_point(scope, slot, today.get(slot), usual) for slot in range(min(slots), max(slots) + 1))


def _point(scope: Scope, slot: int, counted: Row | None, usual: Mapping[int, float]) -> Point:
    at = scope.since + timedelta(seconds=slot * queries.SLOT_SECONDS)
    nothing = 0 if at <= scope.now else None
    return Point(
        at=at.astimezone(UTC),
        offered=counted["offered"] if counted else nothing,
        answered=counted["answered"] if counted else nothing,
        usual=usual.get(slot, 0.0) if usual else None,
    )
