"""Citizens: known by a telephone number, and what they called about before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from haedap.apps.accounts.models import Account
from haedap.apps.contacts.models import Citizen, CitizenNumber, Contact, ContactNote
from haedap.apps.contacts.notes import topic_path

_HISTORY = 3
_LINE = 120


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier contact of a citizen, in a line."""

    id: UUID
    arrived_at: datetime
    outcome: str | None
    topic: str
    disposition: str
    agent_name: str
    note_first_line: str


def citizen_of(number: str | None) -> Citizen | None:
    """Who is known by this number, E.164."""
    known = CitizenNumber.objects.select_related("citizen").filter(pk=number).first() if number else None
    return known.citizen if known else None


def history_of(contact: Contact) -> list[Earlier]:
    """The last contacts of the same number before this one, latest first."""
    if not contact.caller:
        return []
    before = Contact.objects.filter(caller=contact.caller, arrived_at__lt=contact.arrived_at).exclude(pk=contact.pk)
    latest = list(before.order_by("-arrived_at", "-pk")[:_HISTORY])
    notes = notes_by_contact([item.pk for item in latest])
    names = names_by_account({item.agent_id for item in latest if item.agent_id is not None})
    return [_earlier(item, notes.get(item.pk), names) for item in latest]


def notes_by_contact(contacts: list[UUID]) -> dict[UUID, ContactNote]:
    """The notes of these contacts, with topic (three levels) and disposition loaded."""
    notes = ContactNote.objects.filter(pk__in=contacts)
    return {note.pk: note for note in notes.select_related("topic__parent__parent", "disposition")}


def names_by_account(accounts: set[int]) -> dict[int, str]:
    """Names of people, those who have left included."""
    return dict(Account.objects.filter(pk__in=accounts).values_list("pk", "name"))


def first_line(text: str) -> str:
    """What stands for a note in a list: its first line that has words."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= _LINE else line[: _LINE - 1] + "…"


def _earlier(contact: Contact, note: ContactNote | None, names: dict[int, str]) -> Earlier:
    return Earlier(
        id=contact.pk,
        arrived_at=contact.arrived_at,
        outcome=contact.outcome,
        topic=topic_path(note.topic) if note else "",
        disposition=note.disposition.name if note and note.disposition else "",
        agent_name=names.get(contact.agent_id or 0, ""),
        note_first_line=first_line(note.text) if note else "",
    )
