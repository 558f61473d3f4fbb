"""What engines have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, Protocol, TypeAlias

import ibis
from ibis.expr.types import Table

from haedap.analytics.sources import Source
from haedap.analytics.tables import SEOUL

Row: TypeAlias = dict[str, Any]
Ask: TypeAlias = Callable[[Table], Table]
"""Says what is asked of a table. One that is hashable is compiled once."""


class Engine(Protocol):
    """Answers questions about facts and about what stands beside them."""

    def rows(self, source: Source, ask: Ask, since: date | None = None, until: date | None = None) -> list[Row]:
        """The rows of `ask` over those of a source; of a monthly one over those of the days [since, until) in Seoul."""

    @property
    def as_of(self) -> datetime:
        """When what the answers say was so; aware."""


def midnight(day: date) -> datetime:
    """When the day begins in Seoul."""
    return datetime.combine(day, time(), SEOUL).astimezone(UTC)


def on_days(table: Table, since: date | None, until: date | None) -> Table:
    """The rows of the archive's days."""
    if since is not None:
        table = table.filter(table.day >= ibis.literal(since))
    if until is not None:
        table = table.filter(table.day < ibis.literal(until))
    return table
