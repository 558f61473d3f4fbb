"""Reports that are sent to mailboxes by themselves, and what became of each."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haedap.apps.briefs.sending import State
from haedap.apps.reports.forms import SIDES
from haedap.apps.reports.periods import Kind, Period

_LAST_HOUR = 23


class ReportSchedule(models.Model):
    """What is sent when and to whom. Agents are never told apart in it: a mailbox is no place for that."""

    class Form(models.TextChoices):
        """The file that is sent."""

        PDF = "pdf", "PDF"
        XLSX = "xlsx", "XLSX"
        CSV = "csv", "CSV"

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(_("Name"), max_length=60)
    every = models.CharField(
        _("Every"),
        max_length=5,
        choices=[each for each in Kind.choices if each[0] not in {Kind.RANGE, Kind.YEAR}],
        default=Kind.MONTH,
    )
    hour = models.PositiveSmallIntegerField(_("From hour"), default=7, validators=[MaxValueValidator(_LAST_HOUR)])
    """Of the day after the period, in Seoul."""
    side = models.CharField(_("By"), max_length=10, choices=[(side.value, name) for side, name in SIDES.items()])
    form = models.CharField(_("File"), max_length=4, choices=Form.choices, default=Form.PDF)
    mailboxes = models.TextField(_("Mailboxes"), help_text=_("One address a line, at most 20."))
    active = models.BooleanField(_("Active"), default=True, db_default=True)
    since = models.DateField()
    """Periods that ended before this day are not sent: nobody wants last year's on the first day."""
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "report_schedule"
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def addresses(self) -> list[str]:
        """The mailboxes, each once, in their order."""
        return list(dict.fromkeys(self.mailboxes.split()))


class ReportDelivery(models.Model):
    """One report to one mailbox. There is one row for each, so that nothing is sent twice and nothing is lost."""

    id = models.BigAutoField(primary_key=True)
    schedule = models.ForeignKey(ReportSchedule, models.CASCADE, related_name="deliveries")
    since = models.DateField()
    until = models.DateField()
    """The day after the last."""
    mailbox = models.CharField(max_length=254)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING, db_default=State.WAITING)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "report_delivery"
        ordering: ClassVar = ["-since", "mailbox"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schedule", "since", "until", "mailbox"], name="report_delivery_once")
        ]

    def __str__(self) -> str:
        return f"{self.mailbox} {self.since}"

    @property
    def period(self) -> Period:
        """What the report is about."""
        return Period(Kind(self.schedule.every), self.since, self.until)
