"""Telephone numbers that everybody may know: the centre's own, the departments' and the officers'."""

from __future__ import annotations

from collections.abc import Collection

from haedap.apps.centre.api import Number
from haedap.apps.offices.models import Department, Officer


def published_among(numbers: Collection[str]) -> frozenset[str]:
    """Those of `numbers` (E.164) that the centre or an office answers."""
    if not numbers:
        return frozenset()
    return frozenset(
        Number.objects.filter(number__in=numbers)
        .values_list("number", flat=True)
        .union(
            Department.objects.filter(telephone__in=numbers).values_list("telephone", flat=True),
            Officer.objects.filter(telephone__in=numbers).values_list("telephone", flat=True),
        )
    )
