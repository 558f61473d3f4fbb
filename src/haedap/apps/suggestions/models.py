"""What was guessed, so that it can be counted how often it was right."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class TopicGuess(models.Model):
    """The topics that were last shown for a contact before it had one.

    What the topic became stands in the contact's note. It holds no text.
    """

    contact = models.UUIDField(primary_key=True)
    topics = models.JSONField()
    """Ids, the most probable first."""
    at = models.DateTimeField(db_default=Now())
    taken = models.BooleanField(default=False, db_default=False)
    """The agent took one of them with its key or button."""

    class Meta:
        db_table = "topic_guess"
        indexes: ClassVar = [models.Index(fields=["at"], name="topic_guess_at")]

    def __str__(self) -> str:
        return str(self.contact)
