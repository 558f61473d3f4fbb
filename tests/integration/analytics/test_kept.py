"""Kept facts are the live ones, whatever is changed after they were kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import tuple_row

from haedap.analytics.cube import Question, behind, tallies
from haedap.analytics.dimensions import Dimension
from haedap.analytics.engines import Live
from haedap.analytics.engines.kept import SETTLED_AFTER, Kept
from haedap.analytics.figures import FigureSettings
from haedap.apps.reports import keeping
from haedap.apps.reports.keeping import stretches
from tests.integration.analytics.books import open_book
from tests.integration.analytics.varied import DAYS, FIRST, NUMBERS, Varied

D = Dimension
LATER = FIRST + timedelta(days=DAYS) + SETTLED_AFTER
"""All days are settled."""
MEANWHILE = FIRST + timedelta(days=20) + SETTLED_AFTER
"""The first twenty are."""
ALL_DAYS = (date(2025, 12, 1), date(2026, 4, 1))
SETTINGS = FigureSettings()
ONE = "(SELECT id FROM contact WHERE direction = 'in' AND answered_at IS NOT NULL ORDER BY arrived_at OFFSET 9 LIMIT 1)"
CHANGES = (
    "UPDATE contact SET transferred = NOT transferred",
    "DELETE FROM contact WHERE id = ONE",
    """INSERT INTO contact (id, channel, state, arrived_at, seq)
    VALUES (gen_random_uuid(), 'voice', 'ended', '2026-01-05T03:00Z', 1)""",
    "UPDATE segment SET wrap_up_seconds = 500 WHERE contact = ONE",
    "UPDATE contact_note SET district = '가온동', topic_id = 3 WHERE contact = ONE",
    "DELETE FROM contact_note WHERE contact = ONE",
    "UPDATE contact_citizen SET citizen = 2",
    "UPDATE case_file SET state = 'withdrawn'",
    "DELETE FROM article_use",
    "UPDATE lookup_use SET outcome = 'failed'",
    "UPDATE survey_answer SET points = 100 - points",
    "DELETE FROM survey_answer",
    "UPDATE promise SET outcome = 'not_reached', ended_at = deadline",
    "DELETE FROM citizen_number WHERE citizen = 2",
    "UPDATE citizen SET merged_into = 2 WHERE id = 1",
    "UPDATE queue SET service_level_seconds = 45 WHERE key = 'tax'",
    "UPDATE topic SET office = 3 WHERE code = 'bill'",
    "UPDATE department SET name = '물과' WHERE id = 1",
)
"""A change of each table that facts come from."""


@pytest.fixture
def records(orm_database: str) -> Iterator[psycopg.Connection[Any]]:
    with open_book(orm_database) as opened:
        Varied(opened).write()
        yield opened


def counts(
    records: psycopg.Connection[Any], *, kept: bool, where: dict[Dimension, tuple[Any, ...]] | None = None
) -> dict[Any, Any]:
    """What all figures are made of."""
    where = where or {}
    with records.cursor(row_factory=tuple_row) as cursor:
        engine = Kept(cursor, where) if kept else Live(cursor)
        question = Question(*ALL_DAYS, (D.DAY, D.TOPIC, D.OFFICE), {} if kept else where)
        return {group: tally.counts for group, tally in tallies(engine, question, SETTINGS).items()}


def contacts(records: psycopg.Connection[Any], *, kept: bool) -> list[Any]:
    """What is behind one of them."""
    with records.cursor(row_factory=tuple_row) as cursor:
        engine = Kept(cursor, {}) if kept else Live(cursor)
        return behind(engine, Question(*ALL_DAYS), SETTINGS, "fcr", limit=500)


def same(records: psycopg.Connection[Any], **options: Any) -> dict[Any, Any]:
    """What both say."""
    found = counts(records, kept=True, **options)
    assert found == counts(records, kept=False, **options)
    return found


def kept_days(records: psycopg.Connection[Any]) -> int:
    row = records.execute("SELECT count(*) AS days FROM fact_day WHERE kept").fetchone()
    assert row is not None
    return int(row["days"])


def test_what_is_kept_is_what_is_worked_out(records: psycopg.Connection[Any]) -> None:
    assert keeping.keep(MEANWHILE) == kept_days(records) == 20
    same(records)
    assert contacts(records, kept=True) == contacts(records, kept=False) != []
    same(records, where={D.TOPIC: ("bill", "move")})
    same(records, where={D.QUEUE: (None,), D.CHANNEL: ("voice",)})
    same(records, where={D.AGENT: (1, None), D.WEEKDAY: (0, 4)})
    assert keeping.keep(LATER) == DAYS - 20
    assert keeping.keep(LATER) == 0
    same(records)


def test_a_change_of_any_table_takes_its_days_back(records: psycopg.Connection[Any]) -> None:
    keeping.keep(LATER)
    before, seen = same(records), 0
    for change in CHANGES:
        with records.transaction(force_rollback=True):
            records.execute(change.replace("ONE", ONE))
            assert kept_days(records) < DAYS, change
            seen += same(records) != before
    assert seen > len(CHANGES) * 3 / 4, "most of them change a figure"
    assert kept_days(records) == DAYS


def test_calls_of_today_take_nothing_back(records: psycopg.Connection[Any]) -> None:
    keeping.keep(LATER)
    key = uuid.uuid4()
    records.execute(
        "INSERT INTO contact (id, channel, state, direction, caller, arrived_at, seq)"
        " VALUES (%s, 'voice', 'ended', 'in', %s, %s, 1)",
        (key, NUMBERS[1], LATER),
    )
    records.execute("INSERT INTO contact_note (contact, topic_id) VALUES (%s, 3)", (key,))
    assert kept_days(records) == DAYS


def test_what_is_changed_while_it_is_being_kept_waits(records: psycopg.Connection[Any], orm_database: str) -> None:
    with psycopg.connect(orm_database) as busy:
        busy.execute("UPDATE contact_note SET topic_id = 2")
        assert keeping.keep(LATER) == 0, "nobody knows what the other one will have changed"
        busy.commit()
    assert keeping.keep(LATER) == DAYS
    same(records)


def test_days_are_kept_by_the_month_and_gaps_are_left_out() -> None:
    first = date(2026, 1, 1)
    days = [first + timedelta(days=place) for place in (*range(40), 50)]
    assert list(stretches(days)) == [
        (first, date(2026, 2, 1)),
        (date(2026, 2, 1), date(2026, 2, 10)),
        (date(2026, 2, 20), date(2026, 2, 21)),
    ]
    assert list(stretches([])) == []
