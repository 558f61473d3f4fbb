"""Today's figures do not depend on how many years of contacts there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from haedap.analytics import queries
from haedap.analytics.measures import ServiceLevelFormula
from haedap.analytics.tables import Scope
from tests.integration.analytics.books import DAY, NOON, Book

_PAST = """
INSERT INTO contact (id, channel, state, outcome, queue, asked_queue, arrived_at, queued_at, answered_at, ended_at,
                     agent, seq)
SELECT gen_random_uuid(), 'voice', 'ended', 'answered', 'tax', 'tax', at, at, at + interval '9 s', at + interval '90 s',
       1, 1
FROM (SELECT %(now)s::timestamptz - n * interval '10 minutes' AS at FROM generate_series(1, 20000) AS n) AS past;
INSERT INTO segment (contact, number, agent, queue, offer, started_at, talk_from, ended_at, wrap_up_seconds, seq)
SELECT id, 1, 1, 'tax', '', answered_at, answered_at, ended_at, 5, 1 FROM contact;
INSERT INTO agent_period (agent, state, started_at, ended_at)
SELECT 1, 'engaged', started_at, ended_at FROM segment;
ANALYZE contact, segment, agent_period, queue;
"""


@pytest.fixture
def years(book: Book) -> Book:
    import psycopg

    with psycopg.ClientCursor(book.connection) as cursor:
        cursor.execute(_PAST, {"now": NOON})
    return book


@pytest.mark.parametrize(
    "statement",
    [
        partial(queries.cohort_figures, ServiceLevelFormula.STANDARD, by_queue=False),
        partial(queries.cohort_figures, ServiceLevelFormula.STANDARD, by_queue=True),
        partial(queries.handle_time, by_queue=True),
        queries.occupancy,
        queries.offered_by_slot,
    ],
    ids=["cohort", "cohort by queue", "handle time", "occupancy", "curve"],
)
def test_a_statement_reads_only_its_day(years: Book, statement: Callable[[], str]) -> None:
    read = _rows_read(_plan(years, statement(), NOON))
    assert read, "the plan names the tables it reads"
    assert max(read.values()) < 1000, read


def test_the_waiting_are_found_by_their_state(years: Book) -> None:
    answer = years.connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {queries.waiting(by_queue=True)}").fetchone()
    assert answer is not None
    assert max(_rows_read(answer["QUERY PLAN"][0]["Plan"]).values()) < 1000


def _plan(book: Book, sql: str, now: datetime) -> dict[str, Any]:
    values = Scope.of_day(DAY.date(), now).values
    answer = book.connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values).fetchone()
    assert answer is not None
    plan: dict[str, Any] = answer["QUERY PLAN"][0]["Plan"]
    return plan


def _rows_read(plan: dict[str, Any]) -> dict[str, float]:
    """By table: the rows that its scan looked at, those it threw away included."""
    read: dict[str, float] = {}
    if "Relation Name" in plan:
        thrown_away = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        read[plan["Relation Name"]] = plan["Actual Loops"] * (plan["Actual Rows"] + thrown_away)
    for part in plan.get("Plans", ()):
        for table, rows in _rows_read(part).items():
            read[table] = max(rows, read.get(table, 0))
    return read
