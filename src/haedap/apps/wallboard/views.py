"""The wallboard's page, and the contacts behind a figure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from haedap.analytics import AnalyticsError
from haedap.apps.accounts import access
from haedap.apps.centre import api as centre
from haedap.apps.wallboard import figures


@access.allow(access.SIGNED_IN)
@ensure_csrf_cookie
@require_GET
def wallboard(request: HttpRequest) -> HttpResponse:
    """상황판: everybody who works here may see it; it shows no citizen's data."""
    return render(request, "wallboard/wallboard.html", {"definitions": figures.definitions()})


class FigureForm(forms.Form):
    """Which of the contacts behind a figure."""

    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(figures.FIRST_DAY), MaxValueValidator(figures.LAST_DAY)],
    )
    queue = forms.ChoiceField(label=_("Queue"), required=False)
    counted = forms.TypedChoiceField(
        label=_("counted"),
        required=False,
        choices=[("", _("all")), ("yes", _("counted")), ("no", _("not counted"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
    )
    offset = forms.IntegerField(required=False, min_value=0, max_value=10_000_000, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        queue = self.fields["queue"]
        if isinstance(queue, forms.ChoiceField):
            queue.choices = [("", _("all")), *centre.queue_names().items()]


@access.allow(access.SUPERVISORS)
@require_GET
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """The contacts behind one figure of a day, each a link to its record."""
    definition, form = figures.definition_of(key), FigureForm(request.GET)
    if definition is None:
        raise Http404
    rows: list[dict[str, Any]] = []
    more, offset = False, 0
    if form.is_valid():
        chosen = form.cleaned_data
        offset = chosen["offset"] or 0
        try:
            rows, more = figures.contacts_behind(key, chosen["day"], chosen["queue"] or None, chosen["counted"], offset)
        except AnalyticsError as error:
            raise Http404 from error
    names = centre.queue_names()
    context = {
        "definition": definition,
        "form": form,
        "rows": [{**row, "queue_name": names.get(row["queue"] or "", row["queue"] or "")} for row in rows],
        "newer": _address(request, offset - figures.PAGE) if offset else "",
        "older": _address(request, offset + figures.PAGE) if more else "",
    }
    return render(request, "wallboard/figure.html", context, status=400 if form.errors else 200)


def _address(request: HttpRequest, offset: int) -> str:
    query = request.GET.copy()
    query["offset"] = str(max(0, offset))
    return f"?{query.urlencode()}"
