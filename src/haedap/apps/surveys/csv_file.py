"""Surveys as whoever asks for them hands them over: a row a contact. All of a file is taken, or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from haedap.apps.centre import csv_text
from haedap.apps.contacts.api import Contact
from haedap.apps.surveys import api
from haedap.apps.surveys.models import SurveyAnswer

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 200_000
_ITEMS = tuple(SurveyAnswer.Item.values)
COLUMNS = {
    "상담번호": "contact",
    "요청일시": "asked_at",
    "응답일시": "answered_at",
    "처리": "handling",
    "만족": "satisfaction",
    "친절": "kindness",
    "품질": "quality",
    "contact": "contact",
    **{name: name for name in ("asked_at", "answered_at", *_ITEMS)},
}
"""Our name of a column by each heading that a file may have for it."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one line says."""

    contact: uuid.UUID
    asked_at: datetime
    answered_at: datetime | None
    points: Mapping[str, int]


class RefusedError(Exception):
    """Nothing was taken; each of `problems` is a sentence with the line that it is about."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def take(data: bytes) -> int:
    """Record every row of the file; how many there were. The same file twice changes nothing. Raises RefusedError."""
    rows = _rows(data)
    with transaction.atomic():
        for row in rows:
            api.record(row.contact, row.asked_at, row.answered_at, row.points)
    return len(rows)


def _rows(data: bytes) -> list[Row]:
    if len(data) > MOST_BYTES:
        raise RefusedError([_("The file is larger than %(most)d KB. Divide it.") % {"most": MOST_BYTES // 1024}])
    try:
        lines = csv_text.read(csv_text.characters(data), COLUMNS, ("contact", "asked_at"), MOST_ROWS)
    except csv_text.CsvError as error:
        raise RefusedError([str(error)]) from error
    rows: list[Row] = []
    problems: list[str] = []
    seen: dict[uuid.UUID, int] = {}
    for line in lines:
        try:
            row = _row(line.cells, seen)
        except ValueError as problem:
            problems.append(_at(line.number, str(problem)))
        else:
            seen[row.contact] = line.number
            rows.append(row)
    known = _known(seen)
    problems += [
        _at(number, _("There is no such contact.")) for contact, number in seen.items() if contact not in known
    ]
    if problems:
        raise RefusedError(problems)
    return rows


def _row(cells: Mapping[str, str], seen: Mapping[uuid.UUID, int]) -> Row:
    """`seen`: on which line a contact was. Raises ValueError with a sentence."""
    try:
        contact = uuid.UUID(cells.get("contact", ""))
    except ValueError as error:
        raise ValueError(_("The number of the contact is not one: copy it from the record.")) from error
    if contact in seen:
        raise ValueError(_("The contact is in line %(line)d already.") % {"line": seen[contact]})
    points = {item: _points(cells[item]) for item in _ITEMS if cells.get(item)}
    answered_at = _time(cells["answered_at"]) if cells.get("answered_at") else None
    asked_at = _time(cells.get("asked_at", ""))
    if points and answered_at is None:
        raise ValueError(_("There are points but no time of the answer."))
    if answered_at is not None and answered_at < asked_at:
        raise ValueError(_("The answer is earlier than the question."))
    return Row(contact, asked_at, answered_at, points)


def _points(cell: str) -> int:
    if not (cell.isascii() and cell.isdecimal() and len(cell) <= 3 and int(cell) <= api.MOST_POINTS):
        raise ValueError(_("Points are whole numbers from 0 to 100."))
    return int(cell)


def _time(cell: str) -> datetime:
    """Without a zone it is Seoul's."""
    try:
        found = parse_datetime(cell)
    except ValueError:
        found = None
    if found is None:
        raise ValueError(_("A time is written as 2026-11-18 09:30."))
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _known(contacts: Mapping[uuid.UUID, int]) -> set[uuid.UUID]:
    asked = list(contacts)
    found: set[uuid.UUID] = set()
    for start in range(0, len(asked), 5000):
        found.update(Contact.objects.filter(pk__in=asked[start : start + 5000]).values_list("pk", flat=True))
    return found


def _at(line: int, sentence: str) -> str:
    return _("Line %(line)d: %(sentence)s") % {"line": line, "sentence": sentence}
