"""What an officer can answer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from haedap.apps.briefs.models import LONGEST_ANSWER, BriefAnswer

_MOST = 1000


class AnswerForm(forms.Form):
    """What became of it, and a word to the centre."""

    kind = forms.ChoiceField(
        label=_("What became of it?"), choices=BriefAnswer.Kind.choices, widget=forms.RadioSelect, required=True
    )
    text = forms.CharField(
        label=_("A word to the call centre (optional)"),
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.IntegerField(required=False, min_value=0, max_value=_MOST, widget=forms.HiddenInput)
    """How many answers the page showed: what was given since with the same words is this answer, sent again."""
