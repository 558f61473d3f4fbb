"""What a person says of an edition, an entry, a group."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.analytics.directory.quarters import Quarter
from haedap.analytics.directory.tree import OFFICE
from haedap.apps.contacts import api as contacts
from haedap.apps.directory.models import (
    LONGEST_NAME,
    LONGEST_WHAT,
    MOST_COUNT,
    USUAL_COUNT,
    DirectoryGroup,
    Entry,
)
from haedap.web.seen import SeenMixin

_MOST_WORDS, _LONGEST_WORD = 60, 30
_LEAST_QUARTERS, _MOST_QUARTERS = 12, 80


class MakeForm(forms.Form):
    """Which quarter, and how many numbers."""

    quarter = forms.ChoiceField(label=gettext_lazy("Quarter"))
    count = forms.IntegerField(
        label=gettext_lazy("How many numbers"), min_value=1, max_value=MOST_COUNT, initial=USUAL_COUNT
    )

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="make_%s")
        first, last = contacts.first_and_last_day()
        quarter = Quarter.of(timezone.localdate())
        choices: list[tuple[str, str]] = []
        while len(choices) < _LEAST_QUARTERS or (first and quarter.until > first and len(choices) < _MOST_QUARTERS):
            choices.append((str(quarter), label_of(quarter)))
            quarter = quarter.before
        self.fields["quarter"].choices = choices  # type: ignore[attr-defined]
        if last is not None:
            self.fields["quarter"].initial = str(Quarter.of(last))

    def clean_quarter(self) -> Quarter:
        """As a quarter."""
        return Quarter.parse(self.cleaned_data["quarter"])


class EntryForm(SeenMixin, forms.ModelForm):  # type: ignore[type-arg]
    """Name, purpose and group as printed; empty is as found. A number of no office has to be confirmed."""

    class Meta:
        model = Entry
        fields = ("own_name", "own_what", "own_group", "confirmed")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        entry = self.instance
        self.fields["own_name"].help_text = _found(entry.found_name)
        self.fields["own_what"].help_text = _found(entry.found_what)
        self.fields["own_group"].help_text = _found(entry.found_group.name if entry.found_group else "")
        self.fields["own_group"].queryset = DirectoryGroup.objects.all()  # type: ignore[attr-defined]
        if entry.key.startswith(OFFICE):
            del self.fields["confirmed"]

    def clean(self) -> dict[str, Any]:
        """A number that no office has needs a name from a person."""
        data = super().clean() or {}
        if not self.instance.found_name and not data.get("own_name"):
            self.add_error("own_name", _("Nobody knows whose number this is. Write a name."))
        return data


class AddForm(forms.Form):
    """A number that was not found, or belongs to another agency."""

    number = forms.CharField(label=gettext_lazy("Telephone number"), max_length=30)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    what = forms.CharField(label=gettext_lazy("For what"), max_length=LONGEST_WHAT, required=False)
    group = forms.ModelChoiceField(
        DirectoryGroup.objects.none(), label=gettext_lazy("Group"), required=False, empty_label=gettext_lazy("choose")
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="add_%s")
        self.fields["group"].queryset = DirectoryGroup.objects.all()  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        """E.164."""
        typed = self.cleaned_data["number"].replace("\x00", "")
        number = contacts.to_e164(typed)
        if number is None:
            otherwise = _("This is not a telephone number. Write it as 02-0000-0120.")
            raise forms.ValidationError(contacts.why_none(typed, otherwise))
        return number


class GroupForm(SeenMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A part of daily life."""

    words = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=_MOST_WORDS * (_LONGEST_WORD + 2),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Offices and duties with these words belong here. Several are divided by commas."),
    )

    class Meta:
        model = DirectoryGroup
        fields = ("name", "icon", "position")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["words"].initial = ", ".join(self.instance.words or [])

    def clean_words(self) -> list[str]:
        """Each once."""
        words = list(dict.fromkeys(word.strip() for word in self.cleaned_data["words"].split(",") if word.strip()))
        if len(words) > _MOST_WORDS or any(len(word) > _LONGEST_WORD for word in words):
            raise forms.ValidationError(
                _("At most %(most)d words of %(long)d letters.") % {"most": _MOST_WORDS, "long": _LONGEST_WORD}
            )
        return words

    def save(self, commit: bool = True) -> DirectoryGroup:
        """With its words."""
        self.instance.words = self.cleaned_data["words"]
        group: DirectoryGroup = super().save(commit=commit)
        return group


def label_of(quarter: Quarter) -> str:
    """`2026년 4분기`"""
    return _("%(year)d, quarter %(quarter)d") % {"year": quarter.year, "quarter": quarter.number}


def _found(text: str) -> str:
    return _("Empty: as found, “%(text)s”.") % {"text": text} if text else ""
