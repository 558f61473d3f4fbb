"""What contacts are known by, alarms of surges, and what was pinned because of them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LONGEST_TITLE = 80
LONGEST_SPOKEN = 300
LONGEST_REASON = 200


def _account(column: str) -> models.ForeignKey[object, object]:
    return models.ForeignKey(
        "accounts.Account", models.DO_NOTHING, db_column=column, db_constraint=False, null=True, related_name="+"
    )


class ContactSigns(models.Model):
    """The signs of an incoming contact, as `kind:value`. Words are those of the masked note, read once a version."""

    contact = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    """When the contact arrived."""
    signs = ArrayField(models.TextField())
    note = models.PositiveIntegerField(default=0, db_default=0)
    """The version of the note whose words are among the signs; 0: none."""
    seq = models.BigIntegerField(default=0, db_default=0)
    """The contact's row was read as of this row of the journal."""
    noted_at = models.DateTimeField(null=True)
    """The note was read, its words included, as it was changed then; None: there was none, or its words are owed."""

    class Meta:
        db_table = "contact_signs"
        indexes: ClassVar = [models.Index(fields=["at"], name="contact_signs_at")]

    def __str__(self) -> str:
        return str(self.contact)


class Alarm(models.Model):
    """레이더 경보: one event behind many contacts. It stands until a supervisor decides, or nobody calls about it."""

    class State(models.TextChoices):
        OPEN = "open", _("new alarm")
        ACKNOWLEDGED = "acknowledged", _("seen to")
        DISMISSED = "dismissed", _("false alarm")
        CLOSED = "closed", pgettext_lazy("of an alarm", "over")

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN, db_default=State.OPEN)
    title = models.CharField(max_length=LONGEST_TITLE)
    signs = models.JSONField()
    """As last raised, the most surprising first: `{"kind", "value", "observed", "expected"}`."""
    window_seconds = models.PositiveIntegerField()
    """In how much time that many came."""
    observed = models.PositiveIntegerField()
    expected = models.FloatField()
    since = models.DateTimeField()
    """When the first of its contacts arrived."""
    raised_at = models.DateTimeField()
    last_at = models.DateTimeField()
    """When the latest of its contacts arrived."""

    class Meta:
        db_table = "radar_alarm"
        indexes: ClassVar = [models.Index(fields=["state", "-raised_at"], name="radar_alarm_state")]

    def __str__(self) -> str:
        return self.title


class AlarmStep(models.Model):
    """What was done about an alarm, by whom (none: the centre itself). Only grows."""

    class Step(models.TextChoices):
        RAISED = "raised", _("raised")
        ACKNOWLEDGED = "acknowledged", _("seen to")
        DISMISSED = "dismissed", _("dismissed as false")
        CLOSED = "closed", pgettext_lazy("of an alarm", "closed")
        PINNED = "pinned", _("pinned")
        TAKEN_OFF = "taken_off", _("taken off")

    id = models.BigAutoField(primary_key=True)
    alarm = models.ForeignKey(Alarm, models.CASCADE, db_column="alarm", related_name="steps")
    step = models.CharField(max_length=12, choices=Step.choices)
    at = models.DateTimeField()
    by = _account("by")
    text = models.CharField(max_length=LONGEST_REASON, blank=True, default="", db_default="")

    class Meta:
        db_table = "radar_alarm_step"
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.step}"


class AlarmContact(models.Model):
    """A contact that belongs to an alarm, and why."""

    class How(models.TextChoices):
        BEHIND = "behind", _("raised it")
        MATCHED = "matched", _("came later and fits")
        HAND = "hand", _("linked by hand")
        REMOVED = "removed", _("taken out by hand")

    id = models.BigAutoField(primary_key=True)
    alarm = models.ForeignKey(Alarm, models.CASCADE, db_column="alarm", related_name="contacts")
    contact = models.UUIDField()
    how = models.CharField(max_length=8, choices=How.choices)
    at = models.DateTimeField(db_default=Now())
    by = _account("by")

    class Meta:
        db_table = "radar_alarm_contact"
        indexes: ClassVar = [models.Index(fields=["contact"], name="radar_alarm_contact_contact")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["alarm", "contact"], name="radar_alarm_contact_once")]

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.contact}"


class Pin(models.Model):
    """고정 안내: what callers of some flows hear before the welcome, and which article stands on top at the desk.

    The engine reads the rows that are `on_air` with its plan; the worker sets it when the text has been spoken.
    """

    id = models.BigAutoField(primary_key=True)
    alarm = models.ForeignKey(Alarm, models.SET_NULL, null=True, db_column="alarm", related_name="pins")
    text = models.CharField(_("Announcement"), max_length=LONGEST_SPOKEN, blank=True, default="", db_default="")
    flows = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    prompt = models.CharField(max_length=40, blank=True, default="", db_default="")
    on_air = models.BooleanField(default=False, db_default=False)
    problem = models.CharField(max_length=40, blank=True, default="", db_default="")
    """Why the text cannot be spoken, as a code of the prompts."""
    article = models.CharField(max_length=64, blank=True, default="", db_default="")
    """The code of an article."""
    signs = ArrayField(models.TextField(), default=list, db_default=[])
    """For what the article stands on top: words and topics, as `kind:value`."""
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(_("Until"))
    by = _account("by")
    ended_at = models.DateTimeField(null=True)
    ended_by = _account("ended_by")

    class Meta:
        db_table = "radar_pin"
        indexes: ClassVar = [
            models.Index(fields=["until"], condition=models.Q(ended_at=None), name="radar_pin_live"),
        ]

    def __str__(self) -> str:
        return self.text or self.article
