"""Forms of articles. Lists are written one entry a line."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haedap.apps.contacts import api as contacts
from haedap.apps.knowledge import importing
from haedap.apps.knowledge.content import LABELS, Content, faults
from haedap.apps.knowledge.models import LONGEST_ANSWER, LONGEST_CODE, LONGEST_SCRIPT, LONGEST_TITLE, LONGEST_WORD
from haedap.apps.offices import api as offices

LISTS = ("questions", "keywords", "documents", "law")
MOST_TOPICS = 5


class LinesField(forms.CharField):
    """One entry a line; becomes a tuple."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> tuple[str, ...]:
        text: str = super().clean(value)
        return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class DayField(forms.DateField):
    """A day, chosen in the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class CodeForm(forms.Form):
    """The code of a new article."""

    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST_CODE,
        help_text=_("Small letters, digits and hyphens, for example water-moving. It never changes."),
    )
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)


class ArticleForm(forms.Form):
    """What a version says. `revision`: the state of the draft that the text was written upon."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=LABELS["title"], max_length=LONGEST_TITLE)
    topics = forms.MultipleChoiceField(label=LABELS["topics"], required=False)
    office = forms.ChoiceField(label=LABELS["office"], required=False)
    questions = LinesField(
        label=LABELS["questions"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line, as citizens say it: three to eight."),
    )
    keywords = LinesField(label=LABELS["keywords"], required=False, widget=forms.Textarea(attrs={"rows": 3}))
    script = forms.CharField(
        label=LABELS["script"],
        required=False,
        max_length=LONGEST_SCRIPT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One to three sentences that the agent reads out first."),
    )
    answer = forms.CharField(
        label=LABELS["answer"],
        required=False,
        max_length=LONGEST_ANSWER,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "hd-markdown"}),
        help_text=_("Markdown: an empty line between paragraphs, “- ” before entries, **bold**, tables with |."),
    )
    documents = LinesField(label=LABELS["documents"], required=False, widget=forms.Textarea(attrs={"rows": 3}))
    fee = forms.CharField(label=LABELS["fee"], required=False, max_length=200)
    law = LinesField(label=LABELS["law"], required=False, widget=forms.Textarea(attrs={"rows": 2}))
    valid_from = DayField(label=LABELS["valid_from"])
    valid_until = DayField(label=LABELS["valid_until"], required=False, help_text=_("Empty: until further notice."))
    review_by = DayField(label=LABELS["review_by"], required=False)

    wide: ClassVar = ("title", "questions", "script", "answer")

    def __init__(self, content: Content, revision: int, data: Any = None) -> None:
        initial = {name: getattr(content, name) for name in LABELS} | {"revision": revision}
        initial["topics"] = list(content.topics)
        super().__init__(data, initial=initial)
        self._code = content.code
        topics = [(path, path) for path in _topic_paths(contacts.topic_tree())]
        self.fields["topics"].choices = topics  # type: ignore[attr-defined]
        self.fields["topics"].widget.attrs["size"] = 6
        self.fields["office"].choices = [("", "–"), *_office_choices()]  # type: ignore[attr-defined]

    def clean_topics(self) -> list[str]:
        topics: list[str] = self.cleaned_data["topics"]
        if len(topics) > MOST_TOPICS:
            raise ValidationError(_now("Choose at most %(most)d topics.") % {"most": MOST_TOPICS})
        return topics

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            for fault in faults(self.content()):
                self.add_error(fault.field if fault.field in self.fields else None, fault.sentence)
        return cleaned

    def content(self) -> Content:
        """What was written."""
        values = {name: self.cleaned_data[name] for name in LABELS if name in self.cleaned_data}
        values["topics"] = tuple(values["topics"])
        values["answer"] = values["answer"].replace("\r\n", "\n").strip()
        values["script"] = values["script"].replace("\r\n", "\n")
        return Content(code=self._code, **values)


class FilterForm(forms.Form):
    """What the list shows."""

    STATES: ClassVar = [
        ("", _("all")),
        ("current", _("in force")),
        ("draft", _("being written")),
        ("submitted", _("waiting for approval")),
        ("coming", _("approved, not yet in force")),
        ("expired", _("expired")),
        ("withdrawn", pgettext_lazy("of an article", "withdrawn")),
    ]

    q = forms.CharField(label=_("Words to look for"), required=False, max_length=100)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    office = forms.ChoiceField(label=_("Owning office"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    due = forms.BooleanField(label=_("due for review"), required=False)

    def __init__(self, data: Any, *, supervisor: bool) -> None:
        super().__init__(data)
        topics = [(str(node.id), node.name) for node in contacts.topic_tree()]
        self.fields["topic"].choices = [("", _("all")), *topics]  # type: ignore[attr-defined]
        choices = [(str(key), name) for key, name in offices.place_names().items()]
        self.fields["office"].choices = [("", _("all")), *choices]  # type: ignore[attr-defined]
        if not supervisor:
            del self.fields["state"], self.fields["due"]


class WordForm(forms.Form):
    """A few words, such as why."""

    comment = forms.CharField(
        label=_("What for"), max_length=LONGEST_WORD, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ApproveForm(forms.Form):
    """The office has approved it by telephone or on paper; a supervisor writes down who did."""

    approver = forms.CharField(
        label=_("Who approved it"), max_length=100, help_text=_("Office and name, for example 요금팀 권은별.")
    )
    comment = forms.CharField(label=_("How, and what was said"), max_length=LONGEST_WORD)


class OfficerAnswerForm(forms.Form):
    """What the officer says of an article."""

    decision = forms.ChoiceField(
        label=_("Is it right?"),
        choices=[("right", _("It is right: citizens may be told so")), ("wrong", _("It is not right"))],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("What is to be changed"),
        required=False,
        max_length=LONGEST_WORD,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "wrong" and not cleaned.get("comment"):
            self.add_error("comment", _now("Write what is to be changed: the call centre corrects it."))
        return cleaned


class RatingForm(forms.Form):
    """'Was this right?' on the page."""

    right = forms.ChoiceField(
        label=_("Was this right?"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("What is wrong"), required=False, max_length=LONGEST_WORD)


class ProposalForm(forms.Form):
    """What an article is missing for."""

    text = forms.CharField(label=_("What citizens ask, and is not here"), min_length=2, max_length=LONGEST_WORD)


class ImportForm(forms.Form):
    """The file of an import."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ".md,.zip,.csv,.tsv,.txt,.hwpx"}),
        help_text=_("Markdown (.md, or many in a .zip), CSV or HWPX; at most 20 MB."),
        error_messages={"empty": _("The file is empty. Choose a file with articles.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > importing.MOST_BYTES:
            raise ValidationError(_now("The file is larger than %(most)d MB. Divide it.") % {"most": 20})
        return file


def _topic_paths(nodes: list[contacts.TopicNode], above: str = "") -> list[str]:
    paths: list[str] = []
    for node in nodes:
        path = f"{above} > {node.name}" if above else node.name
        paths += [path, *_topic_paths(node.children, path)]
    return paths


def _office_choices() -> list[tuple[str, str]]:
    return [(place, place) for place in offices.place_names().values()]
