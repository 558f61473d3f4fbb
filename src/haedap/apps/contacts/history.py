"""What a citizen asked before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from haedap.apps.accounts import api as accounts
from haedap.apps.contacts.citizens import citizen_of_contact, family, numbers_of_family
from haedap.apps.contacts.models import Citizen, CitizenNumber, Contact, ContactCitizen, ContactNote
from haedap.apps.contacts.notes import topic_path

_HISTORY = 3
_LINE = 120


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier contact of a citizen, in a line. `sure`: it is known that it was theirs, and nobody else's."""

    id: UUID
    arrived_at: datetime
    outcome: str | None
    topic: str
    disposition: str
    agent_name: str
    note_first_line: str
    channel: str
    sure: bool


def history_of(contact: Contact, limit: int = _HISTORY) -> list[Earlier]:
    """The last contacts of the same citizen before this one, latest first; of the same number while it is not known
    who it is. What a number that others have, too, brought by itself is there, but not `sure`.
    """
    return history_before(contact, citizen_of_contact(contact), limit)


def history_before(contact: Contact, citizen: Citizen | None, limit: int) -> list[Earlier]:
    """The same for a contact whose citizen was asked for already."""
    before = Contact.objects.filter(arrived_at__lt=contact.arrived_at).exclude(pk=contact.pk)
    if citizen is not None:
        own = family(citizen)
        return _of_person(before, numbers_of_family(own), own, limit)
    if not contact.caller:
        return []
    # Nobody said who is on the line: of a number that several have, nothing is known to be theirs.
    return _lines(list(_latest_first(before.filter(caller=contact.caller))[:limit]), set(), _shared({contact.caller}))


def history(citizen: Citizen, limit: int) -> list[Earlier]:
    """The latest contacts of a citizen, latest first."""
    own = family(citizen)
    return _of_person(Contact.objects.all(), numbers_of_family(own), own, limit)


def latest_sure(citizen: Citizen, beside: Contact) -> Earlier | None:
    """The last contact that is known to be of this citizen and of nobody else, but for the contact `beside`."""
    own = family(citizen)
    numbers = numbers_of_family(own)
    before = Contact.objects.filter(arrived_at__lt=beside.arrived_at).exclude(pk=beside.pk)
    return next(iter(_of_person(before, numbers - _shared(numbers), own, 1)), None)


def _of_person(rows: QuerySet[Contact], numbers: set[str], own: set[int], limit: int) -> list[Earlier]:
    """Two plain look-ups by index, for one with an OR would read all contacts."""
    latest: list[Contact] = []
    if numbers:
        others = ContactCitizen.objects.filter(contact=OuterRef("pk")).exclude(citizen__in=own)
        from_numbers = rows.filter(~Exists(others), caller__in=numbers)
        latest += list(_latest_first(from_numbers)[:limit])
    said = ContactCitizen.objects.filter(citizen__in=own).values("contact")
    theirs = list(_latest_first(rows.filter(pk__in=said))[:limit])
    found = {row.pk: row for row in [*latest, *theirs]}
    last = sorted(found.values(), key=lambda row: (row.arrived_at, row.pk), reverse=True)[:limit]
    return _lines(last, {row.pk for row in theirs}, _shared(numbers))


def _latest_first(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    return rows.order_by("-arrived_at", "-pk")


def _shared(numbers: set[str]) -> set[str]:
    """Those of the numbers that several people have."""
    rows = CitizenNumber.objects.filter(number__in=numbers)
    rows = rows.annotate(one=Coalesce("citizen__merged_into", F("citizen")))
    people: dict[str, set[int]] = {}
    for number, one in rows.values_list("number", "one"):
        people.setdefault(number, set()).add(one)
    return {number for number, known in people.items() if len(known) > 1}


def _lines(rows: list[Contact], owners: set[UUID], shared: set[str]) -> list[Earlier]:
    """`owners`: the contacts of which an agent said that they were this citizen's."""
    notes = notes_by_contact([row.pk for row in rows])
    names = accounts.names({row.agent_id for row in rows if row.agent_id is not None})
    return [_earlier(row, notes.get(row.pk), names, row.pk in owners or row.caller not in shared) for row in rows]


def notes_by_contact(contacts: list[UUID]) -> dict[UUID, ContactNote]:
    """The notes of these contacts, with topic (three levels) and disposition loaded."""
    notes = ContactNote.objects.filter(pk__in=contacts)
    return {note.pk: note for note in notes.select_related("topic__parent__parent", "disposition")}


def first_line(text: str) -> str:
    """What stands for a note in a list: its first line that has words."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= _LINE else line[: _LINE - 1] + "…"


def _earlier(contact: Contact, note: ContactNote | None, names: dict[int, str], sure: bool) -> Earlier:
    return Earlier(
        id=contact.pk,
        arrived_at=contact.arrived_at,
        outcome=contact.outcome,
        topic=topic_path(note.topic) if note else "",
        disposition=note.disposition.name if note and note.disposition else "",
        agent_name=names.get(contact.agent_id or 0, ""),
        note_first_line=first_line(note.text) if note else "",
        channel=contact.channel,
        sure=sure,
    )
