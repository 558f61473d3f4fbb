"""The citizen's page: who they are, what they are known by, what they asked; merging, and taking apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from haedap.apps.accounts import access
from haedap.apps.accounts.api import Account
from haedap.apps.accounts.views import account_of
from haedap.apps.contacts import api, citizens, merging, numbers, permissions, search, views
from haedap.apps.contacts.citizen_forms import MergeForm, NumberForm, SoughtForm, WhyForm
from haedap.apps.contacts.history import Earlier, history
from haedap.apps.contacts.models import Citizen, Contact
from haedap.apps.contacts.paging import Paging

_HISTORY = Paging("arrived_at", UUID, size=30)
_MOST_FOUND = 20
_LAST = 5
_SENTENCES: dict[str, str | Promise] = {
    "same": gettext_lazy("These two are one person already. Load the page anew."),
    "alone": gettext_lazy("This one was taken apart already. Load the page anew."),
    "no_number": gettext_lazy("This is not a whole telephone number. Write it as it is dialled, with the area code."),
    "known": gettext_lazy("The citizen is known by this number already."),
    "gone": gettext_lazy("The citizen is not known by this number any more. Load the page anew."),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of two who may be the same person."""

    citizen: Citizen
    numbers: list[merging.Known]
    last: list[Earlier]


@access.allow(access.SIGNED_IN)
@require_GET
def citizen(request: HttpRequest, citizen: int) -> HttpResponse:
    """One citizen. Written to the access log."""
    account = account_of(request)
    found = citizens.citizen(citizen)
    here = None if account.is_supervisor else permissions.contact_with(account.pk)
    if found is None or not _may_see(account, found, here):
        raise Http404
    if found.pk != citizen:
        return redirect("citizen", citizen=found.pk)
    _log(request, "citizen.viewed", found, contact=here.pk if here else None)
    return _show(request, found)


@access.allow(access.SUPERVISORS)
@require_GET
def same(request: HttpRequest, citizen: int) -> HttpResponse:
    """Looks for who else is this person; the two side by side."""
    found = _standing(citizen)
    sought = search.kept_search(request.session, request.GET.get("s", ""))
    return _show_same(request, found, sought, _number_of(request.GET.get("other", "")))


@access.allow(access.SUPERVISORS)
@require_POST
def seek_same(request: HttpRequest, citizen: int) -> HttpResponse:
    """Takes what is sought out of the address. Written to the access log."""
    found = _standing(citizen)
    form = SoughtForm(request.POST)
    if not form.is_valid():
        messages.error(request, _problem(form))
        return _show_same(request, found, "", None, status=400)
    sought = form.cleaned_data["sought"]
    _log(request, "citizens.searched", found, sought=sought)
    return redirect(f"{reverse('citizen_same', args=[citizen])}?s={search.keep_search(request.session, sought)}")


@access.allow(access.SUPERVISORS)
@require_POST
def merge(request: HttpRequest, citizen: int) -> HttpResponse:
    """The other one is the same person; this one's name stands."""
    found = _standing(citizen)
    form = MergeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _problem(form))
        return _show_same(request, found, "", _number_of(request.POST.get("other", "")), status=400)
    other = form.cleaned_data["other"]
    try:
        merging.merge(found, other)
    except merging.CitizenError as error:
        return _refused(request, found, error)
    _log(request, "citizen.merged", found, reason=form.cleaned_data["reason"], other=other.pk)
    return _done(request, found)


@access.allow(access.SUPERVISORS)
@require_POST
def split(request: HttpRequest, citizen: int) -> HttpResponse:
    """This one, who was merged, is a person of their own again."""
    row = Citizen.objects.filter(pk=citizen).select_related("merged_into").first()
    if row is None:
        raise Http404
    found = row.merged_into or row
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _invalid(request, found, form)
    try:
        kept = merging.split(row)
    except merging.CitizenError as error:
        return _refused(request, found, error)
    _log(request, "citizen.split", kept, reason=form.cleaned_data["reason"], other=row.pk)
    return _done(request, kept)


@access.allow(access.SUPERVISORS)
@require_POST
def add_number(request: HttpRequest, citizen: int) -> HttpResponse:
    """The citizen is known by this telephone number, too."""
    found = _standing(citizen)
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _invalid(request, found, form)
    try:
        number = merging.add_number(found, form.cleaned_data["number"])
    except merging.CitizenError as error:
        return _refused(request, found, error, form.cleaned_data["number"])
    _log(request, "citizen.number_added", found, reason=form.cleaned_data["reason"], number=number)
    return _done(request, found)


@access.allow(access.SUPERVISORS)
@require_POST
def remove_number(request: HttpRequest, citizen: int, row: int) -> HttpResponse:
    """The citizen is not known by this number any more."""
    found = _standing(citizen)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _invalid(request, found, form)
    try:
        number = merging.remove_number(found, row)
    except merging.CitizenError as error:
        return _refused(request, found, error)
    _log(request, "citizen.number_removed", found, reason=form.cleaned_data["reason"], number=number)
    return _done(request, found)


def _may_see(account: Account, citizen: Citizen, here: Contact | None) -> bool:
    """Supervisors: everybody; agents: who is on the line."""
    return account.is_supervisor or (here is not None and citizens.citizen_of_contact(here) == citizen)


def _standing(key: int) -> Citizen:
    """The citizen, who is not merged into another. Raises Http404."""
    found = Citizen.objects.filter(pk=key, merged_into=None).first()
    if found is None:
        raise Http404
    return found


def _show(request: HttpRequest, citizen: Citizen, status: int = 200) -> HttpResponse:
    account = account_of(request)
    theirs = permissions.of_person(citizen, citizens.numbers_of(citizen))
    page = _HISTORY.page(Contact.objects.filter(theirs), request.GET.get("page", ""))
    context: dict[str, Any] = {
        "citizen": citizen,
        "numbers": merging.known_by(citizen),
        "merged": merging.merged_into(citizen),
        "lines": views.lines_of(account, page.rows),
        "newer": f"?page={page.newer}" if page.newer else "",
        "older": f"?page={page.older}" if page.older else "",
        "may_change": account.is_supervisor,
        "number_form": NumberForm(),
    }
    return render(request, "contacts/citizen.html", context, status=status)


def _show_same(request: HttpRequest, found: Citizen, sought: str, other: int | None, status: int = 200) -> HttpResponse:
    people = citizens.find_citizens(sought, _MOST_FOUND + 1) if sought else []
    second = citizens.citizen(other) if other is not None else None
    context = {
        "citizen": found,
        "sought": sought,
        "people": [_side(one, 1) for one in people if one != found][:_MOST_FOUND],
        "sides": [_side(found, _LAST), _side(second, _LAST)] if second is not None and second != found else [],
        "other": second,
        "token": request.GET.get("s", ""),
    }
    return render(request, "contacts/citizen_same.html", context, status=status)


def _side(citizen: Citizen, last: int) -> Side:
    return Side(citizen, merging.known_by(citizen), history(citizen, last))


def _number_of(text: str) -> int | None:
    """An id as it stands in an address; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _problem(form: forms.Form) -> str:
    return " ".join(str(problem) for problems in form.errors.values() for problem in problems)


def _invalid(request: HttpRequest, citizen: Citizen, form: forms.Form) -> HttpResponse:
    messages.error(request, _problem(form))
    return _show(request, citizen, status=400)


def _refused(request: HttpRequest, citizen: Citizen, error: merging.CitizenError, typed: str = "") -> HttpResponse:
    code = str(error)
    sentence = str(_SENTENCES[code])
    messages.error(request, numbers.why_none(typed, sentence) if code == "no_number" else sentence)
    return _show(request, citizen, status=409)


def _done(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("citizen", citizen=citizen.pk)


def _log(
    request: HttpRequest, action: str, citizen: Citizen, *, contact: UUID | None = None, reason: str = "", **detail: Any
) -> None:
    api.log_access(
        action,
        account=account_of(request).pk,
        address=access.client_address(request),
        contact=contact,
        citizen=citizen.pk,
        reason=reason,
        detail=detail,
    )
