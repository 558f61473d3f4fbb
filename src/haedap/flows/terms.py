"""The terms within which an office owes an answer (처리기간), by the Civil Petitions Treatment Act and its decree.

Art. 19: a term of up to five days counts working hours from the receipt, eight to a day; a longer one counts working
days, the day of the receipt included; Saturdays, Sundays and public holidays never count. Terms as of 2025-12-30.
"""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from haedap.domain.ids import HoursKey
from haedap.domain.plan import Hours, Period
from haedap.flows.hours import after_open, status

_WORKDAY = (Period(time(9), time(12)), Period(time(13), time(18)))
OFFICE_HOURS = Hours(HoursKey("law"), week=(_WORKDAY,) * 5 + ((), ()))
"""Eight hours a day, public holidays closed: what the law counts, whatever hours a centre keeps."""

_END_OF_WORK = time(18)


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


_HOURS = {Term.IMMEDIATE: 3}
_DAYS = {Term.QUESTION: 7, Term.LAW_QUESTION: 14, Term.PROPOSAL: 14, Term.GRIEVANCE: 7}


def deadline(term: Term, received: datetime) -> datetime:
    """Until when an office may take for what was received at the aware time `received`; in UTC."""
    if term in _HOURS:
        return after_open(OFFICE_HOURS, received, timedelta(hours=_HOURS[term])).astimezone(UTC)
    return _end_of_workday(received, _DAYS[term])


def _end_of_workday(received: datetime, days: int) -> datetime:
    """The end of work on the `days`-th working day, the day of `received` included if it is one."""
    zone = ZoneInfo(OFFICE_HOURS.time_zone)
    day, left = received.astimezone(zone).date(), days
    while True:
        morning = datetime.combine(day, time(10), zone)
        left -= status(OFFICE_HOURS, morning).open
        if left == 0:
            return datetime.combine(day, _END_OF_WORK, zone).astimezone(UTC)
        day += timedelta(days=1)
