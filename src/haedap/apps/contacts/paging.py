"""Pages of a long list by its key, so that page 10,000 is as quick as the first."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[_Row]):
    """Rows in the list's order, and the cursors of the neighbouring pages (empty: there is none).

    `until`: no row beyond this moment was looked at; the list may go on there.
    """

    rows: list[_Row]
    newer: str
    older: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is ordered: by `field` (a time) and then by key, latest first; `ascending`: earliest first.

    The neighbour towards the front of the list is called `newer` in both.
    """

    field: str
    read_key: Callable[[str], Any]
    size: int = 50
    ascending: bool = False

    def sifted(self, rows: QuerySet[_Row], conditions: Q, cursor: str, stretches: Sequence[int]) -> Page[_Row]:
        """As `page` of the rows that fulfil `conditions`, but it looks at so many rows only.

        The first stretch that fills the page suffices; after the last one the page ends where that ended.
        """
        found: Page[_Row] = Page([], "", "")
        for most in stretches:
            found = self._within(rows, conditions, cursor, most)
            if found.until is None:
                break
        return found

    def _within(self, rows: QuerySet[_Row], conditions: Q, cursor: str, most: int) -> Page[_Row]:
        """The page as far as the next `most` rows give it; `until` is set if they do not fill it and more follow."""
        place = self._read(cursor)
        newer = place is not None and cursor.startswith("n")
        ahead = rows if place is None else rows.filter(self._beyond(place, newer=newer))
        order = self._order(newer=newer)
        end = ahead.order_by(*order).only(self.field)[most - 1 : most].first()
        if end is None:
            return self.page(rows.filter(conditions), cursor)
        last = getattr(end, self.field)
        within = {f"{self.field}__{'lte' if newer != self.ascending else 'gte'}": last}
        found = self.page(rows.filter(conditions, **within), cursor)
        if len(found.rows) == self.size and (found.newer if newer else found.older):
            return found
        if newer:
            return replace(found, newer=self._write("n", end), until=last)
        return replace(found, older=self._write("o", end), until=last)

    def page(self, rows: QuerySet[_Row], cursor: str) -> Page[_Row]:
        """The page that `cursor` leads to; the first page when it is empty or cannot be read."""
        place = self._read(cursor)
        newer = place is not None and cursor.startswith("n")
        order = self._order(newer=newer)
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

    def _order(self, *, newer: bool) -> tuple[str, str]:
        return (self.field, "pk") if newer != self.ascending else (f"-{self.field}", "-pk")

    def _beyond(self, place: tuple[datetime, Any], *, newer: bool) -> Q:
        at, key = place
        word = "gt" if newer != self.ascending else "lt"
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
