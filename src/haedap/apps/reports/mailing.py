"""Scheduled reports: what is due, and sending it. For the worker; each step may run twice without harm."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import datetime, time

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from haedap.analytics.dimensions import Dimension
from haedap.apps.briefs.sending import DeliveryError, State
from haedap.apps.centre import api as centre
from haedap.apps.reports import files
from haedap.apps.reports.asking import Report, report_of
from haedap.apps.reports.forms import Asked
from haedap.apps.reports.models import ReportDelivery, ReportSchedule
from haedap.apps.reports.periods import Kind, Period
from haedap.clock import centre_time
from haedap.web.documents import DocumentError

MOST_BACK = 7
"""So many periods are made up for after the centre stood still."""


def configured() -> bool:
    """Whether this centre can send mail."""
    return bool(settings.HAEDAP.mail_url)


def follow(now: datetime) -> int:
    """Put what is due into the worker's queue; returns how many mails that are."""
    if not configured():
        return 0
    return sum(
        _leave(schedule, period)
        for schedule in ReportSchedule.objects.filter(active=True)
        for period in due(schedule, now)
    )


def due(schedule: ReportSchedule, now: datetime) -> Iterator[Period]:
    """The last periods that are over and whose hour has come, latest first."""
    local = timezone.localtime(now)
    period = Period.with_day(Kind(schedule.every), local.date()).previous
    for _back in range(MOST_BACK):
        if period.until <= schedule.since:
            return
        if local >= timezone.make_aware(datetime.combine(period.until, time(schedule.hour))):
            yield period
        period = period.previous


def send_now(schedule: ReportSchedule, now: datetime) -> int:
    """The last period that is over, to mailboxes that did not get it; returns how many those are."""
    period = Period.with_day(Kind(schedule.every), timezone.localdate(now)).previous
    undelivered = ReportDelivery.objects.filter(schedule=schedule, since=period.since, until=period.until)
    undelivered.exclude(state=State.SENT).delete()  # what waits in vain, or failed, is left anew
    return _leave(schedule, period)


def deliver(key: int, *, last: bool) -> None:
    """Send the mail of the delivery `key`, unless it was sent.

    Raises DeliveryError, unless this is the `last` attempt.
    """
    with transaction.atomic():
        waiting = ReportDelivery.objects.select_for_update(of=("self",)).select_related("schedule")
        delivery = waiting.filter(pk=key, state=State.WAITING).first()
        if delivery is None:
            return
        try:
            _send(delivery)
        except DeliveryError:
            if not last:
                raise
            delivery.state = State.FAILED
        else:
            delivery.state = State.SENT
        delivery.finished_at = centre_time()
        delivery.save(update_fields=["state", "finished_at"])


def _leave(schedule: ReportSchedule, period: Period) -> int:
    new = 0
    with transaction.atomic():
        for mailbox in schedule.addresses:
            row, made = ReportDelivery.objects.get_or_create(
                schedule=schedule, since=period.since, until=period.until, mailbox=mailbox
            )
            if made:
                app.configure_task("reports.deliver").defer(delivery=row.pk)
            new += made
    return new


def _send(delivery: ReportDelivery) -> None:
    schedule = delivery.schedule
    report = report_of(Asked(delivery.period, Dimension(schedule.side)), centre_time())
    name, (kind, write) = files.file_name(report, schedule.form), files.FORMS[schedule.form]
    # The same id at each attempt: a mailbox that got it already can tell.
    headers = {"Message-ID": f"<report-{delivery.pk}-{delivery.since:%Y%m%d}@{_host()}>"}
    mail = EmailMessage(files.title_of(report), _text(report), to=[delivery.mailbox], headers=headers)
    try:
        mail.attach(name, write(report), kind.partition(";")[0])
        mail.send()
    except (OSError, smtplib.SMTPException, ValueError, DocumentError) as error:
        raise DeliveryError(type(error).__name__) from error


def _text(report: Report) -> str:
    words = {"title": files.title_of(report), "url": f"{settings.HAEDAP.web_url}/reports/?{report.asked.query}"}
    text = _("%(title)s\n\nThe report is attached. Its figures and the contacts behind them:\n%(url)s\n") % words
    mark = _("Synthetic data") + "\n" if centre.synthetic() else ""
    return mark + text


def _host() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
