"""What engines have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, Protocol, TypeAlias

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

    @property
    def at_once(self) -> int:
        """How many questions may be asked at the same time, each from a thread of its own."""


def midnight(day: date) -> datetime:
    """When the day begins in Seoul."""
    return datetime.combine(day, time(), SEOUL).astimezone(UTC)


def on_days(since: date | None, until: date | None) -> str:
    """The SQL condition on rows of the archive that they are of the days [since, until); empty for all days."""
    bounds = (("day >=", since), ("day <", until))
    return " AND ".join(f"{comparison} DATE '{day.isoformat()}'" for comparison, day in bounds if day is not None)
