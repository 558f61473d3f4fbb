"""The page that shows how right the guesses are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from haedap.apps.accounts import access
from haedap.apps.effect.forms import DaysForm
from haedap.apps.suggestions.accuracy import tallies
from haedap.apps.suggestions.learning import knowing


@access.allow(access.SUPERVISORS)
@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    """추천 적중: guesses at topics against what agents chose. It shows no citizen's data."""
    form = DaysForm(request.GET)
    context = {"form": form, "known": knowing()}
    if not form.is_valid():
        return render(request, "suggestions/suggestions.html", context, status=400)
    days = form.cleaned_data
    whole, topics = tallies(**days)
    return render(request, "suggestions/suggestions.html", {**context, **days, "whole": whole, "topics": topics})
