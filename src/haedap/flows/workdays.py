"""The days and hours on which an office works, and what of them counts for the term of one matter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from haedap.domain.plan import Hours, Period
from haedap.flows.hours import public_holidays

Span = tuple[datetime, datetime]
"""From and until, both aware."""

_SATURDAY, _SUNDAY = 5, 6


class Reason(StrEnum):
    """Why a day counted, or why nothing of it did."""

    COUNTED = "counted"
    HOLIDAY = "holiday"
    """공휴일, 대체공휴일, 선거일."""
    OWN_DAY = "own_day"
    """A day of the calendar's own list: 임시공휴일, or one on which the city does not work."""
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    CLOSED = "closed"
    """No work on this day of the week."""
    AFTER_HOURS = "after_hours"
    """The matter came in when the day's work was over."""
    SUSPENDED = "suspended"
    """산입하지 않는 기간: 보완, 이송."""
    NEXT_WORKDAY = "next_workday"
    """A term of the calendar that would have ended on a day without work ends on this one."""


class Workdays:
    """The calendar of `hours`, from the aware time `received` on, without the times of `suspensions`."""

    def __init__(self, hours: Hours, received: datetime, suspensions: Iterable[Span] = ()) -> None:
        self._hours = hours
        self._zone = ZoneInfo(hours.time_zone)
        self._received = received.astimezone(self._zone)
        self._own = {special.day: special for special in hours.special_days}
        self.suspensions = sorted(
            (begin.astimezone(self._zone), end.astimezone(self._zone)) for begin, end in suspensions
        )
        self.first = self._received.date()

    def spans(self, day: date) -> list[Span]:
        """The hours of work on `day` from the receipt on that are not suspended, in order."""
        found = [(max(begin, self._received), end) for begin, end in self._work(day)]
        for begin, end in self.suspensions:
            found = [part for span in found for part in ((span[0], min(span[1], begin)), (max(span[0], end), span[1]))]
        return [(begin, end) for begin, end in found if begin < end]

    def counts(self, day: date) -> bool:
        """Whether `day` counts as one day: the law asks for no hour of it."""
        return self.is_workday(day) and not self.is_suspended(day)

    def is_workday(self, day: date) -> bool:
        return bool(self._periods(day))

    def is_suspended(self, day: date) -> bool:
        """Whether a suspension touches `day`: the days on which it begins and ends do not count either."""
        begins = datetime.combine(day, time(), self._zone)
        return any(begin < begins + timedelta(days=1) and end > begins for begin, end in self.suspensions)

    def holiday(self, day: date) -> str:
        """The name of the public holiday or of the own day without work; empty on any other day."""
        if day in self._own:
            return "" if self._own[day].periods else self._own[day].name
        return self._public_holiday(day)

    def why_nothing(self, day: date) -> tuple[Reason, str]:
        """Why nothing of `day` counts, and the name of the holiday or own day."""
        name = self.holiday(day)
        if name:
            return (Reason.OWN_DAY if day in self._own else Reason.HOLIDAY), name
        if not self.is_workday(day):
            return {_SATURDAY: Reason.SATURDAY, _SUNDAY: Reason.SUNDAY}.get(day.weekday(), Reason.CLOSED), ""
        return (Reason.SUSPENDED if self.is_suspended(day) else Reason.AFTER_HOURS), ""

    def end_of_work(self, day: date) -> datetime:
        """When work ends on the working day `day`."""
        return max(end for _begin, end in self._work(day))

    def _work(self, day: date) -> list[Span]:
        at = [(datetime.combine(day, each.start), datetime.combine(day, each.end)) for each in self._periods(day)]
        whole = [(begin, end if end > begin else end + timedelta(days=1)) for begin, end in at]
        return sorted((begin.replace(tzinfo=self._zone), end.replace(tzinfo=self._zone)) for begin, end in whole)

    def _periods(self, day: date) -> tuple[Period, ...]:
        if day in self._own:
            return self._own[day].periods
        return () if self._public_holiday(day) else self._hours.week[day.weekday()]

    def _public_holiday(self, day: date) -> str:
        return "" if self._hours.open_on_holidays else public_holidays(day.year).get(day, "")
