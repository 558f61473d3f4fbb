"""Who answers now, from the database: the officer, a deputy, or the department's own number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.offices.answering import Away, Person, who_answers
from haedap.apps.offices.models import Absence, Department, Deputy, Officer

_FARTHEST = 6
"""Steps from an officer to deputies of deputies: beyond them nobody would know the matter."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Who answers, and where. Without `officer` it is the department's own number, or that of the one above it.

    `telephone` is E.164, `extension` digits; either may be empty. `reason` is a line when it is not the officer whom
    the matter belongs to (`연가 ~ 11.25., 대직 김하늘`), else empty.
    """

    officer: Officer | None
    telephone: str
    extension: str
    reason: str = ""


def load_people(officers: Iterable[int], at: datetime) -> dict[int, Person]:
    """These officers, their deputies, and the deputies of these: all whom `who_answers` may ask."""
    deputies: dict[int, list[int]] = {}
    new = set(officers)
    for _step in range(_FARTHEST):
        if not new:
            break
        deputies |= {officer: [] for officer in new}
        for officer, deputy in Deputy.objects.filter(officer__in=new).values_list("officer", "deputy"):
            deputies[officer].append(deputy)
        new = {deputy for found in deputies.values() for deputy in found} - deputies.keys()
    active = set(Officer.objects.filter(pk__in=deputies, active=True).values_list("pk", flat=True))
    away: dict[int, list[Away]] = {}
    current = Absence.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), officer__in=deputies, starts_at__lte=at)
    for absence in current:
        found = Away(absence.starts_at, absence.ends_at, absence.reason)
        away.setdefault(absence.officer_id, []).append(found)
    return {
        officer: Person(officer in active, tuple(away.get(officer, ())), tuple(deputies[officer]))
        for officer in deputies
    }


def answers_of(officers: Iterable[Officer], at: datetime) -> dict[int, Answers]:
    """By the id of each officer, who answers for them at `at`."""
    asked = list(officers)
    people = load_people([officer.pk for officer in asked], at)
    who = {officer.pk: who_answers(officer.pk, at, people) for officer in asked}
    found = {officer.pk: officer for officer in asked}
    missing = {pk for pk in who.values() if pk is not None} - found.keys()
    found |= {officer.pk: officer for officer in Officer.objects.filter(pk__in=missing)}
    answers = {}
    for officer in asked:
        stands_in = found.get(who[officer.pk] or 0)
        answers[officer.pk] = _answers(officer, stands_in, people[officer.pk], at)
    return answers


def answers_of_department(department: Department) -> Answers:
    """The department's number, or that of the nearest one above that has one."""
    return Answers(None, department_telephone(department), "")


def department_telephone(department: Department) -> str:
    """The number of the department or of the nearest one above, E.164; empty when none has one."""
    return next((step.telephone for step in reversed(department.line()) if step.telephone), "")


def absence_line(away: Away, at: datetime) -> str:
    """`연가 ~ 11.25.`; on the last day its time, `출장 ~ 15:00`; without an end `휴직`."""
    reason = str(dict(Absence.Reason.choices).get(away.reason, away.reason))
    if away.end is None:
        return reason
    # An end at midnight means the day before: people name the last day that they are away.
    local = timezone.localtime(away.end)
    last = timezone.localtime(away.end - timedelta(microseconds=1))
    whole_day = (local.hour, local.minute) == (0, 0)
    if last.date() == timezone.localtime(at).date() and not whole_day:
        return f"{reason} ~ {local:%H:%M}"
    year = f"{last.year}." if last.year != timezone.localtime(at).year else ""
    return f"{reason} ~ {year}{last.month}.{last.day}."


def _answers(officer: Officer, stands_in: Officer | None, person: Person, at: datetime) -> Answers:
    department = partial(department_telephone, officer.department)
    if stands_in is not None and stands_in.pk == officer.pk:
        return Answers(officer, officer.telephone or department(), officer.extension)
    away = person.absence(at)
    why = absence_line(away, at) if away else _("has left")
    if stands_in is None:
        return Answers(None, department(), "", _("%(why)s, no deputy: the department answers") % {"why": why})
    reason = _("%(why)s, deputy %(name)s") % {"why": why, "name": stands_in.name}
    telephone = stands_in.telephone or department_telephone(stands_in.department)
    return Answers(stands_in, telephone, stands_in.extension, reason)
