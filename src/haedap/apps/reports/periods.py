"""The days of a report, and the days that it is compared with. Pure; all days are Seoul's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_YEAR_OF_WEEKS = timedelta(days=364)
"""A day or a week is compared with the same weekdays of the year before."""
_WEEKDAYS = (
    pgettext_lazy("weekday", "Mo"),
    pgettext_lazy("weekday", "Tu"),
    pgettext_lazy("weekday", "We"),
    pgettext_lazy("weekday", "Th"),
    pgettext_lazy("weekday", "Fr"),
    pgettext_lazy("weekday", "Sa"),
    pgettext_lazy("weekday", "Su"),
)


class Kind(TextChoices):
    """How long a period is."""

    DAY = "day", pgettext_lazy("period", "Day")
    WEEK = "week", gettext_lazy("Week")
    MONTH = "month", gettext_lazy("Month")
    YEAR = "year", pgettext_lazy("period", "Year")
    """Only in an address: the year itself is a range, its first day to its last."""
    RANGE = "range", gettext_lazy("From day to day")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `since` until before `until`."""

    kind: Kind
    since: date
    until: date

    @classmethod
    def with_day(cls, kind: Kind, day: date) -> Period:
        """The day, the week from its Monday, the month or the calendar year in which `day` is."""
        if kind is Kind.WEEK:
            monday = day - timedelta(days=day.weekday())
            return cls(kind, monday, monday + _WEEK)
        if kind is Kind.MONTH:
            first = day.replace(day=1)
            return cls(kind, first, _next_month(first))
        if kind is Kind.YEAR:
            return cls.of_year(day.year)
        return cls(Kind.DAY, day, day + _DAY)

    @classmethod
    def of_year(cls, year: int) -> Period:
        """The whole calendar year."""
        return cls(Kind.RANGE, date(year, 1, 1), date(year + 1, 1, 1))

    @property
    def days(self) -> int:
        return (self.until - self.since).days

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.until - _DAY

    @property
    def name(self) -> str:
        """As a title says it."""
        if self.kind is Kind.MONTH:
            return date_format(self.since, _("F Y"))
        if self._is_year:
            return _("%(year)d, the whole year") % {"year": self.since.year}
        if self.days == 1:
            return f"{_written(self.since)} ({weekday(self.since)})"
        return f"{_written(self.since)} ~ {_written(self.last)}"

    @property
    def previous(self) -> Period:
        """The one that ends where this one begins."""
        if self._is_year:
            return self.of_year(self.since.year - 1)
        if self.kind is Kind.RANGE:
            return Period(self.kind, self.since - timedelta(days=self.days), self.since)
        return Period.with_day(self.kind, self.since - _DAY)

    @property
    def next(self) -> Period:
        """The one that begins where this one ends."""
        if self._is_year:
            return self.of_year(self.since.year + 1)
        if self.kind is Kind.RANGE:
            return Period(self.kind, self.until, self.until + timedelta(days=self.days))
        return Period.with_day(self.kind, self.until)

    @property
    def year_before(self) -> Period:
        """The same weekdays, the same month or the same days of the month, a year earlier."""
        if self.kind in {Kind.DAY, Kind.WEEK}:
            return Period(self.kind, self.since - _YEAR_OF_WEEKS, self.until - _YEAR_OF_WEEKS)
        if self.kind is Kind.MONTH:
            return Period.with_day(self.kind, self.since.replace(year=self.since.year - 1))
        if self._is_year:
            return self.previous
        since = _a_year_before(self.since)
        return Period(self.kind, since, since + timedelta(days=self.days))

    @property
    def _is_year(self) -> bool:
        return (self.since.day, self.since.month, self.until) == (1, 1, date(self.since.year + 1, 1, 1))

    def elapsed(self, today: date) -> int:
        """How many of its days have begun by the end of `today`."""
        return max(0, min(self.days, (today - self.since).days + 1))

    def as_far_as(self, days: int) -> Period:
        """Its first `days` days, all of them if it has fewer: one that goes on is compared with as much of another."""
        return Period(self.kind, self.since, min(self.until, self.since + timedelta(days=days)))


def _written(day: date) -> str:
    return date_format(day, _("F j, Y"))


def weekday(day: date) -> str:
    """In one or two letters."""
    return str(_WEEKDAYS[day.weekday()])


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # February 29
        return day.replace(year=day.year - 1, day=28)
