"""The list of contacts: its filters, and what is sought."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Upper
from django.db.models.lookups import Contains
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from haedap.apps.accounts import api as accounts
from haedap.apps.centre import api as centre
from haedap.apps.contacts import topic_tree, words
from haedap.apps.contacts.models import Citizen, CitizenNumber, Contact, ContactCitizen, ContactNote, Topic
from haedap.apps.contacts.notes import topic_path
from haedap.apps.contacts.numbers import read_sought

_KEPT = 20
_RARE = 5000
_NUMBERS = 2000
_TRIGRAM = 3
_NO_LETTERS = re.compile(r"\W+")
_SEARCHES = "searches"
_YEARS = (2000, 2200)


class FilterForm(forms.Form):
    """What the list shows. Everything may be left empty; a value that makes no sense is said to be wrong."""

    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    queue = forms.ChoiceField(label=_("Queue"), required=False)
    agent = forms.TypedChoiceField(label=_("Agent"), required=False, coerce=int, empty_value=None)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=words.outcome_choices)
    topic = forms.TypedChoiceField(label=_("Topic"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label=_("State"), required=False, choices=words.state_choices)

    def __init__(self, data: Any, account: accounts.Account) -> None:
        super().__init__(data)
        self._choose("queue", centre.queue_names().items())
        people = accounts.agents(with_left=True) if account.is_supervisor else {account.pk: account.name}
        self._choose("agent", people.items())
        topics = Topic.objects.select_related("parent__parent")
        self._choose("topic", sorted(((topic.pk, topic_path(topic)) for topic in topics), key=lambda item: item[1]))

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last, and both are of this age."""
        cleaned = super().clean() or {}
        days = [cleaned[name] for name in ("first", "last") if cleaned.get(name)]
        if any(not _YEARS[0] <= day.year <= _YEARS[1] for day in days) or days != sorted(days):
            self.add_error("first", _("The first day must not be after the last."))
        return cleaned

    def conditions(self) -> Q:
        """What the valid fields ask for."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        found = Q()
        if "first" in chosen:
            found &= Q(arrived_at__gte=_midnight(chosen["first"]))
        if "last" in chosen:
            found &= Q(arrived_at__lt=_midnight(chosen["last"] + timedelta(days=1)))
        for name in ("queue", "agent", "outcome", "state"):
            if name in chosen:
                found &= Q(**{name: chosen[name]})
        if "topic" in chosen:
            notes = ContactNote.objects.filter(topic__in=topic_tree.below(chosen["topic"]))
            found &= Q(pk__in=notes.values("contact"))
        return found

    def _choose(self, name: str, choices: Any) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = [("", _("all")), *choices]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search asks of contacts. `common`: so many have it that the list itself is the quickest way to them."""

    conditions: Q
    common: bool = False


def matching(contacts: QuerySet[Contact], sought: str) -> Sought:
    """What those of `contacts` fulfil that have the number (whole or part, any written form), the name or the words."""
    number = read_sought(sought)
    if number is None:
        return _by_words(sought)
    if number.exact is not None:
        exact = Q(caller=number.exact)
        if contacts.filter(exact).exists():
            return Sought(exact)
    parts = Q()
    for part in number.parts:
        parts |= Q(caller__contains=part)
    return Sought(parts)


def keep_search(session: SessionBase, sought: str) -> str:
    """Remember what was sought, so that no address, history or proxy log ever holds a citizen's number."""
    kept = dict(session.get(_SEARCHES, {}))
    token = secrets.token_hex(4)
    session[_SEARCHES] = dict([*kept.items(), (token, sought)][-_KEPT:])
    return token


def kept_search(session: SessionBase, token: str) -> str:
    """What was sought under `token`; empty when it is forgotten."""
    return str(session.get(_SEARCHES, {}).get(token, ""))


def _by_words(sought: str) -> Sought:
    """By the note, the name on the line, or the citizen's name.

    Words of few contacts are looked up by their trigrams, whoever's list it is. Common words, and those of two letters,
    which have no trigram, are met on the way through the list; there each note is read by its key, for a hash of all
    notes would read every one of them.
    """
    in_notes = ContactNote.objects.filter(text__icontains=sought)
    callers = _of_named(sought) | Q(caller_name__icontains=sought)
    if max(map(len, _NO_LETTERS.split(sought))) >= _TRIGRAM:
        found = {*in_notes.values_list("contact", flat=True)[: _RARE + 1]}
        if len(found) <= _RARE:
            found.update(Contact.objects.filter(callers).values_list("pk", flat=True)[: _RARE + 1])
        if len(found) <= _RARE:
            return Sought(Q(pk__in=found))
    text = ContactNote.objects.filter(pk=OuterRef("pk")).annotate(upper=Upper("text")).values("upper")
    return Sought(callers | Q(Contains(Subquery(text), Upper(Value(sought)))), common=True)


def _of_named(sought: str) -> Q:
    """Contacts of citizens with this in their name: said to be theirs, or from a number of theirs."""
    named = Citizen.objects.filter(Q(name__icontains=sought) | Q(merged_into__name__icontains=sought)).values("pk")
    numbers = CitizenNumber.objects.filter(citizen__in=named).values_list("number", flat=True)
    said = ContactCitizen.objects.filter(citizen__in=named).values_list("contact", flat=True)
    return Q(caller__in=list(numbers[:_NUMBERS])) | Q(pk__in=list(said[:_NUMBERS]))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
