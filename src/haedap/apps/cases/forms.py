"""What an office, and the centre, do to a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.apps.cases.models import LONGEST_REASON, LONGEST_TEXT, Case
from haedap.apps.offices import api as offices
from haedap.flows.terms import TermInvalid, Unit, parse_length


def _words(label: Any, *, longest: int = LONGEST_REASON, rows: int = 2, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class PassOnForm(forms.Form):
    """To whom else: a department of the city, or another agency by its name."""

    department = forms.TypedChoiceField(label=gettext_lazy("Department"), required=False, coerce=int, empty_value=None)
    agency = forms.CharField(label=gettext_lazy("or another agency"), required=False, max_length=60)
    reason = _words(gettext_lazy("Reason"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="pass_on_%s")
        places = sorted((department.place, department.pk) for department in offices.departments())
        self.fields["department"].choices = [("", _("choose")), *((key, place) for place, key in places)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        data = super().clean() or {}
        if bool(data.get("department")) == bool(data.get("agency", "").strip()):
            self.add_error("department", _("Choose a department, or write the name of the other agency."))
        return data


class ExtendForm(forms.Form):
    """By how much, and why: the citizen is told both."""

    length = forms.CharField(label=gettext_lazy("Longer by"), max_length=8)
    consent = forms.BooleanField(
        label=gettext_lazy("The citizen agrees (needed for a second extension)"), required=False
    )
    reason = _words(gettext_lazy("Reason, for the citizen"))

    def __init__(self, data: Any, case: Case) -> None:
        super().__init__(data, auto_id="extend_%s")
        term = parse_length(case.term)
        unit = _("working hours") if term.counted_in is Unit.HOURS else _("working days")
        self.fields["length"].help_text = _("At most the term itself: %(amount)d %(unit)s.") % {
            "amount": term.amount,
            "unit": unit,
        }
        self.fields["length"].widget = forms.NumberInput(attrs={"min": 1, "max": term.amount})
        self._unit = term.unit

    def clean_length(self) -> str:
        """`7d`, in the unit of the term."""
        try:
            return str(parse_length(f"{self.cleaned_data['length'].strip()}{self._unit}"))
        except TermInvalid:
            raise forms.ValidationError(_("Write a whole number.")) from None


class SuspendForm(forms.Form):
    """What the citizen has to complete."""

    reason = _words(
        gettext_lazy("What is missing"),
        help_text=gettext_lazy("The time until the citizen has completed it does not count."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="suspend_%s")


class AnswerForm(forms.Form):
    """What the citizen is told."""

    text = _words(gettext_lazy("Answer to the citizen"), longest=LONGEST_TEXT, rows=6)
    missing = forms.BooleanField(
        label=gettext_lazy("Many will ask this: the call centre should have it in its knowledge base"), required=False
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="answer_%s")


class ReasonForm(forms.Form):
    """Why it needs no answer any more."""

    reason = _words(gettext_lazy("Reason"))
