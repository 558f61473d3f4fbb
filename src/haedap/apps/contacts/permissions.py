"""Whose contacts somebody may see.

Supervisors and administrators: all. An agent: every contact they had a part in, the contact that is with them now
(ringing, talking, wrapping up), and earlier contacts of the citizen who is with them now.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from haedap.apps.accounts.models import Account
from haedap.apps.contacts.models import AgentStatus, Contact, Segment


def visible(account: Account) -> QuerySet[Contact]:
    """The contacts that `account` may open."""
    if account.is_supervisor:
        return Contact.objects.all()
    mine = Exists(Segment.objects.filter(contact=OuterRef("pk"), agent=account.pk))
    here = contact_with(account.pk)
    may = Q(mine) | Q(agent=account.pk)
    if here is not None:
        may |= Q(pk=here.pk)
        if here.caller:
            may |= Q(caller=here.caller)
    return Contact.objects.filter(may)


def listed(account: Account) -> QuerySet[Contact]:
    """What the list shows: of what is `visible` all that has an index, so that a long list stays quick.

    Not in an agent's list, but visible by its address, is a contact that somebody else had last.
    """
    if account.is_supervisor:
        return Contact.objects.all()
    here = contact_with(account.pk)
    if here is None or not here.caller:
        return Contact.objects.filter(agent=account.pk)
    return Contact.objects.filter(Q(agent=account.pk) | Q(caller=here.caller))


def contact_with(agent: int) -> Contact | None:
    """The contact that is with the agent now."""
    status = AgentStatus.objects.filter(pk=agent).only("contact").first()
    return Contact.objects.filter(pk=status.contact).first() if status and status.contact else None


def may_write(account: Account, contact: UUID) -> bool:
    """Whether `account` may write the note: the agents who had the contact, and supervisors."""
    if account.is_supervisor:
        return True
    if Segment.objects.filter(contact=contact, agent=account.pk).exists():
        return True
    return AgentStatus.objects.filter(pk=account.pk, contact=contact).exists()
