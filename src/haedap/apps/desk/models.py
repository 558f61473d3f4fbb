"""What goes from the web to the engine, and the telephones' passwords."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Command(models.Model):
    """One request to the engine. The engine writes the outcome and notifies `haedap_command_done`."""

    class Outcome(models.TextChoices):
        DONE = "done"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=40)
    agent = models.IntegerField(null=True)
    data = models.JSONField(default=dict, db_default=models.Value({}, output_field=models.JSONField()))
    created_at = models.DateTimeField(db_default=Now())
    outcome = models.CharField(max_length=8, null=True, choices=Outcome.choices)
    detail = models.CharField(max_length=200, default="", db_default="")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "command"
        indexes: ClassVar = [
            models.Index(fields=["created_at"], condition=models.Q(outcome=None), name="command_open"),
            models.Index(fields=["finished_at"], name="command_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.outcome or '…'}"


class PhoneCredential(models.Model):
    """A telephone that may register: only the digest HA1 = MD5(username:realm:password) is kept."""

    class Kind(models.TextChoices):
        BROWSER = "browser"
        DESK = "desk"
        CITIZEN = "citizen"

    username = models.CharField(max_length=60, primary_key=True)
    account = models.ForeignKey("accounts.Account", models.CASCADE, null=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    ha1 = models.CharField(max_length=32)
    expires_at = models.DateTimeField(null=True, db_index=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "phone_credential"

    def __str__(self) -> str:
        return self.username
