"""Imports: choose a file or a directory, look at the preview, confirm. And the list as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.centre import csv_text
from haedap.apps.contacts import api as contacts
from haedap.apps.offices import importing
from haedap.apps.offices.csv_file import read_csv
from haedap.apps.offices.errors import OfficesError, StaleDraftError
from haedap.apps.offices.export import as_csv
from haedap.apps.offices.forms import CsvForm
from haedap.apps.offices.models import ImportDraft
from haedap.apps.offices.plan import Change, Kind
from haedap.apps.offices.sources import configured_sources
from haedap.config import ConfigError

_SHOWN = 500
"""Lines of each list in the preview; beyond that, numbers say it."""
_FIELDS = {
    "department": gettext_lazy("Department"),
    "department_code": gettext_lazy("Code"),
    "department_telephone": gettext_lazy("Telephone number"),
    "name": gettext_lazy("Name"),
    "code": gettext_lazy("Staff number"),
    "title": gettext_lazy("Job title"),
    "telephone": gettext_lazy("Telephone number"),
    "extension": gettext_lazy("Extension"),
    "email": gettext_lazy("E-mail"),
    "messenger": gettext_lazy("Messenger id"),
    "duties": gettext_lazy("Duties"),
    "deputies": gettext_lazy("Deputies"),
    "absences": gettext_lazy("Absences"),
    "active": gettext_lazy("Active"),
}
_KINDS = (
    (Kind.ADDED, gettext_lazy("New")),
    (Kind.CHANGED, gettext_lazy("Changed")),
    (Kind.GONE, gettext_lazy("No longer in the list")),
)


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose a file; what was read is kept for the preview."""
    form = CsvForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return _keep(request, "CSV", read_csv(file.read()), str(file.name))
        except OfficesError as error:
            form.add_error("file", str(error))
    return _start_page(request, form)


@access.allow(access.SUPERVISORS)
@require_POST
def directory(request: HttpRequest) -> HttpResponse:
    """Read a directory of the settings; what was read is kept for the preview."""
    try:
        source = configured_sources(settings.HAEDAP).get(request.POST.get("source", ""))
        if source is None:
            raise Http404
        return _keep(request, source.name, source.rows(), source.name)
    except (OfficesError, ConfigError) as error:
        messages.error(request, str(error))
    return redirect("offices_import")


@access.allow(access.SUPERVISORS)
@require_GET
def preview(request: HttpRequest, draft: UUID) -> HttpResponse:
    """What would be added, changed and gone, and which rows were refused."""
    found = get_object_or_404(ImportDraft, pk=draft, account_id=account_of(request).pk)
    plan = importing.plan_of(found)
    problems = importing.problems_of(found)
    lists = []
    for kind, title in _KINDS:
        changes = [change for change in plan.changes if change.kind is kind]
        lists.append((kind.value, title, len(changes), [_shown(change) for change in changes[:_SHOWN]]))
    context = {
        "draft": found,
        "plan": plan,
        "lists": lists,
        "problems": problems[:_SHOWN],
        "problem_count": len(problems),
        "unknown": plan.unknown[:_SHOWN],
        "shown": _SHOWN,
    }
    return render(request, "offices/preview.html", context)


@access.allow(access.SUPERVISORS)
@require_POST
def confirm(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Write what the preview showed."""
    account = account_of(request).pk
    found = ImportDraft.objects.filter(pk=draft, account_id=account).first()
    if found is None:
        messages.error(request, _("This preview has been used up. Choose the file again."))
        return redirect("offices_import")
    if importing.plan_of(found).takes_many and request.POST.get("whole") != "yes":
        messages.error(
            request, _("Many officers are missing from the list. Tick that it is the whole list, or cancel.")
        )
        return redirect("offices_preview", draft=draft)
    try:
        with transaction.atomic():
            plan = importing.confirm(draft, account, request.POST.get("digest", ""))
            counts: dict[str, object] = {kind.value: plan.count(kind) for kind in Kind}
            _log(request, "offices.imported", {"source": found.source, **counts})
    except StaleDraftError as error:
        messages.error(request, str(error))
        return redirect("offices_preview", draft=draft)
    messages.success(
        request,
        _("Imported: %(added)d new, %(changed)d changed, %(gone)d no longer active.") % counts,
    )
    return redirect("offices")


@access.allow(access.SUPERVISORS)
@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """The list as a file that can be imported again; to the access log."""
    _log(request, "offices.exported", {})
    return csv_text.download(as_csv(), f"offices-{timezone.localdate():%Y%m%d}")


def _keep(
    request: HttpRequest, source: str, rows: Iterable[tuple[int, Mapping[str, str]]], origin: str
) -> HttpResponse:
    """Raises OfficesError."""
    draft = importing.keep_draft(rows, source, origin, account_of(request).pk, timezone.now())
    return redirect("offices_preview", draft=draft.pk)


def _start_page(request: HttpRequest, form: CsvForm) -> HttpResponse:
    try:
        sources = {key: source.name for key, source in configured_sources(settings.HAEDAP).items()}
    except ConfigError as error:
        messages.error(request, str(error))
        sources = {}
    context = {"form": form, "sources": sources}
    return render(request, "offices/import.html", context, status=400 if form.errors else 200)


def _shown(change: Change) -> tuple[Change, list[tuple[str, str, str]]]:
    """The change, and for each field its name, and what it is and would be."""
    return change, [_shown_field(item.field, item.before, item.after) for item in change.differences]


def _shown_field(field: str, before: str, after: str) -> tuple[str, str, str]:
    values = [before, after]
    if field in {"telephone", "department_telephone"}:
        values = [contacts.dialled(value) if value else "" for value in values]
    if field == "active":
        values = [_("yes") if value else _("no") for value in values]
    return str(_FIELDS[field]), values[0] or "–", values[1] or "–"


def _log(request: HttpRequest, action: str, detail: dict[str, object]) -> None:
    contacts.log_access(action, account=account_of(request).pk, address=access.client_address(request), detail=detail)
