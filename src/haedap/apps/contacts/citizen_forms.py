"""Forms of the citizen's page. Each change of who somebody is asks for a reason, which goes to the access log."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from haedap.apps.contacts.models import Citizen

_TOO_SHORT = _("Say in a few words why.")


class WhyForm(forms.Form):
    """Why somebody does it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        min_length=4,
        error_messages={"required": _("Say why."), "min_length": _TOO_SHORT},
    )


class NumberForm(WhyForm):
    """A telephone number that the citizen is known by, too."""

    number = forms.CharField(
        label=_("Telephone number"), max_length=30, error_messages={"required": _("Write a whole telephone number.")}
    )
    field_order = ("number", "reason")


class MergeForm(WhyForm):
    """Who is the same person."""

    other = forms.ModelChoiceField(Citizen.objects.filter(merged_into=None), widget=forms.HiddenInput)


class SoughtForm(forms.Form):
    """Whom somebody means."""

    sought = forms.CharField(
        label=_("Name or number"),
        max_length=60,
        min_length=2,
        error_messages={"min_length": _("Write at least two letters."), "required": _("Write a name or a number.")},
    )
