"""Citizens: who a contact is of, and what they are known by.

A number may be known for several people, and a person by several numbers: who it is is never guessed. Whoever was found
to be the same person as somebody else keeps their own rows, and points to that one: see `merging`.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F, Subquery
from django.db.models.functions import Coalesce

from haedap.apps.contacts.models import Citizen, CitizenNumber, Contact, ContactCitizen
from haedap.apps.contacts.numbers import read_sought
from haedap.web.locking import one_at_a_time


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
    return chosen_for(contact.pk) or citizen_of(contact.caller)


def chosen_for(contact: UUID) -> Citizen | None:
    """Who the agent says it was; None while no agent said so."""
    found = ContactCitizen.objects.select_related("citizen__merged_into").filter(pk=contact).first()
    return (found.citizen.merged_into or found.citizen) if found else None


def citizen(key: int) -> Citizen | None:
    """The citizen with this id, or the one they were merged into."""
    found = Citizen.objects.select_related("merged_into").filter(pk=key).first()
    return found and (found.merged_into or found)


def new_citizen(name: str) -> Citizen:
    """Somebody who is not known by any number yet."""
    return Citizen.objects.create(name=name)


def one_by_one(contact: Contact) -> None:
    """Nobody else says whose contact it is until the running transaction ends: two would make two people of one."""
    one_at_a_time("citizen", str(contact.pk))


@transaction.atomic
def introduce(contact: Contact, name: str, by: int) -> Citizen:
    """Somebody new, whose contact it is. Said again, as after an answer that was lost, it is the same person."""
    one_by_one(contact)
    # Chosen when they were made: they are this one, and nobody else of the same name.
    said = ContactCitizen.objects.filter(pk=contact.pk, citizen__name=name, chosen_at=F("citizen__created_at"))
    if (found := said.select_related("citizen__merged_into").first()) is not None:
        return found.citizen.merged_into or found.citizen
    citizen = new_citizen(name)
    choose(contact, citizen, by)
    made_at = Citizen.objects.filter(pk=citizen.pk).values("created_at")
    ContactCitizen.objects.filter(pk=contact.pk).update(chosen_at=Subquery(made_at))
    return citizen


def find_citizens(sought: str, limit: int) -> list[Citizen]:
    """By a part of a name that they are known by, or by a whole number in any written form."""
    number = read_sought(sought)
    if number is not None and number.exact is not None:
        return citizens_of(number.exact)[:limit]
    named = Citizen.objects.filter(name__icontains=sought).annotate(one=Coalesce("merged_into", F("pk")))
    return list(Citizen.objects.filter(pk__in=named.values("one")).order_by("name", "pk")[:limit])


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


def names_by_contact(contacts: Iterable[Contact]) -> dict[UUID, str]:
    """Whose each contact was: as the agent said it, else whoever is known by its number. Two queries in all."""
    rows = list(contacts)
    by_number = names_by_number(row.caller for row in rows)
    said = ContactCitizen.objects.filter(pk__in=[row.pk for row in rows])
    by_contact = dict(said.values_list("contact", Coalesce("citizen__merged_into__name", "citizen__name")))
    return {row.pk: by_contact.get(row.pk) or by_number.get(row.caller or "", "") for row in rows}


def family(citizen: Citizen) -> set[int]:
    """The rows that stand for this person: their own, and those merged into it."""
    return {citizen.pk, *Citizen.objects.filter(merged_into=citizen).values_list("pk", flat=True)}


def numbers_of(citizen: Citizen) -> set[str]:
    """All that this person is known by."""
    return numbers_of_family(family(citizen))


def numbers_of_family(rows: set[int]) -> set[str]:
    """All that the person for whom these rows stand is known by."""
    return set(CitizenNumber.objects.filter(citizen__in=rows).values_list("number", flat=True))


@transaction.atomic
def choose(contact: Contact, citizen: Citizen, by: int) -> None:
    """Say whose contact it is; from then on they are known by its number, too. Takes back what was said before."""
    one_by_one(contact)
    before = chosen_for(contact.pk)
    if before == citizen:
        return
    if before is not None:
        unchoose(contact)
    brought = bool(contact.caller) and know(citizen, contact.caller or "", contact.channel)
    ContactCitizen.objects.update_or_create(
        contact=contact.pk, defaults={"citizen": citizen, "chosen_by_id": by, "brought_number": brought}
    )


@transaction.atomic
def unchoose(contact: Contact) -> None:
    """Nobody knows any more whose it was, but by its number. A number that came by the mistake goes with it."""
    said = ContactCitizen.objects.select_for_update().filter(pk=contact.pk).first()
    if said is None:
        return
    said.delete()
    if not said.brought_number:
        return
    others = ContactCitizen.objects.filter(citizen=said.citizen_id).values("contact")
    if not Contact.objects.filter(caller=contact.caller, pk__in=others).exists():
        forgotten = CitizenNumber.objects.filter(number=contact.caller, channel=contact.channel)
        forgotten.filter(citizen=said.citizen_id).delete()


def know(citizen: Citizen, number: str, channel: str) -> bool:
    """The citizen is known by this number from now on; whether they were not before."""
    known = CitizenNumber.objects.filter(number=number, channel=channel, citizen__in=family(citizen))
    if known.exists():
        return False
    _row, new = CitizenNumber.objects.get_or_create(number=number, channel=channel, citizen=citizen)
    return new
