"""The list of promises: what it shows, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from haedap.apps.accounts.api import Account
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts import words
from haedap.domain.states import PromiseState

OPEN = "open"
OVERDUE = "overdue"
ENDED_TODAY = "ended_today"
ALL = "all"

_OWNERS = {"queue": _("a queue"), "agent": _("an agent"), "outside": _("an officer")}
ENDED = Q(state=PromiseState.ENDED)


class FilterForm(forms.Form):
    """What the list shows; nothing chosen is what is open."""

    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            (OPEN, _("not over yet")),
            (OVERDUE, _("deadline passed")),
            (ENDED_TODAY, _("ended today")),
            (ALL, _("all")),
        ],
    )
    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[("", _("all")), ("mine", _("mine")), ("queues", _("of my queues"))],
    )
    owner = forms.ChoiceField(label=_("Owed by"), required=False, choices=[("", _("all")), *_OWNERS.items()])
    reason = forms.ChoiceField(
        label=_("Reason"),
        required=False,
        choices=[("", _("all")), *((key.value, word) for key, word in words.PROMISE_REASONS.items())],
    )

    def __init__(self, data: Any, account: Account) -> None:
        super().__init__(data)
        self._account = account
        if account.is_supervisor:
            cast("forms.ChoiceField", self.fields["whose"]).widget = forms.HiddenInput()

    @property
    def shown(self) -> str:
        """Which of the lists it is."""
        return str(self.cleaned_data.get("show") or OPEN)

    def conditions(self, now: datetime) -> Q:
        """What the fields ask for."""
        found = _BY_SHOWN[self.shown](now)
        match self.cleaned_data.get("whose"):
            case "mine":
                found &= contacts.promised_by(self._account.pk)
            case "queues":
                found &= Q(owner_queue__in=contacts.queues_of(self._account.pk))
        if owner := self.cleaned_data.get("owner"):
            found &= Q(owner_kind=owner)
        if reason := self.cleaned_data.get("reason"):
            found &= Q(reason=reason)
        return found


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


_BY_SHOWN: dict[str, Callable[[datetime], Q]] = {
    OPEN: lambda _now: ~ENDED,
    OVERDUE: lambda now: ~ENDED & Q(deadline__lt=now),
    ENDED_TODAY: lambda now: ENDED & Q(ended_at__gte=_midnight(now)),
    ALL: lambda _now: Q(),
}
