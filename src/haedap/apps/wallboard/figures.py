"""The figures out of Django's connection, and their explanations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction

from haedap.analytics import measures, queries
from haedap.analytics.figures import Figures, FigureSettings, Row, Statement, UsualCurve, ask_today
from haedap.analytics.measures import Definition
from haedap.analytics.tables import SEOUL, Scope
from haedap.clock import centre_time

PAGE = 100
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
"""Days that may be asked about."""


def today() -> Figures:
    """Today's figures, all of one snapshot of the database."""
    with transaction.atomic():
        if not connection.savepoint_ids:
            _rows(Statement("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        questions = ask_today(centre_time(), UsualCurve())
        statement = next(questions)
        while True:
            try:
                statement = questions.send(_rows(statement))
            except StopIteration as done:
                figures: Figures = done.value
                return figures


def definitions() -> list[dict[str, Any]]:
    """What is printed beside each figure, with the settings that it depends on as they are now."""
    chosen = figure_settings()
    promises = {row["name"]: row["service_level_seconds"] for row in _rows(Statement(queries.QUEUES))}
    values: dict[str, Any] = {
        "service_level_formula": chosen.formula.value,
        "service_level_seconds": promises,
        "short_abandon_seconds": chosen.short_abandon_seconds,
    }
    return [_definition(each, values) for each in measures.definitions(chosen.formula)]


def definition_of(key: str) -> Definition | None:
    """The explanation of one figure; none when there is no such figure."""
    return next((each for each in measures.definitions(figure_settings().formula) if each.key == key), None)


def contacts_behind(
    key: str, day: date | None, queue: str | None, counted: bool | None, offset: int
) -> tuple[list[Row], bool]:
    """At most PAGE contacts behind the figure of `day` (none: today), latest first, and whether there are more.

    Raises AnalyticsError for a figure that is not made of contacts.
    """
    chosen, now = figure_settings(), centre_time()
    scope = Scope.of_day(day or now.astimezone(SEOUL).date(), now, chosen.short_abandon_seconds)
    behind = queries.Behind(scope, queue, counted, PAGE + 1, offset)
    found = _rows(Statement(queries.contacts_behind(chosen.formula, key), behind.values))
    return found[:PAGE], len(found) > PAGE


def _definition(definition: Definition, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": definition.key,
        "name": definition.name,
        "unit": definition.unit.value,
        "formula": definition.formula,
        "cohort": definition.cohort,
        "settings": {name: values[name] for name in definition.settings},
        "opens": queries.opens_down(definition.key),
    }


def figure_settings() -> FigureSettings:
    """The centre's settings that change figures, as they are now."""
    return FigureSettings.of_row(_rows(Statement(queries.SETTINGS)))


def _rows(statement: Statement) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, list(statement.parameters) or None)
        names: Sequence[str] = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()] if names else []
