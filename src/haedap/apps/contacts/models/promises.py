"""Read models beside the contact: its transfers, its protection and supervision, and the promises of calls.

Written by the engine alone, without constraints: see `record`.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from haedap.apps.contacts.models.record import loose_agent


class Transfer(models.Model):
    """호전환: an agent passed the citizen on, or first consulted whom they would pass them on to."""

    id = models.BigAutoField(primary_key=True)
    contact = models.UUIDField()
    number = models.PositiveIntegerField()
    segment = models.PositiveIntegerField()
    agent = loose_agent()
    mode = models.CharField(max_length=16)
    target_kind = models.CharField(max_length=16)
    target_agent = loose_agent("target_agent", null=True)
    target_queue = models.CharField(max_length=40, null=True)
    target_number = models.CharField(max_length=20, null=True)
    target_officer = models.IntegerField(null=True)
    target_name = models.CharField(max_length=100, default="", db_default="")
    brief = models.CharField(max_length=64, default="", db_default="")
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, null=True)
    returned_at = models.DateTimeField(null=True)
    citizen = models.BooleanField(default=False, db_default=False)
    consulted = models.BooleanField(default=False, db_default=False)
    seq = models.BigIntegerField()

    class Meta:
        db_table = "transfer"
        indexes: ClassVar = [
            models.Index("started_at", name="transfer_started"),
            models.Index("agent", "started_at", name="transfer_agent"),
            models.Index("seq", name="transfer_seq"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["contact", "number"], name="transfer_once")]

    def __str__(self) -> str:
        return f"{self.contact} {self.number}"


class ProtectionStep(models.Model):
    """폭언 대응: a step that an agent took against abuse."""

    id = models.BigAutoField(primary_key=True)
    contact = models.UUIDField()
    segment = models.PositiveIntegerField()
    agent = loose_agent()
    step = models.CharField(max_length=16)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "protection_step"
        indexes: ClassVar = [
            models.Index("contact", "id", name="protection_step_contact"),
            models.Index("at", name="protection_step_at"),
        ]

    def __str__(self) -> str:
        return f"{self.contact} {self.step}"


class Supervision(models.Model):
    """듣기 · 귓속말 · 끼어들기: a supervisor took part in a talk, in one way."""

    id = models.BigAutoField(primary_key=True)
    contact = models.UUIDField()
    segment = models.PositiveIntegerField()
    supervisor = loose_agent("supervisor")
    mode = models.CharField(max_length=16)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    seq = models.BigIntegerField()

    class Meta:
        db_table = "supervision"
        indexes: ClassVar = [
            models.Index("contact", "id", name="supervision_contact"),
            models.Index("supervisor", "started_at", name="supervision_supervisor"),
            models.Index("contact", condition=models.Q(ended_at=None), name="supervision_open"),
        ]

    def __str__(self) -> str:
        return f"{self.contact} {self.mode}"


class CallbackPromise(models.Model):
    """콜백 약속: who owes a citizen a call, by when, and what became of it."""

    id = models.UUIDField(primary_key=True)
    citizen = models.CharField(max_length=20)
    owner_kind = models.CharField(max_length=16)
    owner_queue = models.CharField(max_length=40, null=True)
    owner_agent = loose_agent("owner_agent", null=True)
    owner_officer = models.IntegerField(null=True)
    owner_name = models.CharField(max_length=100, default="", db_default="")
    owner_number = models.CharField(max_length=20, null=True)
    reason = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    place_at = models.DateTimeField()
    due_at = models.DateTimeField()
    deadline = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    escalated_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, null=True)
    into = models.UUIDField(null=True)
    contact = models.UUIDField(null=True)
    kept_in = models.UUIDField(null=True)
    made_by = loose_agent("made_by", null=True)
    ended_by = loose_agent("ended_by", null=True)
    seq = models.BigIntegerField()

    class Meta:
        db_table = "promise"
        indexes: ClassVar = [
            models.Index("deadline", "id", condition=~models.Q(state="ended"), name="promise_open"),
            models.Index("made_at", "id", name="promise_made"),
            models.Index(fields=["citizen", "-made_at"], name="promise_citizen"),
            models.Index("contact", condition=models.Q(contact__isnull=False), name="promise_contact"),
            models.Index("owner_agent", "deadline", name="promise_owner_agent"),
            models.Index("owner_officer", "deadline", name="promise_owner_officer"),
            models.Index("seq", name="promise_seq"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PromiseAttempt(models.Model):
    """One attempt to keep a promise: an outgoing contact, or an officer's own call."""

    id = models.BigAutoField(primary_key=True)
    promise = models.UUIDField()
    number = models.PositiveIntegerField()
    contact = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, null=True)
    again_at = models.DateTimeField(null=True)
    seq = models.BigIntegerField()

    class Meta:
        db_table = "promise_attempt"
        indexes: ClassVar = [models.Index("promise", "id", name="promise_attempt_promise")]

    def __str__(self) -> str:
        return f"{self.promise} {self.number}"
