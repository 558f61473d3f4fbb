"""To whom outside the centre contacts went: officers, and other numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from haedap.apps.contacts.models import CallbackPromise, Transfer

_OUTSIDE = "outside"
_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Passed:
    """A contact, and whom it went to: an officer by their id, else a number."""

    contact: UUID
    officer: int | None
    number: str


def passed_outside(since: datetime, until: datetime) -> Iterator[Passed]:
    """Those whose citizen was passed on, or to be passed on, from `since` until before `until`; in no order."""
    rows = Transfer.objects.filter(started_at__gte=since, started_at__lt=until, target_kind=_OUTSIDE)
    for contact, officer, number in rows.values_list("contact", "target_officer", "target_number").iterator(_AT_ONCE):
        yield Passed(contact, officer, number or "")


def promised_outside(since: datetime, until: datetime) -> Iterator[Passed]:
    """Those out of which somebody outside owes a call, promised in that time; for one of none the promise's own id."""
    rows = CallbackPromise.objects.filter(made_at__gte=since, made_at__lt=until, owner_kind=_OUTSIDE)
    aimed = rows.values_list("pk", "contact", "owner_officer", "owner_number")
    for pk, contact, officer, number in aimed.iterator(_AT_ONCE):
        yield Passed(contact or pk, officer, number or "")


def officers_reached(contacts: Collection[UUID]) -> list[tuple[UUID, int]]:
    """Contact and officer of each call that an officer answered."""
    rows = Transfer.objects.filter(contact__in=contacts, target_officer__isnull=False, answered_at__isnull=False)
    return [(contact, officer) for contact, officer in rows.values_list("contact", "target_officer") if officer]
