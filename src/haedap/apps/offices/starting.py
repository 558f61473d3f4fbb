"""What comes with the software: words of citizens for every centre, and the demo's invented city."""

from __future__ import annotations

import csv
from datetime import datetime, time, timedelta
from importlib.resources import files

from django.db import transaction
from django.utils import timezone

from haedap.apps.offices.csv_file import read_csv
from haedap.apps.offices.importing import write_rows
from haedap.apps.offices.models import Absence, Department, Officer, Synonym

_AWAY = (
    ("H012", Absence.Reason.LEAVE, 5),
    ("H024", Absence.Reason.TRIP, 14),
    ("H041", Absence.Reason.TRAINING, 3),
    ("H060", Absence.Reason.LONG_LEAVE, None),
)
"""Who of the demo is away, why, and for how many days from today."""


def put_synonyms() -> int:
    """Words of citizens, when a centre has none; returns how many were added."""
    if Synonym.objects.exists():
        return 0
    rows = csv.DictReader(_data("synonyms.csv").decode("utf-8").splitlines())
    return len(Synonym.objects.bulk_create(Synonym(**row) for row in rows))


def put_demo(now: datetime) -> int:
    """The invented city, when there is no department yet; returns how many departments and officers were added."""
    if Department.objects.exists():
        return 0
    with transaction.atomic():
        plan = write_rows(read_csv(_data("demo_offices.csv")))
        today = timezone.make_aware(datetime.combine(timezone.localdate(now), time()))
        officers = dict(Officer.objects.values_list("code", "pk"))
        Absence.objects.bulk_create(
            Absence(
                officer_id=officers[code],
                starts_at=today,
                ends_at=today + timedelta(days=days) if days else None,
                reason=reason,
            )
            for code, reason, days in _AWAY
        )
    return len(plan.changes)


def _data(name: str) -> bytes:
    return files("haedap.apps.offices").joinpath("data", name).read_bytes()
