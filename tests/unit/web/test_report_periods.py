"""The days of a report and those that it is compared with."""

from __future__ import annotations

from datetime import date

import pytest

from haedap.analytics.book.model import Unit as BookUnit
from haedap.analytics.book.model import number
from haedap.analytics.measures import Unit
from haedap.analytics.rounding import percent
from haedap.apps.effect.templatetags import effect
from haedap.apps.reports.numbers import change, written
from haedap.apps.reports.periods import Kind, Period

D = date


@pytest.mark.parametrize(
    ("kind", "day", "since", "until", "previous", "year_before"),
    [
        (Kind.DAY, D(2026, 11, 22), D(2026, 11, 22), D(2026, 11, 23), D(2026, 11, 21), D(2025, 11, 23)),
        (Kind.WEEK, D(2026, 11, 22), D(2026, 11, 16), D(2026, 11, 23), D(2026, 11, 9), D(2025, 11, 17)),
        (Kind.MONTH, D(2026, 1, 31), D(2026, 1, 1), D(2026, 2, 1), D(2025, 12, 1), D(2025, 1, 1)),
        (Kind.MONTH, D(2024, 2, 29), D(2024, 2, 1), D(2024, 3, 1), D(2024, 1, 1), D(2023, 2, 1)),
        (Kind.MONTH, D(2025, 12, 5), D(2025, 12, 1), D(2026, 1, 1), D(2025, 11, 1), D(2024, 12, 1)),
    ],
)
def test_periods(kind: Kind, day: date, since: date, until: date, previous: date, year_before: date) -> None:
    period = Period.with_day(kind, day)
    assert (period.since, period.until) == (since, until)
    assert (period.previous.since, period.previous.until) == (previous, since)
    assert period.year_before.since == year_before
    assert period.next.since == until


def test_a_range_is_compared_with_as_many_days_before_and_the_same_days_a_year_before() -> None:
    period = Period(Kind.RANGE, D(2024, 2, 29), D(2024, 3, 10))
    assert period.days == 10
    assert (period.previous.since, period.previous.until) == (D(2024, 2, 19), D(2024, 2, 29))
    assert (period.year_before.since, period.year_before.until) == (D(2023, 2, 28), D(2023, 3, 10))


def test_a_calendar_year_is_compared_with_the_one_before_however_long_it_was() -> None:
    year = Period.of_year(2025)
    assert year.previous == year.year_before == Period.of_year(2024)
    assert Period.of_year(2024).next == year
    assert year.name == "2025년"
    assert Period.with_day(Kind.YEAR, D(2025, 2, 28)) == year
    assert year.previous.as_far_as(100).name == "2024년 1월 1일 ~ 2024년 4월 9일"


def test_a_period_that_goes_on_is_compared_with_as_much_of_another() -> None:
    november = Period.with_day(Kind.MONTH, D(2026, 11, 22))
    assert november.elapsed(D(2026, 11, 22)) == 22
    assert november.elapsed(D(2026, 12, 5)) == 30
    assert november.elapsed(D(2026, 10, 5)) == 0
    assert november.previous.as_far_as(22).until == D(2026, 10, 23)
    march = Period.with_day(Kind.MONTH, D(2026, 3, 31))
    assert march.previous.as_far_as(31).until == D(2026, 3, 1)


def test_names() -> None:
    assert Period.with_day(Kind.MONTH, D(2026, 11, 22)).name == "2026년 11월"
    assert Period.with_day(Kind.DAY, D(2026, 11, 22)).name == "2026년 11월 22일 (일)"
    assert Period.with_day(Kind.WEEK, D(2026, 11, 22)).name == "2026년 11월 16일 ~ 2026년 11월 22일"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (12345, Unit.CONTACTS, "12,345"),
        (12.5, Unit.CONTACTS, "12.5"),
        (0.7923, Unit.RATIO, "79.2%"),
        (9.4, Unit.SECONDS, "0:09"),
        (3765.0, Unit.SECONDS, "1:02:45"),
        (84.26, Unit.POINTS, "84.3"),
        (None, Unit.RATIO, "–"),
    ],
)
def test_numbers_are_written_in_their_unit(value: float | None, unit: Unit, text: str) -> None:
    assert written(value, unit) == text


@pytest.mark.parametrize(
    ("now", "before", "unit", "text"),
    [
        (110, 100, Unit.CONTACTS, "+10.0%"),
        (3, 0, Unit.CONTACTS, "–"),
        (0.79, 0.80, Unit.RATIO, "-1.0%p"),
        (61, 70, Unit.SECONDS, "-0:09"),
        (61.2, 61.4, Unit.SECONDS, "0:00"),
        (0.79011, 0.79013, Unit.RATIO, "0.0%p"),
        (100_000, 100_001, Unit.CONTACTS, "0.0%"),
        (84.0, 80.5, Unit.POINTS, "+3.5"),
        (None, 0.5, Unit.RATIO, "–"),
    ],
)
def test_changes(now: float | None, before: float | None, unit: Unit, text: str) -> None:
    assert change(now, before, unit) == text


@pytest.mark.parametrize(
    ("hits", "population", "shown"),
    [(1, 16, "6.3"), (3, 80, "3.8"), (23, 80, "28.8"), (1, 3, "33.3"), (57, 2000, "2.9"), (2999, 3000, "100.0")],
)
def test_a_share_is_rounded_alike_on_pages_in_charts_in_the_book_and_in_spreadsheets(
    hits: int, population: int, shown: str
) -> None:
    share = hits / population
    assert written(share, Unit.RATIO) == percent(share) == effect.rate(share) == f"{shown}%"
    assert number("share", share, BookUnit.RATE).bare == f"{shown}%"


def test_half_a_second_is_rounded_up() -> None:
    assert written(62.5, Unit.SECONDS) == effect.minutes(62.5) == "1:03"
    assert number("asa_seconds", 62.5, BookUnit.SECONDS).bare == "1분 3초"
    assert change(60.0, 62.5, Unit.SECONDS) == "-0:03"
