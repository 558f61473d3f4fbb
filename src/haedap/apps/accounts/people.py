"""People of the centre, for administrators."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.apps.accounts import access, actions
from haedap.apps.accounts.forms import AccountForm, SearchPeopleForm
from haedap.apps.accounts.models import Account
from haedap.apps.accounts.views import account_of, actor_of
from haedap.apps.centre import api as centre


@access.allow(access.ADMINISTRATORS)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, active ones first."""
    form = SearchPeopleForm(request.GET)
    sought = form.cleaned_data["q"] if form.is_valid() else ""
    names = {skill.key: skill.name for skill in centre.skills()}
    rows = [(account, _skill_words(account, names)) for account in _find(sought)]
    return render(request, "accounts/people.html", {"rows": rows, "q": sought})


@access.allow(access.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new person; the first password is shown once."""
    account = Account()
    form = AccountForm(account, request.POST) if request.method == "POST" else AccountForm(account)
    if request.method == "POST" and form.is_valid():
        password = actions.save_account(account, form.levels_chosen(), actor_of(request))
        return render(request, "accounts/secret.html", {"account": account, "password": password})
    context = {"form": form, "account": account}
    return render(request, "accounts/person.html", context, status=400 if form.errors else 200)


@access.allow(access.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def person(request: HttpRequest, account: int) -> HttpResponse:
    """One person."""
    sent = request.method == "POST"
    found = _locked(account, account_of(request)) if sent else get_object_or_404(Account, pk=account)
    form = AccountForm.of(found, request.POST if sent else None)
    if request.method == "POST" and form.is_valid() and _keeps_an_administrator(form, found, account_of(request)):
        actions.save_account(found, form.levels_chosen(), actor_of(request))
        messages.success(request, _("Saved."))
        return redirect("people")
    context = {"form": form, "account": found, "locked": actions.locked_for(found.username)}
    return render(request, "accounts/person.html", context, status=400 if form.errors else 200)


@access.allow(access.ADMINISTRATORS)
@require_POST
def new_password(request: HttpRequest, account: int) -> HttpResponse:
    """A new first password, shown once."""
    found = get_object_or_404(Account, pk=account)
    password = actions.reset_password(found, actor_of(request))
    return render(request, "accounts/secret.html", {"account": found, "password": password})


@access.allow(access.ADMINISTRATORS)
@require_POST
def unlock(request: HttpRequest, account: int) -> HttpResponse:
    """Let the person try again at once."""
    found = get_object_or_404(Account, pk=account)
    actions.unlock(found, actor_of(request))
    messages.success(request, _("%(name)s may log in again.") % {"name": found.name})
    return redirect("person", account=account)


@access.allow(access.ADMINISTRATORS)
@require_POST
def telephone(request: HttpRequest, account: int) -> HttpResponse:
    """New credentials of the person's desk telephone, shown once."""
    found = get_object_or_404(Account, pk=account, is_active=True, telephone="desk", role="agent")
    issued = actions.issue_desk_phone(found, actor_of(request))
    context = {"account": found, "phone": issued, "sip": settings.HAEDAP.sip_server}
    return render(request, "accounts/secret.html", context)


def _find(sought: str) -> QuerySet[Account]:
    accounts = Account.objects.order_by("-is_active", "name", "id").prefetch_related("skills")
    return accounts.filter(Q(name__icontains=sought) | Q(username__icontains=sought)) if sought else accounts


def _skill_words(account: Account, names: dict[str, str]) -> str:
    held = sorted((skill.level, names.get(skill.skill_id, skill.skill_id)) for skill in account.skills.all())
    return ", ".join(f"{name} {level}" for level, name in held)


def _locked(account: int, by: Account) -> Account:
    """The row to be changed, until the transaction ends. Raises Http404, and PermissionDenied.

    With that of whoever changes it: two administrators who demote each other in one moment are one after the other, and
    the second is none any more.
    """
    rows = Account.objects.select_for_update().filter(pk__in={account, by.pk}).order_by("pk")
    found = {row.pk: row for row in rows}
    if by.pk not in found or not (found[by.pk].is_administrator and found[by.pk].is_active):
        raise PermissionDenied
    if account not in found:
        raise Http404
    return found[account]


def _keeps_an_administrator(form: AccountForm, changed: Account, by: Account) -> bool:
    """Nobody locks the last door: one's own account stays an active administrator."""
    if changed.pk != by.pk or (changed.is_administrator and changed.is_active):
        return True
    form.add_error(None, _("You cannot take the administrator's role from yourself. Ask another administrator."))
    return False
