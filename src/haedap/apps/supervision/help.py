"""An agent calls for a supervisor. The push hub is woken, and shows it until a supervisor looks or the talk is over."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction

from haedap.apps.contacts import api as contacts
from haedap.apps.supervision.models import CallForHelp
from haedap.apps.wallboard.faults import HEALTH_CHANNEL
from haedap.clock import centre_time
from haedap.domain.states import AgentState


def call(agent: int, contact: UUID) -> bool:
    """Raise it; once more changes nothing. False when the agent does not talk to this citizen."""
    duty = contacts.duty_of(agent)
    if duty.contact != contact or duty.state != AgentState.ENGAGED:
        return False
    with transaction.atomic():
        before = CallForHelp.objects.select_for_update().filter(pk=agent).first()
        if before is None or before.contact != contact:
            CallForHelp.objects.update_or_create(pk=agent, defaults={"contact": contact, "since": centre_time()})
            _wake()
    return True


def take_back(agent: int) -> None:
    """The agent does not need anybody any more."""
    _end(CallForHelp.objects.filter(pk=agent))


def seen(contact: UUID) -> int:
    """A supervisor looks; returns how many calls that ends."""
    return _end(CallForHelp.objects.filter(contact=contact))


def forget_ended() -> int:
    """Remove the calls of talks that are over; they are not shown any more in any case. Returns how many."""
    over = [row.pk for row in CallForHelp.objects.all() if contacts.duty_of(row.pk).contact != row.contact]
    return _end(CallForHelp.objects.filter(pk__in=over)) if over else 0


def _end(rows: object) -> int:
    ended, _by_model = rows.delete()  # type: ignore[attr-defined]
    if ended:
        _wake()
    return int(ended)


def _wake() -> None:
    """Takes effect when the running transaction is committed: NOTIFY belongs to it."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {HEALTH_CHANNEL}")
