"""How long the wallboard's figures take in a centre that has been running for years.

Prints one line of JSON: for each statement the median and the largest of its times in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from datetime import datetime
from typing import Any, TypeAlias

import psycopg
from psycopg.rows import dict_row

from bench.options import Options, positive
from bench.webside import own_database
from haedap.analytics import queries
from haedap.analytics.figures import Statement
from haedap.analytics.measures import ServiceLevelFormula
from haedap.analytics.tables import SEOUL, Scope

Connection: TypeAlias = psycopg.Connection[dict[str, Any]]

_FILL = """
INSERT INTO contact (id, channel, state, outcome, ended_by, called, caller, queue, asked_queue, arrived_at, queued_at,
                     answered_at, ended_at, agent, segments, seq)
SELECT gen_random_uuid(), 'voice', 'ended', 'answered', 'agent', '+82200000120',
       '+8210000' || lpad((n %% 100000)::text, 5, '0'),
       'queue_' || n %% 8, 'queue_' || n %% 8, at, at + interval '20 s', at + interval '35 s', at + interval '200 s',
       n %% 100, 1, n
FROM (SELECT n, %(now)s::timestamptz - n * (interval '1 day' / %(daily)s) AS at
      FROM generate_series(1, %(contacts)s) AS n) AS made;
INSERT INTO segment (contact, number, agent, queue, offer, started_at, talk_from, ended_at, wrap_up_seconds, seq)
SELECT id, 1, agent, queue, id::text, answered_at, answered_at, ended_at, 30, seq FROM contact;
INSERT INTO agent_period (agent, state, started_at, ended_at)
SELECT agent, state, started_at + after, started_at + after + interval '60 s' FROM segment,
       (VALUES ('offered', interval '-5 s'), ('engaged', interval '0'), ('wrap_up', interval '165 s'),
               ('available', interval '195 s')) AS part(state, after);
INSERT INTO agent_period (agent, state, started_at) SELECT n, 'available', %(now)s FROM generate_series(0, 99) AS n;
"""


def main() -> None:
    parser = Options(prog="haedap bench figures")
    parser.add_argument("--contacts", type=positive, default=1_000_000)
    parser.add_argument("--daily", type=positive, default=2_000)
    parser.add_argument("--rounds", type=positive, default=30)
    parser.add_argument("--json", action="store_true", help="one line of JSON (the only form)")
    options = parser.parse_args()
    now = datetime.now(SEOUL).replace(hour=23, minute=59)
    with own_database() as (url, _folder), psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
        _fill(connection, options, now)
        found = {name: _timed(connection, statement, options.rounds) for name, statement in _statements(now).items()}
    result = {"contacts": options.contacts, "daily": options.daily, "rounds": options.rounds, "statements": found}
    print(json.dumps(result))


def _fill(connection: Connection, options: argparse.Namespace, now: datetime) -> None:
    connection.execute("DROP INDEX contact_caller_part, contact_caller_name_part")
    connection.execute("INSERT INTO skill (key, name) VALUES ('all', 'all')")
    connection.execute(
        "INSERT INTO queue (key, name, skill_id) SELECT 'queue_' || n, n::text, 'all' FROM generate_series(0, 7) AS n"
    )
    with psycopg.ClientCursor(connection) as cursor:
        cursor.execute(_FILL, {"now": now, "daily": options.daily, "contacts": options.contacts})
    connection.execute("VACUUM ANALYZE")


def _statements(now: datetime) -> dict[str, Statement]:
    today = Scope.of_day(now.date(), now)
    values = today.values
    formula = ServiceLevelFormula.STANDARD
    return {
        "cohort": Statement(queries.cohort_figures(formula, by_queue=False), values),
        "cohort_by_queue": Statement(queries.cohort_figures(formula, by_queue=True), values),
        "handle_time": Statement(queries.handle_time(by_queue=False), values),
        "handle_time_by_queue": Statement(queries.handle_time(by_queue=True), values),
        "occupancy": Statement(queries.occupancy(), values),
        "waiting": Statement(queries.waiting(by_queue=False)),
        "curve": Statement(queries.offered_by_slot(), values),
        "behind_offered": Statement(queries.contacts_behind(formula, "offered"), queries.Behind(today).values),
    }


def _timed(connection: Connection, statement: Statement, rounds: int) -> dict[str, float]:
    taken: list[float] = []
    for _round in range(rounds + 1):
        began = time.perf_counter()
        connection.execute(statement.sql, statement.parameters).fetchall()
        taken.append((time.perf_counter() - began) * 1000)
    warm = taken[1:]
    return {"p50_ms": round(statistics.median(warm), 2), "max_ms": round(max(warm), 2)}


if __name__ == "__main__":
    main()
