"""What a supervisor decides about an alarm, and what is to be pinned."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.knowledge import api as knowledge
from haedap.apps.radar.models import LONGEST_REASON, LONGEST_SPOKEN, Alarm
from haedap.apps.radar.pins import Wanted
from haedap.apps.search import api as search
from haedap.clock import centre_time
from haedap.language.words import compact

LONGEST_PIN = timedelta(days=14)
_USUAL = timedelta(hours=2)
_FITTING, _MOST_ARTICLES = 10, 500


class DismissForm(forms.Form):
    """Why it is none."""

    text = forms.CharField(label=gettext_lazy("Why it is a false alarm"), max_length=LONGEST_REASON, required=False)


class LinkForm(forms.Form):
    """Whether a contact belongs to an alarm."""

    alarm = forms.ModelChoiceField(queryset=Alarm.objects.all(), label=gettext_lazy("Alarm"))
    belongs = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class PinForm(forms.Form):
    """An announcement before some flows, an article on top of the search, or both; until when."""

    text = forms.CharField(
        label=gettext_lazy("What callers hear before the welcome"),
        max_length=LONGEST_SPOKEN,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The centre's voice speaks it within a minute. Empty: no announcement."),
    )
    flows = forms.MultipleChoiceField(
        label=gettext_lazy("Who hears it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    article = forms.ChoiceField(
        label=gettext_lazy("Article on top at the desks"),
        required=False,
        help_text=gettext_lazy("It stands first when an agent looks for one of the alarm's words or topics."),
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def __init__(self, data: Any, alarm: Alarm | None) -> None:
        super().__init__(data, initial=_initial(alarm))
        flows, article = self.fields["flows"], self.fields["article"]
        if isinstance(flows, forms.MultipleChoiceField) and isinstance(article, forms.ChoiceField):
            flows.choices = flow_choices()
            article.choices = [("", _("none")), *_articles(alarm)]

    def clean_text(self) -> str:
        """Something that can be spoken; a frame for numbers is not."""
        text = " ".join(self.cleaned_data["text"].split())
        if text and not compact(text):
            raise forms.ValidationError(_("The text has nothing that can be spoken. Write a Korean sentence."))
        if "{" in text or "}" in text:
            raise forms.ValidationError(_("Braces cannot be spoken. Write the text without { and }."))
        return text

    def clean_until(self) -> datetime:
        """In the future, and not for ever."""
        until: datetime = self.cleaned_data["until"]
        now = centre_time()
        if not now < until <= now + LONGEST_PIN:
            raise forms.ValidationError(_("Choose a time within the next %(days)d days.") % {"days": LONGEST_PIN.days})
        return until

    def clean(self) -> dict[str, Any]:
        """Something is pinned, and somebody hears the announcement."""
        data = super().clean() or {}
        if self.errors:
            return data
        if not data["text"] and not data["article"]:
            raise forms.ValidationError(_("Write an announcement or choose an article."))
        if data["text"] and not data["flows"]:
            self.add_error("flows", _("Choose who hears the announcement."))
        return data

    def wanted(self) -> Wanted:
        """What was asked for."""
        data = self.cleaned_data
        return Wanted(data["until"], data["text"], data["flows"], data["article"])


def flow_choices() -> list[tuple[str, str]]:
    """The flows with the numbers that they answer; those that answer none come last."""
    numbers = centre.numbers_by_flow()
    flows = [
        (key, name, ", ".join(map(contacts.dialled, numbers.get(key, ())))) for key, name in centre.flow_names().items()
    ]
    flows.sort(key=lambda flow: not flow[2])
    return [(key, f"{name} ({answers})" if answers else name) for key, name, answers in flows]


def _initial(alarm: Alarm | None) -> dict[str, Any]:
    until = timezone.localtime(centre_time() + _USUAL).replace(second=0, microsecond=0, tzinfo=None)
    text = _("We know about %(what)s and are working on it. Please wait for an agent only for other matters.")
    numbers = centre.numbers_by_flow()
    numbered = [key for key, _name in flow_choices() if key in numbers]
    return {
        "until": until,
        "text": text % {"what": alarm.title.replace(" · ", ", ")} if alarm else "",
        "flows": numbered[:1],
    }


def _articles(alarm: Alarm | None) -> list[tuple[str, str]]:
    """Those that fit the alarm first, then all that are in force."""
    today = timezone.localdate()
    found = search.search(alarm.title, kinds=[knowledge.KIND], limit=_FITTING, at=today).hits if alarm else []
    entries = search.SearchEntry.objects.filter(kind=knowledge.KIND).order_by("title")
    titles = dict(entries.values_list("key", "title")[:_MOST_ARTICLES])
    keys = list(dict.fromkeys([*(hit.key for hit in found), *titles]))
    return [(key, titles[key]) for key in keys if key in titles]
