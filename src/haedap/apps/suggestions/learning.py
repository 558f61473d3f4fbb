"""Closed contacts go into the search, from which the language process learns topics and finds similar ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import QuerySet

from haedap.apps.cases import api as cases
from haedap.apps.contacts import api as contacts
from haedap.apps.offices import api as offices
from haedap.apps.search import api as search
from haedap.apps.search.client import language
from haedap.language.service.topics import Knowing

KIND = search.SearchEntry.Kind.CONTACT.value
MOST = 20_000
LATELY = timedelta(minutes=15)
_AT_ONCE = 500
_log = structlog.get_logger(__name__)


def follow(now: datetime) -> None:
    """Publish what was closed or changed lately."""
    publish(contacts.closed_notes().filter(updated_at__gte=now - LATELY))


def renew() -> None:
    """Publish the newest closed contacts, take all others out of the search, and learn from what stands there."""
    kept = publish(contacts.closed_notes())
    search.withdraw_others(KIND, kept)
    learn()


def publish(notes: QuerySet[contacts.ContactNote]) -> list[str]:
    """Let the newest of these be found; returns their keys. The notes were masked when they were saved."""
    newest = list(notes.order_by("-updated_at").select_related("topic__parent__parent__parent")[:MOST])
    for start in range(0, len(newest), _AT_ONCE):
        some = newest[start : start + _AT_ONCE]
        went = went_to([note.contact for note in some])
        search.publish_all(
            search.entry(
                KIND,
                str(note.contact),
                title=contacts.topic_path(note.topic),
                body=note.text,
                filters={"topic": _line(note), "office": went[note.contact]},
            )
            for note in some
        )
    return [str(note.contact) for note in newest]


def went_to(of: Sequence[UUID]) -> dict[UUID, set[int]]:
    """The departments that these contacts went to: by a case, or by a call that was passed on."""
    found: dict[UUID, set[int]] = defaultdict(set)
    for contact, department in cases.departments_of(of):
        found[contact].add(department)
    pairs = contacts.officers_reached(of)
    departments = offices.departments_of({officer for _contact, officer in pairs})
    for contact, officer in pairs:
        if officer in departments:
            found[contact].add(departments[officer])
    return found


def knowing() -> Knowing | None:
    """What the language process knows of topics; None while it does not answer."""
    return language().ask("topics_known", {}, Knowing)


def learn() -> None:
    """Let it learn anew; it says in its log how that went."""
    if language().ask("topics_learn", {}, Knowing) is None:
        _log.info("the language process does not answer: topics are learnt another time")


def _line(note: contacts.ContactNote) -> Iterable[int]:
    topic = note.topic
    while topic is not None:
        yield topic.pk
        topic = topic.parent
