"""Briefs, how they were sent, and what the officers answered."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haedap.apps.briefs.sending import State, Way

LONGEST_TEXT = 2000
LONGEST_ANSWER = 500


class Brief(models.Model):
    """상담 요약: what the agent tells an officer about a citizen and their matter. Closed from `expires_at` on.

    It keeps its own copy of what was known then: the officer must see what the agent sent, not what came after.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    contact = models.UUIDField()
    author = models.ForeignKey(
        "accounts.Account", models.DO_NOTHING, db_column="author", db_constraint=False, related_name="+"
    )
    receiver = models.CharField(max_length=100)
    """For whom: `세무과 재산세팀 김○○`."""
    officer = models.BigIntegerField(null=True)
    topic = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField(max_length=LONGEST_TEXT)
    citizen_name = models.CharField(max_length=60, blank=True, default="")
    citizen_number = models.CharField(max_length=20, blank=True, default="")
    promise = models.UUIDField(null=True)
    """The callback that the officer owes, if one was promised."""
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    first_read_at = models.DateTimeField(null=True)
    readings = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "brief"
        indexes: ClassVar = [
            models.Index(fields=["contact"], name="brief_contact"),
            models.Index(fields=["expires_at"], name="brief_expires"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class BriefDelivery(models.Model):
    """One way in which a brief was sent."""

    id = models.BigAutoField(primary_key=True)
    brief = models.ForeignKey(Brief, models.CASCADE, related_name="deliveries")
    way = models.CharField(max_length=10, choices=Way.choices)
    address = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING, db_default=State.WAITING)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "brief_delivery"

    def __str__(self) -> str:
        return f"{self.way} {self.state}"


class BriefAnswer(models.Model):
    """What the officer said of it."""

    class Kind(models.TextChoices):
        CALLED = "called", _("I have called the citizen")
        NO_ANSWER = "no_answer", _("I called; the citizen did not answer")
        SETTLED = "settled", _("It is settled without a call")

    id = models.BigAutoField(primary_key=True)
    brief = models.ForeignKey(Brief, models.CASCADE, related_name="answers")
    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=LONGEST_ANSWER, blank=True, default="")

    class Meta:
        db_table = "brief_answer"
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.kind
