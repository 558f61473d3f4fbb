"""What the page of a contact says beyond the talk: transfers, promised callbacks, and the contacts it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from haedap.apps.contacts import words
from haedap.apps.contacts.models import CallbackPromise, Contact, Transfer
from haedap.apps.contacts.names import Names
from haedap.domain.ids import AgentId, OfficerId, QueueKey
from haedap.domain.targets import Owner, Target, ToAgent, ToOutside, ToQueue


@dataclass(frozen=True, slots=True)
class TransferLine:
    """A transfer in words."""

    row: Transfer
    mode: Any
    agent: str
    target: str
    outcome: Any


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise in words."""

    row: CallbackPromise
    owner: str
    reason: Any
    state: Any


def passing_of(contact: Contact, names: Names) -> dict[str, Any]:
    """For the template: `transfers`, `promises`, `resumed_by`."""
    transfers = Transfer.objects.filter(contact=contact.pk).order_by("number")
    return {
        "transfers": [_transfer_line(row, names) for row in transfers],
        "promises": [promise_line(row, names) for row in _promises_of(contact)],
        "resumed_by": Contact.objects.filter(resumes=contact.pk).values_list("pk", flat=True).first(),
    }


def promise_line(row: CallbackPromise, names: Names) -> PromiseLine:
    """The promise in words: who owes it, why, and how it stands."""
    state = words.PROMISE_OUTCOMES[row.outcome] if row.outcome else words.PROMISE_STATES[row.state]  # type: ignore[index]
    owner = aimed(
        row.owner_kind, row.owner_agent_id, row.owner_queue, row.owner_number, row.owner_officer, row.owner_name
    )
    return PromiseLine(row, names.target(owner), words.PROMISE_REASONS[row.reason], state)  # type: ignore[index]


def aimed(
    kind: str, agent: int | None, queue: str | None, number: str | None, officer: int | None, name: str
) -> Target | Owner:
    """The target or owner that stands in the columns of a row."""
    if kind == "agent":
        return ToAgent(AgentId(agent or 0))
    if kind == "queue":
        return ToQueue(QueueKey(queue or ""))
    return ToOutside(number or "", OfficerId(officer) if officer is not None else None, name)


def people_of(contact: Contact) -> set[int]:
    """The colleagues who stand in these lines."""
    transfers = Transfer.objects.filter(contact=contact.pk)
    promises = _promises_of(contact)
    found = [person for row in transfers for person in (row.agent_id, row.target_agent_id)]
    return {person for person in [*found, *(row.owner_agent_id for row in promises)] if person}


def _promises_of(contact: Contact) -> list[CallbackPromise]:
    """Those that were made in it, and the one that it is to keep."""
    made = CallbackPromise.objects.filter(contact=contact.pk).order_by("made_at")
    kept = CallbackPromise.objects.filter(pk=contact.promise) if contact.promise else []
    return [*made, *kept]


def _transfer_line(row: Transfer, names: Names) -> TransferLine:
    target = aimed(
        row.target_kind, row.target_agent_id, row.target_queue, row.target_number, row.target_officer, row.target_name
    )
    return TransferLine(
        row=row,
        mode=words.TRANSFER_MODES[row.mode],  # type: ignore[index]
        agent=names.person(row.agent_id),
        target=names.target(target),
        outcome=words.TRANSFER_OUTCOMES[row.outcome] if row.outcome else "",  # type: ignore[index]
    )
