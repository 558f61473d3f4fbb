"""The live database: the sources as they are this moment, by their expressions over the read models."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any, Protocol

import ibis

from haedap.analytics.engines.asking import Ask, Row, midnight
from haedap.analytics.sources import Source, named

_NAMED = re.compile(r'("t\d+" AS) \(')
_SCOPE = "WITH scope(since, until, now, short_abandon_seconds) AS NOT MATERIALIZED (VALUES ({}, {}, now(), 0::bigint))"
_BEGIN, _END = datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class Cursor(Protocol):
    """What psycopg's and Django's cursors have in common; its rows are tuples."""

    @property
    def description(self) -> Sequence[Any] | None: ...
    def execute(self, sql: Any, parameters: Any = None, /) -> Any: ...
    def fetchall(self) -> Sequence[Any]: ...


class Live:
    """The live database, by a cursor. Whoever opened it closes it."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def rows(self, source: Source, ask: Ask, since: date | None = None, until: date | None = None) -> list[Row]:
        """See `Engine`."""
        begin, end = midnight(since) if since else _BEGIN, midnight(until) if until else _END
        self._cursor.execute(_statement(source.name, ask), (begin, end))
        names = [column[0] for column in self._cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in self._cursor.fetchall()]

    @property
    def at_once(self) -> int:
        """One cursor answers one after the other."""
        return 1

    @property
    def as_of(self) -> datetime:
        """The database's own time."""
        self._cursor.execute("SELECT now()")
        now: datetime = self._cursor.fetchall()[0][0]
        return now


def export_of(source: Source, since: datetime | None, until: datetime | None) -> str:
    """A statement without parameters that yields the rows of a source between two times, those of a day together."""
    begin, end = (f"'{at.isoformat()}'::timestamptz" for at in (since or _BEGIN, until or _END))
    order = "day" if source.monthly else ", ".join(str(place + 1) for place in range(len(source.table.columns)))
    return f"{between(source, begin, end)} ORDER BY {order}"


def between(source: Source, since: str, until: str) -> str:
    """A statement that yields the rows of a source between two times, which are given in SQL's own words."""
    scope = _SCOPE.format(since, until)
    return f"{scope}, kept AS NOT MATERIALIZED (\n{_kept(source.name)}\n)\nSELECT * FROM kept"


@lru_cache(maxsize=256)
def _statement(source: str, ask: Ask) -> str:
    """The question over what the source is now. The server sees through it: what is not asked is not computed."""
    body = str(ibis.to_sql(ask(named(source).table), dialect="postgres"))
    more, body = (", ", body[5:]) if body.startswith("WITH ") else ("\n", body)
    kept = f'"{source}" AS NOT MATERIALIZED (\n{_kept(source)}\n)'
    scope = _SCOPE.format("%s::timestamptz", "%s::timestamptz")
    return f"{scope}, " + f"{kept}{more}{body}".replace("%", "%%")


@cache
def _kept(source: str) -> str:
    """The source's rows of the scope, for PostgreSQL.

    What Ibis names at its head is read in several places, each time under other conditions: computed once and apart, it
    would be all contacts there ever were.
    """
    return _NAMED.sub(r"\1 NOT MATERIALIZED (", str(ibis.to_sql(named(source).live(), dialect="postgres")))
