"""Where figures are counted: the live database, archives by DuckDB, archives by Spark. One expression for all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from typing import Any, Protocol, TypeAlias

import ibis
from ibis.expr.types import Table

from haedap.analytics import facts
from haedap.analytics.facts import FACT
from haedap.analytics.tables import SEOUL

Row: TypeAlias = dict[str, Any]
Ask: TypeAlias = Callable[[Table], Table]
"""Says what is asked of a table. Those that are hashable are compiled once."""

_NAMED = re.compile(r'("t\d+" AS) \(')
_SCOPE = """WITH scope(since, until, now, short_abandon_seconds) AS NOT MATERIALIZED
(VALUES (%s::timestamptz, %s::timestamptz, now(), 0::bigint)), fact AS NOT MATERIALIZED ("""


class Engine(Protocol):
    """Answers questions about facts and about what stands beside them."""

    def facts(self, since: date, until: date, ask: Ask) -> list[Row]:
        """The rows of `ask` over the facts that arrived from `since` until before `until`, whole days in Seoul."""

    def rows(self, source: str, ask: Ask) -> list[Row]:
        """The rows of `ask` over another source, see `haedap.analytics.sources`."""


class Cursor(Protocol):
    """What psycopg's and Django's cursors have in common."""

    description: Sequence[Any] | None

    def execute(self, sql: str, parameters: Sequence[Any], /) -> Any: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...


class Live:
    """The live database, by a cursor that yields tuples. Whoever opened it closes it."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def facts(self, since: date, until: date, ask: Ask) -> list[Row]:
        return self._asked(_live_statement(ask), (midnight(since), midnight(until)))

    def rows(self, source: str, ask: Ask) -> list[Row]:
        raise NotImplementedError

    def _asked(self, sql: str, parameters: Sequence[Any]) -> list[Row]:
        self._cursor.execute(sql, parameters)
        names = [column.name for column in self._cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in self._cursor.fetchall()]


def midnight(day: date) -> datetime:
    """When the day begins in Seoul."""
    return datetime.combine(day, time(), SEOUL).astimezone(UTC)


@cache
def live_facts() -> str:
    """The statement whose rows are the facts of `scope`, for PostgreSQL.

    What Ibis names at its head is read in several places, and each time with other conditions: it must not be
    computed apart, for that would read all contacts there are.
    """
    return _NAMED.sub(r"\1 NOT MATERIALIZED (", str(ibis.to_sql(facts.live(), dialect="postgres")))


@lru_cache(maxsize=256)
def _live_statement(ask: Ask) -> str:
    body = str(ibis.to_sql(ask(FACT), dialect="postgres"))
    body = f", {body[5:]}" if body.startswith("WITH ") else f"\n{body}"
    return _SCOPE + f"{live_facts()}\n){body}".replace("%", "%%")
