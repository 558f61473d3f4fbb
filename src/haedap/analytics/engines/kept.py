"""The facts of settled days, kept in the database: what a year of them says need not be worked out of the read models.

A day is settled when nothing that happens from now on belongs to its facts by itself: no repetition of its contacts is
counted any more. Triggers take a kept day back as soon as a row that its facts come from is changed after all
(`apps/reports/migrations`), so kept and live facts are the same. What is not kept is worked out as before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import ibis

from haedap.analytics.archive.manifest import FORM
from haedap.analytics.dimensions import Dimension, Value
from haedap.analytics.engines import Ask, Live, Row, midnight
from haedap.analytics.engines.live import Cursor, between, export_of
from haedap.analytics.facts import FACT, LONGEST_PAUSE_DAYS
from haedap.analytics.sources import FACTS, Source

_PERCENT = re.compile(r"%(?!\(\w+\)s)")
"""What is no place of a parameter."""
SETTLED_AFTER = timedelta(days=LONGEST_PAUSE_DAYS + 3)
"""With some days to spare: late notes of the last days take nothing back."""
_ID = frozenset({"id", "resumes"})
_COLUMNS = tuple(name for name in FACT.columns if name != "centre")
_STORED = ", ".join(f'"{name}"' for name in _COLUMNS)
_VALID = f"SELECT day FROM fact_day WHERE kept AND form = {FORM}"
_SHOWN = ", ".join(f'"{name}"::text' if name in _ID else f'"{name}"' for name in _COLUMNS)
_KEPT = f"SELECT ''::text AS centre, {_SHOWN} FROM contact_fact"
_IN_DAYS = "day >= %(since)s AND day < %(until)s"
_FIRST = "SELECT (min(arrived_at) AT TIME ZONE 'Asia/Seoul')::date FROM contact"
_OPEN = f"""SELECT min(day)::date, max(day)::date
FROM generate_series(%(since)s::timestamp, %(until)s::timestamp - interval '1 day', interval '1 day') AS day
WHERE day >= ({_FIRST}) AND day::date NOT IN ({_VALID})"""
"""The first and the last day for which there may be contacts and no kept facts."""

FORGET = f"DELETE FROM fact_day WHERE form <> {FORM} OR since > pg_current_xact_id()"
"""What an older version kept is kept anew, and what was noted in a database that this one was copied from."""
PROPOSE = f"""INSERT INTO fact_day (day, form, since, kept)
SELECT day::date, {FORM}, pg_current_xact_id(), false
FROM generate_series(({_FIRST})::timestamp, %s::timestamp - interval '1 day', interval '1 day') AS day
ON CONFLICT (day) DO NOTHING"""
"""Notes the settled days from the first contact on: from now on each change of theirs is seen."""
READY = "SELECT day FROM fact_day WHERE NOT kept AND since < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY day"
"""Those whose changes all are seen: whoever was at work when they were noted is done."""
CLEAR = "DELETE FROM contact_fact WHERE day >= %s AND day < %s"
KEEP = "UPDATE fact_day SET kept = true WHERE day >= %s AND day < %s AND NOT kept"
SWEEP = """WITH RECURSIVE found(day) AS (
    SELECT min(day) FROM contact_fact UNION ALL
    SELECT (SELECT min(day) FROM contact_fact WHERE day > found.day) FROM found WHERE found.day IS NOT NULL
)
DELETE FROM contact_fact WHERE day IN (SELECT day FROM found EXCEPT SELECT day FROM fact_day)"""
"""What was taken back and is not settled any more."""


def fill(since: date, until: date) -> str:
    """A statement without parameters that keeps the facts of the days [since, until)."""
    rows = export_of(FACTS, midnight(since), midnight(until))
    columns = ", ".join(f'"{name}"::uuid' if name in _ID else f'"{name}"' for name in _COLUMNS)
    return f"INSERT INTO contact_fact ({_STORED}) SELECT {columns} FROM (\n{rows}\n) AS fact"


@dataclass(frozen=True, slots=True)
class Kept:
    """The live database as `engines.Live`, quicker: facts of kept days are read and not worked out.

    `where`: only facts whose value of a dimension is one of some; here and not in a question, equal questions about
    other values are compiled once. Ask within one snapshot of the database (REPEATABLE READ): a day that is taken back
    between two statements would be missed.
    """

    cursor: Cursor
    where: Mapping[Dimension, tuple[Value, ...]]

    def rows(self, source: Source, ask: Ask, since: date | None = None, until: date | None = None) -> list[Row]:
        """See `engines.Engine`. Facts need both days."""
        if source is not FACTS or since is None or until is None:
            return Live(self.cursor).rows(source, ask, since, until)
        values: dict[str, Any] = {"since": since, "until": until}
        self.cursor.execute(_OPEN, values)
        first, last = self.cursor.fetchall()[0]
        if first is not None:
            values |= {"begin": midnight(first), "end": midnight(last + timedelta(days=1))}
        chosen, sought = self._chosen()
        self.cursor.execute(_statement(ask, chosen, live=first is not None), values | sought)
        names = [column[0] for column in self.cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in self.cursor.fetchall()]

    @property
    def at_once(self) -> int:
        """See `engines.Engine`."""
        return 1

    @property
    def as_of(self) -> datetime:
        """See `engines.Engine`."""
        return Live(self.cursor).as_of

    def _chosen(self) -> tuple[str, dict[str, Any]]:
        """The conditions of `where` over a fact, and their values."""
        conditions, values = [], {}
        for place, (dimension, wanted) in enumerate(sorted(self.where.items())):
            condition = f'"{dimension.value}" = ANY(%(where{place})s)'
            conditions.append(f'({condition} OR "{dimension.value}" IS NULL)' if None in wanted else condition)
            values[f"where{place}"] = [value for value in wanted if value is not None]
        return "".join(f" AND {condition}" for condition in conditions), values


@lru_cache(maxsize=256)
def _statement(ask: Ask, chosen: str, *, live: bool) -> str:
    """The question over kept facts and, where days are not kept, over live ones. The server sees through all of it."""
    parts = [f"{_KEPT} WHERE {_IN_DAYS} AND day IN ({_VALID}){chosen}"]
    if live:
        rows = between(FACTS, "%(begin)s::timestamptz", "%(end)s::timestamptz")
        parts.append(f"SELECT * FROM (\n{rows}\n) AS live WHERE {_IN_DAYS} AND day NOT IN ({_VALID}){chosen}")
    body = str(ibis.to_sql(ask(FACT), dialect="postgres"))
    more, body = (", ", body[5:]) if body.startswith("WITH ") else ("\n", body)
    facts = "\nUNION ALL\n".join(parts)
    return _PERCENT.sub("%%", f'WITH "fact" AS NOT MATERIALIZED (\n{facts}\n){more}{body}')
