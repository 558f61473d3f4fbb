"""Pages on which administrators configure the centre. Every change reaches the engine, and the access log."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.apps.accounts import access
from haedap.apps.centre import api
from haedap.apps.centre.forms import SettingsForm, SpecialDayForm
from haedap.apps.centre.models import Hours, Queue, SpecialDay
from haedap.apps.centre.queue_forms import rule_forms
from haedap.apps.centre.sections import SECTIONS, Section
from haedap.apps.contacts import api as contacts


@access.allow(access.ADMINISTRATORS)
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What can be configured."""
    return render(request, "centre/start.html", {"sections": SECTIONS.values()})


@access.allow(access.ADMINISTRATORS)
@require_GET
def section(request: HttpRequest, key: str) -> HttpResponse:
    """One list."""
    found = _section(key)
    rows = [(row.pk, [show(row) for _heading, show in found.columns]) for row in api.rows_of(found.model, *found.reads)]
    context = {"section": found, "headings": [heading for heading, _show in found.columns], "rows": rows}
    return render(request, "centre/section.html", context)


@access.allow(access.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, key: str) -> HttpResponse:
    """A new thing on the list."""
    found = _section(key)
    return _edit(request, found, found.model())


@access.allow(access.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def edit(request: HttpRequest, key: str, pk: str) -> HttpResponse:
    """One thing on the list."""
    found = _section(key)
    return _edit(request, found, _row(found, pk, locked=request.method == "POST"))


@access.allow(access.ADMINISTRATORS)
@require_POST
def remove(request: HttpRequest, key: str, pk: str) -> HttpResponse:
    """Take a thing off the list, unless something else needs it."""
    found = _section(key)
    row = _row(found, pk)
    needed = _needed_by_flow(found, row)
    if found.is_own is not None and found.is_own(row):
        messages.error(request, _("The centre itself uses it, so it stays. Its name can be changed."))
        return redirect("centre_edit", key=key, pk=pk)
    if found.is_used is not None and found.is_used(row):
        messages.error(request, _("Records have it, so it stays. Switch it off instead."))
        return redirect("centre_edit", key=key, pk=pk)
    try:
        with transaction.atomic():
            if not needed:
                row.delete()
                changed(request, key, pk, "removed")
    except ProtectedError as error:
        needed = ", ".join(sorted(str(item) for item in error.protected_objects))
    if needed:
        messages.error(request, _("It is still used by: %(users)s. Change that first.") % {"users": needed})
        return redirect("centre_edit", key=key, pk=pk)
    messages.success(request, _("Removed."))
    return redirect("centre_section", key=key)


@access.allow(access.ADMINISTRATORS)
@require_POST
def add_day(request: HttpRequest, pk: str) -> HttpResponse:
    """One more of the centre's own days."""
    hours = get_object_or_404(Hours, pk=pk)
    form = SpecialDayForm(request.POST, instance=SpecialDay(hours=hours))
    if not form.is_valid():
        return _edit_page(request, SECTIONS["hours"], hours, SECTIONS["hours"].form(instance=hours), form, status=400)
    with transaction.atomic():
        form.save()
        changed(request, "hours", pk, "changed")
    messages.success(request, _("Saved."))
    return redirect("centre_edit", key="hours", pk=pk)


@access.allow(access.ADMINISTRATORS)
@require_POST
def remove_day(request: HttpRequest, pk: str, day: int) -> HttpResponse:
    """One less."""
    found = get_object_or_404(SpecialDay, pk=day, hours=pk)
    with transaction.atomic():
        found.delete()
        changed(request, "hours", pk, "changed")
    messages.success(request, _("Removed."))
    return redirect("centre_edit", key="hours", pk=pk)


@access.allow(access.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def settings(request: HttpRequest) -> HttpResponse:
    """Name, thresholds, idle limit."""
    form = SettingsForm(request.POST or None, instance=api.settings(locked=request.method == "POST"))
    if request.method == "POST" and form.is_valid():
        form.save()
        changed(request, "settings", "1", "changed")
        messages.success(request, _("Saved."))
        return redirect("centre_settings")
    return render(request, "centre/settings.html", {"form": form}, status=400 if form.errors else 200)


def changed(request: HttpRequest, key: str, pk: str, how: str) -> None:
    """Log the change and tell the engine, with the running transaction."""
    logged(request, key, pk, how)
    api.plan_changed()


def logged(request: HttpRequest, key: str, pk: str, how: str) -> None:
    """Write a change that is none of the engine's to the access log."""
    contacts.log_access(
        "centre.changed",
        account=request.user.pk,
        address=access.client_address(request),
        detail={"list": key, "key": pk, "how": how},
    )


def _section(key: str) -> Section:
    if key not in SECTIONS:
        raise Http404
    return SECTIONS[key]


def _row(section: Section, pk: str, *, locked: bool = False) -> Model:
    rows: QuerySet[Model] = QuerySet(section.model)
    try:
        return get_object_or_404(rows.select_for_update() if locked else rows, pk=pk)
    except ValueError as error:
        raise Http404 from error


def _edit(request: HttpRequest, section: Section, row: Model) -> HttpResponse:
    new = not row.pk
    form = section.form(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            saved = form.save()
            changed(request, section.key, str(saved.pk), "added" if new else "changed")
        messages.success(request, _("Saved."))
        return redirect("centre_section", key=section.key)
    known = None if new else row
    return _edit_page(request, section, known, form, SpecialDayForm(), status=400 if form.errors else 200)


def _edit_page(
    request: HttpRequest, section: Section, row: Model | None, form: Any, day_form: SpecialDayForm, status: int
) -> HttpResponse:
    context = {
        "section": section,
        "form": form,
        "row": row,
        "day_form": day_form,
    }
    if isinstance(row, Queue):
        context |= rule_forms(row)
    return render(request, section.editor, context, status=status)


def _needed_by_flow(section: Section, row: Model) -> str:
    """The flows whose definition names the queue or the opening hours `row`."""
    field = {"queues": "queue", "hours": "hours"}.get(section.key)
    return ", ".join(api.flows_naming(field, str(row.pk))) if field else ""
