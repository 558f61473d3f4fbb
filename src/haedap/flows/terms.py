"""The terms within which an office owes an answer (처리기간), by the Civil Petitions Treatment Act and its decree.

Art. 19: a term of up to five days counts working hours from the receipt, eight to a day; one of six days or more counts
working days, the day of the receipt included; Saturdays, Sundays and public holidays never count. Weeks, months and
years run by the calendar, the day of the receipt included, and one that would end on such a day ends on the next
working day (Civil Code art. 159-161). What the citizen is asked to complete does not count, the days of asking and of
completing included. Terms as of 2025-12-30.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from haedap.domain.ids import HoursKey
from haedap.domain.plan import Hours, Period
from haedap.flows.errors import ErrorCode, FlowError, FlowsError
from haedap.flows.workdays import Reason, Span, Workdays

_WORKDAY = (Period(time(9), time(12)), Period(time(13), time(18)))
OFFICE_HOURS = Hours(HoursKey("law"), week=(_WORKDAY,) * 5 + ((), ()))
"""Eight hours a day without the hour of lunch, public holidays closed: what the law counts, if nothing else is set."""

_HOURS_A_DAY = 8
_LONGEST_IN_HOURS = 5
"""Days up to which a term is counted in hours."""
_MOST_EXTENSIONS = 2
_DAY = timedelta(days=1)
_FARTHEST = 366 * 25
"""Days looked at before a term is said to have no end."""
_LAST_YEAR = 9990


class TermInvalid(FlowsError):  # noqa: N818 - named for what it says, as the callers read it
    """The term, its extension or its suspension is none that the law knows."""


class Term(StrEnum):
    """What a matter is, which says how long an office may take."""

    IMMEDIATE = "immediate"
    """기타민원: at once, which means three working hours."""
    QUESTION = "question"
    """제도·절차 질의: 7 days."""
    LAW_QUESTION = "law_question"
    """법령 질의: 14 days."""
    PROPOSAL = "proposal"
    """건의: 14 days."""
    GRIEVANCE = "grievance"
    """고충: 7 days."""
    PASS_ON = "pass_on"  # noqa: S105 - no password
    """이송: to the office within the agency whose matter it is: three working hours."""
    PASS_ON_AGENCY = "pass_on_agency"  # noqa: S105
    """이송: to another agency: eight working hours."""


class Unit(StrEnum):
    """What the length of a term is written in."""

    HOURS = "h"
    DAYS = "d"
    WEEKS = "w"
    MONTHS = "m"
    YEARS = "y"


class Length(msgspec.Struct, frozen=True):
    """How long a term is: 5d, 2w. Hours are working hours."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def counted_in(self) -> Unit:
        """HOURS or DAYS, which leave out what is no working day; else the calendar's unit."""
        if self.unit is Unit.DAYS and self.amount <= _LONGEST_IN_HOURS:
            return Unit.HOURS
        return self.unit


LENGTHS: dict[Term, Length] = {
    Term.IMMEDIATE: Length(3, Unit.HOURS),
    Term.QUESTION: Length(7, Unit.DAYS),
    Term.LAW_QUESTION: Length(14, Unit.DAYS),
    Term.PROPOSAL: Length(14, Unit.DAYS),
    Term.GRIEVANCE: Length(7, Unit.DAYS),
    Term.PASS_ON: Length(3, Unit.HOURS),
    Term.PASS_ON_AGENCY: Length(8, Unit.HOURS),
}
_MOST = {Unit.HOURS: 800, Unit.DAYS: 366, Unit.WEEKS: 104, Unit.MONTHS: 60, Unit.YEARS: 10}
_FORM = re.compile(r"([1-9]\d{0,3})([hdwmy])", re.ASCII)


class DayCount(msgspec.Struct, frozen=True):
    """One day of a term: how much of it counted, in the unit of the count, and why no more did.

    `name`: of the holiday or of the own day.
    """

    day: date
    amount: float
    reason: Reason
    name: str = ""


class Count(msgspec.Struct, frozen=True):
    """Until when an office may take (`due`, UTC: the end of work on the last day, or the minute within it).

    `unit`: HOURS or DAYS of work, or for the calendar's terms DAYS of the calendar. `days`: from the day of the receipt
    to the last, each once.
    """

    due: datetime
    unit: Unit
    days: tuple[DayCount, ...]

    @property
    def amount(self) -> float:
        """How many units counted, to the hundredth: those of each day are rounded, and a sum must not show it."""
        return round(sum(day.amount for day in self.days), 2)


def parse_length(text: str) -> Length:
    """`3h`, `7d`, `2w`, `1m`, `1y`, or a kind of matter such as `law_question`. Raises TermInvalid."""
    if text in set(Term):
        return LENGTHS[Term(text)]
    found = _FORM.fullmatch(text)
    if not found:
        raise _invalid(ErrorCode.TERM)
    length = Length(int(found[1]), Unit(found[2]))
    if length.amount > _MOST[length.unit]:
        raise _invalid(ErrorCode.TERM_TOO_LONG, most=f"{_MOST[length.unit]}{length.unit}")
    return length


def deadline(term: Term, received: datetime) -> datetime:
    """Until when an office may take for what was received at the aware time `received`; in UTC."""
    return count(LENGTHS[term], received).due


def count(
    length: Length,
    received: datetime,
    *,
    extensions: Sequence[Length] = (),
    consent: bool = False,
    suspensions: Iterable[Span] = (),
    calendar: Hours = OFFICE_HOURS,
) -> Count:
    """The term of what was received at the aware time `received`, day by day.

    `extensions`: one, each as long as the term at most; a second with the citizen's `consent`. `suspensions`: aware
    times from and until, which may overlap. `calendar`: hours and days of work. Raises TermInvalid.
    """
    work = Workdays(calendar, received, tuple(suspensions))
    if any(until <= begin for begin, until in work.suspensions):
        raise _invalid(ErrorCode.SUSPENSION)
    _check_extensions(length, work.first, extensions, consent=consent, calendar=calendar)
    match length.counted_in:
        case Unit.HOURS:
            return _in_hours(work, sum(map(_hours_of, (length, *extensions))))
        case Unit.DAYS:
            amount = length.amount + sum(extension.amount for extension in extensions)
            return _ending(work, _workdays(work, work.first, amount))
        case _:
            return _by_calendar(work, (length, *extensions))


def _in_hours(work: Workdays, hours: int) -> Count:
    left = timedelta(hours=hours)
    days: list[DayCount] = []
    for day in _days_from(work.first):
        spans = work.spans(day)
        today = sum((end - begin for begin, end in spans), timedelta())
        if left <= today:
            days.append(DayCount(day, _as_hours(left), Reason.COUNTED))
            return Count(_reached(spans, left).astimezone(UTC), Unit.HOURS, tuple(days))
        left -= today
        reason, name = (Reason.COUNTED, "") if today else work.why_nothing(day)
        days.append(DayCount(day, _as_hours(today), reason, name))
    raise _invalid(ErrorCode.TERM_ENDLESS)


def _by_calendar(work: Workdays, lengths: Sequence[Length]) -> Count:
    """Weeks, months and years, lengthened by the days that were suspended; days of an extension are working days."""
    last = _last_day(work.first, [length for length in lengths if length.unit is not Unit.DAYS])
    days = _every_day(work, (last - work.first).days + 1)
    days += _to_workday(work, days[-1].day)
    more = sum(length.amount for length in lengths if length.unit is Unit.DAYS)
    return _ending(work, days + _workdays(work, days[-1].day + _DAY, more))


def _workdays(work: Workdays, first: date, amount: int) -> list[DayCount]:
    """The days from `first` up to the `amount`-th that counts."""
    days: list[DayCount] = []
    if amount == 0:
        return days
    for day in _days_from(first):
        if not work.counts(day):
            days.append(DayCount(day, 0, *work.why_nothing(day)))
            continue
        days.append(DayCount(day, 1, Reason.COUNTED))
        amount -= 1
        if amount == 0:
            return days
    raise _invalid(ErrorCode.TERM_ENDLESS)


def _every_day(work: Workdays, amount: int) -> list[DayCount]:
    """The days of the calendar up to the `amount`-th that is not suspended; holidays count, and are named."""
    days: list[DayCount] = []
    for day in _days_from(work.first):
        if work.is_suspended(day):
            days.append(DayCount(day, 0, Reason.SUSPENDED))
            continue
        days.append(DayCount(day, 1, Reason.COUNTED, work.holiday(day)))
        amount -= 1
        if amount == 0:
            return days
    raise _invalid(ErrorCode.TERM_ENDLESS)


def _to_workday(work: Workdays, last: date) -> list[DayCount]:
    """The days after `last` up to a day of work; none if it is one."""
    days: list[DayCount] = []
    for day in _days_from(last):
        if work.counts(day):
            return [*days, DayCount(day, 0, Reason.NEXT_WORKDAY)] if day != last else days
        if day != last:
            days.append(DayCount(day, 0, *work.why_nothing(day)))
    raise _invalid(ErrorCode.TERM_ENDLESS)


def _ending(work: Workdays, days: list[DayCount]) -> Count:
    """A term in days ends when work ends on its last day."""
    return Count(work.end_of_work(days[-1].day).astimezone(UTC), Unit.DAYS, tuple(days))


def _last_day(first: date, lengths: Sequence[Length]) -> date:
    """Of weeks, months and years from `first` on, `first` included: the day before the day of that name.

    Where the last month has no such day it is the month's last one (Civil Code art. 160).
    """
    months = sum(length.amount * (12 if length.unit is Unit.YEARS else 1) for length in lengths if _in_months(length))
    weeks = sum(length.amount for length in lengths if length.unit is Unit.WEEKS)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    if year > _LAST_YEAR:
        raise _invalid(ErrorCode.TERM_ENDLESS)
    days_of_month = monthrange(year, month + 1)[1]
    named = date(year, month + 1, min(first.day, days_of_month))
    last = named if months and first.day > days_of_month else named - _DAY
    return last + timedelta(weeks=weeks)


def _in_months(length: Length) -> bool:
    return length.unit in {Unit.MONTHS, Unit.YEARS}


def _reached(spans: Sequence[Span], amount: timedelta) -> datetime:
    """When `amount` of the time of `spans`, which is at least as much, has passed."""
    for begin, end in spans:
        if amount <= end - begin:
            return begin + amount
        amount -= end - begin
    raise _invalid(ErrorCode.TERM_ENDLESS)


def _days_from(first: date) -> Iterator[date]:
    last = min(first.toordinal() + _FARTHEST, date.max.toordinal() - 1)
    return map(date.fromordinal, range(first.toordinal(), last))


def _hours_of(length: Length) -> int:
    return length.amount * (_HOURS_A_DAY if length.unit is Unit.DAYS else 1)


def _as_hours(time: timedelta) -> float:
    return round(time / timedelta(hours=1), 4)


def _check_extensions(
    length: Length, received: date, extensions: Sequence[Length], *, consent: bool, calendar: Hours
) -> None:
    if len(extensions) > _MOST_EXTENSIONS:
        raise _invalid(ErrorCode.EXTENSIONS_MANY)
    if len(extensions) == _MOST_EXTENSIONS and not consent:
        raise _invalid(ErrorCode.EXTENSION_CONSENT)
    for extension in extensions:
        if not _fits(length, extension):
            raise _invalid(ErrorCode.EXTENSION_UNIT)
        if _longer(extension, length, received, calendar):
            raise _invalid(ErrorCode.EXTENSION_TOO_LONG, most=str(length))


def _fits(length: Length, extension: Length) -> bool:
    """Whether the two can be counted together."""
    match length.counted_in:
        case Unit.HOURS:
            return extension.unit in {Unit.HOURS, Unit.DAYS}
        case Unit.DAYS:
            return extension.unit is Unit.DAYS
        case _:
            return extension.unit is not Unit.HOURS


def _longer(extension: Length, length: Length, received: date, calendar: Hours) -> bool:
    """Whether the extension would by itself end after the term."""
    match length.counted_in:
        case Unit.HOURS:
            return _hours_of(extension) > _hours_of(length)
        case Unit.DAYS:
            return extension.amount > length.amount
    last = _last_day(received, [length])
    if extension.unit is not Unit.DAYS:
        return _last_day(received, [extension]) > last
    noon = datetime.combine(received, time(12), ZoneInfo(calendar.time_zone))
    return _workdays(Workdays(calendar, noon), received, extension.amount)[-1].day > last


def _invalid(code: ErrorCode, **arguments: str) -> TermInvalid:
    return TermInvalid((FlowError("", code, arguments),))
