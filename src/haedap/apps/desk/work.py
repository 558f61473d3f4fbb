"""What the desk's operations do with the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.accounts.api import Account
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.desk import citizens
from haedap.apps.desk.errors import DeskError
from haedap.apps.desk.schemas import ContactOut, EarlierOut, NoteOut, Saved, TodayRow
from haedap.clock import centre_time
from haedap.domain.states import AgentState

_ROW = (
    "id", "channel", "state", "outcome", "ended_by", "called", "caller", "caller_text", "caller_name", "withheld",
    "flow", "queue", "priority", "arrived_at", "queued_at", "offered_at", "answered_at", "ended_at", "segments",
    "hold_seconds", "held", "muted", "recording_paused", "recorded", "direction", "promise", "resumes",
    "seq",
)  # fmt: skip


_HISTORY = 20
"""Earlier contacts that the desk shows; the latest three stand in the head line."""


def check_reason(key: str) -> None:
    """Raises DeskError unless agents may choose the reason `key`."""
    if key not in {reason.key for reason in centre.away_reasons()}:
        raise DeskError(409, "unknown_reason", _("This reason is not on the list. Choose another one."))


def show(account: Account, contact: UUID, address: str | None) -> ContactOut:
    """The contact with all that its agent asks first. Raises Http404 when it is not theirs to see."""
    found = contacts.opened(account, contact)
    if found is None:
        raise Http404
    chosen, by_number = contacts.chosen_for(contact), contacts.citizens_of(found.caller)
    known = citizens.of_people(found, chosen, by_number)
    citizen = chosen or (by_number[0] if len(by_number) == 1 else None)
    note = contacts.note_of(contact)
    contacts.log_access(
        "contact.viewed",
        account=account.pk,
        address=address,
        contact=contact,
        citizen=citizen.pk if citizen else None,
        detail={"at": "desk"},
    )
    row: dict[str, Any] = {name: getattr(found, name) for name in _ROW}
    earlier = contacts.history_before(found, citizen, _HISTORY + 1)
    return ContactOut(
        contact={**row, "agent": found.agent_id},
        citizen=known.citizen,
        known=known,
        history=[EarlierOut.from_orm(each) for each in earlier[:_HISTORY]],
        history_goes_on=len(earlier) > _HISTORY,
        note=NoteOut(text=note.text, version=note.version, topic=note.topic_id, disposition=note.disposition_id),
    )


def usual_topics(account: Account, contact: UUID) -> list[int]:
    """What contacts like this one mostly were about. Raises Http404 when it is not theirs to see."""
    found = contacts.opened(account, contact)
    if found is None:
        raise Http404
    return contacts.usual_topics(found.queue, account.pk)


def save_note(account: Account, contact: UUID, text: str, version: int) -> Saved:
    """What is kept now. Raises Http404, or DeskError 409 with the text that stands now."""
    found = _writable(account, contact)
    try:
        note = contacts.save_note(found, text, version, account.pk)
        return Saved(version=note.version, text=note.text if note.text != text else None)
    except contacts.NoteChangedMeanwhileError as error:
        message = _("The note was changed in another window. Compare the two texts and save again.")
        now = error.note
        raise DeskError(409, "note_changed", message, text=now.text, version=now.version, sent=error.sent) from error


def set_topic(account: Account, contact: UUID, topic: int | None) -> None:
    """Raises Http404 for an unknown contact or topic."""
    contacts.set_topic(_writable(account, contact), contacts.topic(topic), account.pk)


def set_disposition(account: Account, contact: UUID, disposition: str | None) -> None:
    """Raises Http404 for an unknown contact or disposition."""
    contacts.set_disposition(_writable(account, contact), contacts.disposition(disposition), account.pk)


def in_wrap_up_when_complete(account: Account, contact: UUID) -> bool:
    """Whether the agent is wrapping up this contact now.

    Raises DeskError when topic or disposition are missing or the citizen is still on the line.
    """
    _writable(account, contact)
    note = contacts.note_of(contact)
    if note.topic_id is None or note.disposition_id is None:
        raise DeskError(409, "incomplete", _("Choose topic and disposition first."))
    duty = contacts.duty_of(account.pk)
    if duty.contact == contact and duty.state == AgentState.ENGAGED:
        raise DeskError(409, "engaged", _("The citizen is still on the line. End the call first."))
    return duty.contact == contact and duty.state == AgentState.WRAP_UP


def today(agent: int) -> list[TodayRow]:
    """The agent's contacts since the centre's midnight, latest first."""
    return [TodayRow(**row) for row in contacts.contacts_of_agent(agent, since=_midnight())]


def _midnight() -> datetime:
    return timezone.localtime(centre_time()).replace(hour=0, minute=0, second=0, microsecond=0)


def _writable(account: Account, contact: UUID) -> Any:
    found = contacts.opened(account, contact)
    if found is None or not contacts.may_write(account, contact):
        raise Http404
    return found
