"""Editions of the yearbook: the generated book, what people wrote and decided, and the finished files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 4000


class Edition(models.Model):
    """The book of some days, [since, until) in Seoul. There is one for the same days, made again as often as wanted."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be made")
        WORKING = "working", _("is being made")
        DONE = "done", _("finished")
        FAILED = "failed", _("could not be made")

    id = models.BigAutoField(primary_key=True)
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=100, blank=True, default="")
    """What is being done, or why it failed: a Korean sentence."""
    book = models.TextField(blank=True, default="")
    """As `haedap.analytics.book.model.encode` wrote it; empty until it was generated."""
    generated_at = models.DateTimeField(null=True)
    rendered_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    """When somebody last changed what is read in it; later than `rendered_at`: the files are behind."""
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "yearbook"
        ordering: ClassVar = ["-since", "-until"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["since", "until"], name="yearbook_once")]

    def __str__(self) -> str:
        return f"{self.since} – {self.until}"

    @property
    def last(self) -> date:
        """The last day, included."""
        return self.until - timedelta(days=1)

    def file_name(self, form: str) -> str:
        """How its finished document is called."""
        return f"yearbook-{self.since:%Y%m%d}-{self.last:%Y%m%d}.{form}"

    @property
    def is_busy(self) -> bool:
        """Whether it is being made, or waits for that."""
        return self.state in {self.State.WAITING, self.State.WORKING}

    @property
    def files_are_behind(self) -> bool:
        """Whether somebody changed the book after the files were made."""
        changed, rendered = self.changed_at, self.rendered_at
        return changed is not None and rendered is not None and changed > rendered


class EditedText(models.Model):
    """What stands in the place of a generated text; `base` is the generated text that it was written over."""

    id = models.BigAutoField(primary_key=True)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="edits")
    key = models.TextField()
    base = models.TextField(blank=True)
    text = models.TextField(max_length=LONGEST_TEXT)
    account = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "yearbook_text"
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "key"], name="yearbook_text_once")]

    def __str__(self) -> str:
        return self.key


class ProposalDecision(models.Model):
    """That a proposal was accepted or dropped. `proposal`: as it was then, to be followed up in the next book."""

    id = models.BigAutoField(primary_key=True)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="decisions")
    key = models.TextField()
    decision = models.CharField(max_length=8)
    """A `haedap.analytics.book.edits.Decision`."""
    proposal = models.TextField()
    """An `Accepted` of `haedap.analytics.book.model` as JSON."""
    account = models.ForeignKey("accounts.Account", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "yearbook_decision"
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "key"], name="yearbook_decision_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.decision}"


class EditionFile(models.Model):
    """A finished document."""

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        HWPX = "hwpx", "HWPX"

    id = models.BigAutoField(primary_key=True)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="files")
    form = models.CharField(max_length=4, choices=Form.choices)
    content = models.BinaryField()

    class Meta:
        db_table = "yearbook_file"
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "form"], name="yearbook_file_once")]

    def __str__(self) -> str:
        return self.form
