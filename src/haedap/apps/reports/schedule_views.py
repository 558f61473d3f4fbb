"""Pages of the reports that are sent to mailboxes by themselves."""

from __future__ import annotations

import re

from django import forms
from django.contrib import messages
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.analytics.dimensions import Dimension
from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.contacts import api as contacts
from haedap.apps.reports import mailing
from haedap.apps.reports.models import ReportDelivery, ReportSchedule
from haedap.clock import centre_time
from haedap.web.seen import SeenMixin

MOST_MAILBOXES = 20
_SHOWN = 50
_BETWEEN = re.compile(r"[,;]")
"""Mail programs write them between addresses."""


class ScheduleForm(SeenMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A schedule as somebody writes it."""

    class Meta:
        model = ReportSchedule
        fields = ("name", "every", "hour", "side", "form", "mailboxes", "active")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["mailboxes"].widget.attrs["rows"] = 4

    def clean_mailboxes(self) -> str:
        """Real addresses, each once, a line each."""
        addresses = list(dict.fromkeys(_BETWEEN.sub(" ", str(self.cleaned_data["mailboxes"])).split()))
        if len(addresses) > MOST_MAILBOXES:
            raise forms.ValidationError(_("Write at most %(most)d addresses.") % {"most": MOST_MAILBOXES})
        for address in addresses:
            try:
                validate_email(address)
            except forms.ValidationError as error:
                raise forms.ValidationError(
                    _("“%(address)s” is no e-mail address. Write one a line.") % {"address": address[:60]}
                ) from error
        return "\n".join(addresses)


@access.allow(access.SUPERVISORS)
@require_GET
def schedules(request: HttpRequest) -> HttpResponse:
    """What is sent by itself, and what became of the last mails."""
    context = {
        "schedules": ReportSchedule.objects.all(),
        "deliveries": ReportDelivery.objects.select_related("schedule").order_by("-created_at", "-pk")[:_SHOWN],
        "configured": mailing.configured(),
    }
    return render(request, "reports/schedules.html", context)


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def schedule(request: HttpRequest, key: int | None = None) -> HttpResponse:
    """A new schedule, or another's change."""
    rows = ReportSchedule.objects.select_for_update() if request.method == "POST" else ReportSchedule.objects
    row = get_object_or_404(rows, pk=key) if key else _new()
    form = ScheduleForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        _log(request, saved, "saved")
        messages.success(request, _("Saved. The first report goes out when its period is over."))
        return redirect("report_schedules")
    return render(request, "reports/schedule.html", {"form": form, "schedule": row}, status=400 if form.errors else 200)


def _new() -> ReportSchedule:
    return ReportSchedule(since=timezone.localdate(centre_time()), side=Dimension.TOPIC.value)


@access.allow(access.SUPERVISORS)
@require_POST
def schedule_step(request: HttpRequest, key: int, step: str) -> HttpResponse:
    """Send the last period now, or remove the schedule."""
    row = get_object_or_404(ReportSchedule, pk=key)
    _log(request, row, step)
    if step == "remove":
        row.delete()
        messages.success(request, _("Removed. Nothing more is sent by it."))
        return redirect("report_schedules")
    if not mailing.configured():
        messages.error(request, _("This centre sends no mail. Set HAEDAP_MAIL_URL first."))
        return redirect("report_schedules")
    sent = mailing.send_now(row, centre_time())
    told = _("%(count)d mails are on their way.") % {"count": sent} if sent else _("Every mailbox has it already.")
    messages.success(request, told)
    return redirect("report_schedules")


def _log(request: HttpRequest, row: ReportSchedule, step: str) -> None:
    contacts.log_access(
        "report.schedule_changed",
        account=account_of(request).pk,
        address=access.client_address(request),
        detail={"schedule": row.name, "step": step, "mailboxes": len(row.addresses)},
    )
