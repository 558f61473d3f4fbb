"""The list of cases: what it shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.apps.cases.acting import AT_WORK, NEW
from haedap.apps.cases.models import Case, CaseState

OPEN, OVERDUE, TODAY, UNTOLD, ALL = "open", "overdue", "today", "untold", "all"


class FilterForm(forms.Form):
    """What the list shows; nothing chosen is what is open, what is overdue first."""

    show = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[
            (OPEN, gettext_lazy("not over yet")),
            (OVERDUE, gettext_lazy("term is over")),
            (TODAY, gettext_lazy("term ends today or tomorrow")),
            (UNTOLD, gettext_lazy("answered, citizen not told yet")),
            (ALL, gettext_lazy("all")),
        ],
    )
    office = forms.TypedChoiceField(label=gettext_lazy("Office"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("all")), *CaseState.choices]
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        known = Case.objects.order_by("office").values_list("department", "office").distinct()
        self.fields["office"].choices = [("", _("all")), *known]  # type: ignore[attr-defined]

    @property
    def shown(self) -> str:
        return str(self.cleaned_data.get("show") or OPEN)

    def conditions(self, now: datetime) -> Q:
        """What the fields ask for."""
        found = _shown(self.shown, now)
        if (office := self.cleaned_data.get("office")) is not None:
            found &= Q(department=office)
        if state := self.cleaned_data.get("state"):
            found &= Q(state=state)
        return found


def _shown(show: str, now: datetime) -> Q:
    running = Q(state__in=NEW | AT_WORK)
    match show:
        case "overdue":
            return running & Q(due_at__lt=now)
        case "today":
            midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
            return running & Q(due_at__lt=midnight + timedelta(days=2))
        case "untold":
            return Q(state=CaseState.ANSWERED)
        case "all":
            return Q()
        case _:
            return Q(ended_at=None)
