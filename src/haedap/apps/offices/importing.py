"""Imports: draft, preview, confirmation. Nothing is written before somebody confirms what the preview showed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.offices import tree
from haedap.apps.offices.absences import Away
from haedap.apps.offices.errors import StaleDraftError
from haedap.apps.offices.models import Absence, Department, Deputy, Duty, ImportDraft, Officer
from haedap.apps.offices.plan import DepartmentNow, OfficerNow, OfficerStep, Path, Plan, Snapshot, make_plan
from haedap.apps.offices.rows import Entry, Problem, Read, read

_KEPT = timedelta(hours=12)
_FIELDS = ("name", "title", "telephone", "extension", "email", "messenger")


def keep_draft(
    rows: Iterable[tuple[int, Mapping[str, str]]], source: str, origin: str, account: int, now: datetime
) -> ImportDraft:
    """Read the rows and keep what was read until somebody confirms it; drafts of yesterday go."""
    found = read(rows)
    ImportDraft.objects.filter(created_at__lt=now - _KEPT).delete()
    entries = {"columns": sorted(found.columns), "rows": msgspec.to_builtins(found.entries)}
    problems = msgspec.to_builtins(found.problems)
    return ImportDraft.objects.create(
        account_id=account, created_at=now, source=source, origin=origin[:120], entries=entries, problems=problems
    )


def plan_of(draft: ImportDraft) -> Plan:
    """What the draft would do to the offices as they stand now."""
    return make_plan(snapshot(), _read_of(draft))


def problems_of(draft: ImportDraft) -> list[Problem]:
    """The rows that were refused."""
    return _read_of(draft).problems


def confirm(draft: UUID, account: int, digest: str) -> Plan:
    """Do what the preview with this digest showed, whole or not at all; returns what was done.

    Raises StaleDraftError when the draft is gone or somebody else's, or the offices have changed since the preview.
    """
    with transaction.atomic():
        tree.lock()
        found = ImportDraft.objects.select_for_update().filter(pk=draft, account_id=account).first()
        if found is None:
            raise StaleDraftError(_("This preview has been used up. Choose the file again."))
        plan = plan_of(found)
        if plan.digest != digest:
            raise StaleDraftError(_("The offices were changed after the preview. Look at it once more, then confirm."))
        _write(plan)
        found.delete()
    return plan


def write_rows(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Plan:
    """Import without a preview: for lists that come with the software."""
    plan = make_plan(snapshot(), read(rows))
    with transaction.atomic():
        _write(plan)
    return plan


def snapshot() -> Snapshot:
    """All offices as they stand."""
    departments = tuple(
        DepartmentNow(*row)
        for row in Department.objects.values_list("pk", "parent", "name", "code", "telephone", "active", "imported")
    )
    duties: dict[int, list[str]] = {}
    links = Duty.officers.through.objects.order_by("duty__position", "duty")
    for officer, text in links.values_list("officer", "duty__text"):
        duties.setdefault(officer, []).append(text)
    deputies: dict[int, list[int]] = {}
    for officer, deputy in Deputy.objects.values_list("officer", "deputy"):
        deputies.setdefault(officer, []).append(deputy)
    now = timezone.now()
    absences: dict[int, list[Away]] = {}
    for row in Absence.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now)).order_by("starts_at", "reason"):
        absences.setdefault(row.officer_id, []).append(row.away)
    officers = tuple(
        OfficerNow(
            pk=one.pk,
            department=one.department_id,
            code=one.code,
            duties=tuple(duties.get(one.pk, ())),
            deputies=tuple(deputies.get(one.pk, ())),
            absences=tuple(absences.get(one.pk, ())),
            active=one.active,
            imported=one.imported,
            **{name: getattr(one, name) for name in _FIELDS},
        )
        for one in Officer.objects.all()
    )
    return Snapshot(departments, officers, timezone.make_naive(now))


def _read_of(draft: ImportDraft) -> Read:
    entries = msgspec.convert(draft.entries["rows"], list[Entry])
    problems = msgspec.convert(draft.problems, list[Problem])
    return Read(frozenset(draft.entries["columns"]), entries, problems)


def _write(plan: Plan) -> None:
    places = _write_departments(plan)
    officers = _write_officers(plan, places)
    if "duties" in plan.columns:
        _write_duties(plan, officers, places)
    if "deputies" in plan.columns:
        _write_deputies(plan, officers)
    if "absences" in plan.columns:
        _write_absences(plan, officers)
    Officer.objects.filter(pk__in=plan.gone_officers).update(active=False)
    Department.objects.filter(pk__in=plan.gone_departments).update(active=False)


def _write_departments(plan: Plan) -> dict[Path, int]:
    places: dict[Path, int] = {}
    for position, step in enumerate(plan.departments):
        if step.pk is not None and not step.changed:
            places[step.path] = step.pk
            continue
        row = Department.objects.get(pk=step.pk) if step.pk is not None else Department(position=position)
        row.name, row.active = step.path[-1], True
        row.imported = row.imported or step.pk is None
        row.parent_id = places[step.path[:-1]] if len(step.path) > 1 else None
        row.code = step.code or row.code
        row.telephone = row.telephone if step.telephone is None else step.telephone
        row.save()
        places[step.path] = row.pk
    return places


def _write_officers(plan: Plan, places: dict[Path, int]) -> dict[int, Officer]:
    """By the place of their entries."""
    known = Officer.objects.in_bulk([step.pk for step in plan.officers if step.pk is not None])
    officers = {
        step.place: _officer(step, known[step.pk] if step.pk is not None else Officer(imported=True), plan, places)
        for step in plan.officers
    }
    Officer.objects.bulk_create(officers[step.place] for step in plan.officers if step.pk is None)
    fields = [*_FIELDS, "code", "department", "active"]
    Officer.objects.bulk_update([officers[step.place] for step in plan.officers if step.pk is not None], fields, 500)
    return officers


def _officer(step: OfficerStep, row: Officer, plan: Plan, places: dict[Path, int]) -> Officer:
    said = step.entry.said(plan.columns)
    for name in _FIELDS:
        if name in said:
            setattr(row, name, getattr(step.entry, name))
    row.code = step.entry.code or row.code
    row.department_id = places[step.entry.department]
    row.position = row.position if row.pk else min(step.place, 32_000)
    row.active = True
    return row


def _write_duties(plan: Plan, officers: dict[int, Officer], places: dict[Path, int]) -> None:
    """Link the duties of those who were added or changed; duties of imports that nobody has any more go.

    A duty that the centre has written itself or given words to stays with its department.
    """
    wanted = [(step, text) for step in plan.officers for text in step.entry.duties]
    Duty.objects.bulk_create(
        [
            Duty(department_id=places[step.entry.department], text=text, imported=True, position=min(position, 32_000))
            for position, (step, text) in enumerate(wanted)
        ],
        ignore_conflicts=True,
    )
    departments = {places[step.entry.department] for step, _text in wanted}
    rows = Duty.objects.filter(department__in=departments).values_list("department", "text", "pk")
    ids = {(department, text): pk for department, text, pk in rows}
    through = Duty.officers.through
    through.objects.filter(officer__in=officers.values()).delete()
    through.objects.bulk_create(
        [
            through(duty_id=ids[places[step.entry.department], text], officer=officers[step.place])
            for step, text in wanted
        ],
        ignore_conflicts=True,
    )
    Duty.objects.filter(imported=True, officers=None, keywords="").delete()


def _write_deputies(plan: Plan, officers: dict[int, Officer]) -> None:
    Deputy.objects.filter(officer__in=officers.values()).delete()
    Deputy.objects.bulk_create(
        Deputy(
            officer=officers[step.place],
            deputy_id=officers[number].pk if kind == "new" else number,
            position=position,
        )
        for step in plan.officers
        for position, (kind, number) in enumerate(step.deputies)
    )


def _write_absences(plan: Plan, officers: dict[int, Officer]) -> None:
    """What is over stays as it was."""
    now = timezone.now()
    coming = Absence.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now))
    coming.filter(officer__in=officers.values()).delete()
    rows = [Absence.of(officers[step.place], away) for step in plan.officers for away in step.entry.absences]
    Absence.objects.bulk_create(row for row in rows if row.ends_at is None or row.ends_at > now)
