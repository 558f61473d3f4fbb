"""Pages of a long list by its key, so that page 10,000 is as quick as the first."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[_Row]):
    """Rows, latest first, and the cursors of the neighbouring pages (empty: there is none)."""

    rows: list[_Row]
    newer: str
    older: str


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is ordered: by `field` (a time) and then by key, latest first."""

    field: str
    read_key: Callable[[str], Any]
    size: int = 50

    def page(self, rows: QuerySet[_Row], cursor: str) -> Page[_Row]:
        """The page that `cursor` leads to; the first page when it is empty or cannot be read."""
        place = self._read(cursor)
        newer = place is not None and cursor.startswith("n")
        order = (self.field, "pk") if newer else (f"-{self.field}", "-pk")
        if place is not None:
            rows = rows.filter(self._beyond(place, newer=newer))
        found = list(rows.order_by(*order)[: self.size + 1])
        more = len(found) > self.size
        found = found[: self.size]
        if newer:
            found.reverse()
        if not found:
            return Page([], "", "")
        return Page(
            found,
            newer=self._write("n", found[0]) if (more if newer else place is not None) else "",
            older=self._write("o", found[-1]) if (newer or more) else "",
        )

    def _beyond(self, place: tuple[datetime, Any], *, newer: bool) -> Q:
        at, key = place
        word = "gt" if newer else "lt"
        # The first condition alone bounds the index; the second settles rows of the same instant.
        same = Q(**{self.field: at, f"pk__{word}": key}) | Q(**{f"{self.field}__{word}": at})
        return Q(**{f"{self.field}__{word}e": at}) & same

    def _write(self, direction: str, row: Model) -> str:
        text = f"{getattr(row, self.field).isoformat()} {row.pk}"
        return direction + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _read(self, cursor: str) -> tuple[datetime, Any] | None:
        body = cursor[1:]
        try:
            text = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode("ascii")
            at, key = text.split(" ")
            moment = datetime.fromisoformat(at)
            return (moment, self.read_key(key)) if moment.tzinfo and cursor[:1] in {"n", "o"} else None
        except (binascii.Error, UnicodeError, ValueError, OverflowError):
            return None
