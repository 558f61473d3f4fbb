"""What other apps may ask of the offices.

The classes are offered as types and to be read; offices and officers are written here alone, but for the
demonstration's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from haedap.apps.offices import tree
from haedap.apps.offices.answers import answers_of, department_telephone
from haedap.apps.offices.models import Department, Duty, Officer
from haedap.apps.offices.search import Found, as_json, search_offices
from haedap.apps.offices.tree import below

__all__ = [
    "Answering",
    "Department",
    "DepartmentCard",
    "Duty",
    "Found",
    "Officer",
    "OfficerCard",
    "as_json",
    "below",
    "department_card",
    "departments",
    "departments_of",
    "deputy_cards",
    "first_officer",
    "officer_card",
    "officers_near",
    "place_names",
    "search_offices",
    "who_answers",
]

_ABOVE = "parent__parent__parent__parent"


@dataclass(frozen=True, slots=True)
class DepartmentCard:
    """A department. `telephone`: E.164, its own or that of the nearest one above; `hours_key` likewise."""

    id: int
    name: str
    place: str
    telephone: str
    hours_key: str
    active: bool


@dataclass(frozen=True, slots=True)
class OfficerCard:
    """An officer. `telephone`: E.164, the direct line; `extension`: digits. Any of these may be empty."""

    id: int
    name: str
    title: str
    department: DepartmentCard
    telephone: str
    extension: str
    email: str
    messenger: str
    active: bool


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for an officer. Without `officer` the department's number does.

    `reason` says why it is not the officer asked for (`연가 ~ 11.25., 대직 김하늘`); empty when it is.
    """

    officer: OfficerCard | None
    telephone: str
    extension: str
    reason: str


def officer_card(officer: int) -> OfficerCard | None:
    """Who has this id, also when they have left; None when nobody ever had it."""
    found = Officer.objects.select_related(f"department__{_ABOVE}").filter(pk=officer).first()
    return _officer_card(found) if found else None


def department_card(department: int) -> DepartmentCard | None:
    """The department with this id, also when it is closed."""
    found = Department.objects.select_related(_ABOVE).filter(pk=department).first()
    return _department_card(found) if found else None


def deputy_cards(officer: int) -> list[OfficerCard]:
    """The officer's own deputies who have not left, in the order in which they are asked, absent or not."""
    found = Officer.objects.filter(deputy_of__officer=officer, active=True).order_by("deputy_of__position")
    return [_officer_card(deputy) for deputy in found.select_related(f"department__{_ABOVE}")]


def departments() -> list[Department]:
    """Those in use, in the centre's order, each with all above it at hand."""
    return list(Department.objects.filter(active=True).select_related(_ABOVE))


def departments_of(officers: Collection[int]) -> dict[int, int]:
    """The department of each officer by their ids, of those who have left, too."""
    return dict(Officer.objects.filter(pk__in=officers).values_list("pk", "department_id"))


def first_officer(department: int) -> int | None:
    """Who stands first in the department, of those who have not left."""
    here = Officer.objects.filter(department=department, active=True)
    return here.order_by("position", "name", "pk").values_list("pk", flat=True).first()


def officers_near(department: Department) -> list[Officer]:
    """The officers of the department first, then those of the departments above it and just below it."""
    line = [step.pk for step in department.line()]
    near = Officer.objects.filter(department__in=line) | Officer.objects.filter(department__parent=department)
    rows = near.filter(active=True).select_related("department")
    return sorted(rows, key=lambda officer: (officer.department_id != department.pk, officer.position, officer.pk))


def place_names() -> dict[int, str]:
    """The departments in use by their ids, in the centre's order: `경제국 > 세정과`."""
    names: dict[int, str] = {}
    for node in tree.flat():
        above = names.get(node.department.parent_id or 0, "") if node.level else ""
        names[node.department.pk] = f"{above} > {node.department.name}" if above else node.department.name
    return names


def who_answers(officer: int, at: datetime) -> Answering | None:
    """The officer, the first deputy who is not absent, or the department; None when nobody has this id."""
    found = Officer.objects.select_related(f"department__{_ABOVE}").filter(pk=officer).first()
    if found is None:
        return None
    answers = answers_of([found], at)[officer]
    who = _officer_card(answers.officer) if answers.officer else None
    return Answering(who, answers.telephone, answers.extension, answers.reason)


def _officer_card(officer: Officer) -> OfficerCard:
    return OfficerCard(
        id=officer.pk,
        name=officer.name,
        title=officer.title,
        department=_department_card(officer.department),
        telephone=officer.telephone,
        extension=officer.extension,
        email=officer.email,
        messenger=officer.messenger,
        active=officer.active,
    )


def _department_card(department: Department) -> DepartmentCard:
    return DepartmentCard(
        id=department.pk,
        name=department.name,
        place=department.place,
        telephone=department_telephone(department),
        hours_key=next((step.hours_key for step in reversed(department.line()) if step.hours_key), ""),
        active=department.active,
    )
