"""Departments, duties, officers, and when officers are away."""

from __future__ import annotations

import uuid
from datetime import time, timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haedap.apps.offices.absences import Away

MOST_LEVELS = 8
"""A city has four: 국, 과, 팀, and a branch of it."""


class Department(models.Model):
    """부서: an office of the city, at its place in the tree. Names are unique below one parent.

    `imported`: it came from a file or a directory, which may therefore also take it away.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(_("Name"), max_length=60)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Part of")
    )
    code = models.CharField(_("Code"), max_length=40, blank=True, default="", db_default="")
    telephone = models.CharField(_("Telephone number"), max_length=20, blank=True, default="", db_default="")
    hours_key = models.CharField(_("Opening hours"), max_length=40, blank=True, default="", db_default="")
    position = models.PositiveSmallIntegerField(_("Order"), default=0, db_default=0)
    active = models.BooleanField(_("Active"), default=True, db_default=True)
    imported = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "department"
        ordering: ClassVar = ["position", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                nulls_distinct=False,
                name="department_name_once",
                violation_error_message=_("There is a department with this name at this place already."),
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=~models.Q(code=""),
                name="department_code_once",
                violation_error_message=_("Another department has this code already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> tuple[str, ...]:
        """Names from the root down to this one."""
        return tuple(department.name for department in self.line())

    @property
    def place(self) -> str:
        """`경제국 > 세정과`, as lists show it."""
        return " > ".join(self.path)

    def line(self) -> list[Department]:
        """The departments from the root down to this one."""
        found: list[Department] = []
        step: Department | None = self
        while step is not None and len(found) < MOST_LEVELS:
            found.insert(0, step)
            step = step.parent
        return found

    def clean(self) -> None:
        """Raises ValidationError when the parent lies below this department, or the tree grows too deep."""
        above, step = 0, self.parent
        while step is not None:
            above += 1
            if step.pk == self.pk:
                raise ValidationError(
                    {
                        "parent": gettext(
                            "A department cannot be a part of itself or of what belongs to it. Choose another."
                        )
                    }
                )
            step = step.parent
        if above + self._height() > MOST_LEVELS:
            raise ValidationError({"parent": gettext("Departments can be at most %d levels deep.") % MOST_LEVELS})

    def _height(self) -> int:
        height, below = 1, set(self.children.values_list("pk", flat=True)) if self.pk else set()
        while below and height <= MOST_LEVELS:
            height += 1
            below = set(Department.objects.filter(parent__in=below).values_list("pk", flat=True))
        return height


class Officer(models.Model):
    """담당자: somebody of the city who has duties. `code`: the number that its source knows the person by."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(_("Name"), max_length=60)
    title = models.CharField(_("Job title"), max_length=40, blank=True, default="", db_default="")
    department = models.ForeignKey(Department, models.PROTECT, related_name="officers", verbose_name=_("Department"))
    code = models.CharField(_("Staff number"), max_length=40, blank=True, default="", db_default="")
    telephone = models.CharField(_("Telephone number"), max_length=20, blank=True, default="", db_default="")
    extension = models.CharField(_("Extension"), max_length=8, blank=True, default="", db_default="")
    email = models.EmailField(_("E-mail"), max_length=120, blank=True, default="", db_default="")
    messenger = models.CharField(_("Messenger id"), max_length=60, blank=True, default="", db_default="")
    position = models.PositiveSmallIntegerField(_("Order"), default=0, db_default=0)
    active = models.BooleanField(_("Active"), default=True, db_default=True)
    imported = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "officer"
        ordering: ClassVar = ["position", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"],
                condition=~models.Q(code=""),
                name="officer_code_once",
                violation_error_message=_("Another officer has this staff number already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Deputy(models.Model):
    """대직자: who answers when the officer is away; position 0 is asked first."""

    id = models.BigAutoField(primary_key=True)
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(Officer, models.CASCADE, related_name="deputy_of")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "deputy"
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["officer", "deputy"], name="deputy_once"),
            models.CheckConstraint(condition=~models.Q(officer=models.F("deputy")), name="deputy_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} → {self.deputy_id}"


class Duty(models.Model):
    """담당업무: a task of a department, and the officers who do it. `keywords`: other words for it."""

    id = models.BigAutoField(primary_key=True)
    department = models.ForeignKey(Department, models.CASCADE, related_name="duties", verbose_name=_("Department"))
    text = models.CharField(_("Duty"), max_length=200)
    keywords = models.CharField(_("Words that citizens use"), max_length=300, blank=True, default="", db_default="")
    officers = models.ManyToManyField(Officer, related_name="duties", blank=True, verbose_name=_("Officers"))
    position = models.PositiveSmallIntegerField(_("Order"), default=0, db_default=0)
    imported = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "duty"
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department", "text"],
                name="duty_once",
                violation_error_message=_("This department has this duty already."),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def words(self) -> tuple[str, ...]:
        """The other words, one by one."""
        return tuple(word.strip() for word in self.keywords.split(",") if word.strip())


class Absence(models.Model):
    """Away from `starts_at` until before `ends_at`; without an end, until further notice."""

    class Reason(models.TextChoices):
        """Why. Illness is nobody's business: it is leave, or just absence."""

        LEAVE = "leave", _("on leave")
        TRIP = "trip", _("on a business trip")
        TRAINING = "training", _("in training")
        MEETING = "meeting", _("in a meeting")
        LONG_LEAVE = "long_leave", _("on long leave")
        AWAY = "away", _("absent")

    id = models.BigAutoField(primary_key=True)
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    reason = models.CharField(_("Reason"), max_length=12, choices=Reason.choices, default=Reason.LEAVE)

    class Meta:
        db_table = "absence"
        ordering: ClassVar = ["starts_at", "id"]
        indexes: ClassVar = [models.Index(fields=["officer", "ends_at"], name="absence_officer_end")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="absence_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at} {self.reason}"

    @classmethod
    def of(cls, officer: Officer, away: Away) -> Absence:
        """What a list says, not saved yet."""
        starts, ends = timezone.make_aware(away.start), timezone.make_aware(away.end) if away.end else None
        return cls(officer=officer, starts_at=starts, ends_at=ends, reason=away.reason)

    @property
    def away(self) -> Away:
        """As lists write it."""
        end = timezone.make_naive(self.ends_at) if self.ends_at else None
        return Away(timezone.make_naive(self.starts_at), end, self.reason)

    @property
    def period(self) -> str:
        """`2026-11-23 ~ 2026-11-25`, with times where they are not whole days; the last day is the last one away."""
        start = timezone.localtime(self.starts_at)
        begins = f"{start:%Y-%m-%d}" if start.time() == time() else f"{start:%Y-%m-%d %H:%M}"
        if self.ends_at is None:
            endless = gettext("until further notice")
            return f"{begins} ~ {endless}"
        end = timezone.localtime(self.ends_at)
        ends = f"{end - timedelta(days=1):%Y-%m-%d}" if end.time() == time() else f"{end:%Y-%m-%d %H:%M}"
        return f"{begins} ~ {ends}"


class Synonym(models.Model):
    """What citizens say, and what the office calls it: `said` in a question also looks for the words of `means`."""

    id = models.BigAutoField(primary_key=True)
    said = models.CharField(_("Citizens say"), max_length=40, unique=True)
    means = models.CharField(_("Offices say"), max_length=200, help_text=_("Several words are divided by commas."))

    class Meta:
        db_table = "office_synonym"
        ordering: ClassVar = ["said"]

    def __str__(self) -> str:
        return self.said


class SearchVersion(models.Model):
    """One row whose `version` triggers of the database change with every change of what can be found."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.UUIDField(default=uuid.uuid4)

    class Meta:
        db_table = "office_search_version"

    def __str__(self) -> str:
        return str(self.version)


class ImportDraft(models.Model):
    """What was read for an import, between its preview and the confirmation. `rows`: see `rows.Entry`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account_id = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    source = models.CharField(max_length=20)
    origin = models.CharField(max_length=120)
    entries = models.JSONField()
    problems = models.JSONField()

    class Meta:
        db_table = "office_import_draft"

    def __str__(self) -> str:
        return self.origin
