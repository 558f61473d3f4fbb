"""Who is on the line: told from the number, or chosen by the agent among those whom it may be; never guessed."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from haedap.apps.accounts.api import Account
from haedap.apps.contacts import api as contacts
from haedap.apps.desk.errors import DeskError
from haedap.apps.desk.schemas import CandidateOut, CitizenOut, KnownOut
from haedap.apps.lookups import api as lookups

_MOST = 10
_SHORTEST_SOUGHT = 2


def known(contact: contacts.Contact) -> KnownOut:
    """Who the citizen is, or who they may be."""
    return of_people(contact, contacts.chosen_for(contact.pk), contacts.citizens_of(contact.caller))


def of_people(
    contact: contacts.Contact, chosen: contacts.Citizen | None, by_number: list[contacts.Citizen]
) -> KnownOut:
    """The same when it was asked for already who they are. One person alone is no choice: nothing is looked up."""
    several = by_number if len(by_number) > 1 else []
    only = by_number[0] if len(by_number) == 1 else None
    citizen = chosen or only
    return KnownOut(
        citizen=CitizenOut(id=citizen.pk, name=citizen.name) if citizen else None,
        chosen=chosen is not None,
        candidates=[_candidate(one, contact) for one in several[:_MOST]],
    )


def find(account: Account, contact: UUID, sought: str, address: str | None) -> list[CandidateOut]:
    """Citizens by a part of the name or by a whole number. Raises Http404. Written to the access log."""
    found = _writable(account, contact)
    sought = sought.strip()
    if len(sought) < _SHORTEST_SOUGHT:
        return []
    contacts.log_access(
        "citizens.searched", account=account.pk, address=address, contact=contact, detail={"sought": sought}
    )
    return [_candidate(one, found) for one in contacts.find_citizens(sought, _MOST)]


def choose(account: Account, contact: UUID, citizen: int | None, address: str | None) -> KnownOut:
    """It is this citizen; None: it is not known who it is. Raises Http404 for somebody unknown."""
    found = _writable(account, contact)
    before = contacts.citizen_of_contact(found)
    if citizen is None:
        contacts.unchoose(found)
    else:
        person = contacts.citizen(citizen)
        if person is None:
            raise Http404
        contacts.choose(found, person, account.pk)
    if contacts.citizen_of_contact(found) != before:
        lookups.void(contact)
    contacts.log_access("citizen.chosen", account=account.pk, address=address, contact=contact, citizen=citizen)
    return known(found)


def introduce(account: Account, contact: UUID, name: str, address: str | None) -> KnownOut:
    """Somebody new, known by this contact's number from now on. Raises Http404, and DeskError for an empty name."""
    found = _writable(account, contact)
    if not name.strip():
        raise DeskError(409, "no_name", _("Write a name."))
    with transaction.atomic():
        before = contacts.citizen_of_contact(found)
        person = contacts.introduce(found, name.strip(), account.pk)
        if person != before:
            lookups.void(contact)
        contacts.log_access("citizen.changed", account=account.pk, address=address, contact=contact, citizen=person.pk)
    return known(found)


def _candidate(citizen: contacts.Citizen, contact: contacts.Contact) -> CandidateOut:
    last = contacts.latest_sure(citizen, contact)
    return CandidateOut(
        id=citizen.pk,
        name=citizen.name,
        numbers=sorted(contacts.masked(number) for number in contacts.numbers_of(citizen)),
        last_at=last.arrived_at if last else None,
        last_topic=last.topic if last else "",
    )


def _writable(account: Account, contact: UUID) -> contacts.Contact:
    found = contacts.opened(account, contact)
    if found is None or not contacts.may_write(account, contact):
        raise Http404
    return found
