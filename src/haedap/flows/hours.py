"""Whether a centre is open, why not, and until when: weekly periods, Korean public holidays, the centre's own days.

A period belongs to the day on which it starts; one that ends no later than it starts runs into the next day. A day
that is closed (a public holiday, or an own day) or has its own periods holds nothing but those: a night shift of the
day before stops at its midnight.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
import msgspec

from haedap.domain.plan import Hours, Period, SpecialDay

_DAY = timedelta(days=1)
_FARTHEST = 400
"""Days looked ahead for the next change: more than any year of closed days."""

Span = tuple[datetime, datetime]


class OpenStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Open or not at one moment. `next_change` is in UTC; None when nothing changes within 400 days."""

    open: bool
    next_change: datetime | None
    holiday: str | None = None
    """While closed on a public holiday, or on an own day without periods: its name."""
    own_day: bool = False
    """On one of the centre's own days without periods."""


def status(hours: Hours, at: datetime) -> OpenStatus:
    """What holds at the aware time `at`."""
    zone = ZoneInfo(hours.time_zone)
    local = at.astimezone(zone).replace(tzinfo=None)
    own_days = {special.day: special for special in hours.special_days}
    is_open, change = _scan(hours, own_days, local)
    next_change = change.replace(tzinfo=zone).astimezone(UTC) if change else None
    if is_open:
        return OpenStatus(open=True, next_change=next_change)
    own = own_days.get(local.date())
    if own is not None and not own.periods:
        return OpenStatus(open=False, next_change=next_change, holiday=own.name, own_day=True)
    # Before and after the periods of an own day it is no day off because of them: a working day that is open longer
    # stays one, and a public holiday that is open for some hours stays a holiday.
    return OpenStatus(open=False, next_change=next_change, holiday=_closing_holiday(hours, local.date()))


def open_from(hours: Hours, at: datetime) -> datetime:
    """`at` if it is open then, else when it opens next; `at` when it never does within 400 days."""
    now = status(hours, at)
    return at if now.open or now.next_change is None else now.next_change


def after_open(hours: Hours, at: datetime, amount: timedelta) -> datetime:
    """When so much open time has passed since `at`. Where nothing opens any more, all time counts."""
    left = amount
    while left > timedelta():
        now = status(hours, at)
        if now.next_change is None:
            return at + left
        if now.open:
            left -= now.next_change - at
        at = now.next_change
    return at + left


@lru_cache(maxsize=64)
def public_holidays(year: int) -> Mapping[date, str]:
    """Korean public holidays of a year with their Korean names, substitute days and elections included."""
    return dict(holidays.country_holidays("KR", years=year, language="ko"))


def _closing_holiday(hours: Hours, day: date) -> str | None:
    return None if hours.open_on_holidays else public_holidays(day.year).get(day)


def _scan(hours: Hours, own_days: Mapping[date, SpecialDay], local: datetime) -> tuple[bool, datetime | None]:
    """Whether `local` is open, and the local time of the next change."""
    until: datetime | None = None
    for day in _days_around(local.date()):
        for begin, end in _spans(hours, own_days, day):
            if end <= local:
                continue
            if until is None and begin > local:
                return False, begin
            if until is not None and begin > until:
                return True, until
            until = end if until is None else max(until, end)
        if until is not None and until < datetime.combine(day + _DAY, time()):
            return True, until
    return until is not None, None


def _days_around(today: date) -> Iterator[date]:
    """From the day before `today` on, as far as it is looked ahead and there are dates."""
    first = today.toordinal() - 1
    return map(date.fromordinal, range(max(first, 1), min(first + _FARTHEST, date.max.toordinal())))


def _spans(hours: Hours, own_days: Mapping[date, SpecialDay], day: date) -> list[Span]:
    """The open spans that start on `day`, in order."""
    found = []
    for period in sorted(_periods(hours, own_days, day), key=lambda period: period.start):
        begin = datetime.combine(day, period.start)
        end = datetime.combine(day if period.end > period.start else day + _DAY, period.end)
        if not _is_ordinary(hours, own_days, day + _DAY):
            end = min(end, datetime.combine(day + _DAY, time()))
        found.append((begin, end))
    return found


def _periods(hours: Hours, own_days: Mapping[date, SpecialDay], day: date) -> tuple[Period, ...]:
    if day in own_days:
        return own_days[day].periods
    return () if _closing_holiday(hours, day) else hours.week[day.weekday()]


def _is_ordinary(hours: Hours, own_days: Mapping[date, SpecialDay], day: date) -> bool:
    return day not in own_days and _closing_holiday(hours, day) is None
