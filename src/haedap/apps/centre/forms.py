"""Forms of the centre's configuration. What the engine would refuse is refused here, with the place and the reason."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.apps.centre.district_field import DistrictsField
from haedap.apps.centre.models import (
    AwayReason,
    CentreSettings,
    Flow,
    Hours,
    Number,
    Prompt,
    Queue,
    Skill,
    SpecialDay,
    valid_key,
)
from haedap.apps.centre.queue_forms import PausesField
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts import topic_tree
from haedap.apps.contacts.api import Disposition, Topic
from haedap.apps.offices import api as offices
from haedap.apps.offices.api import Department
from haedap.domain.ids import FlowKey
from haedap.flows import NOTICE_PROMPT, FlowsError, HoursInvalid, parse_flow, parse_periods, read_definition
from haedap.web.seen import SeenMixin

DAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
_WHOLE_DAY = ["00:00", "24:00"]
_PERIODS_HELP = gettext_lazy("09:00-12:00, 13:00-18:00. Empty: closed.")
_KEY_TAKEN = gettext_lazy("This key is taken. Choose another one.")
_TONE = "tone"
"""The sound before a message, in the prompts' folder."""
NUMBER_MARK = "{number}"
"""A prompt with it is a frame for a number: the centre says it, a flow cannot."""
_SHORT_NUMBER = re.compile(r"[1-9][0-9]{2,7}|0[0-9]{3,5}")
"""120, an extension, 120 behind an area's code: contacts have the called number as the trunk said it."""
_BETWEEN = re.compile(r"\s*[,;]\s*")
_DASH = re.compile(r"\s*[-–~]\s*")


class KeyedForm(SeenMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A thing with a key: the key is chosen once and never changes, because flows and records name it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("key", None)
        else:
            self.fields["key"].error_messages["unique"] = _KEY_TAKEN


class SkillForm(KeyedForm):
    class Meta:
        model = Skill
        fields: ClassVar = ["key", "name"]


class QueueForm(KeyedForm):
    class Meta:
        model = Queue
        fields: ClassVar = [
            "key",
            "name",
            "skill",
            "ring_seconds",
            "wrap_up_seconds",
            "service_level_seconds",
            "announce_every_seconds",
            "reconnect_seconds",
            "callback_offer_seconds",
            "callback_hours",
            "abandoned_callback",
            "notice_seconds",
            "end_seconds",
            "rest_seconds",
            "position",
        ]

    def clean(self) -> dict[str, Any]:
        """An end that is offered before the notice would make the notice useless."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        notice, end = data.get("notice_seconds"), data.get("end_seconds")
        if notice and end and end <= notice:
            self.add_error("end_seconds", _("The end is offered after the reminder. Give it a later time, or 0."))
        return data


class NumberForm(SeenMixin, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Number
        fields: ClassVar = ["number", "label", "flow"]
        error_messages: ClassVar = {
            "number": {"unique": gettext_lazy("This number is on the list already. Change it there.")}
        }

    def clean_number(self) -> str:
        """Any written form becomes E.164; a short number, such as 120 or an extension, stays as the trunk writes it."""
        typed = self.cleaned_data["number"]
        number = contacts.to_e164(typed)
        if number is not None:
            return number
        if _SHORT_NUMBER.fullmatch(typed) is None:
            otherwise = _(
                "This is not a telephone number. Write it as 02-000-0000 or +82…, a short one as its digits alone."
            )
            raise ValidationError(contacts.why_none(typed, otherwise))
        return str(typed)


class AwayReasonForm(KeyedForm):
    class Meta:
        model = AwayReason
        fields: ClassVar = ["key", "name", "position", "choosable"]


class DispositionForm(KeyedForm):
    class Meta:
        model = Disposition
        fields: ClassVar = ["key", "name", "self_handled", "active", "position"]

    def clean_key(self) -> str:
        """Such as all keys of the centre are."""
        return _checked_key(self.cleaned_data["key"])


class TopicForm(SeenMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A topic: its code is chosen once, because records and files name it."""

    parent = forms.ModelChoiceField(Topic.objects.none(), required=False, label=gettext_lazy("Above it"))
    office = forms.ModelChoiceField(
        Department.objects.none(),
        required=False,
        label=gettext_lazy("Owning office"),
        help_text=gettext_lazy("Reports count the topic's contacts as its. Empty: that of the topic above it."),
    )

    class Meta:
        model = Topic
        fields: ClassVar = ["code", "name", "parent", "office", "active"]
        error_messages: ClassVar = {"code": {"unique": _KEY_TAKEN}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parent_before = self.instance.parent_id
        if self.instance.pk:
            self.fields.pop("code")
        possible = topic_tree.possible_parents(self.instance if self.instance.pk else None)
        parent = cast("forms.ModelChoiceField[Topic]", self.fields["parent"])
        parent.queryset = Topic.objects.filter(pk__in=[branch.topic.pk for branch in possible])
        parent.choices = [("", _("none: at the root")), *((branch.topic.pk, branch.path) for branch in possible)]
        places = offices.place_names()
        office = cast("forms.ModelChoiceField[Department]", self.fields["office"])
        office.queryset = Department.objects.filter(pk__in=places)
        office.choices = [("", _("none")), *places.items()]

    def clean_code(self) -> str:
        """Such as all keys of the centre are."""
        return _checked_key(self.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        """Beside one another no two have the same name."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        beside = Topic.objects.filter(parent=data.get("parent"), name=data.get("name")).exclude(pk=self.instance.pk)
        if "name" in data and "parent" in data and beside.exists():
            self.add_error("name", _("There is a topic “%(name)s” at this place already.") % {"name": data["name"]})
        return data

    def save(self, commit: bool = True) -> Topic:
        """A topic that is new at its place comes last there."""
        if self.instance.pk is None or self.instance.parent_id != self._parent_before:
            topic_tree.put_last(self.instance)
        topic: Topic = super().save(commit)
        return topic


def _checked_key(key: str) -> str:
    valid_key(key)
    return key


class SettingsForm(SeenMixin, forms.ModelForm):  # type: ignore[type-arg]
    """The centre's own settings."""

    districts = DistrictsField(
        label=gettext_lazy("Districts"),
        help_text=gettext_lazy("One a line, as people write them. Notes that name one are counted as of there."),
    )
    callback_again_minutes = PausesField(
        label=gettext_lazy("Call again after (min)"),
        help_text=gettext_lazy(
            "The pauses between attempts, such as 10, 60, 240. After the last one nothing more is tried."
        ),
    )

    class Meta:
        model = CentreSettings
        fields: ClassVar = [
            "name",
            "short_abandon_seconds",
            "service_level_formula",
            "repeat_days",
            "districts",
            "idle_logout_minutes",
            "calls_per_minute",
            "unknown_calls_per_minute",
            "callback_again_minutes",
            "callback_deadline_minutes",
            "callback_escalate_minutes",
            "callback_ring_seconds",
            "redial_minutes",
            "calls_abroad",
            "message_page",
            "message_queue",
        ]

    def clean(self) -> dict[str, Any]:
        """Supervisors are told before the deadline, not before the promise."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        deadline, escalate = data.get("callback_deadline_minutes"), data.get("callback_escalate_minutes")
        if deadline and escalate and escalate >= deadline:
            self.add_error(
                "callback_escalate_minutes", _("This must be shorter than the time within which you call back.")
            )
        if data.get("message_page") and data.get("message_queue") is None:
            self.add_error("message_queue", _("Choose the queue whose agents call those who write."))
        return data


class PeriodsField(forms.CharField):
    """`09:00-12:00, 13:00-18:00` to `[["09:00", "12:00"], ["13:00", "18:00"]]`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=200, help_text=_PERIODS_HELP, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Periods as text; text as it was typed."""
        return ", ".join("-".join(period) for period in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[list[str]]:
        """Raises ValidationError with every error."""
        text = super().clean(value)
        periods = [_DASH.split(period) for period in _BETWEEN.split(text.strip()) if period]
        try:
            parse_periods(periods)
        except HoursInvalid as error:
            # Begin and end of a period can be wrong alike: each reason is given once.
            sentences = dict.fromkeys(_(problem.message) % problem.args for problem in error.errors)
            raise ValidationError(list(sentences)) from error
        for period in periods:
            if period[0] == "24:00":
                # It would be taken for the midnight before: the wrong night.
                raise ValidationError(
                    _("24:00 is the end of a day. Write what begins then at the next day, from 00:00 on.")
                )
            if period != _WHOLE_DAY and len({time.replace("24:00", "00:00") for time in period}) == 1:
                # It would be taken for the 24 hours from then on.
                raise ValidationError(
                    _("%(time)s is written as beginning and as end. Write 00:00-24:00 for the whole day."),
                    params={"time": period[0]},
                )
        return periods


class HoursForm(KeyedForm):
    """Opening hours: a line for each weekday."""

    class Meta:
        model = Hours
        fields: ClassVar = ["key", "name", "open_on_holidays"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, day in enumerate(DAYS):
            self.fields[f"day_{number}"] = PeriodsField(label=day, initial=self.instance.week[number])

    def save(self, commit: bool = True) -> Hours:
        """The seven lines become the week."""
        self.instance.week = [self.cleaned_data[f"day_{number}"] for number in range(7)]
        hours: Hours = super().save(commit)
        return hours


class SpecialDayForm(forms.ModelForm):  # type: ignore[type-arg]
    """One of the centre's own days."""

    periods = PeriodsField(label=gettext_lazy("Open"))

    class Meta:
        model = SpecialDay
        fields: ClassVar = ["day", "name", "periods"]
        widgets: ClassVar = {"day": forms.DateInput(attrs={"type": "date"})}

    def clean_day(self) -> Any:
        """Each day once."""
        day = self.cleaned_data["day"]
        if SpecialDay.objects.filter(hours=self.instance.hours_id, day=day).exists():
            raise ValidationError(_("This day is on the list already. Remove it there first."))
        return day


class FlowForm(KeyedForm):
    """A flow as JSON text. What was typed is kept, whatever is wrong with it."""

    definition = forms.CharField(
        label=gettext_lazy("Definition"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "hd-code"}),
    )

    class Meta:
        model = Flow
        fields: ClassVar = ["key", "name", "definition"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["definition"] = json.dumps(in_order(self.instance.definition), ensure_ascii=False, indent=2)

    def clean_definition(self) -> dict[str, Any]:
        """Raises ValidationError with the place and the reason of every error."""
        key = self.cleaned_data.get("key") or self.instance.pk or "new"
        try:
            definition = read_definition(self.cleaned_data["definition"])
            parse_flow(
                FlowKey(key),
                definition,
                queues=set(Queue.objects.values_list("key", flat=True)),
                hours=set(Hours.objects.values_list("key", flat=True)),
                prompts=set(Prompt.objects.exclude(text__contains=NUMBER_MARK).values_list("key", flat=True)),
            )
        except FlowsError as error:
            raise ValidationError([_placed(problem.place, problem) for problem in error.errors]) from error
        return definition


class PromptForm(KeyedForm):
    class Meta:
        model = Prompt
        fields: ClassVar = ["key", "text"]
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 4, "maxlength": 1000})}
        help_texts: ClassVar = {
            "text": gettext_lazy("Spoken by the centre's voice. {number} stands for the number that is said.")
        }

    def clean_key(self) -> str:
        """None of those whose sound the centre makes itself."""
        key: str = self.cleaned_data["key"]
        if key == _TONE or key.startswith(NOTICE_PROMPT):
            raise ValidationError(_("The centre itself uses this key. Choose another one."))
        return key


class UploadForm(forms.Form):
    """A recording of one's own in place of the voice."""

    most_bytes = 10 * 1024 * 1024
    file = forms.FileField(
        label=gettext_lazy("WAV file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".wav,audio/wav"}),
        help_text=gettext_lazy("WAV, at most 10 MB and 5 minutes; any rate and number of channels."),
    )

    def clean_file(self) -> Any:
        """A first look; the worker reads the sound itself."""
        file = self.cleaned_data["file"]
        if file.size > self.most_bytes:
            raise ValidationError(_("The file is larger than 10 MB. Choose a shorter recording."))
        head = file.read(12)
        file.seek(0)
        if head[:4] not in {b"RIFF", b"RF64"} or head[8:12] != b"WAVE":
            raise ValidationError(_("This is not a WAV file. Save the recording as WAV and upload it again."))
        return file


def in_order(definition: dict[str, Any]) -> dict[str, Any]:
    """The flow with its steps in the order in which a call reaches them: jsonb keeps no order of its own."""
    steps: dict[str, Any] = definition.get("steps", {})
    order: list[str] = []
    waiting = [definition.get("start", "")]
    while waiting:
        name = waiting.pop(0)
        if name in steps and name not in order:
            order.append(name)
            waiting += _leads_to(steps[name])
    found = {name: _kind_first(steps[name]) for name in [*order, *(name for name in steps if name not in order)]}
    return {"start": definition.get("start"), "steps": found}


def _leads_to(step: dict[str, Any]) -> list[str]:
    choices = [target for _key, target in sorted(step.get("choices", {}).items())]
    ways = [step.get(name) for name in ("open", "next", "otherwise", "closed", "holiday", "own_day")]
    return [name for name in [*choices, *ways] if isinstance(name, str)]


def _kind_first(step: dict[str, Any]) -> dict[str, Any]:
    return {name: step[name] for name in sorted(step, key=lambda name: (name != "kind", name))}


def _placed(place: str, problem: Any) -> str:
    sentence = _(problem.message) % problem.args
    return f"{place}: {sentence}" if place else sentence
