"""Whose contacts somebody may see.

Supervisors and administrators: all. An agent: every contact they had a part in, the contact that is with them now
(ringing, talking, wrapping up), earlier contacts of the citizen who is with them now, and those out of which a call was
promised that they or one of their queues still owe.

Promises: an agent sees and acts upon their own and those of the queues whose skill they have.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from haedap.apps.accounts.api import Account
from haedap.apps.centre import api as centre
from haedap.apps.contacts.citizens import citizen_of_contact, family, numbers_of
from haedap.apps.contacts.models import AgentStatus, CallbackPromise, Citizen, Contact, ContactCitizen, Segment
from haedap.domain.states import PromiseState


def visible(account: Account) -> QuerySet[Contact]:
    """The contacts that `account` may open."""
    if account.is_supervisor:
        return Contact.objects.all()
    mine = Exists(Segment.objects.filter(contact=OuterRef("pk"), agent=account.pk))
    here = contact_with(account.pk)
    owed = promises_of(account).filter(contact=OuterRef("pk")).exclude(state=PromiseState.ENDED)
    may = Q(mine) | Q(agent=account.pk) | Q(Exists(owed))
    if here is not None:
        may |= Q(pk=here.pk) | of_citizen(here)
    return Contact.objects.filter(may)


def opened(account: Account, contact: UUID) -> Contact | None:
    """The contact, when `account` may open it.

    The one that is with an agent now is asked for most, and found at once.
    """
    if not account.is_supervisor:
        here = contact_with(account.pk)
        if here is not None and here.pk == contact:
            return here
    return visible(account).filter(pk=contact).first()


def listed(account: Account) -> QuerySet[Contact]:
    """What the list shows: of what is `visible` all that has an index, so that a long list stays quick.

    Not in an agent's list, but visible by its address, is a contact that somebody else had last.
    """
    if account.is_supervisor:
        return Contact.objects.all()
    here = contact_with(account.pk)
    mine = Q(agent=account.pk)
    return Contact.objects.filter(mine if here is None else mine | of_citizen(here))


def contact_with(agent: int) -> Contact | None:
    """The contact that is with the agent now."""
    return Contact.objects.filter(pk__in=AgentStatus.objects.filter(pk=agent).values("contact")).first()


def of_citizen(here: Contact) -> Q:
    """The contacts of who is on this one: from its number and, when it is known who it is, from all of theirs.

    What somebody else who has the number asked is theirs alone, once it is known who is on the line.
    """
    citizen = citizen_of_contact(here)
    numbers = _numbers(here, citizen)
    return Q(caller__in=numbers) if citizen is None else of_person(citizen, numbers)


def of_person(citizen: Citizen, numbers: set[str]) -> Q:
    """The contacts that are said to be this citizen's, and those from these numbers that are not another's."""
    own = family(citizen)
    said = ContactCitizen.objects.filter(citizen__in=own).values_list("contact", flat=True)
    others = ContactCitizen.objects.filter(contact=OuterRef("pk")).exclude(citizen__in=own)
    return (Q(caller__in=numbers) & ~Q(Exists(others))) | Q(pk__in=list(said))


def numbers_on_line(here: Contact) -> set[str]:
    """The numbers of who is on this contact."""
    return _numbers(here, citizen_of_contact(here))


def _numbers(here: Contact, citizen: Citizen | None) -> set[str]:
    return ({here.caller} if here.caller else set()) | (numbers_of(citizen) if citizen is not None else set())


def may_write(account: Account, contact: UUID) -> bool:
    """Whether `account` may write the note: the agents who had the contact, and supervisors."""
    if account.is_supervisor:
        return True
    if Segment.objects.filter(contact=contact, agent=account.pk).exists():
        return True
    return AgentStatus.objects.filter(pk=account.pk, contact=contact).exists()


def promises_of(account: Account) -> QuerySet[CallbackPromise]:
    """The promises that `account` may see and act upon."""
    if account.is_supervisor:
        return CallbackPromise.objects.all()
    return CallbackPromise.objects.filter(promised_by(account.pk) | Q(owner_queue__in=queues_of(account.pk)))


def promised_by(agent: int) -> Q:
    """The agent's own: those that they owe, and officers' that they made."""
    return Q(owner_agent=agent) | Q(made_by=agent, owner_kind="outside")


def queues_of(agent: int) -> list[str]:
    """The keys of the queues that the agent serves."""
    skills = centre.skills_of(agent)
    return [key for key, skill in centre.queue_skills().items() if skill in skills]
