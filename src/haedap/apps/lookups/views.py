"""Pages on which administrators connect the city's systems."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.apps.accounts import access
from haedap.apps.accounts.api import Account
from haedap.apps.contacts import api as contacts
from haedap.apps.lookups import keeping, running, vault
from haedap.apps.lookups.forms import FieldsForm, SecretsForm, SystemForm, TryForm
from haedap.apps.lookups.health import Health, health_by_system
from haedap.apps.lookups.models import System
from haedap.apps.lookups.trying import try_it as ask
from haedap.connectors import registry
from haedap.connectors.configuration import Configuration
from haedap.connectors.port import ConnectorError, Setting


@access.allow(access.ADMINISTRATORS)
@require_GET
def systems(request: HttpRequest) -> HttpResponse:
    """All systems and how they do."""
    health = health_by_system()
    kinds = registry.kinds()
    rows = [
        (row, kinds.get(row.kind, row.kind), health.get(row.key, Health()), _problem(row))
        for row in System.objects.all()
    ]
    return render(request, "lookups/systems.html", {"rows": rows})


@access.allow(access.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """One more system."""
    form = SystemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _save(request, form, "added")
        messages.success(request, _("Saved. Now give the secrets, and try it."))
        return redirect("system", key=form.instance.pk)
    context = {"form": form, "kinds": registry.kinds()}
    return render(request, "lookups/system.html", context, status=400 if form.errors else 200)


@access.allow(access.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """One system."""
    system = _locked(key) if request.method == "POST" else get_object_or_404(System, pk=key)
    form = SystemForm(request.POST or None, instance=system)
    if request.method == "POST" and form.is_valid():
        _save(request, form, "changed")
        messages.success(request, _("Saved."))
        return redirect("system", key=key)
    return _page(request, get_object_or_404(System, pk=key), form=form)


@access.allow(access.ADMINISTRATORS)
@require_POST
@transaction.atomic
def fields(request: HttpRequest, key: str) -> HttpResponse:
    """Which fields are personal, and for whom."""
    system = _locked(key)
    about = _about(system)
    if about is None:
        return redirect("system", key=key)
    form = FieldsForm(request.POST, system, about)
    if not form.is_valid():
        return _page(request, system, fields_form=form)
    system.fields = form.rules()
    system.save(update_fields=["fields"])
    _logged(request, key, "fields changed")
    messages.success(request, _("Saved."))
    return redirect("system", key=key)


@sensitive_post_parameters()
@access.allow(access.ADMINISTRATORS)
@require_POST
@transaction.atomic
def secrets(request: HttpRequest, key: str) -> HttpResponse:
    """Keys and passwords: written, and never shown again."""
    system = _locked(key)
    form = SecretsForm(request.POST, system, _settings(system))
    if not form.is_valid():
        return _page(request, system, secrets_form=form)
    form.save()
    _logged(request, key, "secrets changed")
    messages.success(request, _("Saved."))
    return redirect("system", key=key)


@access.allow(access.ADMINISTRATORS)
@require_POST
def try_it(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the system once."""
    system = get_object_or_404(System, pk=key)
    if _about(system) is None:
        return redirect("system", key=key)
    form = TryForm(request.POST, system)
    if not form.is_valid():
        return _page(request, system, try_form=form)
    tried = ask(_account(request), access.client_address(request), system, form.cleaned_data)
    return _page(request, system, try_form=form, tried=tried)


@access.allow(access.ADMINISTRATORS)
@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Disconnect a system. What was looked up in it stays on record."""
    with transaction.atomic():
        get_object_or_404(System, pk=key).delete()
        _logged(request, key, "removed")
    messages.success(request, _("Removed."))
    return redirect("systems")


def _locked(key: str) -> System:
    """Until the transaction ends: what is saved beside it by somebody else stays."""
    return get_object_or_404(System.objects.select_for_update(), pk=key)


def _page(request: HttpRequest, system: System, **given: Any) -> HttpResponse:
    """The page of one system; `given` are forms with mistakes and what trying it gave."""
    about = _about(system)
    context: dict[str, Any] = {
        "system": system,
        "kinds": registry.kinds(),
        "problem": _problem(system),
        "form": SystemForm(instance=system),
    }
    if about is not None:
        context["fields_form"] = FieldsForm(None, system, about)
        context["secrets_form"] = SecretsForm(None, system, _settings(system))
        context["try_form"] = TryForm(None, system)
    context |= given
    wrong = any(getattr(form, "errors", None) for form in given.values())
    return render(request, "lookups/system.html", context, status=400 if wrong else 200)


def _save(request: HttpRequest, form: SystemForm, how: str) -> None:
    with transaction.atomic():
        form.save()
        _logged(request, form.instance.pk, how)


def _about(system: System) -> Configuration | None:
    try:
        return running.described(system)
    except ConnectorError:
        return None


def _settings(system: System) -> tuple[Setting, ...]:
    try:
        return running.settings_of(system)
    except ConnectorError:
        return ()


def _problem(system: System) -> str:
    """Why the system cannot be asked as it is set up; empty when it can."""
    if _about(system) is None:
        return _("The configuration has mistakes. Open it and correct them.")
    try:
        known = keeping.secrets_of(system)
    except vault.VaultError:
        return _("The secrets were sealed with another key of the centre. Give them again.")
    missing = [one.label for one in _settings(system) if one.secret and not known.get(one.name)]
    return _("Still to be given: %(what)s.") % {"what": ", ".join(missing)} if missing else ""


def _account(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise TypeError("the middleware lets nobody in without an account")
    return request.user


def _logged(request: HttpRequest, key: str, how: str) -> None:
    contacts.log_access(
        "centre.changed",
        account=request.user.pk,
        address=access.client_address(request),
        detail={"list": "look-ups", "key": key, "how": how},
    )
