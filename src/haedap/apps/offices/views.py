"""Pages of departments, duties and synonyms; and the search, as a page and as JSON."""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib import messages
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.offices import tree
from haedap.apps.offices.answers import answers_of, answers_of_department
from haedap.apps.offices.forms import DepartmentForm, DutyForm, SynonymForm
from haedap.apps.offices.models import Department, Duty, Synonym
from haedap.apps.offices.search import as_json, officers_of_duties, search_offices

_MOST_FOUND = 20
_LONGEST_SEARCH = 200


class _Sought(msgspec.Struct):
    """What a program looks for."""

    q: str = ""


@access.allow(access.SIGNED_IN)
@require_GET
def offices(request: HttpRequest) -> HttpResponse:
    """The tree, or what the search found."""
    sought = sought_text(request)
    context = {
        "sought": sought,
        "found": search_offices(sought, _MOST_FOUND, timezone.now()) if sought else [],
        "tree": [] if sought else tree.roots(),
        "may_edit": may_edit(request),
    }
    return render(request, "offices/offices.html", context)


@access.allow(access.SIGNED_IN)
@require_POST
def search_json(request: HttpRequest) -> JsonResponse:
    """`{"found": [...]}`: what fits `q` of the body, the best first, at most 20; see docs/reference/offices.md."""
    try:
        asked = msgspec.json.decode(request.body, type=_Sought)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, RawPostDataException):
        message = _("This cannot be accepted as it is: %(places)s.") % {"places": "q"}
        return JsonResponse({"code": "invalid", "message": message}, status=400)
    found = search_offices(_cut(asked.q), _MOST_FOUND, timezone.now())
    return JsonResponse({"found": [as_json(item) for item in found]}, json_dumps_params={"ensure_ascii": False})


@access.allow(access.SIGNED_IN)
@require_GET
def department(request: HttpRequest, department: int) -> HttpResponse:
    """Duties, officers, and who answers for them now."""
    found = get_object_or_404(Department, pk=department)
    officers = list(found.officers.filter(active=True).select_related("department"))
    answers = answers_of(officers, timezone.now())
    duties = list(found.duties.all())
    of_duty = officers_of_duties([duty.pk for duty in duties])
    context = {
        "department": found,
        "above": found.line()[:-1],
        "below": found.children.filter(active=True),
        "telephone": answers_of_department(found).telephone,
        "hours": _hours_name(found),
        "officers": [(officer, answers[officer.pk]) for officer in officers],
        "duties": [(duty, of_duty.get(duty.pk, [])) for duty in duties],
        "may_edit": may_edit(request),
    }
    return render(request, "offices/department.html", context)


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def department_new(request: HttpRequest) -> HttpResponse:
    """A new department; `?parent=` says where."""
    parent = request.GET.get("parent", "")
    initial = {"parent": parent} if parent.isascii() and parent.isdigit() else {}
    if request.method == "POST":
        tree.lock()
    form = DepartmentForm(request.POST or None, initial=initial)
    return _edited(request, form, "department", _("New department"))


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def department_edit(request: HttpRequest, department: int) -> HttpResponse:
    """Name, place, number, hours."""
    if request.method == "POST":
        tree.lock()
    found = get_object_or_404(Department, pk=department)
    form = DepartmentForm(request.POST or None, instance=found)
    return _edited(request, form, "department", found.name)


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
def duty_new(request: HttpRequest, department: int) -> HttpResponse:
    """A new duty of the department."""
    found = get_object_or_404(Department, pk=department)
    form = DutyForm(request.POST or None, instance=Duty(department=found))
    return _edited(request, form, "duty", _("%(department)s: new duty") % {"department": found.name})


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def duty_edit(request: HttpRequest, duty: int) -> HttpResponse:
    """Text, keywords, officers."""
    rows = Duty.objects.select_for_update() if request.method == "POST" else Duty.objects
    found = get_object_or_404(rows, pk=duty)
    form = DutyForm(request.POST or None, instance=found)
    return _edited(request, form, "duty", found.text)


@access.allow(access.SUPERVISORS)
@require_POST
def duty_remove(request: HttpRequest, duty: int) -> HttpResponse:
    """Takes a duty away."""
    found = get_object_or_404(Duty, pk=duty)
    with transaction.atomic():
        found.delete()
        log_change(request, "duty", duty, "removed")
    messages.success(request, _("Removed."))
    return redirect("department", department=found.department_id)


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
def synonyms(request: HttpRequest) -> HttpResponse:
    """What citizens say, and what the offices call it; a form for one more."""
    form = SynonymForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            saved = form.save()
            log_change(request, "synonym", saved.pk, "added")
        messages.success(request, _("Saved."))
        return redirect("synonyms")
    context = {"form": form, "synonyms": Synonym.objects.all()}
    return render(request, "offices/synonyms.html", context, status=400 if form.errors else 200)


@access.allow(access.SUPERVISORS)
@require_POST
def synonym_remove(request: HttpRequest, synonym: int) -> HttpResponse:
    """Takes one away."""
    found = get_object_or_404(Synonym, pk=synonym)
    with transaction.atomic():
        found.delete()
        log_change(request, "synonym", synonym, "removed")
    messages.success(request, _("Removed."))
    return redirect("synonyms")


def log_change(request: HttpRequest, what: str, pk: int, how: str) -> None:
    """To the access log, with the running transaction: what was changed by its number, never a name."""
    contacts.log_access(
        "offices.changed",
        account=account_of(request).pk,
        address=access.client_address(request),
        detail={"what": what, "id": pk, "how": how},
    )


def may_edit(request: HttpRequest) -> bool:
    """Whether the person may change offices."""
    return account_of(request).role in access.SUPERVISORS


def sought_text(request: HttpRequest) -> str:
    """What `q` asks for; NUL would not pass the database."""
    return _cut(request.GET.get("q", ""))


def _cut(text: str) -> str:
    return text.replace("\x00", "").strip()[:_LONGEST_SEARCH]


def _hours_name(department: Department) -> str:
    keys = (step.hours_key for step in reversed(department.line()) if step.hours_key)
    return centre.hours_names().get(next(keys, ""), "")


def _edited(request: HttpRequest, form: ModelForm[Any], what: str, title: str) -> HttpResponse:
    """Save and go to the department, or show the form."""
    new = form.instance.pk is None
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            saved = form.save()
            log_change(request, what, saved.pk, "added" if new else "changed")
        messages.success(request, _("Saved."))
        return redirect("department", department=saved.pk if what == "department" else saved.department_id)
    context = {"form": form, "title": title, "what": what, "row": None if new else form.instance}
    return render(request, "offices/edit.html", context, status=400 if form.errors else 200)
