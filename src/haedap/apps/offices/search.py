"""Finds the office by what a citizen says: the index over the database, kept in memory until something changes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from haedap.apps.contacts import api as contacts
from haedap.apps.offices.answers import Answers, answers_of, answers_of_department
from haedap.apps.offices.index import Document, Index, Key
from haedap.apps.offices.models import Department, Duty, Officer, SearchVersion, Synonym
from haedap.language import words

_ABOVE = "parent__parent__parent__parent"


@dataclass(frozen=True, slots=True)
class Found:
    """An office, by the duty that fits best, or an officer by name or number; and who answers there at the moment.

    `officer`: whom the matter belongs to; None when no officer has the duty.
    """

    department: Department
    duty: Duty | None
    officer: Officer | None
    answers: Answers


def search_offices(text: str, limit: int, at: datetime) -> list[Found]:
    """The offices and officers that fit best, the best first, each office once. Nothing for a text without a word."""
    index, departments = _kept.current()
    return _load(index.find(text, limit), departments, at)


def as_json(found: Found) -> dict[str, Any]:
    """One find as the desk gets it. Numbers are E.164."""
    answers = found.answers
    return {
        "department": {"id": found.department.pk, "name": found.department.name, "place": found.department.place},
        "duty": found.duty.text if found.duty else None,
        "officer": _person(found.officer),
        "answers": {
            "officer": _person(answers.officer),
            "telephone": answers.telephone,
            "extension": answers.extension,
            "reason": answers.reason,
        },
    }


Departments = dict[int, Department]
"""The whole tree, each with the one above it."""


class _Kept:
    """The index of this process with the departments, and the version of the data that they were made of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version: UUID | None = None
        self._index = Index([], {})
        self._departments: Departments = {}

    def current(self) -> tuple[Index, Departments]:
        version = SearchVersion.objects.values_list("version", flat=True).first()
        with self._lock:
            if version != self._version:
                self._index = Index(_documents(), _synonyms())
                self._departments = _tree()
                self._version = version
            return self._index, self._departments


_kept = _Kept()


def _tree() -> Departments:
    found = Department.objects.in_bulk()
    for department in found.values():
        if department.parent_id is not None:
            department.parent = found[department.parent_id]
    return found


def _load(hits: list[Key], departments: Departments, at: datetime) -> list[Found]:
    duties = Duty.objects.in_bulk(_ids(hits, "duty"))
    officers = Officer.objects.in_bulk(_ids(hits, "officer"))
    of_duty = officers_of_duties(list(duties), departments)
    sought: list[Duty | Officer] = [*duties.values(), *officers.values()]
    for one in sought:
        _put_in_place(one, departments)
    answers = answers_of([*officers.values(), *(one for found in of_duty.values() for one in found)], at)
    found = []
    for kind, pk in hits:
        duty = duties.get(pk) if kind == "duty" else None
        officer = _first_here(of_duty.get(pk, []), answers) if kind == "duty" else None
        officer = officers.get(pk) if kind == "officer" else officer
        department = duty.department if duty else departments.get(pk) if kind == "department" else None
        department = officer.department if kind == "officer" and officer else department
        if department is not None:  # else it went between the search and here
            who = answers[officer.pk] if officer else answers_of_department(department)
            found.append(Found(department, duty, officer, who))
    return found


def officers_of_duties(duties: list[int], departments: Departments | None = None) -> dict[int, list[Officer]]:
    """The active officers of each duty, in their order. `departments`: those that are known already."""
    rows = Duty.officers.through.objects.filter(duty__in=duties, officer__active=True)
    above = "officer" if departments else f"officer__department__{_ABOVE}"
    found: dict[int, list[Officer]] = {}
    for row in rows.select_related(above).order_by("officer__position", "officer__name"):
        _put_in_place(row.officer, departments or {})
        found.setdefault(row.duty_id, []).append(row.officer)
    return found


def _put_in_place(one: Duty | Officer, departments: Departments) -> None:
    """Spare the database the way up the tree, unless the department is newer than the tree."""
    known = departments.get(one.department_id)
    if known is not None:
        one.department = known


def _first_here(officers: list[Officer], answers: dict[int, Answers]) -> Officer | None:
    """The first of a duty's officers who answers in person; else the first, whose deputy answers."""
    here = (one for one in officers if (who := answers[one.pk].officer) is not None and who.pk == one.pk)
    return next(here, officers[0] if officers else None)


def _ids(hits: list[Key], kind: str) -> list[int]:
    return [pk for found, pk in hits if found == kind]


def _documents() -> Iterator[Document]:
    departments = Department.objects.filter(active=True)
    names = dict(departments.values_list("pk", "name"))
    for pk, name, telephone, parent in departments.values_list("pk", "name", "telephone", "parent"):
        key = ("department", pk)
        around = names.get(parent, "") if parent is not None else ""
        yield Document(key, key, name, name, (words.compact(name),), around, _digits(telephone))
    for pk, text, keywords, department in Duty.objects.filter(department__active=True).values_list(
        "pk", "text", "keywords", "department"
    ):
        said = tuple(words.compact(word) for word in keywords.split(",") if words.compact(word))
        yield Document(("duty", pk), ("department", department), text, text, said, names[department])
    officers = Officer.objects.filter(active=True)
    for pk, name, title, telephone, extension in officers.values_list("pk", "name", "title", "telephone", "extension"):
        key = ("officer", pk)
        numbers = (*_digits(telephone), *_digits(extension))
        yield Document(key, key, name, f"{name} {title}", (words.compact(name),), "", numbers)


def _synonyms() -> dict[str, tuple[str, ...]]:
    return {
        words.compact(said): tuple(words.compact(word) for word in means.split(","))
        for said, means in Synonym.objects.values_list("said", "means")
    }


def _digits(number: str) -> tuple[str, ...]:
    """A number as it is written here and with its country; an extension as it is."""
    if not number:
        return ()
    forms = {number, contacts.dialled(number)} if number.startswith("+") else {number}
    return tuple("".join(character for character in form if character.isdigit()) for form in sorted(forms))


def _person(officer: Officer | None) -> dict[str, Any] | None:
    return {"id": officer.pk, "name": officer.name, "title": officer.title} if officer else None
