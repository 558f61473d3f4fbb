"""Log-in, log-out, and one's own password."""

from __future__ import annotations

import math

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.apps.accounts import access, actions, sessions
from haedap.apps.accounts.forms import LoginForm, PasswordForm
from haedap.apps.accounts.models import Account, Role
from haedap.apps.contacts import api as contacts
from haedap.apps.desk import api as desk

_START = {Role.AGENT: "/desk/", Role.SUPERVISOR: "/wallboard/", Role.ADMINISTRATOR: "/centre/"}


def actor_of(request: HttpRequest) -> actions.Actor:
    """Who sent the request."""
    return actions.Actor(account_of(request).pk, access.client_address(request))


def account_of(request: HttpRequest) -> Account:
    """The account of a request that has passed the access check."""
    if not isinstance(request.user, Account):
        raise TypeError("only for views that are closed to strangers")
    return request.user


@access.allow(access.SIGNED_IN)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the page where this role works."""
    return redirect(_START[Role(account_of(request).role)])


@access.allow(access.EVERYONE)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """The form, and what comes of it. A new session begins with every log-in."""
    if isinstance(request.user, Account):
        return redirect("home")
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = authenticate(request, **form.cleaned_data)
        if isinstance(account, Account):
            login(request, account)
            sessions.touch(request.session)
            contacts.log_access("session.opened", account=account.pk, address=access.client_address(request))
            return redirect(_next_page(request))
        form.add_error(None, _("The user name or the password is wrong. Check both and try again."))
    status = 400 if form.errors else 200
    return render(request, "accounts/login.html", {"form": form, "next": _wanted(request)}, status=status)


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, _credentials: dict[str, str] | None
) -> HttpResponse:
    """In place of the answer when an account has been locked for this address: of the log-in, or of a new password.

    Whose it is, the form or the log-in tells: django-axes gives no credentials where the server is asynchronous.
    """
    if isinstance(request.user, Account):
        messages.error(request, _locked(request, request.user.username))
        context = {"form": PasswordForm(request.user, request), "first": request.user.must_change_password}
        return render(request, "accounts/password.html", context, status=429)
    form = LoginForm(request.POST)
    form.is_valid()
    form.add_error(None, _locked(request, form.cleaned_data.get("username", "")))
    return render(request, "accounts/login.html", {"form": form, "next": _wanted(request)}, status=429)


def _locked(request: HttpRequest, username: str) -> str:
    left = actions.locked_for(username, access.client_address(request))
    minutes = max(1, math.ceil(left.total_seconds() / 60)) if left else 1
    sentence = ngettext(
        "Log-in is locked after five wrong passwords. Try again in %(minutes)d minute, or ask an administrator to"
        " unlock it.",
        "Log-in is locked after five wrong passwords. Try again in %(minutes)d minutes, or ask an administrator to"
        " unlock it.",
        minutes,
    )
    return sentence % {"minutes": minutes}


@access.allow(access.SIGNED_IN, old_password=True)
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Ends the session; an agent goes off duty, and the browser's telephone is taken away."""
    account = account_of(request)
    if contacts.duty_of(account.pk).state != "signed_out":
        desk.tell("sign_out", account.pk)
    desk.revoke_phones(account.pk, desk.PhoneCredential.Kind.BROWSER)
    contacts.log_access("session.closed", account=account.pk, address=access.client_address(request))
    logout(request)
    messages.success(request, _("You are logged out."))
    return redirect("login")


@access.allow(access.SIGNED_IN, old_password=True)
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """One's own new password; this session goes on, the others of the person end."""
    account = account_of(request)
    form = PasswordForm(account, request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_password(account, form.cleaned_data["new"], actor_of(request))
        update_session_auth_hash(request, account)
        messages.success(request, _("Your password is changed."))
        return redirect("home")
    context = {"form": form, "first": account.must_change_password}
    return render(request, "accounts/password.html", context, status=400 if form.errors else 200)


def _wanted(request: HttpRequest) -> str:
    """The page that was asked for before the log-in, through every failed one."""
    return request.POST.get("next") or request.GET.get("next", "")


def _next_page(request: HttpRequest) -> str:
    wanted = _wanted(request)
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"
