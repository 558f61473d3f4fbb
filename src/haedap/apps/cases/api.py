"""What other apps may ask of cases. The class is offered as a type and to be read; cases are written here alone."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from haedap.apps.cases import following, notices
from haedap.apps.cases.acting import OVER
from haedap.apps.cases.models import Case, CaseState, Kind, Reply
from haedap.apps.cases.offices import Office, of_department, of_officer
from haedap.apps.cases.opening import Matter, open_case
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.citizens import citizen_of_contact, family, numbers_of

__all__ = [
    "Case",
    "Kind",
    "Matter",
    "Office",
    "Reply",
    "cases_of",
    "deliver",
    "departments_of",
    "follow",
    "of_department",
    "of_officer",
    "open_case",
    "overdue",
]

_MOST = 50


def cases_of(contact: contacts.Contact) -> list[Case]:
    """The cases of the citizen of a contact: what is open first, then the latest.

    While nobody knows whose contact it is: those of its number, whose ever they are.
    """
    citizen = citizen_of_contact(contact)
    if citizen is not None:
        mine = Q(citizen__in=family(citizen)) | Q(citizen=None, citizen_number__in=numbers_of(citizen))
    else:
        mine = Q(citizen_number=contact.caller) if contact.caller else Q(pk__in=[])
    latest = Case.objects.filter(mine | Q(contact=contact.pk)).order_by("-received_at", "-pk")[:_MOST]
    return sorted(latest, key=lambda case: case.state in OVER)


def departments_of(of: Collection[UUID]) -> list[tuple[UUID, int]]:
    """Contact and department of each case that was opened of these contacts and not withdrawn."""
    opened = Case.objects.filter(contact__in=of).exclude(state=CaseState.WITHDRAWN)
    return list(opened.values_list("contact", "department"))


def overdue() -> int:
    """How many cases an office owes whose term is over."""
    late = Case.objects.filter(ended_at=None, due_at__lt=timezone.now())
    return late.exclude(state__in=[CaseState.ANSWERED, CaseState.SUSPENDED]).count()


def follow() -> None:
    """Do what has come due: reminders, calls that told an answer."""
    following.follow(timezone.now())


def deliver(notice: int, *, last: bool) -> None:
    """Send one message. Raises `haedap.apps.briefs.sending.DeliveryError`, unless this is the last attempt."""
    settled = notices.deliver(notice, last=last)
    if settled is not None:
        following.delivered(settled)
