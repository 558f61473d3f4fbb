"""Contacts as the engine's projector leaves them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.contacts.models import Contact, Segment


def add_contact(agent: Account | None, *, ago: timedelta = timedelta(minutes=5), **values: Any) -> Contact:
    """An ended contact that `agent` answered after 10 s and talked on for 100 s."""
    arrived = timezone.now() - ago
    answered = arrived + timedelta(seconds=10) if agent else None
    row = {
        "id": uuid4(),
        "channel": "voice",
        "state": "ended",
        "outcome": "answered" if agent else "abandoned",
        "ended_by": "citizen",
        "called": "+82200000120",
        "caller": "+821000000001",
        "queue": "tax",
        "arrived_at": arrived,
        "queued_at": arrived,
        "answered_at": answered,
        "ended_at": arrived + timedelta(seconds=110),
        "agent": agent,
        "seq": 1,
        **values,
    }
    if row["state"] != "ended":
        row.update(outcome=None, ended_by=None, ended_at=None)
    contact = Contact.objects.create(**row)
    if agent is not None and answered is not None:
        Segment.objects.create(
            contact=contact.pk,
            number=1,
            agent=agent,
            queue="tax",
            offer=f"{contact.pk}.1",
            started_at=answered,
            ended_at=contact.ended_at,
            ended_by="citizen",
            seq=1,
        )
    return contact
