"""The list of officers as a file that spreadsheets open and the import takes back without a change."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from haedap.apps.centre import csv_text
from haedap.apps.contacts import api as contacts
from haedap.apps.offices import tree
from haedap.apps.offices.models import Officer
from haedap.apps.offices.rows import COLUMNS


def as_csv() -> bytes:
    """UTF-8 with a mark at the front, which spreadsheets ask for; the active departments and their active officers."""
    now = timezone.now()
    rows: list[list[str]] = []
    people: dict[int, list[Officer]] = {}
    officers = Officer.objects.filter(active=True).prefetch_related("duties", "deputies__deputy", "absences")
    for officer in officers:
        people.setdefault(officer.department_id, []).append(officer)
    paths: dict[int, str] = {}
    for node in tree.flat():
        department = node.department
        above = paths.get(department.parent_id or 0, "") if node.level else ""
        paths[department.pk] = f"{above} > {department.name}" if above else department.name
        place = [paths[department.pk], department.code, _dialled(department.telephone)]
        rows.append([*place, *[""] * (len(COLUMNS) - len(place))])
        rows.extend([*place, *_cells(officer, now)] for officer in people.get(department.pk, []))
    return csv_text.write((heads[0] for heads in COLUMNS.values()), rows)


def _cells(officer: Officer, now: datetime) -> list[str]:
    """In the order of the columns, from the name on."""
    deputies = [row.deputy for row in officer.deputies.all() if row.deputy.active]
    return [
        officer.name,
        officer.code,
        officer.title,
        _dialled(officer.telephone),
        officer.extension,
        officer.email,
        officer.messenger,
        "; ".join(duty.text for duty in officer.duties.all()),
        "; ".join(deputy.code or deputy.name for deputy in deputies),
        "; ".join(str(row.away) for row in officer.absences.all() if row.ends_at is None or row.ends_at > now),
    ]


def _dialled(number: str) -> str:
    return contacts.dialled(number) if number else ""
