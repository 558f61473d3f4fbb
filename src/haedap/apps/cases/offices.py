"""Which office a case goes to, as it is called now, and where its officer is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from haedap.apps.briefs.sending import Way
from haedap.apps.cases.models import Case
from haedap.apps.offices import api as offices


@dataclass(frozen=True, slots=True)
class Office:
    """A department, and who has the matter there. `place`: `안전도시국 > 도로과`."""

    department: int
    place: str
    officer: int | None = None
    officer_name: str = ""
    addresses: Mapping[Way, str] = field(default_factory=dict)


def of_officer(officer: int, at: datetime) -> Office | None:
    """The officer's, whose deputy has the matter while they are away; None when nobody has this id."""
    asked = offices.officer_card(officer)
    answering = offices.who_answers(officer, at)
    if asked is None or answering is None:
        return None
    return _office(answering.officer or asked)


def of_department(department: int, at: datetime) -> Office | None:
    """The department's, where the first officer of the list is told; None for one that is closed or unknown."""
    card = offices.department_card(department)
    if card is None or not card.active:
        return None
    first = offices.first_officer(department)
    found = of_officer(first, at) if first is not None else None
    return found if found and found.department == department else Office(card.id, card.place[:200])


def of_case(case: Case, at: datetime) -> Office | None:
    """Who has the case now: the officer, or the deputy of one who is away."""
    return of_officer(case.officer, at) if case.officer is not None else of_department(case.department, at)


def _office(card: offices.OfficerCard) -> Office:
    return Office(
        department=card.department.id,
        place=card.department.place[:200],
        officer=card.id,
        officer_name=" ".join(part for part in (card.name, card.title) if part)[:100],
        addresses={Way.MAIL: card.email, Way.MESSENGER: card.messenger},
    )
