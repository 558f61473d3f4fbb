"""What supervisors do to talks, agents and those who wait. Nothing goes to the engine before the access log has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.apps.accounts.api import Account
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.api import Contact, Supervision
from haedap.apps.desk import commands
from haedap.apps.desk.errors import DeskError
from haedap.apps.supervision import help as calls_for_help
from haedap.domain.states import AgentState, ContactState

_REFUSALS: Mapping[str, str | Promise] = {
    "not_engaged": gettext_lazy("Nobody talks with this citizen at the moment."),
    "citizen_called": gettext_lazy("The citizen has not answered yet."),
    "supervised": gettext_lazy("Another supervisor takes part in this talk already."),
    "supervising": gettext_lazy("You take part in another talk. Stop that first."),
    "talking": gettext_lazy("You have a citizen on the line yourself. End that call first."),
    "not_waiting": gettext_lazy("This citizen does not wait any more."),
    "unknown_contact": gettext_lazy("This contact is over."),
    "unknown_target": gettext_lazy("This agent or queue is not there any more. Load the page anew."),
    "target_signed_out": gettext_lazy("This agent is off duty already."),
    "malformed": gettext_lazy("Being away needs a reason of the list, and only that."),
}


async def supervise(account: Account, address: str | None, contact: UUID, mode: str, reason: str) -> None:
    """Take part in a talk, or change how. Raises DeskError."""
    row = await _talk(account, contact)
    await _log("supervision.started", account, address, contact, reason, mode=mode, agent=row.agent_id)
    await _run("supervise", account, contact=str(contact), mode=mode)
    await sync_to_async(calls_for_help.seen)(contact)


async def stop(account: Account, address: str | None, contact: UUID) -> None:
    """Take part no more. Raises DeskError."""
    await _log("supervision.ended", account, address, contact, "")
    await _run("supervise", account, contact=str(contact), mode=None)


async def take_over(account: Account, address: str | None, contact: UUID, reason: str) -> None:
    """From now on the supervisor has the citizen. Raises DeskError."""
    row = await _talk(account, contact)
    await _log("supervision.took_over", account, address, contact, reason, agent=row.agent_id)
    await _run("take_over", account, contact=str(contact))
    await sync_to_async(calls_for_help.seen)(contact)


async def force(account: Account, address: str | None, agent: int, state: str, reason: str) -> None:
    """Set an agent's state; in mid-call it waits. Raises DeskError."""
    await sync_to_async(_check_reason)(state, reason)
    await _log("agent.forced", account, address, None, "", agent=agent, state=state, away=reason)
    await _run("force_state", account, agent=agent, state=state, reason=reason)


async def move(account: Account, address: str | None, contact: UUID, queue: str) -> None:
    """Have a waiting citizen wait in another queue. Raises Http404 and DeskError."""
    row = await Contact.objects.filter(pk=contact).afirst()
    if row is None:
        raise Http404
    if row.state != ContactState.WAITING:
        raise _refusal("not_waiting")
    if row.queue == queue:
        raise DeskError(409, "same_queue", _("This citizen waits in that queue already."))
    await _log("contact.moved", account, address, contact, "", before=row.queue, queue=queue)
    await _run("move_contact", account, contact=str(contact), queue=queue)


async def _talk(account: Account, contact: UUID) -> Contact:
    """The contact, when `account` may take part in its talk. Raises Http404 and DeskError."""
    row = await Contact.objects.filter(pk=contact).afirst()
    if row is None:
        raise Http404
    if row.state != ContactState.ENGAGED:
        raise _refusal("not_engaged")
    watches = Supervision.objects.filter(ended_at=None)
    if await watches.filter(contact=contact).exclude(supervisor=account.pk).aexists():
        raise _refusal("supervised")
    if await watches.filter(supervisor=account.pk).exclude(contact=contact).aexists():
        raise _refusal("supervising")
    duty = await sync_to_async(contacts.duty_of)(account.pk)
    if duty.state in {AgentState.OFFERED, AgentState.ENGAGED}:
        raise _refusal("talking")
    return row


def _refusal(code: str) -> DeskError:
    return DeskError(409, code, str(_REFUSALS[code]))


def _check_reason(state: str, reason: str) -> None:
    if (state == AgentState.AWAY) != bool(reason):
        raise _refusal("malformed")
    if reason and reason not in {each.key for each in centre.away_reasons()}:
        raise DeskError(409, "unknown_reason", _("This reason is not on the list. Choose another one."))


async def _run(name: str, account: Account, **data: Any) -> None:
    """As `commands.run`, with the words that a supervisor understands."""
    try:
        await commands.run(name, account.pk, **data)
    except DeskError as error:
        if error.code not in _REFUSALS:
            raise
        raise DeskError(error.status, error.code, str(_REFUSALS[error.code])) from error


async def _log(
    action: str, account: Account, address: str | None, contact: UUID | None, reason: str, **detail: object
) -> None:
    await sync_to_async(contacts.log_access)(
        action, account=account.pk, address=address, contact=contact, reason=reason, detail=detail
    )
