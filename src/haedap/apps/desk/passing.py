"""Passing a citizen on: whom the desk's words mean, the brief that goes with it, and the engine's command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from asgiref.sync import sync_to_async
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.accounts.api import Account
from haedap.apps.briefs import api as briefs
from haedap.apps.contacts import api as contacts
from haedap.apps.desk import commands
from haedap.apps.desk.errors import DeskError, no_telephone_number
from haedap.apps.desk.passing_schemas import (
    AgentIn,
    DepartmentIn,
    DraftOut,
    NumberIn,
    OfficerIn,
    PassedOut,
    PromiseIn,
    QueueIn,
    TargetIn,
    TransferIn,
)
from haedap.apps.offices import api as offices
from haedap.domain.ids import AgentId, OfficerId, QueueKey
from haedap.domain.states import PromiseReason
from haedap.domain.targets import Target, ToAgent, ToOutside, ToQueue
from haedap.flows.terms import deadline as deadline_of

_LONGEST_EXTENSION = 8


@dataclass(frozen=True, slots=True)
class _Meant:
    """Whom a target means: for the engine, in words, and where messages reach them."""

    target: Target
    name: str = ""
    addresses: Mapping[briefs.Way, str] = field(default_factory=dict)


async def transfer(account: Account, body: TransferIn) -> PassedOut:
    """Raises Http404, or DeskError for a target that cannot be reached and for what the engine refuses."""
    contact = await sync_to_async(_of)(account, body.contact)
    meant = await sync_to_async(_meant)(body.target)
    brief = await sync_to_async(_brief)(account, contact, meant, body.brief)
    spoken = await sync_to_async(briefs.announcement)(brief) if brief and body.announce else ""
    data = {"contact": str(body.contact), "mode": body.mode.value, "target": msgspec.to_builtins(meant.target)}
    await _tell(brief, "transfer", account, **data, brief=str(brief.pk) if brief else "", announcement=spoken)
    return await sync_to_async(_passed)(brief, meant.addresses if body.send else {})


async def promise(account: Account, body: PromiseIn) -> PassedOut:
    """An officer, a queue or a colleague owes the citizen a call. Raises as `transfer` does."""
    contact = await sync_to_async(_of)(account, body.contact)
    citizen = _number_of_citizen(body.citizen, contact)
    meant = await sync_to_async(_meant)(body.owner)
    brief = await sync_to_async(_brief)(account, contact, meant, body.brief)
    key = uuid4()
    await _tell(
        brief,
        "promise",
        account,
        promise=str(key),
        citizen=citizen,
        owner=msgspec.to_builtins(meant.target),
        reason=PromiseReason.OFFICER if isinstance(meant.target, ToOutside) else PromiseReason.AGENT,
        due_at=_iso(body.due_at),
        deadline=_iso(body.deadline or (deadline_of(body.term, timezone.now()) if body.term else None)),
        contact=str(body.contact),
    )
    if brief is not None:
        await sync_to_async(briefs.set_promise)(brief.pk, key)
    return await sync_to_async(_passed)(brief, meant.addresses if body.send else {})


def draft(account: Account, contact: UUID) -> DraftOut:
    """The brief as the note and the topic stand. Raises Http404."""
    found = _of(account, contact)
    topic = contacts.topic_path(contacts.note_of(contact).topic)
    return DraftOut(text=briefs.draft(found), topic=topic, spoken=briefs.announcement_about(topic))


def _of(account: Account, contact: UUID) -> Any:
    found = contacts.opened(account, contact)
    if found is None or not contacts.may_write(account, contact):
        raise Http404
    return found


def _number_of_citizen(typed: str | None, contact: Any) -> str:
    """As it was typed; else the caller's. Raises DeskError."""
    number = contacts.to_e164(typed) if typed else contact.caller
    if number:
        return str(number)
    if typed:
        raise no_telephone_number(typed)
    raise DeskError(422, "no_number", _("There is no number to call back. Ask the citizen for one."))


def _meant(target: TargetIn) -> _Meant:
    match target:
        case AgentIn():
            return _Meant(ToAgent(AgentId(target.agent)))
        case QueueIn():
            return _Meant(ToQueue(QueueKey(target.queue)))
        case OfficerIn():
            return _officer(target)
        case DepartmentIn():
            return _department(target)
        case NumberIn():
            return _number(target)


def _officer(target: OfficerIn) -> _Meant:
    card = offices.officer_card(target.officer)
    answering = offices.who_answers(target.officer, timezone.now())
    if card is None or answering is None:
        raise Http404
    if target.exactly:
        who, number = card, card.extension or card.telephone
    else:
        who, number = answering.officer or card, answering.extension or answering.telephone
    if not number:
        raise DeskError(422, "no_number", _("No number is known for this officer. Choose the department."))
    name = " ".join(part for part in (who.department.name, who.name, who.title) if part)
    addresses = {briefs.Way.MAIL: who.email, briefs.Way.MESSENGER: who.messenger}
    return _Meant(ToOutside(number, OfficerId(who.id), name[:100]), name, addresses)


def _department(target: DepartmentIn) -> _Meant:
    card = offices.department_card(target.department)
    if card is None:
        raise Http404
    if not card.telephone:
        raise DeskError(422, "no_number", _("No number is known for this department."))
    return _Meant(ToOutside(card.telephone, None, card.name[:100]), card.name)


def _number(target: NumberIn) -> _Meant:
    digits = target.number.replace("-", "").replace(" ", "")
    extension = digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_EXTENSION and digits[0] != "0"
    number = digits if extension else contacts.to_e164(target.number)
    if not number:
        raise no_telephone_number(target.number)
    return _Meant(ToOutside(number, None, target.number), target.number)


def _brief(account: Account, contact: Any, meant: _Meant, text: str | None) -> briefs.Brief | None:
    """Only for whom cannot see the desk."""
    if text is None or not isinstance(meant.target, ToOutside):
        return None
    return briefs.write(contact, author=account.pk, receiver=meant.name, text=text, officer=meant.target.officer)


async def _tell(brief: briefs.Brief | None, name: str, account: Account, /, **data: object) -> None:
    """Have the engine do it; a brief of what was refused is closed again."""
    try:
        await commands.run(name, account.pk, **data)
    except DeskError:
        if brief is not None:
            await sync_to_async(briefs.revoke)(brief.pk)
        raise


def _passed(brief: briefs.Brief | None, addresses: Mapping[briefs.Way, str]) -> PassedOut:
    """The engine has done it: now the link may go out."""
    if brief is None:
        return PassedOut()
    return PassedOut(brief=briefs.address_of(brief.pk), sent=briefs.send(brief, addresses))


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
