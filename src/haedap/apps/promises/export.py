"""The list of promises as a file that spreadsheets open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.centre import csv_text
from haedap.apps.contacts import api as contacts
from haedap.apps.promises.stories import Line

MOST_ROWS = 50_000


def as_csv(lines: Iterable[Line]) -> bytes:
    """UTF-8 with a mark at the front, which spreadsheets ask for."""
    headings = [
        _("Number"),
        _("Citizen"),
        _("Reason"),
        _("Owed by"),
        _("Promised at"),
        _("Call from"),
        _("Deadline"),
        _("Attempts"),
        _("Last attempt"),
        _("State"),
        _("Ended"),
    ]
    return csv_text.write(headings, map(list, map(_cells, lines)))


def _cells(line: Line) -> Iterator[str]:
    row = line.row
    yield contacts.dialled(row.citizen)
    yield line.citizen
    yield str(line.reason)
    yield line.owner
    yield _time(row.made_at)
    yield _time(row.due_at)
    yield _time(row.deadline)
    yield str(row.attempts)
    yield str(line.last_attempt)
    yield str(line.state)
    yield _time(row.ended_at)


def _time(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
