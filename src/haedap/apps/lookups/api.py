"""What other apps may ask of the look-ups. Purposes are edited in the centre's settings, by the form of `purposes`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from haedap.apps.lookups import keeping
from haedap.apps.lookups.models import LookupUse, Purpose

__all__ = ["Purpose", "Used", "forget", "purpose_is_used", "used", "void"]

forget = keeping.forget
void = keeping.void


@dataclass(frozen=True, slots=True)
class Used:
    """One look-up in a contact. `ok`: the system answered, be it that there is nothing."""

    contact: UUID
    agent: int
    system: str
    ok: bool
    at: datetime


def used(contacts: Iterable[UUID]) -> list[Used]:
    """The look-ups of these contacts, the first one first."""
    rows = LookupUse.objects.filter(contact__in=list(contacts)).order_by("id")
    answered = {LookupUse.Outcome.OK, LookupUse.Outcome.EMPTY}
    return [
        Used(row.contact, row.agent_id, row.system, row.outcome in answered, row.at)
        for row in rows
        if row.contact is not None
    ]


def purpose_is_used(purpose: Purpose) -> bool:
    """Whether a look-up was made for it; then it is switched off and never removed."""
    return LookupUse.objects.filter(purpose=purpose.pk).exists()
