"""Systems of the city that are looked up in, for what purposes, for whom, and what became of each look-up."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_ACCOUNT = "accounts.Account"
LONGEST_NAME = 60
DEFAULT_ROLES = ("agent",)


def agent_roles() -> list[str]:
    """Who may use a system unless it is set up otherwise."""
    return list(DEFAULT_ROLES)


class Level(models.TextChoices):
    """본인확인 수준, see haedap.apps.lookups.policy."""

    NONE = "none", _("not identified")
    NUMBER = "number", _("number on record")
    ASKED = "asked", _("questions answered")
    VERIFIED = "verified", _("verified")


class System(models.Model):
    """행정정보 시스템: one panel of the desk.

    `configuration` is the connector's, JSON as it was typed (docs/reference/connectors.md). `key`, `title` and `kind`
    stand in it and here again, to be sorted and shown. Secrets are sealed apart from it.
    """

    key = models.SlugField(_("Key"), max_length=40, primary_key=True)
    title = models.CharField(_("Name"), max_length=LONGEST_NAME)
    kind = models.CharField(_("Kind"), max_length=40)
    configuration = models.TextField(pgettext_lazy("of a system", "Configuration"))
    sealed_secrets = models.BinaryField(null=True)
    tariff = models.TextField(_("Tariff"), blank=True, default="")
    """For systems that settle water bills: JSON as docs/reference/connectors.md has it."""
    enabled = models.BooleanField(_("In use"), default=True)
    level = models.CharField(_("Identification needed"), max_length=8, choices=Level.choices, default=Level.ASKED)
    roles = models.JSONField(_("Roles"), default=agent_roles)
    """Any of: agent, supervisor, administrator, `skill:KEY`."""
    fields = models.JSONField(_("Fields"), default=dict)
    """By field name `{"roles": [...], "personal": true}`; what is not here is as the connector says, for all."""
    cache_seconds = models.PositiveIntegerField(_("Answers are kept (s)"), default=300)
    position = models.PositiveSmallIntegerField(_("Order"), default=0)

    class Meta:
        db_table = "lookup_system"
        ordering: ClassVar = ["position", "key"]

    def __str__(self) -> str:
        return self.title


class Purpose(models.Model):
    """조회 목적: why a citizen's record is looked up."""

    key = models.SlugField(_("Key"), max_length=40, primary_key=True)
    name = models.CharField(_("Name"), max_length=LONGEST_NAME)
    active = models.BooleanField(_("In use"), default=True)
    position = models.PositiveSmallIntegerField(_("Order"), default=0)

    class Meta:
        db_table = "lookup_purpose"
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Identification(models.Model):
    """본인확인: how well the citizen of a contact is known. `subject` is who that is, sealed for this contact."""

    contact = models.UUIDField(primary_key=True)
    level = models.CharField(max_length=8, choices=Level.choices)
    way = models.CharField(max_length=12)
    asked = models.JSONField(default=list)
    sealed_subject = models.BinaryField(null=True)
    by = models.ForeignKey(_ACCOUNT, models.DO_NOTHING, db_column="by", db_constraint=False, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "identification"

    def __str__(self) -> str:
        return f"{self.contact} {self.level}"


class LookupUse(models.Model):
    """One look-up. Written before the system is asked; `outcome` is `asked` until it has answered."""

    class Outcome(models.TextChoices):
        ASKED = "asked", _("asked")
        OK = "ok", _("found")
        EMPTY = "empty", _("nothing found")
        FAILED = "failed", _("failed")

    id = models.BigAutoField(primary_key=True)
    contact = models.UUIDField(null=True)
    """None: an administrator tried the system."""
    agent = models.ForeignKey(_ACCOUNT, models.DO_NOTHING, db_column="agent", db_constraint=False, related_name="+")
    system = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, default="")
    """Masked."""
    digest = models.CharField(max_length=64, default="")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.ASKED)
    failure = models.CharField(max_length=20, default="")
    cached = models.BooleanField(default=False)
    took_ms = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "lookup_use"
        indexes: ClassVar = [
            models.Index("contact", "id", condition=models.Q(contact__isnull=False), name="lookup_use_contact"),
            models.Index("system", "at", name="lookup_use_system"),
            models.Index("at", name="lookup_use_at"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.system} {self.outcome}"


class KeptAnswer(models.Model):
    """An answer for as long as its contact needs it: ciphertext only, and gone with the contact."""

    contact = models.UUIDField()
    system = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "lookup_answer"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contact", "system", "digest"], name="lookup_answer_once")
        ]
        indexes: ClassVar = [models.Index("expires_at", name="lookup_answer_expires")]

    def __str__(self) -> str:
        return f"{self.contact} {self.system}"
