"""What other apps may ask of the record, and of the lists of topics and dispositions.

The classes are offered as types and to be read. The tables of the record are the engine's, and what agents add to it
is written here alone; topics and dispositions are edited in the centre's settings, by the rules of `topic_tree`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Max, Min, Q
from django.http import Http404
from django.utils import timezone

from haedap.apps.contacts.citizens import (
    choose,
    chosen_for,
    citizen,
    citizen_of,
    citizen_of_contact,
    citizens_of,
    find_citizens,
    introduce,
    names_by_contact,
    names_by_number,
    numbers_of,
    unchoose,
)
from haedap.apps.contacts.districts import districts
from haedap.apps.contacts.history import (
    Earlier,
    first_line,
    history_before,
    history_of,
    latest_sure,
    notes_by_contact,
)
from haedap.apps.contacts.models import (
    AccessLog,
    AgentStatus,
    CallbackPromise,
    Citizen,
    Contact,
    ContactNote,
    Disposition,
    PromiseAttempt,
    ProtectionStep,
    Segment,
    Supervision,
    Topic,
)
from haedap.apps.contacts.notes import (
    NoteChangedMeanwhileError,
    away_reason_is_used,
    closed_notes,
    disposition_is_used,
    latest_of_topic,
    note_of,
    notes_between,
    save_note,
    set_disposition,
    set_topic,
    topic_path,
    topics_chosen,
)
from haedap.apps.contacts.numbers import dialled, masked, to_e164, why_none, with_extension
from haedap.apps.contacts.outside import Passed, officers_reached, passed_outside, promised_outside
from haedap.apps.contacts.permissions import may_write, opened, promised_by, promises_of, queues_of, visible
from haedap.apps.contacts.promises import joined_in, owed_to, promise, promise_now
from haedap.apps.contacts.timeline import keys_pressed
from haedap.apps.contacts.topics import TopicNode, topic_paths, topic_tree, usual_topics
from haedap.domain.states import AgentState, ContactState

__all__ = [
    "CallbackPromise",
    "Citizen",
    "Colleague",
    "Contact",
    "ContactNote",
    "Disposition",
    "Duty",
    "Earlier",
    "NoteChangedMeanwhileError",
    "Passed",
    "PromiseAttempt",
    "ProtectionStep",
    "Supervision",
    "Topic",
    "TopicNode",
    "away_reason_is_used",
    "choose",
    "chosen_for",
    "citizen",
    "citizen_of",
    "citizen_of_contact",
    "citizens_of",
    "closed_notes",
    "contacts_of_agent",
    "dialled",
    "disposition",
    "disposition_is_used",
    "dispositions",
    "districts",
    "duties",
    "duty_of",
    "find_citizens",
    "first_and_last_day",
    "first_line",
    "history_before",
    "history_of",
    "in_hand",
    "introduce",
    "joined_in",
    "keys_pressed",
    "latest_of_topic",
    "latest_sure",
    "log_access",
    "masked",
    "may_write",
    "names_by_number",
    "note_of",
    "notes_between",
    "notes_by_contact",
    "numbers_of",
    "officers_reached",
    "opened",
    "owed_to",
    "passed_outside",
    "promise",
    "promise_now",
    "promised_by",
    "promised_outside",
    "promises_of",
    "queues_of",
    "save_note",
    "set_disposition",
    "set_topic",
    "to_e164",
    "topic",
    "topic_path",
    "topic_paths",
    "topic_tree",
    "topics_chosen",
    "unchoose",
    "usual_topics",
    "visible",
    "waiting_by_queue",
    "why_none",
    "with_extension",
]

_ON_DUTY = frozenset({AgentState.AVAILABLE, AgentState.OFFERED, AgentState.ENGAGED, AgentState.WRAP_UP})


@dataclass(frozen=True, slots=True)
class Duty:
    """What an agent is doing; `since` is None for who was never signed in."""

    state: str
    since: datetime | None
    contact: UUID | None = None

    @property
    def on_duty(self) -> bool:
        """Whether contacts can come or one is being worked on."""
        return self.state in _ON_DUTY


def duty_of(agent: int) -> Duty:
    """The agent's state as the record has it."""
    status = AgentStatus.objects.filter(pk=agent).first()
    return Duty(status.state, status.since, status.contact) if status else Duty(AgentState.SIGNED_OUT, None)


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent on duty, as the record has it."""

    agent: int
    name: str
    state: str
    reason: str
    since: datetime
    reachable: bool


def duties() -> list[Colleague]:
    """Everybody who is on duty, away included."""
    rows = AgentStatus.objects.exclude(state=AgentState.SIGNED_OUT).select_related("agent")
    return [Colleague(row.agent_id, row.agent.name, row.state, row.reason, row.since, row.reachable) for row in rows]


def in_hand() -> set[UUID]:
    """The contacts that are not over, and those that an agent still works on."""
    live = set(Contact.objects.exclude(state=ContactState.ENDED).values_list("pk", flat=True))
    return live | {held for held in AgentStatus.objects.values_list("contact", flat=True) if held}


def waiting_by_queue() -> dict[str, int]:
    """How many wait now, by queue."""
    live = Contact.objects.filter(state__in=[ContactState.WAITING, ContactState.OFFERED])
    counted = live.values("queue").annotate(waiting=Count("pk"))
    return {row["queue"]: row["waiting"] for row in counted if row["queue"] is not None}


def first_and_last_day(agent: int | None = None) -> tuple[date | None, date | None]:
    """On which days in Seoul the first and the last contact, of this agent's, arrived; none without any."""
    of_agent = Q() if agent is None else Q(agent=agent)
    found = Contact.objects.filter(of_agent).aggregate(first=Min("arrived_at"), last=Max("arrived_at"))
    first, last = (found[key] and timezone.localdate(found[key]) for key in ("first", "last"))
    return first, last


def log_access(
    action: str,
    *,
    account: int | None,
    address: str | None,
    contact: UUID | None = None,
    citizen: int | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Append one row to the access log. `action` is `subject.verb`, see docs/reference/access-log.md."""
    AccessLog.objects.create(
        action=action,
        account_id=account,
        from_address=address,
        contact=contact,
        citizen=citizen,
        reason=reason,
        detail=detail or {},
    )


def topic(key: int | None) -> Topic | None:
    """The topic in use with this id; None for None. Raises Http404."""
    return None if key is None else _found(Topic.objects.filter(pk=key, active=True).first())


def dispositions() -> list[Disposition]:
    """Those in use, in the centre's order."""
    return list(Disposition.objects.filter(active=True))


def disposition(key: str | None) -> Disposition | None:
    """The disposition in use with this key; None for None. Raises Http404."""
    return None if key is None else _found(Disposition.objects.filter(pk=key, active=True).first())


def contacts_of_agent(agent: int, since: datetime) -> list[dict[str, Any]]:
    """The agent's contacts that have arrived since then or are still open, latest first, as rows of the desk's list."""
    current = Contact.objects.filter(Q(arrived_at__gte=since) | ~Q(state=ContactState.ENDED))
    segments = Segment.objects.filter(agent=agent, contact__in=current.values("pk")).order_by("started_at")
    seconds: dict[UUID, int | None] = {}
    for segment in segments:
        ended = segment.ended_at
        talked = round((ended - segment.started_at).total_seconds()) if ended else None
        before = seconds.get(segment.contact, 0)
        seconds[segment.contact] = None if talked is None or before is None else before + talked
    found = Contact.objects.filter(pk__in=seconds).order_by("-arrived_at", "-pk")
    notes = notes_by_contact(list(seconds))
    names = names_by_contact(found)
    return [_row_of(item, notes, names, seconds[item.pk]) for item in found]


def _row_of(item: Contact, notes: dict[UUID, Any], names: dict[UUID, str], talk_seconds: int | None) -> dict[str, Any]:
    note = notes.get(item.pk)
    return {
        "id": item.pk,
        "arrived_at": item.arrived_at,
        "caller": item.caller,
        "citizen_name": names[item.pk],
        "queue": item.queue,
        "state": item.state,
        "outcome": item.outcome,
        "talk_seconds": talk_seconds,
        "topic": topic_path(note.topic) if note else "",
        "disposition": note.disposition.name if note and note.disposition else "",
        "note_first_line": first_line(note.text) if note else "",
        "complete": bool(note and note.topic_id and note.disposition_id),
    }


_Row = TypeVar("_Row")


def _found(row: _Row | None) -> _Row:
    if row is None:
        raise Http404
    return row
