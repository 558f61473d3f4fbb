"""Which days the page is about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from haedap.clock import centre_time

LONGEST = 366
_USUAL = 30


class DaysForm(forms.Form):
    """The first and the last day, both included. Nothing chosen is the last 30 days."""

    since = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """Both days set, in order, and not too many between them."""
        data = super().clean() or {}
        if self.errors:
            return data
        until = data.get("until") or max(timezone.localdate(centre_time()), data.get("since") or date.min)
        since = data.get("since") or until - timedelta(days=min(_USUAL - 1, until.toordinal() - 1))
        if since > until:
            raise forms.ValidationError(_("The first day is after the last one."))
        if (until - since).days >= LONGEST:
            raise forms.ValidationError(_("Choose at most %(most)d days.") % {"most": LONGEST})
        if since.year < 2000 or until.year > 2199:
            raise forms.ValidationError(_("Choose days of the years 2000 to 2199."))
        return {"since": since, "until": until}
