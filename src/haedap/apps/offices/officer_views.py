"""Pages of officers: who they are, when they are away, who stands in."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.apps.accounts import access
from haedap.apps.offices.answers import answers_of
from haedap.apps.offices.forms import AbsenceForm, DeputiesForm, OfficerForm
from haedap.apps.offices.models import Absence, Department, Deputy, Officer
from haedap.apps.offices.views import log_change, may_edit


@access.allow(access.SIGNED_IN)
@require_GET
def officer(request: HttpRequest, officer: int) -> HttpResponse:
    """The officer, who answers now, deputies, absences."""
    return _page(request, _officer(officer))


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
def officer_new(request: HttpRequest, department: int) -> HttpResponse:
    """A new officer of the department."""
    found = get_object_or_404(Department, pk=department)
    form = OfficerForm(request.POST or None, initial={"department": found.pk})
    return _edited(request, form, _("%(department)s: new officer") % {"department": found.name})


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def officer_edit(request: HttpRequest, officer: int) -> HttpResponse:
    """Name, department, numbers."""
    found = _officer(officer, locked=request.method == "POST")
    return _edited(request, OfficerForm(request.POST or None, instance=found), found.name)


@access.allow(access.SUPERVISORS)
@require_POST
@transaction.atomic
def deputies(request: HttpRequest, officer: int) -> HttpResponse:
    """The deputies, in the order in which they are asked."""
    found = _officer(officer, locked=True)
    form = DeputiesForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, deputies_form=form, status=400)
    found.deputies.all().delete()
    Deputy.objects.bulk_create(
        Deputy(officer=found, deputy_id=deputy, position=position) for position, deputy in enumerate(form.chosen())
    )
    log_change(request, "deputies", found.pk, "changed")
    messages.success(request, _("Saved."))
    return redirect("officer", officer=found.pk)


@access.allow(access.SUPERVISORS)
@require_POST
def absence_add(request: HttpRequest, officer: int) -> HttpResponse:
    """One more absence."""
    found = _officer(officer)
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        return _page(request, found, absence_form=form, status=400)
    with transaction.atomic():
        Absence.objects.create(
            officer=found,
            **{name: form.cleaned_data[name] for name in ("starts_at", "ends_at", "reason")},
        )
        log_change(request, "absence", found.pk, "added")
    messages.success(request, _("Saved."))
    return redirect("officer", officer=found.pk)


@access.allow(access.SUPERVISORS)
@require_POST
def absence_remove(request: HttpRequest, officer: int, absence: int) -> HttpResponse:
    """One less."""
    found = get_object_or_404(Absence, pk=absence, officer=officer)
    with transaction.atomic():
        found.delete()
        log_change(request, "absence", officer, "removed")
    messages.success(request, _("Removed."))
    return redirect("officer", officer=officer)


def _officer(pk: int, *, locked: bool = False) -> Officer:
    rows = Officer.objects.select_for_update(of=("self",)) if locked else Officer.objects
    return get_object_or_404(rows.select_related("department__parent__parent__parent"), pk=pk)


def _page(
    request: HttpRequest,
    found: Officer,
    *,
    deputies_form: DeputiesForm | None = None,
    absence_form: AbsenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    editing = may_edit(request)
    context = {
        "officer": found,
        "answers": answers_of([found], now)[found.pk],
        "deputies": [row.deputy for row in found.deputies.select_related("deputy__department")],
        "absences": [row for row in found.absences.all() if row.ends_at is None or row.ends_at > now],
        "duties": found.duties.all(),
        "deputies_form": (deputies_form or DeputiesForm(found)) if editing else None,
        "absence_form": (absence_form or AbsenceForm(initial={"first_day": timezone.localdate(now)}))
        if editing
        else None,
        "may_edit": editing,
    }
    return render(request, "offices/officer.html", context, status=status)


def _edited(request: HttpRequest, form: OfficerForm, title: str) -> HttpResponse:
    new = form.instance.pk is None
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            saved = form.save()
            log_change(request, "officer", saved.pk, "added" if new else "changed")
        messages.success(request, _("Saved."))
        return redirect("officer", officer=saved.pk)
    context = {"form": form, "title": title, "what": "officer", "row": None if new else form.instance}
    return render(request, "offices/edit.html", context, status=400 if form.errors else 200)
