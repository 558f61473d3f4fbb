"""The page of the effect, and its ranking as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from haedap.analytics import measures
from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.centre import csv_text
from haedap.apps.contacts import api as contacts
from haedap.apps.effect import export
from haedap.apps.effect.figures import page_of
from haedap.apps.effect.forms import DaysForm


@access.allow(access.SUPERVISORS)
@require_GET
def effect(request: HttpRequest) -> HttpResponse:
    """효과: with and without articles and look-ups, and what to connect next. It shows no citizen's data."""
    form = DaysForm(request.GET)
    context = {"form": form, "definitions": measures.effect_definitions()}
    if not form.is_valid():
        return render(request, "effect/effect.html", context, status=400)
    days = form.cleaned_data
    return render(request, "effect/effect.html", {**context, **days, "page": page_of(**days)})


@access.allow(access.SUPERVISORS)
@require_GET
def effect_csv(request: HttpRequest) -> HttpResponse:
    """What to connect next, for a spreadsheet. Written to the access log."""
    form = DaysForm(request.GET)
    if not form.is_valid():
        return redirect("effect")
    days = form.cleaned_data
    contacts.log_access(
        "effect.exported",
        account=account_of(request).pk,
        address=access.client_address(request),
        detail={name: day.isoformat() for name, day in days.items()},
    )
    name = f"effect-{days['since']:%Y%m%d}-{days['until']:%Y%m%d}"
    return csv_text.download(export.as_csv(page_of(**days)), name)
