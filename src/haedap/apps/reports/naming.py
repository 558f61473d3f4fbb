"""Telling agents apart in reports. Teams are the rule; who needs names says why, and that stays in the access log."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from haedap.apps.reports.periods import Period

_SESSION = "report_agents"


class NamingForm(forms.Form):
    """Why somebody needs to know which agent it was."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        min_length=4,
        help_text=_("It is kept in the access log with your name."),
        error_messages={
            "required": _("Say why you need the agents' names."),
            "min_length": _("Say in a few words why you need the agents' names."),
        },
    )


def grant(request: HttpRequest, period: Period) -> None:
    """Until this person logs out, agents of these days are told apart."""
    request.session[_SESSION] = [period.since.isoformat(), period.until.isoformat()]


def may(request: HttpRequest, period: Period) -> bool:
    """Whether a reason was given for all of these days."""
    granted = request.session.get(_SESSION)
    if not granted:
        return False
    since, until = (date.fromisoformat(day) for day in granted)
    return since <= period.since and period.until <= until
