"""What can be found, and what was looked for in vain. Both hold masked text only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

LONGEST_KEY = 64
LONGEST_TITLE = 200
LONGEST_TEXT = 100_000
LONGEST_MISS = 200


class SearchEntry(models.Model):
    """Something to be found: an article, or an ended contact. `haedap language` follows this table.

    A trigger tells the channel `haedap_search` the id of each row that is written or taken away.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article", _("Article")
        CONTACT = "contact", _("Contact")

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    key = models.CharField(max_length=LONGEST_KEY)
    """What its owner knows it by."""
    title = models.CharField(max_length=LONGEST_TITLE)
    questions = models.TextField(blank=True, default="")
    """As citizens say it, one a line."""
    body = models.TextField(blank=True, default="")
    """Plain text."""
    keywords = models.TextField(blank=True, default="")
    """Divided by commas."""
    filters = models.JSONField(default=dict)
    """By name of the filter, the values under which the entry is found: `{"topic": ["3", "17"], "office": ["5"]}`."""
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    """The last day on which it is found."""
    digest = models.CharField(max_length=32)
    """Of all of the above: whoever has an entry with this digest has it as it is."""
    analysed = models.CharField(max_length=64, blank=True, default="")
    """What the terms were made of, and how; empty: they are still to be made."""
    terms = models.TextField(blank=True, default="")
    """The words of each field, as `haedap.language.terms` packs them."""
    embedded = models.CharField(max_length=64, blank=True, default="")
    """What the vectors were made of, and how; empty: they are still to be made."""
    embedding = models.BinaryField(null=True)
    """Half-precision vectors, one after the other."""

    class Meta:
        db_table = "search_entry"
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class SearchMiss(models.Model):
    """Words that found nothing, however often: something to write an article about. `words`: without blanks or case."""

    id = models.BigAutoField(primary_key=True)
    words = models.CharField(max_length=LONGEST_MISS, unique=True)
    text = models.CharField(max_length=LONGEST_MISS)
    """As it was put last."""
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)
    """Somebody saw to it; it comes back when it is missed again."""
    settled_by = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "search_miss"
        indexes: ClassVar = [models.Index(fields=["settled_at", "-times"], name="search_miss_open")]

    def __str__(self) -> str:
        return self.text
