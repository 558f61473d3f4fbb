"""What was said, masked. `haedap speech` writes it, piece by piece."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class TranscriptPiece(models.Model):
    """받아쓰기: what one side said between two pauses, as a machine heard it. Never changed."""

    class Side(models.TextChoices):
        CITIZEN = "citizen", _("Citizen")
        AGENT = "agent", _("Agent")

    id = models.BigAutoField(primary_key=True)
    contact = models.UUIDField()
    side = models.CharField(max_length=8, choices=Side.choices)
    text = models.TextField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        db_table = "transcript_piece"
        indexes: ClassVar = [
            models.Index(fields=["contact", "id"], name="transcript_contact"),
            models.Index(fields=["started_at"], name="transcript_started"),
        ]

    def __str__(self) -> str:
        return f"{self.contact} {self.side}"
