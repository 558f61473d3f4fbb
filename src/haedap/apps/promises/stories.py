"""A promise in words: who owes it, how it stands, how near its deadline is, and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from haedap.apps.accounts import api as accounts
from haedap.apps.accounts.api import Account
from haedap.apps.briefs import api as briefs
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts import listening, words
from haedap.apps.contacts.api import CallbackPromise, Contact, PromiseAttempt
from haedap.apps.contacts.citizens import names_by_number
from haedap.apps.contacts.names import Names, names_of
from haedap.apps.contacts.passing import promise_line
from haedap.apps.contacts.permissions import contact_with
from haedap.apps.promises.models import WrittenMessage
from haedap.domain.states import AttemptOutcome, PromiseState

OVERDUE = "overdue"
NEAR = "near"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, in words."""

    row: PromiseAttempt
    outcome: Any


@dataclass(frozen=True, slots=True)
class Origin:
    """The contact out of which something came, as an agent asks about it."""

    id: UUID
    arrived_at: datetime
    agent_name: str
    topic: str
    disposition: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """A promise in the list. `urgency`: OVERDUE, NEAR or empty."""

    row: CallbackPromise
    owner: str
    reason: Any
    state: Any
    citizen: str
    whole_number: bool
    last_attempt: Any
    urgency: str


def lines(account: Account, rows: list[CallbackPromise], now: datetime) -> list[Line]:
    """The rows of the list, as `account` may see them."""
    names = names_of({row.owner_agent_id for row in rows if row.owner_agent_id is not None})
    citizens = names_by_number(row.citizen for row in rows)
    last = _last_attempts([row.pk for row in rows])
    here = None if account.is_supervisor else contact_with(account.pk)
    near = _near()
    return [
        _line(
            row,
            names,
            citizen=citizens.get(row.citizen, ""),
            whole=account.is_supervisor or account.pk == row.owner_agent_id or _is_here(here, row),
            last=last.get(row.pk, ""),
            urgency=urgency(row, now, near),
        )
        for row in rows
    ]


def line_of(row: CallbackPromise, now: datetime) -> Line:
    """One promise on its own page, whose opening is logged: with the whole number."""
    names = names_of({row.owner_agent_id} if row.owner_agent_id is not None else set())
    citizen = names_by_number([row.citizen]).get(row.citizen, "")
    last = _last_attempts([row.pk]).get(row.pk, "")
    return _line(row, names, citizen=citizen, whole=True, last=last, urgency=urgency(row, now, _near()))


def urgency(row: CallbackPromise, now: datetime, near: timedelta) -> str:
    """Whether the deadline is past, or so near that supervisors were told or would be."""
    if row.state == PromiseState.ENDED:
        return ""
    if row.deadline < now:
        return OVERDUE
    return NEAR if row.escalated_at is not None or row.deadline - near <= now else ""


def attempts_of(promise: UUID) -> list[Attempt]:
    """In their order."""
    found = PromiseAttempt.objects.filter(promise=promise).order_by("pk")
    return [Attempt(row, _attempt_word(row)) for row in found]


def why_not_reached(contact: UUID) -> str:
    """In words, of the attempt that this contact was; empty: reached, not known yet, or it was none."""
    row = PromiseAttempt.objects.filter(contact=contact).exclude(outcome=AttemptOutcome.REACHED).first()
    return str(_attempt_word(row)) if row else ""


def texts_of(promise: UUID) -> list[WrittenMessage]:
    """What the citizen wrote for this promise and for those that were joined with it, the oldest first."""
    return list(WrittenMessage.objects.filter(pk__in=contacts.joined_in(promise)).order_by("written_at"))


def briefs_of(row: CallbackPromise) -> list[briefs.Brief]:
    """The briefs by which an officer was told of this promise."""
    if row.contact is None:
        return []
    return [brief for brief in briefs.of_contact(row.contact) if brief.promise == row.pk]


def origin_of(contact: UUID | None) -> Origin | None:
    """The contact before, with its note; None without one."""
    found = Contact.objects.filter(pk=contact).first() if contact else None
    if found is None:
        return None
    note = contacts.note_of(found.pk)
    agent = found.agent_id or 0
    return Origin(
        id=found.pk,
        arrived_at=found.arrived_at,
        agent_name=accounts.names({agent}).get(agent, ""),
        topic=contacts.topic_path(note.topic),
        disposition=note.disposition.name if note.disposition else "",
        note=note.text,
    )


def page_of(row: CallbackPromise, account: Account, now: datetime) -> dict[str, Any]:
    """What the page of one promise shows, for the template."""
    origin = origin_of(row.contact)
    people = accounts.names({person for person in (row.made_by_id, row.ended_by_id) if person})
    attempts = attempts_of(row.pk)
    all_contacts = [row.contact, row.kept_in, *(attempt.row.contact for attempt in attempts)]
    shown = {contact for contact in all_contacts if contact is not None}
    recording = listening.recording_of(origin.id) if origin else None
    return {
        "line": line_of(row, now),
        "promise": row,
        "attempts": attempts,
        "texts": texts_of(row.pk),
        "briefs": briefs_of(row),
        "origin": origin,
        "recording": recording,
        "recording_is_there": recording is not None and listening.file_of(recording) is not None,
        "may_open": set(contacts.visible(account).filter(pk__in=shown).values_list("pk", flat=True)),
        "made_by": people.get(row.made_by_id or 0, ""),
        "ended_by": people.get(row.ended_by_id or 0, ""),
        "is_open": row.state != PromiseState.ENDED,
    }


def _line(row: CallbackPromise, names: Names, *, citizen: str, whole: bool, last: Any, urgency: str) -> Line:
    said = promise_line(row, names)
    return Line(row, said.owner, said.reason, said.state, citizen, whole, last, urgency)


def _is_here(here: Contact | None, row: CallbackPromise) -> bool:
    return here is not None and here.caller == row.citizen


def _last_attempts(promises: list[UUID]) -> dict[UUID, Any]:
    rows = PromiseAttempt.objects.filter(promise__in=promises).order_by("promise", "-pk").distinct("promise")
    return {row.promise: _attempt_word(row) for row in rows}


def _attempt_word(row: PromiseAttempt) -> Any:
    return words.ATTEMPT_OUTCOMES[AttemptOutcome(row.outcome)] if row.outcome else ""


def _near() -> timedelta:
    return timedelta(minutes=centre.settings().callback_escalate_minutes)
