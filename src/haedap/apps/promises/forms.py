"""What somebody does about a promise."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.apps.accounts import api as accounts
from haedap.apps.centre import api as centre
from haedap.apps.contacts.api import CallbackPromise
from haedap.clock import centre_time
from haedap.domain.states import PromiseOutcome

_FURTHEST = timedelta(days=366)


class _Moment(forms.DateTimeField):
    """A minute, chosen in the browser, in the centre's time."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)


class PutOffForm(forms.Form):
    """Later: from then on the citizen is called. Only supervisors move the deadline."""

    due_at = _Moment(label=gettext_lazy("Call from"))
    deadline = _Moment(label=gettext_lazy("Deadline"), required=False)

    def __init__(self, data: Any, promise: CallbackPromise, account: accounts.Account) -> None:
        super().__init__(data, initial={"due_at": _hour_later(), "deadline": promise.deadline})
        self._promise = promise
        if not account.is_supervisor:
            del self.fields["deadline"]

    def clean(self) -> dict[str, Any]:
        """In the future, and not after the deadline."""
        data = super().clean() or {}
        now = centre_time()
        due_at, deadline = data.get("due_at"), data.get("deadline") or self._promise.deadline
        if due_at is None:
            return data
        if not now < due_at <= now + _FURTHEST:
            self.add_error("due_at", _("The time lies in the past or too far ahead. Choose another."))
        elif due_at > deadline:
            self.add_error("due_at", self._too_late())
        return data

    def change(self) -> dict[str, datetime]:
        """What is to be different."""
        deadline = self.cleaned_data.get("deadline")
        moved = deadline is not None and deadline != self._promise.deadline.replace(second=0, microsecond=0)
        return {"due_at": self.cleaned_data["due_at"], **({"deadline": deadline} if moved else {})}

    def _too_late(self) -> str:
        if "deadline" in self.fields:
            return _("This is after the deadline. Move the deadline, too, or choose an earlier time.")
        return _("This is after the deadline. Choose an earlier time, or ask a supervisor to move the deadline.")


class GiveForm(forms.Form):
    """To another owner: a queue, or a colleague."""

    owner = forms.ChoiceField(label=gettext_lazy("Give to"))

    def __init__(self, data: Any, promise: CallbackPromise) -> None:
        super().__init__(data)
        now_with = f"{promise.owner_kind}:{promise.owner_queue or promise.owner_agent_id}"
        groups = [
            (_("Queues"), [(f"queue:{key}", name) for key, name in centre.queue_names().items()]),
            (_("Agents"), [(f"agent:{key}", name) for key, name in accounts.agents().items()]),
        ]
        kept = [(title, [one for one in choices if one[0] != now_with]) for title, choices in groups]
        self.fields["owner"].choices = [("", _("choose")), *(group for group in kept if group[1])]  # type: ignore[attr-defined]

    def target(self) -> dict[str, Any]:
        """As the engine takes it."""
        kind, _colon, key = str(self.cleaned_data["owner"]).partition(":")
        return {"type": kind, kind: int(key) if kind == "agent" else key}


class SettleForm(forms.Form):
    """It is over without another call; the reason stays in the access log."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How it ended"),
        choices=[
            (PromiseOutcome.KEPT.value, gettext_lazy("I have reached the citizen")),
            (PromiseOutcome.RESOLVED.value, gettext_lazy("It is settled without a call")),
            (PromiseOutcome.CANCELLED.value, gettext_lazy("No call is wanted, or it was made in error")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Needed unless you reached the citizen. It is kept in the access log."),
    )

    def clean(self) -> dict[str, Any]:
        """A promise is not put aside without a word."""
        data = super().clean() or {}
        if data.get("outcome") not in (None, PromiseOutcome.KEPT) and len(data.get("reason", "").strip()) < 4:
            self.add_error("reason", ValidationError(_("Say in a few words why no call is made.")))
        return data


def _hour_later() -> datetime:
    return timezone.localtime(centre_time() + timedelta(hours=1)).replace(second=0, microsecond=0)
