"""상담 사실 (fact): one row a contact, with everything a figure needs and nothing about who the citizen is.

The same rows are had in two ways: `live()` reads them out of the read models, and the archive keeps what `live()` said
as Parquet. Every statement about figures is written against `FACT`, so it cannot tell which of them it counts.
"""

from __future__ import annotations

import ibis

from haedap.analytics.tables import AT

FACT = ibis.table(
    {
        "centre": "string",
        "id": "string",
        "channel": "string",
        "direction": "string",
        "state": "string",
        "outcome": "string",
        "queue": "string",
        "topic": "string",
        "office": "string",
        "district": "string",
        "agent": "int64",
        "arrived_at": AT,
        "day": "date",
        "hour": "int64",
        "weekday": "int64",
        "queued_at": AT,
        "answered_at": AT,
        "ended_at": AT,
        "answer_wait": "int64",
        "abandon_wait": "int64",
        "promise": "int64",
        "resumes": "string",
        "transferred": "boolean",
        "referred": "boolean",
        "returned": "int64",
        "promise_failed": "boolean",
        "article": "boolean",
        "looked_up": "boolean",
        "again_after": "int64",
        "handle_time": "int64",
        "surveyed": "boolean",
        "survey_items": "int64",
        "survey_total": "int64",
    },
    name="fact",
)
"""`centre`: '' where there is one. `topic` is a code, `office` and `district` are names, '' when not known; `queue` is
the key of the queue that was asked for. `agent` is the first who answered. `day`, `hour` and `weekday` (0 Monday) are
those of the arrival in Seoul.

All durations are microseconds: `answer_wait` and `abandon_wait` from entering the queue, `promise` is what the queue
promises, `handle_time` is talk, hold and wrap-up of all agents (null until the first of them is done), `again_after` runs
until the next contact of the same citizen on the same topic (null: none within 30 days).

`article`, `looked_up`: aid was used. `surveyed`: asked for an opinion; `survey_items` were answered, with points from 0
to 100 that add up to `survey_total`.
"""
