"""What citizens wrote. The promises themselves are the engine's, see `haedap.apps.contacts.models.promises`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 1000
LONGEST_REFERENCE = 40


class WrittenMessage(models.Model):
    """A citizen's text. It is bound to the promise of a call that the engine makes of it, whatever becomes of that."""

    class Way(models.TextChoices):
        PAGE = "page", _("on the centre's page")
        GATEWAY = "gateway", _("as a text message")

    promise = models.UUIDField(primary_key=True)
    citizen = models.CharField(max_length=20)
    text = models.TextField(max_length=LONGEST_TEXT)
    queue = models.CharField(max_length=40)
    way = models.CharField(max_length=8, choices=Way.choices)
    from_address = models.GenericIPAddressField(null=True)
    reference = models.CharField(max_length=LONGEST_REFERENCE, null=True, unique=True)
    """The gateway's own id: the same message twice is one."""
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "written_message"
        indexes: ClassVar = [
            models.Index(fields=["from_address", "written_at"], name="written_message_address"),
            models.Index(fields=["citizen", "written_at"], name="written_message_citizen"),
        ]

    def __str__(self) -> str:
        return str(self.promise)
