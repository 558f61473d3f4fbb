"""Numbers that are flagged for abuse, and agents who call for a supervisor."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

LONGEST_NUMBER = 20


class FlaggedNumber(models.Model):
    """특별 관리 번호: whoever calls from it has abused an agent. Before answering, the agent is told until `until`.

    `by` is null and `contact` the talk that was ended for abuse when it was flagged by itself: once for each contact.
    """

    class Kind(models.TextChoices):
        ABUSE = "abuse", _("abusive language")
        SEXUAL = "sexual", _("sexual harassment")
        THREAT = "threat", _("threat")
        REPEATED = "repeated", _("unreasonable and repeated")

    number = models.CharField(max_length=LONGEST_NUMBER)
    kind = models.CharField(max_length=40)
    reason = models.CharField(max_length=200, default="", db_default="")
    since = models.DateTimeField()
    until = models.DateTimeField()
    contact = models.UUIDField(null=True)
    by = models.ForeignKey(
        "accounts.Account", models.DO_NOTHING, db_column="by", db_constraint=False, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        "accounts.Account", models.DO_NOTHING, db_column="lifted_by", db_constraint=False, null=True, related_name="+"
    )

    class Meta:
        db_table = "flagged_number"
        indexes: ClassVar = [
            models.Index("number", "until", condition=models.Q(lifted_at=None), name="flagged_number_live"),
            models.Index("since", "id", name="flagged_number_since"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contact"], condition=models.Q(by=None), name="flagged_number_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CallForHelp(models.Model):
    """슈퍼바이저 호출: the agent wants a supervisor in this talk, until one looks or the talk is over."""

    agent = models.OneToOneField(
        "accounts.Account", models.CASCADE, db_column="agent", primary_key=True, related_name="+"
    )
    contact = models.UUIDField()
    since = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "call_for_help"

    def __str__(self) -> str:
        return str(self.pk)
