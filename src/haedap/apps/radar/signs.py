"""The signs of contacts: the keys pressed, the queue, then topic, district and the words of the masked note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery

from haedap.analytics.radar import Kind, Sign
from haedap.apps.contacts.api import Contact, ContactNote, Topic, keys_pressed, notes_by_contact
from haedap.apps.radar.models import ContactSigns
from haedap.apps.search.client import language
from haedap.domain.states import ContactState, Direction

KEPT = timedelta(weeks=62)
"""The eight weeks before the same season a year ago are looked at, too."""
_PATIENCE = 20.0
_AT_ONCE = 200
_LONGEST = 1000
"""Characters of a note that are read for its words."""
_FIELDS = ["at", "signs", "note", "seq", "noted_at"]


def stored(sign: Sign) -> str:
    """As it stands in the database."""
    return f"{sign.kind}:{sign.value}"


@lru_cache(maxsize=100_000)
def read(text: str) -> Sign:
    """The sign that was stored so."""
    kind, _colon, value = text.partition(":")
    return Sign(Kind(kind), value)


def gather(since: datetime, until: datetime) -> None:
    """Keep the signs of the contacts that arrived then, as they are known now."""
    _keep(_incoming().filter(arrived_at__gte=since, arrived_at__lt=until))


def gather_changed(since: datetime, until: datetime) -> int:
    """As `gather`, of those that changed since they were looked at; returns how many there were.

    Keys pressed change no row of a contact, but whoever presses them is in the flow. A topic that is moved in the tree
    changes no note: `gather` finds it.
    """
    note = ContactNote.objects.filter(pk=OuterRef("pk"))
    as_it_is = Q(noted_at=Subquery(note.values("updated_at"))) | Q(noted_at=None) & ~Exists(note)
    read = ContactSigns.objects.filter(as_it_is, pk=OuterRef("pk"), seq=OuterRef("seq"))
    changed = Q(state=ContactState.IN_FLOW) | ~Exists(read)
    return _keep(_incoming().filter(changed, arrived_at__gte=since, arrived_at__lt=until))


def gather_missed(since: datetime, until: datetime) -> int:
    """Keep the signs of the contacts of that time that nobody has looked at yet; returns how many there were."""
    known = ContactSigns.objects.filter(pk=OuterRef("pk"))
    return _keep(_incoming().filter(~Exists(known), arrived_at__gte=since, arrived_at__lt=until))


def gather_earlier(now: datetime, most: int) -> int:
    """Go back beyond the earliest contact that was looked at, by at most so many; returns how many there were."""
    earliest: datetime | None = ContactSigns.objects.aggregate(earliest=Min("at"))["earliest"]
    earlier = _incoming().filter(arrived_at__gte=now - KEPT, arrived_at__lt=earliest or now)
    return _keep(earlier.order_by("-arrived_at")[:most])


def forget_old(now: datetime) -> None:
    """Remove what is too old to be compared with."""
    ContactSigns.objects.filter(at__lt=now - KEPT).delete()


def _incoming() -> QuerySet[Contact]:
    return Contact.objects.filter(direction=Direction.IN)


def _keep(contacts: Iterable[Contact]) -> int:
    rows = list(contacts)
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        ContactSigns.objects.bulk_create(
            _signs_of(some), update_conflicts=True, unique_fields=["contact"], update_fields=_FIELDS
        )
    return len(rows)


def _signs_of(contacts: Sequence[Contact]) -> list[ContactSigns]:
    keys = [contact.pk for contact in contacts]
    notes = notes_by_contact(keys)
    before = ContactSigns.objects.in_bulk(keys)
    changed = [
        note for key, note in notes.items() if note.text and (key not in before or before[key].note != note.version)
    ]
    words = _words(changed)
    owed = {note.pk for note in changed} if words is None else set()
    pressed = keys_pressed(keys)
    rows = []
    for contact in contacts:
        note, known = notes.get(contact.pk), before.get(contact.pk)
        version = known.note if known else 0
        noted_at = None if note is None or contact.pk in owed else note.updated_at
        found = [sign for sign in (known.signs if known else ()) if sign.startswith(f"{Kind.WORD}:")]
        if note is not None and words is not None and contact.pk in words:
            version, found = note.version, words[contact.pk]
        found = [*found, *_of_keys(pressed.get(contact.pk, ())), *_of_note(note)]
        if contact.queue:
            found.append(stored(Sign(Kind.QUEUE, contact.queue)))
        rows.append(
            ContactSigns(
                contact=contact.pk,
                at=contact.arrived_at,
                signs=sorted(set(found)),
                note=version,
                seq=contact.seq,
                noted_at=noted_at,
            )
        )
    return rows


def _words(notes: Sequence[ContactNote]) -> dict[UUID, list[str]] | None:
    """Of each note the words that tell something; None while the language process does not answer."""
    if not notes:
        return {}
    texts = [note.text[:_LONGEST] for note in notes]
    found = language().ask("telling", {"texts": texts}, list[list[str]], _PATIENCE)
    if found is None:
        return None
    return {
        note.pk: [stored(Sign(Kind.WORD, word)) for word in words] for note, words in zip(notes, found, strict=True)
    }


def _of_keys(pressed: Iterable[tuple[str, str]]) -> Iterable[str]:
    return (stored(Sign(Kind.CHOICE, f"{flow}/{step}")) for flow, step in pressed)


def _of_note(note: ContactNote | None) -> Iterable[str]:
    if note is None:
        return
    if note.district:
        yield stored(Sign(Kind.DISTRICT, note.district))
    topic: Topic | None = note.topic
    while topic is not None:
        yield stored(Sign(Kind.TOPIC, topic.code))
        topic = topic.parent
