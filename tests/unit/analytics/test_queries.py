"""The compiled statements, without a database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from haedap.analytics import queries
from haedap.analytics.figures import FigureSettings, empty_figures
from haedap.analytics.measures import ServiceLevelFormula, Unit, cohort_measures, definitions, report_definitions
from haedap.analytics.tables import Scope
from haedap.config import get_settings

NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)

STATEMENTS = [
    *(
        partial(queries.cohort_figures, formula, by_queue=each)
        for formula in ServiceLevelFormula
        for each in (False, True)
    ),
    *(partial(queries.handle_time, by_queue=each) for each in (False, True)),
    *(partial(queries.callbacks, by_queue=each) for each in (False, True)),
    queries.occupancy,
    queries.offered_by_slot,
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_takes_exactly_its_scope(statement: Callable[[], str]) -> None:
    sql = statement()
    assert sql.count("%s") == sql.count("%") == len(Scope.of_day(date(2026, 11, 18), NOW).values)


def test_a_statement_is_compiled_once() -> None:
    first = queries.cohort_figures(ServiceLevelFormula.SL1, by_queue=True)
    assert queries.cohort_figures(ServiceLevelFormula.SL1, by_queue=True) is first


@pytest.mark.parametrize("key", [each.definition.key for each in cohort_measures(ServiceLevelFormula.STANDARD)])
def test_the_contacts_behind_take_the_parameters_they_are_given(key: str) -> None:
    sql = queries.contacts_behind(ServiceLevelFormula.STANDARD, key)
    behind = queries.Behind(Scope.of_day(date(2026, 11, 18), NOW))
    assert sql.count("%s") == sql.count("%") == len(behind.values)
    assert queries.opens_down(key)


def test_a_day_is_midnight_to_midnight_in_seoul() -> None:
    scope = Scope.of_day(date(2026, 11, 18), NOW)
    assert scope.since == datetime(2026, 11, 17, 15, 0, tzinfo=UTC)
    assert scope.until - scope.since == timedelta(days=1)
    assert scope.days_before(7).since == datetime(2026, 11, 10, 15, 0, tzinfo=UTC)


def test_the_settings_of_a_centre_that_saved_none() -> None:
    assert FigureSettings.of_row([]) == FigureSettings(5, ServiceLevelFormula.STANDARD)
    row = {"short_abandon_seconds": 3, "service_level_formula": "sl2", "repeat_days": 14}
    assert FigureSettings.of_row([row]) == FigureSettings(3, ServiceLevelFormula.SL2, 14)


@pytest.mark.parametrize("formula", ServiceLevelFormula)
def test_nothing_to_count_is_nought_or_none_by_unit(formula: ServiceLevelFormula) -> None:
    empty = empty_figures(formula)
    for each in definitions(formula):
        if each.key in empty:
            assert empty[each.key] == (0 if each.unit is Unit.CONTACTS else None)


@pytest.mark.parametrize("formula", ServiceLevelFormula)
def test_the_reference_page_says_what_the_code_counts(formula: ServiceLevelFormula) -> None:
    page = (get_settings().checkout / "docs/reference/figures.md").read_text(encoding="utf-8")
    for each in (*definitions(formula), *report_definitions(formula)):
        assert f"| `{each.key}` | {each.name} | {each.unit} |" in page
        assert f"| {each.formula} |" in page
        assert all(f"`{setting}`" in page for setting in each.settings)
