"""Editions of the directory, what stands in them, and the groups of daily life."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haedap.analytics.directory.quarters import Quarter

USUAL_COUNT = 20
MOST_COUNT = 100
LONGEST_NAME = 60
LONGEST_WHAT = 80


class Icon(models.TextChoices):
    """The sign and colour of a group on paper, see `documents.looks`."""

    WATER = "water", _("water drop")
    MONEY = "money", _("coin")
    CAR = "car", _("car")
    PAPER = "paper", _("paper with a stamp")
    HEART = "heart", _("heart")
    HEALTH = "health", _("cross")
    LEAF = "leaf", _("leaf")
    ROAD = "road", _("road")
    HOUSE = "house", _("house")
    BOOK = "book", _("book")
    WORK = "work", _("bag")
    TOWN = "town", _("town hall")
    PHONE = "phone", _("telephone")


class DirectoryGroup(models.Model):
    """생활 분야: a part of daily life. `words`: what its offices and their duties have in their names."""

    id = models.BigAutoField(primary_key=True)
    key = models.SlugField(max_length=20, unique=True)
    name = models.CharField(_("Name"), max_length=20)
    words = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name=_("Words"))
    icon = models.CharField(_("Sign"), max_length=8, choices=Icon.choices, default=Icon.PHONE)
    position = models.PositiveSmallIntegerField(_("Order"), default=0)

    class Meta:
        db_table = "directory_group"
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Edition(models.Model):
    """The directory of a quarter. `count`: how many numbers it has; `asked_at`, `found_at`: when
    the worker was asked to look for them, and when they were looked for last. `synthetic`: the profile of the invented
    year in which they were found, which may have been taken away since."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being edited")
        PUBLISHED = "published", _("published")

    id = models.BigAutoField(primary_key=True)
    quarter = models.CharField(max_length=6, unique=True)
    count = models.PositiveSmallIntegerField(
        _("How many numbers"),
        default=USUAL_COUNT,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_COUNT)],
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField(db_default=Now())
    asked_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(null=True)
    synthetic = models.CharField(max_length=20, blank=True, default="")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        "accounts.Account",
        models.DO_NOTHING,
        db_column="published_by",
        db_constraint=False,
        null=True,
        related_name="+",
    )

    class Meta:
        db_table = "directory_edition"
        ordering: ClassVar = ["-quarter"]

    def __str__(self) -> str:
        return self.quarter

    @property
    def of(self) -> Quarter:
        """Its quarter."""
        return Quarter.parse(self.quarter)

    @property
    def is_published(self) -> bool:
        """Whether citizens may see it; it is not changed then."""
        return self.state == self.State.PUBLISHED


class Entry(models.Model):
    """A number that may stand in an edition: as it was found, and what a person made of it.

    Looking anew writes `rank`, `score`, `contacts`, `evidence` and `found_*` only. What a person said stands in `own_*`
    (empty: as found), `group`, `choice`, `position` and `confirmed`, so no finding can undo it.
    """

    class Choice(models.TextChoices):
        RANK = "", _("by its rank")
        PINNED = "pinned", _("always")
        DROPPED = "dropped", _("never")

    id = models.BigAutoField(primary_key=True)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="entries")
    key = models.CharField(max_length=40)
    """`office:12`, or `number:+82…` of a number that no office has."""
    rank = models.PositiveSmallIntegerField(null=True)
    """1 is the most requested; null: a person added it."""
    score = models.PositiveIntegerField(default=0)
    contacts = models.PositiveIntegerField(default=0)
    evidence = models.JSONField(default=dict)
    found_name = models.CharField(max_length=LONGEST_NAME, blank=True, default="")
    found_what = models.CharField(max_length=LONGEST_WHAT, blank=True, default="")
    found_group = models.ForeignKey(DirectoryGroup, models.SET_NULL, null=True, related_name="+")
    number = models.CharField(max_length=20, blank=True, default="")
    """E.164, frozen when it was found."""
    own_name = models.CharField(_("Name"), max_length=LONGEST_NAME, blank=True, default="")
    own_what = models.CharField(_("For what"), max_length=LONGEST_WHAT, blank=True, default="")
    own_group = models.ForeignKey(
        DirectoryGroup, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Group")
    )
    choice = models.CharField(max_length=8, choices=Choice.choices, blank=True, default=Choice.RANK)
    position = models.PositiveSmallIntegerField(null=True)
    """Its place in its group when a person moved something there; null: after those, by rank."""
    confirmed = models.BooleanField(_("I have tried this number"), default=False)

    class Meta:
        db_table = "directory_entry"
        ordering: ClassVar = ["rank", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "key"], name="directory_entry_once")]

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        """As it is printed."""
        return self.own_name or self.found_name

    @property
    def what(self) -> str:
        """For what citizens call there, as it is printed."""
        return self.own_what or self.found_what

    @property
    def group(self) -> DirectoryGroup | None:
        """Under which it is printed; None: the others."""
        return self.own_group or self.found_group

    @property
    def requests(self) -> float:
        """The score in whole requests."""
        return self.score / 10
