"""The term of a case: the law's way of counting, with the centre's own calendar."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.cases.errors import CaseError
from haedap.apps.cases.models import Case, Kind
from haedap.apps.centre import api as centre
from haedap.domain.ids import HoursKey
from haedap.domain.plan import Hours, SpecialDay
from haedap.flows import terms
from haedap.flows.terms import Count, Length, Term, TermInvalid, parse_length
from haedap.flows.week import parse_week

CALENDAR = "office"
"""The key of the opening hours by which terms are counted: when the city works, and its own days without work."""


def calendar() -> Hours:
    """When the offices work; by the law's day where the centre has set nothing, or no hour of work.

    Public holidays never count, and a day on which the centre has other hours is no holiday.
    """
    row = centre.Hours.objects.prefetch_related("special_days").filter(pk=CALENDAR).first()
    if row is None or not any(row.week):
        return terms.OFFICE_HOURS
    days = [SpecialDay(day.day, day.name) for day in row.special_days.all() if not day.periods]
    return Hours(HoursKey(row.pk), parse_week(row.week), tuple(days), time_zone=row.time_zone)


def length_of(kind: str) -> Length:
    """What the law gives for this kind of matter."""
    return terms.LENGTHS[Term(kind)]


def due_by_kind(received: datetime) -> dict[str, datetime]:
    """Until when an office may take for each kind of matter that comes in at `received`."""
    hours = calendar()
    return {kind.value: terms.count(length_of(kind), received, calendar=hours).due for kind in Kind}


def counted(case: Case) -> Count:
    """The term as it stands, day by day; a suspension that is not over counts as if it ended now.

    Raises CaseError with the sentence of what is wrong with an extension.
    """
    now = timezone.now()
    spans = [(each.begins_at, each.ends_at or now) for each in case.suspensions.all()]
    try:
        return terms.count(
            parse_length(case.term),
            case.received_at,
            extensions=[parse_length(text) for text in case.extensions],
            consent=True,
            suspensions=[(begin, end) for begin, end in spans if begin < end],
            calendar=calendar(),
        )
    except TermInvalid as error:
        first = error.errors[0]
        raise CaseError(_(first.message) % first.args) from error


def pass_on_by(received: datetime) -> datetime:
    """Until when an office may pass on what is not its matter."""
    return terms.count(terms.LENGTHS[Term.PASS_ON], received, calendar=calendar()).due
