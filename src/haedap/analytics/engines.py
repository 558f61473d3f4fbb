"""Where figures are counted: the live database, archives by DuckDB, archives by Spark. One expression for all three."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol, TypeAlias

from ibis.expr.types import Table

Row: TypeAlias = dict[str, Any]
Expression: TypeAlias = Callable[[Table], Table]


class Engine(Protocol):
    """Answers questions about facts and about what stands beside them."""

    def facts(self, since: date, until: date, ask: Expression) -> list[Row]:
        """The rows of `ask` over the facts that arrived from `since` until before `until`, whole days in Seoul."""

    def rows(self, table: str, ask: Expression) -> list[Row]:
        """The rows of `ask` over another table of the archive, see `haedap.analytics.sources`."""
