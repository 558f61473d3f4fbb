"""May this agent look this up for this contact, now? The rules of `policy`, with what the record knows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from haedap.apps.accounts.api import Account
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.desk.errors import DeskError
from haedap.apps.lookups import policy
from haedap.apps.lookups.models import Identification, Purpose, System
from haedap.apps.lookups.policy import Level, Needs, Refusal, Standing
from haedap.apps.lookups.words import REFUSALS, STATUS


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, about which contact, from where."""

    account: Account
    contact: UUID
    address: str | None


def roles_of(account: Account) -> frozenset[str]:
    """The role, and each skill as `skill:KEY`: what systems and fields are given by."""
    return frozenset({account.role, *(f"skill:{key}" for key in centre.skills_of(account.pk))})


def standing_of(asker: Asker) -> Standing:
    """Where the asker stands now, by the record."""
    duty = contacts.duty_of(asker.account.pk)
    row = Identification.objects.filter(pk=asker.contact).first()
    level = Level(row.level) if row else Level.NONE
    return Standing(duty.state, duty.contact == asker.contact, roles_of(asker.account), level)


def has_now(asker: Asker) -> bool:
    """Rule 1 alone: whether the contact is with the asker at this moment."""
    duty = contacts.duty_of(asker.account.pk)
    return duty.contact == asker.contact and duty.state in policy.LIVE


def needs_of(system: System) -> Needs:
    """What the system asks for."""
    return Needs(system.enabled, frozenset(system.roles), Level(system.level))


def caller_of(contact: UUID) -> str | None:
    """The citizen's number, E.164; None when it is withheld or not known."""
    found = contacts.Contact.objects.filter(pk=contact).only("caller", "withheld").first()
    return found.caller if found and not found.withheld else None


def citizen_id(contact: UUID) -> int | None:
    """Whose data it is, as far as the record knows."""
    found = contacts.Contact.objects.filter(pk=contact).first()
    citizen = contacts.citizen_of_contact(found) if found else None
    return citizen.pk if citizen else None


def number_on_record(contact: UUID) -> bool:
    """Whether the number of the caller, which was not withheld, belongs to one known citizen."""
    return contacts.citizen_of(caller_of(contact)) is not None


def check_live(standing: Standing) -> None:
    """Raises DeskError unless the contact is with the asker now."""
    if not standing.live:
        raise refused(Refusal.NOT_LIVE)


def check(asker: Asker, system: System) -> Standing:
    """Where the asker stands now. Raises DeskError for the first rule that is broken, after logging the refusal.

    For what asks nothing new of the system, so that no purpose is needed.
    """
    standing = standing_of(asker)
    check_standing(asker, system, standing, purpose_known=True)
    return standing


def is_purpose(key: str) -> bool:
    """Whether the list of purposes has it."""
    return Purpose.objects.filter(pk=key, active=True).exists()


def check_standing(asker: Asker, system: System, standing: Standing, *, purpose_known: bool) -> None:
    """Raises DeskError for the first rule that is broken, after writing the refusal to the access log."""
    why = policy.refusal(standing, needs_of(system), purpose_known=purpose_known)
    if why is not None:
        raise log_refusal(asker, system.pk, why)


def log_refusal(asker: Asker, system: str, why: Refusal) -> DeskError:
    """Write it to the access log; returns what to raise."""
    contacts.log_access(
        "lookup.refused",
        account=asker.account.pk,
        address=asker.address,
        contact=asker.contact,
        citizen=citizen_id(asker.contact),
        detail={"system": system, "why": why.value},
    )
    return refused(why)


def refused(why: Refusal) -> DeskError:
    """The refusal as HTTP has it."""
    return DeskError(STATUS[why], why.value, str(REFUSALS[why]))
