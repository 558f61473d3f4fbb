"""What a report is asked about: which days, from which side, of which contacts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haedap.analytics.dimensions import Dimension, Value
from haedap.apps.reports.periods import Kind, Period
from haedap.clock import centre_time

LONGEST = 366
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
SIDES = {
    Dimension.TOPIC: _("Topic"),
    Dimension.QUEUE: _("Queue"),
    Dimension.OFFICE: pgettext_lazy("of a topic", "Owning office"),
    Dimension.DISTRICT: _("District"),
    Dimension.CHANNEL: _("Channel"),
    Dimension.AGENT: _("Agents"),
    Dimension.HOUR: _("Hour"),
    Dimension.WEEKDAY: _("Weekday"),
}
"""From which sides contacts can be looked at, in the order in which they are offered."""
OWN_SIDES = (Dimension.TOPIC, Dimension.QUEUE, Dimension.HOUR, Dimension.WEEKDAY)
"""Those of an agent's own figures."""
NUMBERS = frozenset({Dimension.AGENT, Dimension.HOUR, Dimension.WEEKDAY})
"""Dimensions whose values are numbers."""
NOTHING = "-"
"""In an address: the contacts for which the dimension says nothing."""
_MOST_LETTERS = 100
_NOT_WHOLE = _("The address is not complete. Choose from the lists.")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a reader; also an address, so that each table and each number can be linked to."""

    period: Period
    by: Dimension = Dimension.TOPIC
    where: dict[Dimension, Value] = field(default_factory=dict)

    def of(self, dimension: Dimension, value: Value) -> Asked:
        """The same about those contacts only."""
        return replace(self, where={**self.where, dimension: value})

    def without(self, dimension: Dimension) -> Asked:
        """The same whatever the dimension's value is."""
        return replace(self, where={key: value for key, value in self.where.items() if key is not dimension})

    @property
    def query(self) -> str:
        """As the form reads it, without the question mark."""
        period = self.period
        days = {"since": period.since.isoformat(), "until": period.last.isoformat()}
        parts = {"period": period.kind.value, **(days if period.kind is Kind.RANGE else {"day": days["since"]})}
        return urlencode(
            {**parts, "by": self.by.value, **{key.value: written(value) for key, value in self.where.items()}}
        )


def written(value: Value) -> str:
    """A value as it stands in an address."""
    return NOTHING if value in (None, "") else str(value)


def _in_known_years(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError(_("Choose days of the years 2000 to 2199."))


def _day(label: object) -> forms.DateField:
    picker = forms.DateInput(attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=picker, validators=[_in_known_years])  # type: ignore[arg-type]


class AskedForm(forms.Form):
    """Nothing chosen is today. `asked` is there once it is valid."""

    period = forms.ChoiceField(
        label=_("Period"), required=False, choices=Kind.choices, error_messages={"invalid_choice": _NOT_WHOLE}
    )
    day = _day(_("Day in it"))
    since = _day(_("From day"))
    until = _day(_("To day"))
    by = forms.ChoiceField(
        label=_("By"),
        required=False,
        choices=[(side.value, name) for side, name in SIDES.items()],
        error_messages={"invalid_choice": _("Choose one of the sides in the list.")},
    )

    def __init__(self, data: Any, sides: tuple[Dimension, ...] = tuple(SIDES)) -> None:
        super().__init__(data)
        self.fields["by"].choices = [(side.value, SIDES[side]) for side in sides]  # type: ignore[attr-defined]
        for side in sides:
            self.fields[side.value] = forms.CharField(
                required=False, max_length=_MOST_LETTERS, widget=forms.HiddenInput, strip=False
            )

    def clean(self) -> dict[str, Any]:
        """The period and the rest of the question."""
        data = super().clean() or {}
        if any(side.value in self.errors for side in SIDES):  # hidden fields have no place to say it
            raise forms.ValidationError(_NOT_WHOLE)
        if self.errors:
            return data
        period = self._period(data)
        if period.since > timezone.localdate(centre_time()):
            raise forms.ValidationError(_("These days have not come yet. Choose earlier ones."))
        if period.days > LONGEST:
            raise forms.ValidationError(
                _("Choose at most %(most)d days. For longer times there is the yearbook.") % {"most": LONGEST}
            )
        where = {side: _read(side, data[side.value]) for side in SIDES if data.get(side.value)}
        return {"asked": Asked(period, Dimension(data.get("by") or self.fields["by"].choices[0][0]), where)}  # type: ignore[attr-defined]

    def _period(self, data: dict[str, Any]) -> Period:
        today = timezone.localdate(centre_time())
        if data.get("period") != Kind.RANGE:
            return Period.with_day(Kind(data.get("period") or Kind.DAY), data.get("day") or today)
        since, last = data.get("since"), data.get("until")
        if since is None or last is None:
            raise forms.ValidationError(_("Choose the first and the last day."))
        if since > last:
            raise forms.ValidationError(_("The first day is after the last one."))
        return Period(Kind.RANGE, since, last + timedelta(days=1))

    @property
    def asked(self) -> Asked:
        """What was asked; only of a valid form."""
        found: Asked = self.cleaned_data["asked"]
        return found


def _read(side: Dimension, text: str) -> Value:
    """A value out of an address."""
    if side in NUMBERS:
        if text == NOTHING:
            return None
        if not text.isdecimal() or len(text) > 9:
            raise forms.ValidationError(_NOT_WHOLE)
        return int(text)
    if text == NOTHING:
        return None if side is Dimension.QUEUE else ""
    return text
