"""What the desk shows for what an agent typed: articles, offices, and what this citizen asked before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from haedap.apps.contacts import api as contacts
from haedap.apps.knowledge import api as knowledge
from haedap.apps.offices import api as offices
from haedap.apps.radar import api as radar
from haedap.apps.search.finding import search
from haedap.apps.search.models import SearchEntry
from haedap.language.words import compact, pairs

_ARTICLES, _OFFICES, _CONTACTS = 10, 5, 5
_LOOKED_AT = 100
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. `filters`: `topic` and `office` by id; `kind`: article, office, contact, or empty for all."""

    text: str
    kind: str = ""
    filters: Mapping[str, int] | None = None


def find(asked: Asked, contact: contacts.Contact | None, at: datetime) -> dict[str, Any]:
    """`{"articles", "offices", "contacts", "simple"}`, each the best first; see docs/reference/http-api.md."""
    articles, simple = _articles(asked, contact, at) if asked.kind in {"", "article"} else ([], False)
    return {
        "articles": articles,
        "offices": _offices(asked, at) if asked.kind in {"", "office"} else [],
        "contacts": _contacts(asked.text, contact) if contact and asked.kind in {"", "contact"} else [],
        "simple": simple,
    }


def _articles(asked: Asked, contact: contacts.Contact | None, at: datetime) -> tuple[list[dict[str, Any]], bool]:
    """What was pinned for it stands on top, found or not."""
    today = timezone.localdate(at)
    found = search(asked.text, kinds=[knowledge.KIND], filters=asked.filters, limit=_ARTICLES, at=today)
    hits = {hit.key: hit for hit in found.hits}
    pinned = radar.pinned_articles(asked.text, lambda: _topics(asked, list(hits)), contact.pk if contact else None, at)
    cards = knowledge.cards(list(dict.fromkeys([*pinned, *hits])), today)
    return [
        {
            **asdict(card),
            "marks": [asdict(mark) for mark in hits[card.key].marks] if card.key in hits else [],
            "why": list(hits[card.key].why) if card.key in hits else [],
            "sure": card.key in pinned or hits[card.key].sure,
            "pinned": card.key in pinned,
        }
        for card in cards
    ], found.simple


def _topics(asked: Asked, keys: list[str]) -> set[int]:
    """The topics, with all above them, that are looked for or that what was found is about."""
    found = SearchEntry.objects.filter(kind=knowledge.KIND, key__in=keys).values_list("filters", flat=True)
    topics = {int(topic) for filters in found for topic in filters.get("topic", ()) if str(topic).isdecimal()}
    return topics | ({asked.filters["topic"]} if asked.filters and "topic" in asked.filters else set())


def _offices(asked: Asked, at: datetime) -> list[dict[str, Any]]:
    found = offices.search_offices(asked.text, _OFFICES, at)
    within = (asked.filters or {}).get("office")
    return [
        offices.as_json(one) for one in found if within is None or within in {step.pk for step in one.department.line()}
    ]


def _contacts(text: str, contact: contacts.Contact) -> list[dict[str, Any]]:
    earlier = contacts.history_of(contact, _LOOKED_AT)
    places = ranked(text, [f"{one.topic} {one.note_first_line}" for one in earlier])
    return [asdict(earlier[place]) for place in places[:_CONTACTS]]


def ranked(text: str, lines: Sequence[str]) -> list[int]:
    """The places of those lines that have half of the neighbouring syllables of `text`, the best first."""
    sought = set(pairs(compact(text)))
    if not sought:
        return []
    shares = [len(sought.intersection(pairs(compact(line)))) / len(sought) for line in lines]
    fitting = [place for place, share in enumerate(shares) if share >= _HALF]
    return sorted(fitting, key=lambda place: -shares[place])
