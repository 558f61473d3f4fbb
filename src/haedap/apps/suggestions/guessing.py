"""What is suggested for a contact: within a third of a second, or as much of it as there is by then."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.utils import timezone

from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.api import Contact, Topic
from haedap.apps.knowledge import api as knowledge
from haedap.apps.offices import api as offices
from haedap.apps.search.client import language
from haedap.apps.suggestions.learning import KIND, went_to
from haedap.apps.suggestions.models import TopicGuess
from haedap.apps.transcripts import api as transcripts
from haedap.clock import centre_time
from haedap.language.entries import Hit, Question
from haedap.language.service.topics import Asked, Guessed

LIMIT_SECONDS = 0.3
SURE_ENOUGH = 0.25
"""A first guess less probable than this says nothing."""
WORTH_SHOWING = 0.06
MOST = 3
_SHORTEST = 4
_LONGEST = 300
_CONTACTS_OF_TOPIC = 200
_WENT_WEIGHT = 1.5
"""So much do all like contacts that went to an office count, against the office whose name fits best."""

_FROM_PANELS = re.compile(r"^\[[^\]\n]{1,60}\] .*$", re.MULTILINE)

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class TopicIdea:
    """A topic in use. `name`: its path."""

    id: int
    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class OfficeIdea:
    """A department. `went`: how many like contacts went there."""

    id: int
    place: str
    telephone: str
    went: int


@dataclass(frozen=True, slots=True)
class ArticleIdea:
    """An article in force, by its key."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Similar:
    """A closed contact of whomever, masked, and how it ended. `offices`: where it went."""

    closed_at: datetime
    topic: str
    disposition: str
    note_first_line: str
    offices: list[str]


@dataclass(slots=True)
class Suggestions:
    """Each list the best first. `whole`: nothing is missing for want of time or of the language process."""

    topics: list[TopicIdea] = field(default_factory=list)
    offices: list[OfficeIdea] = field(default_factory=list)
    articles: list[ArticleIdea] = field(default_factory=list)
    contacts: list[Similar] = field(default_factory=list)
    whole: bool = True


class Deadline:
    """Time that runs out."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ends = clock() + seconds

    @property
    def left(self) -> float:
        """Seconds, below zero when it is over."""
        return self._ends - self._clock()


def suggest(contact: Contact, text: str, deadline: Deadline) -> Suggestions:
    """What `text`, the note or what was said, suggests. Guesses are noted while the contact has no topic yet."""
    found = Suggestions()
    chosen = contacts.note_of(contact.pk).topic
    if len(text.strip()) < _SHORTEST:
        return found
    found.topics = _topics(text, found, deadline) if chosen is None else []
    if found.topics:
        _note(contact.pk, found.topics)
    topic = chosen.pk if chosen else (found.topics[0].id if found.topics else None)
    found.articles = _articles(text, chosen, found, deadline)
    alike = _alike(contact.pk, text, found, deadline)
    if deadline.left > 0:
        found.contacts = _similar(alike)
    found.offices = _offices(text, topic, alike, found, deadline)
    return found


def text_of(contact: UUID) -> str:
    """What is known of the matter: what was said, where that is written down, and last what the agent wrote.

    Lines that a panel of look-ups put into the note, `[Water] …`, say nothing of what the citizen asks.
    """
    written = _FROM_PANELS.sub("", contacts.note_of(contact).text)
    return f"{transcripts.text_of(contact)}\n{written}".strip()


def take(contact: UUID) -> None:
    """The agent took a guess as the contact's topic."""
    TopicGuess.objects.filter(pk=contact).update(taken=True)


def _topics(text: str, found: Suggestions, deadline: Deadline) -> list[TopicIdea]:
    guessed = _ask("topics", Asked(text=text[-_LONGEST:], most=MOST), list[Guessed], found, deadline)
    if not guessed or guessed[0].probability < SURE_ENOUGH:
        return []
    worth = {one.topic: one.probability for one in guessed if one.probability >= WORTH_SHOWING}
    names = contacts.topic_paths(worth, choosable=True)
    return [TopicIdea(key, names[key], worth[key]) for key in worth if key in names]


def _note(contact: UUID, topics: Sequence[TopicIdea]) -> None:
    values = {"topics": [one.id for one in topics], "at": centre_time()}
    TopicGuess.objects.update_or_create(contact=contact, defaults=values)


def _articles(text: str, topic: Topic | None, found: Suggestions, deadline: Deadline) -> list[ArticleIdea]:
    filters = {"topic": str(topic.pk)} if topic else {}
    hits = _search(text, knowledge.KIND, filters, found, deadline)
    sure = [hit.key for hit in hits if hit.sure][:MOST]
    return [ArticleIdea(card.key, card.title) for card in knowledge.cards(sure, timezone.localdate())]


def _alike(contact: UUID, text: str, found: Suggestions, deadline: Deadline) -> list[UUID]:
    hits = _search(text, KIND, {}, found, deadline)
    return [UUID(hit.key) for hit in hits if hit.sure and hit.key != str(contact)]


def _similar(alike: Sequence[UUID]) -> list[Similar]:
    shown = list(alike[:MOST])
    notes = contacts.notes_by_contact(shown)
    went, names = went_to(shown), offices.place_names()
    return [
        Similar(
            closed_at=notes[key].updated_at,
            topic=contacts.topic_path(notes[key].topic),
            disposition=disposition.name if (disposition := notes[key].disposition) else "",
            note_first_line=contacts.first_line(notes[key].text),
            offices=[names[office] for office in sorted(went[key]) if office in names],
        )
        for key in shown
        if key in notes
    ]


def _offices(
    text: str, topic: int | None, alike: Sequence[UUID], found: Suggestions, deadline: Deadline
) -> list[OfficeIdea]:
    """The offices whose duties fit, and those to which contacts like this one went."""
    if deadline.left <= 0:
        found.whole = False
        return []
    by_words = offices.search_offices(text[-_LONGEST:], 2 * MOST, centre_time())
    went = _went(topic, alike)
    scores: dict[int, float] = {office: _WENT_WEIGHT * times / went.total() for office, times in went.items()}
    for place, one in enumerate(by_words):
        scores[one.department.pk] = scores.get(one.department.pk, 0) + 1 / (1 + place)
    best = sorted(scores, key=lambda office: -scores[office])[:MOST]
    cards = [card for office in best if (card := offices.department_card(office)) is not None and card.active]
    return [OfficeIdea(card.id, card.place, card.telephone, went[card.id]) for card in cards]


def _went(topic: int | None, alike: Sequence[UUID]) -> Counter[int]:
    """How many of the like contacts, and of the latest ones of the topic, went to each department."""
    looked_at = {*alike, *(contacts.latest_of_topic(topic, _CONTACTS_OF_TOPIC) if topic else ())}
    return Counter(office for places in went_to(list(looked_at)).values() for office in places)


def _search(text: str, kind: str, filters: dict[str, str], found: Suggestions, deadline: Deadline) -> list[Hit]:
    asked = Question(text=text[-_LONGEST:], kinds=[kind], filters=filters, limit=2 * MOST, at=timezone.localdate())
    return _ask("search", asked, list[Hit], found, deadline) or []


def _ask(
    operation: str, asked: object, answer: type[_Answer], found: Suggestions, deadline: Deadline
) -> _Answer | None:
    said = language().ask(operation, asked, answer, patience=deadline.left) if deadline.left > 0 else None
    found.whole = found.whole and said is not None
    return said
