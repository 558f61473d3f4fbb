"""Citizens: who a contact is of, what they are known by, and what they asked before.

A number may be known for several people, and a person by several numbers: who it is is never guessed. Whoever was found
to be the same person as somebody else keeps their own rows, and points to that one: it can be taken apart again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from haedap.apps.accounts.models import Account
from haedap.apps.contacts.models import Citizen, CitizenNumber, Contact, ContactCitizen, ContactNote
from haedap.apps.contacts.notes import topic_path
from haedap.apps.contacts.numbers import to_e164

_HISTORY = 3
_LINE = 120


class CitizenError(Exception):
    """Two citizens cannot be taken for one, or not be taken apart; the message is a code."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier contact of a citizen, in a line. `sure`: nobody else is known by the number it came from."""

    id: UUID
    arrived_at: datetime
    outcome: str | None
    topic: str
    disposition: str
    agent_name: str
    note_first_line: str
    channel: str
    sure: bool


def citizens_of(number: str | None) -> list[Citizen]:
    """Everybody who is known by this number, by name; nobody for None."""
    if not number:
        return []
    found = CitizenNumber.objects.filter(number=number).annotate(one=Coalesce("citizen__merged_into", F("citizen")))
    return list(Citizen.objects.filter(pk__in=found.values("one")).order_by("name", "pk"))


def citizen_of(number: str | None) -> Citizen | None:
    """Who is known by this number; None when nobody is, or several are."""
    known = citizens_of(number)
    return known[0] if len(known) == 1 else None


def citizen_of_contact(contact: Contact) -> Citizen | None:
    """Who the agent says it was, else the only one who is known by the number."""
    chosen = ContactCitizen.objects.select_related("citizen__merged_into").filter(pk=contact.pk).first()
    if chosen is not None:
        return chosen.citizen.merged_into or chosen.citizen
    return citizen_of(contact.caller)


def chosen(contact: UUID) -> bool:
    """Whether an agent said who it was."""
    return ContactCitizen.objects.filter(pk=contact).exists()


def citizen(key: int) -> Citizen | None:
    """The citizen with this id, or the one they were merged into."""
    found = Citizen.objects.select_related("merged_into").filter(pk=key).first()
    return found and (found.merged_into or found)


def new_citizen(name: str) -> Citizen:
    """Somebody who is not known by any number yet."""
    return Citizen.objects.create(name=name)


def find_citizens(sought: str, limit: int) -> list[Citizen]:
    """By a part of the name, or by a whole number in any written form."""
    number = to_e164(sought)
    if number is not None:
        return citizens_of(number)[:limit]
    return list(Citizen.objects.filter(merged_into=None, name__icontains=sought).order_by("name", "pk")[:limit])


def latest_of(citizen: Citizen, beside: Contact) -> Earlier | None:
    """What this citizen asked last, but for the contact `beside`."""
    return next(iter(history(Contact.objects.all(), [beside], citizen, 1)), None)


def names_by_number(numbers: Iterable[str | None]) -> dict[str, str]:
    """The names that each number is known for; numbers of nobody are left out."""
    wanted = {number for number in numbers if number}
    rows = CitizenNumber.objects.filter(number__in=wanted).annotate(
        name=Coalesce("citizen__merged_into__name", "citizen__name")
    )
    names: dict[str, list[str]] = {}
    for number, name in sorted(set(rows.values_list("number", "name"))):
        names.setdefault(number, []).append(name)
    return {number: " · ".join(found) for number, found in names.items()}


def family(citizen: Citizen) -> set[int]:
    """The rows that stand for this person: their own, and those merged into it."""
    return {citizen.pk, *Citizen.objects.filter(merged_into=citizen).values_list("pk", flat=True)}


def numbers_of(citizen: Citizen) -> set[str]:
    """All that this person is known by."""
    return set(CitizenNumber.objects.filter(citizen__in=family(citizen)).values_list("number", flat=True))


@transaction.atomic
def choose(contact: Contact, citizen: Citizen, by: int) -> None:
    """Say whose contact it is; from then on they are known by its number, too."""
    ContactCitizen.objects.update_or_create(contact=contact.pk, defaults={"citizen": citizen, "chosen_by_id": by})
    if contact.caller:
        know(citizen, contact.caller, contact.channel)


def unchoose(contact: Contact) -> None:
    """Nobody knows any more whose it was, but by its number."""
    ContactCitizen.objects.filter(pk=contact.pk).delete()


def know(citizen: Citizen, number: str, channel: str) -> None:
    """The citizen is known by this number from now on."""
    if not CitizenNumber.objects.filter(number=number, channel=channel, citizen__in=family(citizen)).exists():
        CitizenNumber.objects.get_or_create(number=number, channel=channel, citizen=citizen)


@transaction.atomic
def merge(kept: Citizen, same: Citizen) -> None:
    """`same` is the same person as `kept`, whose name stands. Raises CitizenError `same`."""
    both = list(Citizen.objects.select_for_update().filter(pk__in=[kept.pk, same.pk]).order_by("pk"))
    if len(both) < 2 or any(one.merged_into_id is not None for one in both):
        raise CitizenError("same")
    Citizen.objects.filter(Q(pk=same.pk) | Q(merged_into=same)).update(merged_into=kept)


@transaction.atomic
def split(same: Citizen) -> Citizen:
    """`same` is a person of their own again, with the numbers and contacts they had; returns who they were merged into.

    Raises CitizenError `alone`.
    """
    found = Citizen.objects.select_for_update(of=("self",)).select_related("merged_into").get(pk=same.pk)
    if found.merged_into is None:
        raise CitizenError("alone")
    kept = found.merged_into
    found.merged_into = None
    found.save(update_fields=["merged_into"])
    return kept


def history_of(contact: Contact, limit: int = _HISTORY) -> list[Earlier]:
    """The last contacts of the same citizen before this one, latest first; of the same number while it is not known
    who it is. What a number that others have, too, brought by itself is there, but not `sure`.
    """
    before = Contact.objects.filter(arrived_at__lt=contact.arrived_at)
    return history(before, [contact], citizen_of_contact(contact), limit)


def history(rows: QuerySet[Contact], beside: Collection[Contact], citizen: Citizen | None, limit: int) -> list[Earlier]:
    """The latest of `rows`, without `beside`: the citizen's, or those of the callers of `beside` when it is nobody."""
    rows = rows.exclude(pk__in=[contact.pk for contact in beside]).order_by("-arrived_at", "-pk")
    if citizen is None:
        numbers, own = {contact.caller for contact in beside if contact.caller}, set[int]()
    else:
        numbers, own = numbers_of(citizen), family(citizen)
    # Two plain look-ups by index, for one with an OR would read all contacts.
    latest = list(rows.filter(caller__in=numbers)[: limit + _HISTORY]) if numbers else []
    said = ContactCitizen.objects.filter(citizen__in=own).values("contact")
    latest += list(rows.filter(pk__in=said)[:limit]) if own else []
    owners = dict(ContactCitizen.objects.filter(pk__in=[row.pk for row in latest]).values_list("contact", "citizen"))
    mine = {row.pk: row for row in latest if not own or owners.get(row.pk, 0) in {0, *own}}
    found = sorted(mine.values(), key=lambda row: (row.arrived_at, row.pk), reverse=True)[:limit]
    return _lines(found, owners, _shared(numbers) if own else set())


def _shared(numbers: set[str]) -> set[str]:
    """Those of the numbers that several people have."""
    rows = CitizenNumber.objects.filter(number__in=numbers)
    rows = rows.annotate(one=Coalesce("citizen__merged_into", F("citizen")))
    people: dict[str, set[int]] = {}
    for number, one in rows.values_list("number", "one"):
        people.setdefault(number, set()).add(one)
    return {number for number, known in people.items() if len(known) > 1}


def _lines(rows: list[Contact], owners: dict[UUID, int], shared: set[str]) -> list[Earlier]:
    notes = notes_by_contact([row.pk for row in rows])
    names = names_by_account({row.agent_id for row in rows if row.agent_id is not None})
    return [_earlier(row, notes.get(row.pk), names, row.pk in owners or row.caller not in shared) for row in rows]


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
