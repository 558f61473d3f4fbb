"""Invented facts of a year for `bench/yearbook.py`: as varied as a large centre's, made by DuckDB in seconds."""

from __future__ import annotations

import ibis

from haedap.analytics.facts import FACT, with_flags
from haedap.analytics.sources import Source

YEAR = 2025
_DAY = "(make_date({year}, {month}, 1) + (r % days)::int)"
_PART = "(hash(r * 31 + {month} * 7919 + {salt}) >> 8)::bigint"
_ROWS = "range({rows}) AS made(r), (SELECT day(last_day(make_date({year}, {month}, 1))) AS days)"
_HOURS = "[9,9,9,10,10,10,10,10,11,11,11,11,12,13,13,13,14,14,14,14,15,15,15,16,16,16,17,17,8,18]"

_FACT = """WITH chosen AS (SELECT *, {day} AS day,
    {chance1} % 1000 AS a, {chance2} % 1000 AS b, {chance3} % 1000 AS c, {chance4} % 1000 AS d, {chance5} % 1000 AS e
FROM {rows}), timed AS (SELECT *, {hours}[1 + e % 30] AS hour, floor(180 * pow(b / 1000, 2))::int AS topic_number,
    a < 930 AS asked, a >= 50 AND a < 900 AS answered, (200000 + c * c * 90)::bigint AS wait FROM chosen),
placed AS (SELECT *,
    (day + to_hours(hour - 9) + to_milliseconds((c * 3599)::int)) AT TIME ZONE 'UTC' AS came FROM timed)
SELECT '' AS centre, {month} || '-' || r AS id, ['voice', 'voice', 'voice', 'voice', 'chat'][1 + d % 5] AS channel,
    CASE WHEN e % 40 = 0 THEN 'out' ELSE 'in' END AS direction, 'ended' AS state,
    CASE WHEN answered THEN 'answered' WHEN a >= 915 THEN 'closed_by_flow' WHEN asked AND d < 200 THEN 'promised'
        ELSE 'abandoned' END AS outcome,
    CASE WHEN asked THEN 'queue_' || d % 8 END AS queue,
    CASE WHEN answered THEN 'topic_' || topic_number ELSE '' END AS topic,
    CASE WHEN answered THEN '부서 ' || topic_number % 40 ELSE '' END AS office,
    CASE WHEN c % 10 < 7 THEN '가온' || c % 14 || '동' ELSE '' END AS district,
    CASE WHEN answered THEN b % 60 END AS agent, came AS arrived_at, day::date AS day, hour, isodow(day) - 1 AS weekday,
    CASE WHEN asked THEN came + to_seconds(12) END AS queued_at,
    CASE WHEN answered THEN came + to_seconds(12) + to_microseconds(wait) END AS answered_at,
    came + to_seconds(200) AS ended_at, CASE WHEN answered THEN wait END AS answer_wait,
    CASE WHEN asked THEN wait + 1500000 END AS abandon_wait, CASE WHEN asked THEN 20000000 END AS promise,
    CASE WHEN d < 20 THEN r::text END AS resumes, answered AND b < 120 AS transferred, answered AND c < 60 AS referred,
    CASE WHEN b < 5 THEN 1 ELSE 0 END AS returned, d < 30 AS promise_failed, answered AND d < 400 AS article,
    answered AND e < 150 AS looked_up, CASE WHEN answered AND c < 110 THEN c * 10000000000 END AS again_after,
    CASE WHEN answered THEN 60000000 + d * 400000 END AS handle_time, answered AND e < 300 AS surveyed,
    CASE WHEN answered AND e < 90 THEN 4 ELSE 0 END AS survey_items,
    CASE WHEN answered AND e < 90 THEN 240 + d % 161 ELSE 0 END AS survey_total
FROM placed ORDER BY day"""

_OTHERS = {
    "promise": """SELECT r::text AS id, 'queue' AS owner_kind, 'queue_' || r % 8 AS queue, 'queue' AS reason,
        CASE WHEN {chance1} % 10 < 8 THEN 'kept' ELSE 'not_reached' END AS outcome, 1 AS attempts,
        {day} AT TIME ZONE 'UTC' AS made_at, {day}::date AS day,
        ({day} + INTERVAL 8 HOUR) AT TIME ZONE 'UTC' AS deadline,
        ({day} + INTERVAL 2 HOUR) AT TIME ZONE 'UTC' AS ended_at FROM {rows} ORDER BY day""",
    "case_file": """SELECT r::text AS contact, '부서 ' || {chance1} % 40 AS office,
        'topic_' || {chance2} % 180 AS topic,
        'grievance' AS kind, '7d' AS term, 'closed' AS state, {day} AT TIME ZONE 'UTC' AS received_at,
        {day}::date AS day,
        ({day} + INTERVAL 9 DAY) AT TIME ZONE 'UTC' AS due_at,
        ({day} + to_hours(({chance3} % 240)::int)) AT TIME ZONE 'UTC' AS answered_at,
        ({day} + INTERVAL 11 DAY) AT TIME ZONE 'UTC' AS ended_at FROM {rows} ORDER BY day""",
    "article_use": """SELECT r::text AS contact, 'article_' || {chance1} % 400 AS code,
        '상담 지식 ' || {chance1} % 400 AS title,
        'read' AS how, {day} AT TIME ZONE 'UTC' AS "at", {day}::date AS day FROM {rows} ORDER BY day""",
    "survey": """SELECT r::text AS contact, ['handling', 'satisfaction', 'kindness', 'quality'][1 + r % 4] AS item,
        60 + {chance1} % 41 AS points, {day} AT TIME ZONE 'UTC' AS asked_at,
        {day}::date AS day FROM {rows} ORDER BY day""",
    "gap": """SELECT '없는 말 ' || r AS words, 'search' AS reason, 1 + r % 90 AS times,
        make_timestamptz({year}, 6, 1, 0, 0, 0) AS last_at, make_date({year}, 6, 1) AS day,
        NULL::timestamptz AS settled_at FROM {rows}""",
    "topic": """SELECT 'topic_' || r AS code, '유형 ' || r AS name, '분야 ' || r % 14 || ' > 유형 ' || r AS path,
        'root_' || r % 14 AS parent, 'root_' || r % 14 AS root, r AS position FROM {rows}""",
    "queue": """SELECT 'queue_' || r AS key, '대기열 ' || r AS name, r AS position, 20 AS service_level_seconds
        FROM {rows}""",
}
SOURCES = ("fact", *_OTHERS)
_SHARES = {"fact": 1.0, "promise": 0.02, "case_file": 0.01, "article_use": 0.1, "survey": 0.04}
_COUNTS = {"gap": 500, "topic": 180, "queue": 8}


def statement(source: Source, month: int, contacts: int) -> str:
    """The rows of a source in a month of the year, or 0 for one that has none; a twelfth of what `contacts` bring."""
    name = source.name
    rows = round(contacts * _SHARES[name] / 12) if name in _SHARES else _COUNTS[name]
    values = {"year": YEAR, "month": month or 1}
    text = {
        "day": _DAY.format(**values),
        "rows": _ROWS.format(rows=rows, **values),
        "hours": _HOURS,
        **{f"chance{salt}": _PART.format(salt=salt, **values) for salt in range(1, 6)},
        **values,
    }
    body = (_FACT if name == "fact" else _OTHERS[name]).format(**text)
    if name != "fact":
        columns = ", ".join(f'"{column}"' for column in source.table.columns if column != "centre")
        return f"SELECT '' AS centre, {columns} FROM ({body})"
    return f"WITH made_facts AS ({body}) {_with_flags()}"


def _with_flags() -> str:
    """The conditions that a fact keeps, by their own expressions."""
    made = ibis.table({name: FACT.schema()[name] for name in FACT.columns if name != "flags"}, name="made_facts")
    return str(ibis.to_sql(with_flags(made), dialect="duckdb"))
