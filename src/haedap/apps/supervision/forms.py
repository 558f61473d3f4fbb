"""Forms of flagged numbers."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haedap.apps.contacts import api as contacts
from haedap.apps.supervision.models import FlaggedNumber

_MOST_DAYS = 365


def _days() -> forms.IntegerField:
    return forms.IntegerField(label=_("Days"), min_value=1, max_value=_MOST_DAYS, help_text=_("1 to 365, from now on."))


class FlagForm(forms.Form):
    """Flag a number by hand."""

    number = forms.CharField(label=_("Telephone number"), max_length=30, help_text=_("For example 02-0000-1234."))
    kind = forms.ChoiceField(label=_("Kind of abuse"), choices=FlaggedNumber.Kind.choices)
    days = _days()
    reason = forms.CharField(
        label=_("Reason"),
        min_length=2,
        max_length=200,
        help_text=_("It is kept in the access log with your name."),
    )
    contact = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_number(self) -> str:
        """E.164."""
        typed = self.cleaned_data["number"]
        number = contacts.to_e164(typed)
        if number is None:
            otherwise = gettext("This is not a telephone number. Write it as 02-000-0000 or +82…")
            raise ValidationError(contacts.why_none(typed, otherwise))
        return number


class ExtendForm(forms.Form):
    """For how long a number stays flagged."""

    days = _days()


class LiftForm(forms.Form):
    """Why a number is not flagged any more."""

    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=200)
