"""The groups of daily life: those that come along, and to which one an entry belongs."""

from __future__ import annotations

import json
from importlib.resources import files

from haedap.analytics.directory.grouping import Group
from haedap.apps.directory.models import DirectoryGroup


def put_groups() -> None:
    """The groups that come along, when a centre has none."""
    if DirectoryGroup.objects.exists():
        return
    rows = json.loads(files("haedap.apps.directory").joinpath("data", "groups.json").read_text(encoding="utf-8"))
    DirectoryGroup.objects.bulk_create(
        (DirectoryGroup(position=place, **row) for place, row in enumerate(rows)), ignore_conflicts=True
    )


def as_words(rows: list[DirectoryGroup]) -> list[Group]:
    """For `haedap.analytics.directory.grouping`."""
    return [Group(row.key, tuple(row.words)) for row in rows]
