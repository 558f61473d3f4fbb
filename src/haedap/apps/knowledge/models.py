"""Articles and their versions, attachments, approvals; and what agents tell about them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LONGEST_CODE = 60
LONGEST_TITLE = 120
LONGEST_SCRIPT = 600
LONGEST_ANSWER = 20_000
LONGEST_CALLED = 100
"""Of somebody of an office, as they are called."""
LONGEST_WORD = 500
"""Of a comment, of what is wrong, of what was searched for."""


def _account(column: str, *, null: bool = False) -> models.ForeignKey[object, object]:
    return models.ForeignKey("accounts.Account", models.PROTECT, null=null, db_column=column, related_name="+")


class Article(models.Model):
    """상담 지식: one matter that citizens ask about. `code` never changes; what is said about it is in its versions.

    `current` is the version in force today, `open_version` the newer one that is being written or waits for approval.
    """

    id = models.BigAutoField(primary_key=True)
    code = models.SlugField(_("Code"), max_length=LONGEST_CODE, unique=True)
    current = models.OneToOneField("ArticleVersion", models.SET_NULL, null=True, related_name="+")
    open_version = models.OneToOneField("ArticleVersion", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "article"
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class ArticleVersion(models.Model):
    """What an article says, from `valid_from` until and with `valid_until`. Only a draft can be changed."""

    class State(models.TextChoices):
        """DRAFT → SUBMITTED → APPROVED; then REPLACED by a newer one, EXPIRED by its date, or WITHDRAWN by a person."""

        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waiting for approval")
        APPROVED = "approved", _("approved")
        REPLACED = "replaced", _("replaced")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", pgettext_lazy("of an article", "withdrawn")

    id = models.BigAutoField(primary_key=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0, db_default=0)
    """Grows with each change of a draft, so that two editors do not overwrite one another."""

    title = models.CharField(_("Title"), max_length=LONGEST_TITLE)
    topics = models.ManyToManyField("contacts.Topic", related_name="+", blank=True, verbose_name=_("Topics"))
    office = models.ForeignKey(
        "offices.Department", models.PROTECT, null=True, blank=True, verbose_name=_("Owning office")
    )
    questions = ArrayField(models.CharField(max_length=200), default=list, verbose_name=_("What citizens say"))
    keywords = ArrayField(models.CharField(max_length=60), default=list, verbose_name=_("Keywords"))
    documents = ArrayField(models.CharField(max_length=200), default=list, verbose_name=_("Required documents"))
    fee = models.CharField(_("Fee"), max_length=200, blank=True, default="")
    law = ArrayField(models.CharField(max_length=200), default=list, verbose_name=_("Legal basis"))
    script = models.TextField(_("To read out"), max_length=LONGEST_SCRIPT, blank=True, default="")
    answer = models.TextField(_("Answer"), max_length=LONGEST_ANSWER, blank=True, default="")
    valid_from = models.DateField(_("Valid from"))
    valid_until = models.DateField(_("Valid until and with"), null=True, blank=True)
    review_by = models.DateField(_("To be looked at again by"), null=True, blank=True)
    attachments: models.ManyToManyField[Attachment, models.Model] = models.ManyToManyField(
        "Attachment", related_name="versions", blank=True
    )

    made_by = _account("made_by", null=True)
    made_at = models.DateTimeField(db_default=Now())
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    approver = models.CharField(max_length=LONGEST_CALLED, blank=True, default="")
    """Who approved it for the owning office, as they are called: `요금팀 권은별`."""
    decided_by = _account("decided_by", null=True)
    """The supervisor who wrote the approval down; empty when the office answered by its link."""
    comment = models.CharField(max_length=LONGEST_WORD, blank=True, default="")
    """What the office said when it approved or sent it back."""

    class Meta:
        db_table = "article_version"
        ordering: ClassVar = ["-number"]
        indexes: ClassVar = [
            models.Index(fields=["state", "valid_from"], name="article_version_state"),
            models.Index(fields=["office"], name="article_version_office"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_once"),
            models.UniqueConstraint(
                fields=["article"],
                condition=models.Q(state__in=["draft", "submitted"]),
                name="article_one_open_version",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="article_valid_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.number} {self.state}"

    def holds_on(self, day: date) -> bool:
        """Whether `day` lies within its dates."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class Attachment(models.Model):
    """A file of one or more versions; it lies in the state folder under `key`, whatever it was called."""

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    bytes = models.PositiveIntegerField()
    added_by = _account("added_by")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "article_attachment"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class ApprovalRequest(models.Model):
    """A version shown to the owning office by a link that expires; one answer settles it."""

    class Way(models.TextChoices):
        MAIL = "mail", _("E-mail")
        MESSENGER = "messenger", _("Messenger")
        LINK = "link", _("Link handed over")

    class Delivery(models.TextChoices):
        NONE = "none", _("handed over by the centre")
        WAITING = "waiting", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be sent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    version = models.ForeignKey(ArticleVersion, models.CASCADE, related_name="requests")
    officer = models.CharField(max_length=LONGEST_CALLED)
    """Whom it was sent to, as they are called then."""
    way = models.CharField(max_length=10, choices=Way.choices)
    address = models.CharField(max_length=120, blank=True, default="")
    delivery = models.CharField(max_length=8, choices=Delivery.choices, default=Delivery.NONE)
    asked_by = _account("asked_by")
    asked_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "article_approval"
        ordering: ClassVar = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"{self.officer} {self.way}"


class ArticleUse(models.Model):
    """An article that an agent used in a contact: opened to read, read out, or sent."""

    class How(models.TextChoices):
        READ = "read", _("read")
        SCRIPT = "script", _("read out")
        SENT = "sent", _("sent")

    id = models.BigAutoField(primary_key=True)
    contact = models.UUIDField()
    article = models.ForeignKey(Article, models.CASCADE, related_name="uses")
    version = models.ForeignKey(ArticleVersion, models.CASCADE, related_name="uses")
    agent = _account("agent")
    how = models.CharField(max_length=8, choices=How.choices)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "article_use"
        indexes: ClassVar = [
            models.Index(fields=["contact"], name="article_use_contact"),
            models.Index(fields=["article", "at"], name="article_use_article"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contact", "article", "agent", "how"], name="article_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.contact} {self.article_id} {self.how}"


class Rating(models.Model):
    """'Was this right?': what an agent said of a version. A wrong one is work for the owning office until settled."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ArticleVersion, models.CASCADE, related_name="ratings")
    agent = _account("agent")
    contact = models.UUIDField(null=True)
    right = models.BooleanField()
    text = models.CharField(_("What is wrong"), max_length=LONGEST_WORD, blank=True, default="")
    at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    settled_by = _account("settled_by", null=True)

    class Meta:
        db_table = "article_rating"
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["at"], condition=models.Q(right=False, settled_at=None), name="article_rating_open")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "agent", "contact"], nulls_distinct=False, name="article_rating_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.right}"


class Gap(models.Model):
    """What an article is missing for: an agent's proposal, or an answer that an office had to give.

    `words` is the text in the form in which the same is recognised again; `text` as it was put last, masked. Searches
    that found nothing are the search's own list, see `haedap.apps.search.api.misses`.
    """

    class Reason(models.TextChoices):
        PROPOSAL = "proposal", _("proposed by an agent")
        CASE = "case", _("answered by an office")

    id = models.BigAutoField(primary_key=True)
    words = models.CharField(max_length=LONGEST_WORD)
    text = models.CharField(max_length=LONGEST_WORD)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField()
    last_agent = _account("last_agent", null=True)
    last_contact = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = _account("settled_by", null=True)
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="+")
    """Which article answers it now; empty while open and when it was dismissed."""

    class Meta:
        db_table = "article_gap"
        ordering: ClassVar = ["-times", "-last_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["words", "reason"], condition=models.Q(settled_at=None), name="article_gap_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class ImportDraft(models.Model):
    """What was read of a file, between its preview and the confirmation. `items`: see `content.Content`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account_id = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    origin = models.CharField(max_length=120)
    items = models.JSONField()
    problems = models.JSONField()

    class Meta:
        db_table = "article_import_draft"

    def __str__(self) -> str:
        return self.origin
