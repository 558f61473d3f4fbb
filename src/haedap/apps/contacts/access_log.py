"""접속기록: who did what with whose data. For administrators, to read; nobody can change it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from haedap.apps.accounts import access
from haedap.apps.accounts import api as accounts
from haedap.apps.contacts.access_words import told
from haedap.apps.contacts.models import AccessLog
from haedap.apps.contacts.paging import Page, Paging

ACTIONS: dict[str, str | Promise] = {
    "session.opened": _("Logged in"),
    "session.closed": _("Logged out"),
    "session.idle": _("Logged out when idle"),
    "contact.viewed": _("Opened a contact"),
    "contacts.searched": _("Searched the contacts"),
    "recording.listened": _("Listened to a recording"),
    "knowledge.changed": _("Changed an article"),
    "knowledge.imported": _("Imported articles"),
    "knowledge.exported": _("Exported articles"),
    "article.read": _("An office read an article by its link"),
    "article.approved": _("An office approved an article"),
    "article.refused": _("An office sent an article back"),
    "citizen.changed": _("Changed who a citizen is"),
    "citizen.chosen": _("Said who was on the line"),
    "citizen.viewed": _("Opened a citizen"),
    "citizen.merged": _("Merged two citizens"),
    "citizen.split": _("Took merged citizens apart"),
    "citizen.number_added": _("Gave a citizen a number"),
    "citizen.number_removed": _("Took a number off a citizen"),
    "citizens.searched": _("Searched the citizens"),
    "account.created": _("Created an account"),
    "account.changed": _("Changed an account"),
    "account.password_reset": _("Gave a new password"),
    "account.password_changed": _("Changed the own password"),
    "account.unlocked": _("Unlocked an account"),
    "account.desk_phone_issued": _("Issued desk telephone credentials"),
    "centre.changed": _("Changed the centre"),
    "offices.changed": _("Changed the offices"),
    "directory.changed": _("Changed the directory of daily life"),
    "offices.imported": _("Imported the offices"),
    "offices.exported": _("Downloaded the list of officers"),
    "supervision.started": _("Took part in a talk"),
    "supervision.ended": _("Left a talk"),
    "supervision.took_over": _("Took a citizen over"),
    "agent.forced": _("Set an agent's state"),
    "contact.moved": _("Moved a waiting citizen"),
    "number.flagged": _("Flagged a number"),
    "number.flag_extended": _("Flagged a number for longer"),
    "number.flag_lifted": _("Took the flag off a number"),
    "promise.viewed": _("Opened a callback promise"),
    "promise.changed": _("Changed a callback promise"),
    "promises.exported": _("Downloaded the list of callback promises"),
    "lookup.identified": _("Identified a citizen"),
    "lookup.made": _("Looked up a record"),
    "lookup.unmasked": _("Unmasked a field"),
    "lookup.refused": _("Was refused a look-up"),
    "lookup.tested": _("Tried a system"),
    "case.opened": _("Opened a case at an office"),
    "case.viewed": _("Looked at a case"),
    "case.read": _("Read a case at its office"),
    "case.changed": _("Changed a case"),
    "cases.exported": _("Downloaded the list of cases"),
    "report.exported": _("Downloaded a report"),
    "report.agents_named": _("Had agents named in reports"),
    "report.schedule_changed": _("Changed or sent a report by mail"),
    "yearbook.changed": _("Changed a yearbook"),
    "yearbook.exported": _("Downloaded a yearbook"),
    "effect.exported": _("Downloaded what to connect next"),
    "radar.viewed": _("Opened an alarm"),
    "radar.acknowledged": _("Saw to an alarm"),
    "radar.dismissed": _("Called an alarm false"),
    "radar.closed": _("Ended an alarm"),
    "radar.linked": _("Linked a contact to an alarm"),
    "radar.unlinked": _("Took a contact out of an alarm"),
    "radar.pinned": _("Pinned an announcement or an article"),
    "radar.taken_off": _("Took off what was pinned"),
    "summary.made": _("Asked a machine for a summary"),
    "brief.read": _("Read a brief"),
    "brief.answered": _("Answered a brief"),
}
_LOG = Paging("at", int)


class LogFilterForm(forms.Form):
    """Day, person, action."""

    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    account = forms.TypedChoiceField(label=_("Person"), required=False, coerce=int, empty_value=None)
    action = forms.ChoiceField(label=_("Action"), required=False, choices=[("", _("all")), *ACTIONS.items()])

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["account"].choices = [("", _("all")), *accounts.names().items()]  # type: ignore[attr-defined]

    def conditions(self) -> Q:
        """What the fields ask for."""
        found = Q()
        if day := self.cleaned_data.get("day"):
            first, last = (timezone.make_aware(datetime.combine(day, clock)) for clock in (time.min, time.max))
            found &= Q(at__gte=first, at__lte=last)
        for name in ("account", "action"):
            if value := self.cleaned_data.get(name):
                found &= Q(**{name: value})
        return found


@access.allow(access.ADMINISTRATORS)
@require_GET
def access_log(request: HttpRequest) -> HttpResponse:
    """The log, latest first."""
    form = LogFilterForm(request.GET)
    page: Page[AccessLog] = Page([], "", "")
    if form.is_valid():
        page = _LOG.page(AccessLog.objects.filter(form.conditions()), request.GET.get("page", ""))
    people = accounts.names({row.account_id for row in page.rows if row.account_id is not None})
    context = {
        "form": form,
        "rows": [
            (row, people.get(row.account_id or 0, ""), ACTIONS.get(row.action, row.action), list(told(row.detail)))
            for row in page.rows
        ],
        "newer": _address(request, page.newer) if page.newer else "",
        "older": _address(request, page.older) if page.older else "",
    }
    return render(request, "contacts/access_log.html", context, status=400 if form.errors else 200)


def _address(request: HttpRequest, cursor: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}
    return f"?{urlencode({**kept, 'page': cursor})}"
