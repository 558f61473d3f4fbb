"""The record. Journal and read models are written by the engine; notes, citizens and the access log by the web.

Read models have no foreign key constraints: the engine rebuilds them from the journal at any time.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _

from haedap.domain.states import Channel

_ACCOUNT = "accounts.Account"


def loose_agent(column: str = "agent", *, null: bool = False) -> models.ForeignKey[object, object]:
    """An account that a read model names: without a constraint, for the engine writes it."""
    return models.ForeignKey(
        _ACCOUNT,
        models.DO_NOTHING,
        db_column=column,
        db_constraint=False,
        db_index=False,
        null=null,
        related_name="+",
    )


class JournalEntry(models.Model):
    """One event (E), decision (D) or fact (F), in the order in which the router had it. Never changed."""

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    role = models.CharField(max_length=1)
    name = models.CharField(max_length=40)
    contact = models.UUIDField(null=True)
    agent = models.IntegerField(null=True)
    data = models.JSONField()

    class Meta:
        db_table = "journal"
        indexes: ClassVar = [
            models.Index(fields=["contact", "seq"], condition=models.Q(contact__isnull=False), name="journal_contact"),
            models.Index(fields=["agent", "seq"], condition=models.Q(agent__isnull=False), name="journal_agent"),
            models.Index(fields=["at"], name="journal_at"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(role__in=["E", "D", "F"]), name="journal_role")
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.role} {self.name}"


class RouterSnapshot(models.Model):
    """The router's state after the journal row `seq`."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    data = models.JSONField()

    class Meta:
        db_table = "router_snapshot"

    def __str__(self) -> str:
        return str(self.seq)


class SignOfLife(models.Model):
    """Until when the engine was at work, to some seconds: one row."""

    id = models.SmallIntegerField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "sign_of_life"

    def __str__(self) -> str:
        return f"{self.at}"


class Contact(models.Model):
    """상담 건: one interaction from arrival to end, as it stands now."""

    id = models.UUIDField(primary_key=True)
    channel = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16, null=True)
    ended_by = models.CharField(max_length=16, null=True)
    called = models.CharField(max_length=64, default="", db_default="")
    caller = models.CharField(max_length=20, null=True)
    caller_text = models.CharField(max_length=64, default="", db_default="")
    caller_name = models.CharField(max_length=200, default="", db_default="")
    withheld = models.BooleanField(default=False, db_default=False)
    flow = models.CharField(max_length=40, null=True)
    queue = models.CharField(max_length=40, null=True)
    priority = models.IntegerField(default=0, db_default=0)
    arrived_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    agent = loose_agent(null=True)
    segments = models.PositiveIntegerField(default=0, db_default=0)
    hold_seconds = models.FloatField(default=0, db_default=0.0)
    held = models.BooleanField(default=False, db_default=False)
    muted = models.BooleanField(default=False, db_default=False)
    recording_paused = models.BooleanField(default=False, db_default=False)
    recorded = models.BooleanField(default=False, db_default=False)
    direction = models.CharField(max_length=8, default="in", db_default="in")
    promise = models.UUIDField(null=True)
    resumes = models.UUIDField(null=True)
    asked_queue = models.CharField(max_length=40, null=True)
    transferred = models.BooleanField(default=False, db_default=False)
    referred = models.BooleanField(default=False, db_default=False)
    returned = models.PositiveIntegerField(default=0, db_default=0)
    moved = models.PositiveIntegerField(default=0, db_default=0)
    abusive = models.BooleanField(default=False, db_default=False)
    message_seconds = models.PositiveIntegerField(null=True)
    seq = models.BigIntegerField()

    class Meta:
        db_table = "contact"
        indexes: ClassVar = [
            models.Index("arrived_at", "id", name="contact_arrived"),
            models.Index(fields=["caller", "-arrived_at"], name="contact_caller"),
            models.Index("agent", "arrived_at", "id", name="contact_agent"),
            models.Index("queue", "arrived_at", "id", name="contact_queue"),
            models.Index("outcome", "arrived_at", "id", name="contact_outcome"),
            models.Index("seq", name="contact_seq"),
            models.Index("state", condition=~models.Q(state="ended"), name="contact_live"),
            models.Index("promise", condition=models.Q(promise__isnull=False), name="contact_promise"),
            models.Index(fields=["caller", "-arrived_at"], condition=models.Q(abusive=True), name="contact_abusive"),
            GinIndex(OpClass("caller", name="gin_trgm_ops"), name="contact_caller_part"),
            GinIndex(OpClass(Upper("caller_name"), name="gin_trgm_ops"), name="contact_caller_name_part"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_synthetic(self) -> bool:
        """Written by `haedap demo year`: the journal, whose rows begin at 1, knows nothing of it."""
        return self.seq == 0


class Segment(models.Model):
    """상담 구간: one agent's part of a contact."""

    id = models.BigAutoField(primary_key=True)
    contact = models.UUIDField()
    number = models.PositiveIntegerField()
    agent = loose_agent()
    queue = models.CharField(max_length=40)
    offer = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    talk_from = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=16, null=True)
    hold_seconds = models.FloatField(default=0, db_default=0.0)
    wrap_up_seconds = models.FloatField(null=True)
    seq = models.BigIntegerField()

    class Meta:
        db_table = "segment"
        indexes: ClassVar = [
            models.Index("agent", "started_at", name="segment_agent"),
            models.Index("started_at", name="segment_started"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["contact", "number"], name="segment_once")]

    def __str__(self) -> str:
        return f"{self.contact} {self.number}"


class AgentStatus(models.Model):
    """An agent's state now."""

    agent = models.OneToOneField(
        _ACCOUNT, models.DO_NOTHING, db_column="agent", db_constraint=False, primary_key=True, related_name="+"
    )
    state = models.CharField(max_length=16)
    reason = models.CharField(max_length=40, default="", db_default="")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    pending = models.CharField(max_length=16, null=True)
    pending_reason = models.CharField(max_length=40, default="", db_default="")
    contact = models.UUIDField(null=True)
    reachable = models.BooleanField(default=False, db_default=False)
    seq = models.BigIntegerField()

    class Meta:
        db_table = "agent_status"

    def __str__(self) -> str:
        return f"{self.agent_id} {self.state}"


class AgentPeriod(models.Model):
    """An agent was in one state from `started_at` to `ended_at`."""

    id = models.BigAutoField(primary_key=True)
    agent = loose_agent()
    state = models.CharField(max_length=16)
    reason = models.CharField(max_length=40, default="", db_default="")
    contact = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "agent_period"
        indexes: ClassVar = [
            models.Index("agent", "started_at", name="agent_period_agent"),
            models.Index("started_at", name="agent_period_started"),
            models.Index("ended_at", name="agent_period_ended"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agent"], condition=models.Q(ended_at=None), name="agent_period_one_open")
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.state}"


class Projection(models.Model):
    """How far a set of read models has followed the journal."""

    name = models.CharField(max_length=40, primary_key=True)
    seq = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "projection"

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"


class Recording(models.Model):
    """녹취: the sound of a contact. `file` is relative to the recordings folder."""

    class Status(models.TextChoices):
        WRITING = "writing"
        READY = "ready"
        MISSING = "missing"
        EMPTY = "empty"
        """Over before anything could be recorded: nothing is wrong."""

    contact = models.UUIDField(primary_key=True)
    file = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    duration_seconds = models.FloatField(null=True)
    bytes = models.BigIntegerField(null=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WRITING, db_default=Status.WRITING)

    class Meta:
        db_table = "recording"
        indexes: ClassVar = [models.Index("started_at", condition=models.Q(status="writing"), name="recording_writing")]

    def __str__(self) -> str:
        return self.file


class Topic(models.Model):
    """상담유형: a tree."""

    id = models.AutoField(primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    code = models.CharField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("Order"), default=0, db_default=0)
    active = models.BooleanField(_("Active"), default=True, db_default=True)
    office = models.ForeignKey(
        "offices.Department",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_column="office",
        verbose_name=_("Owning office"),
    )
    """소관 부서; null: that of the topic above."""

    class Meta:
        db_table = "topic"
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Disposition(models.Model):
    """처리결과. `self_handled`: closed here, without transfer or referral."""

    key = models.CharField(_("Key"), max_length=40, primary_key=True)
    name = models.CharField(_("Name"), max_length=60)
    self_handled = models.BooleanField(_("Self-handled"), default=False, db_default=False)
    active = models.BooleanField(_("In use"), default=True, db_default=True)
    position = models.PositiveSmallIntegerField(_("Order"), default=0, db_default=0)

    class Meta:
        db_table = "disposition"
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class ContactNote(models.Model):
    """What the agent writes about a contact. `version` counts the saved texts; 0 is the empty beginning.

    `district`: the 읍면동 that the matter is about, one of the centre's; empty when the note does not tell.
    """

    contact = models.UUIDField(primary_key=True)
    text = models.TextField(default="", db_default="")
    version = models.PositiveIntegerField(default=0, db_default=0)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True)
    disposition = models.ForeignKey(Disposition, models.PROTECT, null=True, db_column="disposition")
    district = models.CharField(max_length=20, blank=True, default="", db_default="")
    updated_at = models.DateTimeField(db_default=Now())
    updated_by = models.ForeignKey(
        _ACCOUNT, models.DO_NOTHING, db_column="updated_by", db_constraint=False, null=True, related_name="+"
    )

    class Meta:
        db_table = "contact_note"
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="contact_note_text_part"),
        ]

    def __str__(self) -> str:
        return str(self.contact)


class Citizen(models.Model):
    """민원인: a person known to the centre. `merged_into`: found to be the same person as that one, whose name stands.

    `merged_with`: the row that was meant when they were merged; it may have been merged itself since.
    """

    id = models.AutoField(primary_key=True)
    name = models.CharField(_("Name"), max_length=60)
    memo = models.TextField(_("Memo"), blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, db_column="merged_into", related_name="merged"
    )
    merged_with = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, db_column="merged_with", related_name="+"
    )

    class Meta:
        db_table = "citizen"
        indexes: ClassVar = [GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="citizen_name_part")]

    def __str__(self) -> str:
        return self.name


class CitizenNumber(models.Model):
    """What a citizen is known by on a channel: a telephone number, E.164, or the channel's own key of a person.

    A family's telephone belongs to several citizens, and a citizen has several numbers.
    """

    id = models.BigAutoField(primary_key=True)
    channel = models.CharField(max_length=16, default=Channel.VOICE.value, db_default=Channel.VOICE.value)
    number = models.CharField(max_length=70)
    citizen = models.ForeignKey(Citizen, models.CASCADE, db_column="citizen", related_name="numbers")

    class Meta:
        db_table = "citizen_number"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number", "channel", "citizen"], name="citizen_number_once"),
        ]

    def __str__(self) -> str:
        return self.number


class ContactCitizen(models.Model):
    """Whose contact it was, as an agent said it; contacts without a row are those of whoever has the number.

    `brought_number`: the citizen is known by the contact's number since this was said.
    """

    contact = models.UUIDField(primary_key=True)
    citizen = models.ForeignKey(Citizen, models.CASCADE, db_column="citizen", related_name="chosen")
    chosen_by = models.ForeignKey(
        _ACCOUNT, models.DO_NOTHING, db_column="chosen_by", db_constraint=False, related_name="+"
    )
    chosen_at = models.DateTimeField(db_default=Now())
    brought_number = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "contact_citizen"

    def __str__(self) -> str:
        return f"{self.contact} {self.citizen_id}"


class AccessLog(models.Model):
    """접속기록: who did what with whose data, when, from where and why. Never changed."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    account = models.ForeignKey(
        _ACCOUNT, models.DO_NOTHING, db_column="account", db_constraint=False, null=True, related_name="+"
    )
    from_address = models.GenericIPAddressField(null=True)
    action = models.CharField(max_length=40)
    contact = models.UUIDField(null=True)
    citizen = models.IntegerField(null=True)
    reason = models.CharField(max_length=200, default="", db_default="")
    detail = models.JSONField(default=dict, db_default=models.Value({}, output_field=models.JSONField()))

    class Meta:
        db_table = "access_log"
        indexes: ClassVar = [
            models.Index("at", "id", name="access_log_at"),
            models.Index("account", "at", name="access_log_account_at"),
            models.Index("contact", "at", condition=models.Q(contact__isnull=False), name="access_log_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.action}"
