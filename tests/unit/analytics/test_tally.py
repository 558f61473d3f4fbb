"""Tallies are added, and say no more than was counted."""

from __future__ import annotations

import pytest

from haedap.analytics import AnalyticsError, measures, tally
from haedap.analytics.cube import rolled
from haedap.analytics.dimensions import Group
from haedap.analytics.figures import FigureSettings
from haedap.analytics.measures import ServiceLevelFormula
from haedap.analytics.tally import Tally

SETTINGS = FigureSettings()


def of(**counts: int) -> Tally:
    return Tally(SETTINGS, counts)


def test_shares_of_sums_and_never_sums_of_shares() -> None:
    both = of(offered=4, answered=1) + of(offered=96, answered=95)
    assert both.value("answer_rate") == 96 / 100
    assert (both.hits("answer_rate"), both.population("answer_rate")) == (96, 100)


def test_means_divide_by_what_they_are_means_of() -> None:
    said = of(answered=4, asa_seconds_sum=30_000_000, survey_answered=2, survey_sum=300, survey_weight=5)
    assert said.value("asa_seconds") == 7.5
    assert said.value("survey") == 60
    assert said.value("answered") == 4


def test_nothing_to_divide_by_is_none_and_nothing_to_count_is_nought() -> None:
    nothing = of()
    for measure in measures.fact_measures(SETTINGS.formula):
        is_count = measure.definition.unit is measures.Unit.CONTACTS
        assert nothing.value(measure.definition.key) == (0 if is_count else None)


def test_what_was_not_asked_is_not_said() -> None:
    few = Tally(SETTINGS, {"came_in": 3}, frozenset({"contacts"}))
    assert few.contacts == (few + few).contacts - 3
    with pytest.raises(AnalyticsError, match="묻지 않은"):
        few.value("offered")
    with pytest.raises(AnalyticsError, match="고르십시오"):
        of().value("occupancy")


def test_rolling_keeps_the_order_that_was_asked_for() -> None:
    fine: dict[Group, Tally] = {
        ("tax", 1): of(offered=1, answered=1),
        ("tax", 2): of(offered=2),
        ("water", 1): of(offered=4),
    }
    assert {group: one.value("offered") for group, one in rolled(fine, (1, 0)).items()} == {
        (1, "tax"): 1,
        (2, "tax"): 2,
        (1, "water"): 4,
    }
    assert {group: one.value("offered") for group, one in rolled(fine, (0,)).items()} == {("tax",): 3, ("water",): 4}
    assert rolled(fine, ())[()].value("answer_rate") == 1 / 7
    assert rolled({}, (0,)) == {}


@pytest.mark.parametrize("formula", ServiceLevelFormula)
def test_each_condition_has_a_column_of_its_own(formula: ServiceLevelFormula) -> None:
    conditions = {condition for each in measures.fact_measures(formula) for condition in (each.population, each.hits)}
    names = {tally.name_of(condition) for condition in conditions}
    assert len(names) == len(conditions)
    assert names <= set(tally.column_names(formula))
