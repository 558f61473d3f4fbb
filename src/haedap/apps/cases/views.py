"""The pages of cases in the centre: the list, one of them, and what can be done about it here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haedap.apps.accounts import access
from haedap.apps.accounts.api import Account
from haedap.apps.accounts.views import account_of
from haedap.apps.cases import acting, filters, links, stories
from haedap.apps.cases.acting import Actor
from haedap.apps.cases.errors import CaseError
from haedap.apps.cases.forms import ReasonForm
from haedap.apps.cases.models import Case, CaseEvent
from haedap.apps.centre import csv_text
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.paging import Page, Paging

_MOST_ROWS = 50_000
_BY_DUE = Paging("due_at", UUID, ascending=True)
_BY_AGE = Paging("received_at", UUID)
_ORDERS = {filters.ALL: _BY_AGE, filters.UNTOLD: _BY_AGE}


@access.allow(access.SUPERVISORS)
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The list: what is open by the end of its term, so what is overdue first."""
    form = filters.FilterForm(request.GET)
    now = timezone.now()
    page: Page[Case] = Page([], "", "")
    if form.is_valid():
        order = _ORDERS.get(form.shown, _BY_DUE)
        page = order.page(Case.objects.filter(form.conditions(now)), request.GET.get("page", ""))
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}
    context = {
        "form": form,
        "lines": [(case, stories.urgency(case, now)) for case in page.rows],
        "newer": f"?{urlencode({**kept, 'page': page.newer})}" if page.newer else "",
        "older": f"?{urlencode({**kept, 'page': page.older})}" if page.older else "",
        "open": Case.objects.filter(ended_at=None).count(),
        "overdue": Case.objects.filter(state__in=acting.NEW | acting.AT_WORK, due_at__lt=now).count(),
        "filtered": bool(kept),
        "csv": f"cases.csv?{urlencode(kept)}",
    }
    return render(request, "cases/list.html", context, status=400 if form.errors else 200)


@access.allow(access.SUPERVISORS)
@require_GET
def cases_csv(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, for a spreadsheet. Written to the access log."""
    form = filters.FilterForm(request.GET)
    if not form.is_valid():
        return redirect("cases")
    rows = Case.objects.filter(form.conditions(timezone.now())).order_by("-received_at", "-pk")[:_MOST_ROWS]
    headings = [
        _("Case"), _("Office"), _("Officer"), _("Kind"), _("Received"), _("Due"), _("State"), _("Extensions"),
        _("Answered"), _("Ended"), _("Number"), _("Citizen"), _("Topic"),
    ]  # fmt: skip
    data = csv_text.write(headings, (list(_cells(case)) for case in rows))
    contacts.log_access(
        "cases.exported",
        account=account_of(request).pk,
        address=access.client_address(request),
        detail={"show": form.shown},
    )
    return csv_text.download(data, f"cases-{timezone.localdate():%Y%m%d}")


@access.allow(access.SIGNED_IN)
@require_GET
def case(request: HttpRequest, case: UUID) -> HttpResponse:
    """One case with its history. Written to the access log."""
    found = _found(request, case)
    _log(request, found, "case.viewed", {})
    return _page(request, found)


@access.allow(access.SIGNED_IN)
@require_POST
def told(request: HttpRequest, case: UUID) -> HttpResponse:
    """The citizen has heard the answer."""
    found = _found(request, case)
    return _done(request, found, "told", lambda actor: acting.told(found, actor, _("by an agent")))


@access.allow(access.SUPERVISORS)
@require_POST
def withdraw(request: HttpRequest, case: UUID) -> HttpResponse:
    """No answer is owed any more."""
    found = _found(request, case)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    reason = form.cleaned_data["reason"]
    return _done(request, found, "withdraw", lambda actor: acting.withdraw(found, actor, reason), reason)


def visible(account: Account) -> QuerySet[Case]:
    """The cases that `account` may open: supervisors all, agents those of contacts and citizens that they may see."""
    if account.is_supervisor:
        return Case.objects.all()
    seen = contacts.visible(account)
    return Case.objects.filter(
        Q(opened_by=account.pk) | Q(contact__in=seen.values("pk")) | Q(citizen_number__in=_numbers_here(account))
    )


def _numbers_here(account: Account) -> list[str]:
    duty = contacts.duty_of(account.pk)
    here = contacts.Contact.objects.filter(pk=duty.contact).first() if duty.contact else None
    return [here.caller] if here and here.caller else []


def _found(request: HttpRequest, case: UUID) -> Case:
    found = visible(account_of(request)).filter(pk=case).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, case: Case, form: forms.Form | None = None, status: int = 200) -> HttpResponse:
    account = account_of(request)
    context = stories.page_of(case) | {
        "withdraw_form": form or ReasonForm(),
        "may_tell": acting.may(case, CaseEvent.Kind.TOLD),
        "may_withdraw": account.is_supervisor and acting.may(case, CaseEvent.Kind.WITHDRAWN),
        "may_open_contact": contacts.visible(account).filter(pk=case.contact).exists(),
        "notices": case.notices.all(),
        "address": links.address_of(case) if account.is_supervisor and not case.notices.exists() else "",
    }
    return render(request, "cases/case.html", context, status=status)


def _done(request: HttpRequest, case: Case, step: str, act: Callable[[Actor], Case], reason: str = "") -> HttpResponse:
    account = account_of(request)
    try:
        act(Actor(account.name, account.pk))
    except CaseError as error:
        messages.error(request, error.sentence)
    else:
        _log(request, case, "case.changed", {"step": step}, reason)
        messages.success(request, _("Done."))
    return redirect("case", case=case.pk)


def _log(request: HttpRequest, case: Case, action: str, detail: dict[str, str], reason: str = "") -> None:
    contacts.log_access(
        action,
        account=account_of(request).pk,
        address=access.client_address(request),
        contact=case.contact,
        citizen=case.citizen,
        reason=reason[:200],
        detail={"case": case.number, **detail},
    )


def _cells(case: Case) -> Iterator[str]:
    yield case.number
    yield case.office
    yield case.officer_name
    yield case.get_kind_display()
    yield _time(case.received_at)
    yield _time(case.due_at)
    yield case.get_state_display()
    yield " + ".join(case.extensions)
    yield _time(case.answered_at)
    yield _time(case.ended_at)
    yield contacts.dialled(case.citizen_number)
    yield case.citizen_name
    yield case.topic_path


def _time(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
