"""Of which days a book is wanted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from haedap.analytics import AnalyticsError
from haedap.analytics.book.material import Span


class SpanForm(forms.Form):
    """A year; or the first and the last day, both included, which then count instead."""

    year = forms.IntegerField(label=_("Year"), required=False)
    since = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """The days as `span`."""
        data = super().clean() or {}
        if self.errors:
            return data
        since, until, year = data.get("since"), data.get("until"), data.get("year")
        if (since is None) != (until is None):
            raise forms.ValidationError(_("Give both the first and the last day, or only a year."))
        if since is None and year is None:
            raise forms.ValidationError(_("Give a year, or the first and the last day."))
        try:
            data["span"] = _span(since, until, year)
        except AnalyticsError as error:
            raise forms.ValidationError(str(error)) from error
        if data["span"].since > timezone.localdate():
            raise forms.ValidationError(_("These days have not come yet. Choose earlier ones."))
        return data


def _span(since: date | None, until: date | None, year: int | None) -> Span:
    if since is not None and until is not None:
        return Span(since, until + timedelta(days=1) if until < date.max else until)
    return Span.of_year(year or 0)
