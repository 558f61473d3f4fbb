"""The windows that the radar compares, out of the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Min

from haedap.analytics.radar import LEAST_BEFORE, WEEKS_BEFORE, YEAR, Before, Bounds, Sign, Window
from haedap.apps.radar.models import ContactSigns
from haedap.apps.radar.signs import read, stored

LIVE = Bounds(least=6, least_share=0.1, least_times=3.0, false_alarms=0.0001)
"""A window that moves on every minute is looked at thousands of times a week."""
YOUNG = Bounds(least=20, least_share=0.3, least_times=4.0, false_alarms=0.0001)
"""For a centre with nothing to compare with but its last hours."""
WEEKLY = Bounds(least=10, least_share=0.03)
_WEEK, _DAY = timedelta(weeks=1), timedelta(days=1)
_SIDES = (-1, 0, 1)
_LAST = 24

_STRETCHES = """
FROM unnest(%(since)s::timestamptz[], %(until)s::timestamptz[]) WITH ORDINALITY AS w(since, until, number)
JOIN contact_signs s ON s.at >= w.since AND s.at < w.until
"""
_SIZES = f"SELECT w.number, count(*) {_STRETCHES} GROUP BY w.number"
_COUNTS = f"""
SELECT w.number, sign, count(*) {_STRETCHES}
CROSS JOIN LATERAL unnest(s.signs) AS sign
WHERE s.signs && %(signs)s::text[] AND sign = ANY(%(signs)s::text[]) GROUP BY w.number, sign
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `since` until before `until`."""

    since: datetime
    until: datetime

    def moved(self, by: timedelta) -> Stretch:
        """The same length, that much later."""
        return Stretch(self.since + by, self.until + by)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Contacts with their signs, and when each arrived."""

    signs: dict[UUID, frozenset[Sign]]
    at: dict[UUID, datetime]

    def since(self, since: datetime) -> dict[UUID, frozenset[Sign]]:
        """Those that arrived from then on."""
        return {contact: signs for contact, signs in self.signs.items() if self.at[contact] >= since}


def contacts_in(stretch: Stretch) -> Arrivals:
    """The contacts that arrived then."""
    found = Arrivals({}, {})
    rows = ContactSigns.objects.filter(at__gte=stretch.since, at__lt=stretch.until)
    for contact, at, signs in rows.values_list("contact", "at", "signs"):
        found.signs[contact], found.at[contact] = frozenset(map(read, signs)), at
    return found


def live_before(stretch: Stretch, signs: Sequence[Sign]) -> tuple[Before, Bounds]:
    """What a window that ends now is compared with: the same time of the same day of the eight weeks before.

    In a centre's first two weeks: the same time of the days before; on its first two days: the last hours.
    """
    first, length = _first(), stretch.until - stretch.since
    weeks = [stretch.moved(-n * _WEEK + side * length) for n in range(1, WEEKS_BEFORE + 1) for side in _SIDES]
    days = [stretch.moved(-n * _DAY + side * length) for n in range(1, 14) for side in _SIDES]
    for stretches in (weeks, days):
        recorded = [one for one in stretches if first is not None and one.since >= first]
        if len(recorded) >= LEAST_BEFORE:
            return Before(counted(recorded, signs)), LIVE
    return Before(counted([stretch.moved(-n * length) for n in range(1, _LAST + 1)], signs)), YOUNG


def weekly_before(stretch: Stretch, signs: Sequence[Sign]) -> Before:
    """What a week is compared with: the eight weeks before, and the same weeks of the year before."""
    first = _first()

    def recorded(moves: Sequence[timedelta]) -> list[Window]:
        return counted([one for move in moves if first and (one := stretch.moved(move)).since >= first], signs)

    return Before(
        recorded([-n * _WEEK for n in range(1, WEEKS_BEFORE + 1)]),
        recorded([-YEAR + n * _WEEK for n in _SIDES]),
        recorded([-YEAR - n * _WEEK for n in range(2, WEEKS_BEFORE + 2)]),
    )


def counted(stretches: Sequence[Stretch], signs: Sequence[Sign]) -> list[Window]:
    """How many contacts came in each stretch, and how many of them had each of these signs."""
    asked: dict[str, Any] = {
        "since": [one.since for one in stretches],
        "until": [one.until for one in stretches],
        "signs": [stored(sign) for sign in signs],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SIZES, asked)
        sizes = dict(cursor.fetchall())
        cursor.execute(_COUNTS, asked)
        counts: list[Counter[Sign]] = [Counter() for _stretch in stretches]
        for number, sign, contacts in cursor.fetchall():
            counts[number - 1][read(sign)] = contacts
    return [Window(sizes.get(number, 0), of_window) for number, of_window in enumerate(counts, 1)]


def _first() -> datetime | None:
    first: datetime | None = ContactSigns.objects.aggregate(first=Min("at"))["first"]
    return first
