"""The note of a contact, its topic and its disposition."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from haedap.apps.contacts.districts import district_in, districts
from haedap.apps.contacts.masking import mask_again, masked, masked_of_contact
from haedap.apps.contacts.models import AgentPeriod, Contact, ContactNote, Disposition, Topic
from haedap.clock import centre_time
from haedap.domain.states import AgentState, ContactState


class NoteChangedMeanwhileError(Exception):
    """Somebody else (or another window) saved another text first.

    `note` is what stands now, `sent` what would have been kept: two windows compare what is masked with what is masked.
    """

    def __init__(self, note: ContactNote, sent: str) -> None:
        super().__init__("the note has another version")
        self.note = note
        self.sent = sent


def note_of(contact: UUID) -> ContactNote:
    """The note, or an empty one of version 0."""
    return ContactNote.objects.filter(pk=contact).first() or ContactNote(contact=contact)


def notes_between(since: datetime, until: datetime) -> QuerySet[ContactNote]:
    """Those of the contacts that arrived from `since` until before `until`."""
    arrived = Contact.objects.filter(arrived_at__gte=since, arrived_at__lt=until)
    return ContactNote.objects.filter(contact__in=arrived.values("pk"))


def closed_notes() -> QuerySet[ContactNote]:
    """Those of the contacts that are over and complete: with a text, a topic and a disposition."""
    ended = Contact.objects.filter(state=ContactState.ENDED).values("pk")
    complete = ContactNote.objects.filter(topic__isnull=False, disposition__isnull=False, contact__in=ended)
    return complete.exclude(text="")


def topics_chosen(contacts: Collection[UUID]) -> dict[UUID, int]:
    """The topic of each contact that has one."""
    rows = ContactNote.objects.filter(topic__isnull=False, contact__in=contacts)
    return dict(rows.values_list("contact", "topic_id"))


def latest_of_topic(topic: int, most: int) -> list[UUID]:
    """The contacts of a topic whose notes were written last."""
    rows = ContactNote.objects.filter(topic=topic).order_by("-updated_at")
    return list(rows.values_list("pk", flat=True)[:most])


def away_reason_is_used(key: str) -> bool:
    """Whether somebody was away for this reason, and their record would lose its name."""
    return AgentPeriod.objects.filter(state=AgentState.AWAY, reason=key).exists()


def disposition_is_used(disposition: Disposition) -> bool:
    """Whether a record has it; then it is switched off and never removed."""
    return ContactNote.objects.filter(disposition=disposition).exists()


def save_note(contact: Contact, text: str, version: int, account: int) -> ContactNote:
    """Replace the text of `version` by `text`, in which personal data is masked. The same text twice is no change.

    An address is masked, too; the district that it names is noted beside.

    Raises NoteChangedMeanwhileError when the note is at another version with another text.
    """
    district = district_in(text, districts())
    text = masked_of_contact(text, contact)
    with transaction.atomic():
        note = _locked(contact.pk)
        if note.text == text:
            return note
        if note.version != version:
            raise NoteChangedMeanwhileError(note, text)
        note.text, note.district = text, district
        note.version += 1
        _stamp(note, account)
        note.save()
    return note


def mask_saved() -> int:
    """Mask the notes that were saved before masking was there, or by older rules; returns how many changed."""
    return mask_again(ContactNote.objects.exclude(text=""), _masked_now)


def _masked_now(note: ContactNote) -> str:
    contact = Contact.objects.filter(pk=note.contact).first()
    return masked_of_contact(note.text, contact) if contact else masked(note.text)


def set_topic(contact: Contact, topic: Topic | None, account: int) -> None:
    """상담유형."""
    _set(contact, account, topic=topic)


def set_disposition(contact: Contact, disposition: Disposition | None, account: int) -> None:
    """처리결과."""
    _set(contact, account, disposition=disposition)


def topic_path(topic: Topic | None) -> str:
    """`상하수도 > 요금 > 이사정산`; empty without a topic."""
    names: list[str] = []
    while topic is not None:
        names.append(topic.name)
        topic = topic.parent
    return " > ".join(reversed(names))


def _set(contact: Contact, account: int, **values: Topic | Disposition | None) -> None:
    with transaction.atomic():
        note = _locked(contact.pk)
        for name, value in values.items():
            setattr(note, name, value)
        _stamp(note, account)
        note.save(update_fields=[*values, "updated_at", "updated_by"])


def _locked(contact: UUID) -> ContactNote:
    ContactNote.objects.bulk_create([ContactNote(contact=contact)], ignore_conflicts=True)
    return ContactNote.objects.select_for_update(of=("self",)).get(pk=contact)


def _stamp(note: ContactNote, account: int) -> None:
    note.updated_at = centre_time()
    note.updated_by_id = account
