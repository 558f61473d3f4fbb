"""The pages of promises: the list, one of them, and what can be done about it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haedap.apps.accounts import access
from haedap.apps.accounts.api import Account
from haedap.apps.accounts.views import account_of
from haedap.apps.centre import csv_text
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts import listening
from haedap.apps.contacts.api import CallbackPromise
from haedap.apps.contacts.forms import ReasonForm
from haedap.apps.contacts.paging import Page, Paging
from haedap.apps.desk.errors import DeskError
from haedap.apps.promises import acting, export, filters, stories
from haedap.apps.promises.forms import GiveForm, PutOffForm, SettleForm
from haedap.clock import centre_time

_BY_DEADLINE = Paging("deadline", UUID, ascending=True)
_BY_END = Paging("ended_at", UUID)
_BY_AGE = Paging("made_at", UUID)
_ORDERS = {filters.ENDED_TODAY: _BY_END, filters.ALL: _BY_AGE}


@access.allow(access.SIGNED_IN)
@require_GET
def promises(request: HttpRequest) -> HttpResponse:
    """The list: what is open by its deadline, the rest latest first."""
    account = account_of(request)
    form = filters.FilterForm(request.GET, account)
    now = centre_time()
    page: Page[CallbackPromise] = Page([], "", "")
    if form.is_valid():
        order = _ORDERS.get(form.shown, _BY_DEADLINE)
        page = order.page(_listed(account, form), request.GET.get("page", ""))
    open_ones = contacts.promises_of(account).exclude(filters.ENDED)
    context = {
        "form": form,
        "lines": stories.lines(account, page.rows, now),
        "newer": _address(request, page.newer) if page.newer else "",
        "older": _address(request, page.older) if page.older else "",
        "open": open_ones.count(),
        "overdue": open_ones.filter(deadline__lt=now).count(),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "csv": f"promises.csv?{urlencode({name: value for name, value in request.GET.items() if name != 'page'})}",
    }
    return render(request, "promises/list.html", context, status=400 if form.errors else 200)


@access.allow(access.SUPERVISORS)
@require_GET
def promises_csv(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, for a spreadsheet. Written to the access log."""
    account = account_of(request)
    form = filters.FilterForm(request.GET, account)
    if not form.is_valid():
        return redirect("promises")
    rows = _listed(account, form).order_by("-made_at", "-pk")[: export.MOST_ROWS]
    data = export.as_csv(stories.lines(account, list(rows), centre_time()))
    contacts.log_access(
        "promises.exported",
        account=account.pk,
        address=access.client_address(request),
        detail={"show": form.shown},
    )
    return csv_text.download(data, f"promises-{timezone.localdate():%Y%m%d}")


@access.allow(access.SIGNED_IN)
@require_GET
def promise(request: HttpRequest, promise: UUID) -> HttpResponse:
    """One promise. Written to the access log."""
    found = _found(request, promise)
    contacts.log_access(
        "promise.viewed",
        account=account_of(request).pk,
        address=access.client_address(request),
        contact=found.contact,
        citizen=_citizen(found),
        detail={"promise": str(found.pk)},
    )
    return _show(request, found)


@access.allow(access.SIGNED_IN)
@require_POST
def listen(request: HttpRequest, promise: UUID) -> HttpResponse:
    """Asks why; the answer goes to the access log, and the player of the citizen's message appears for half an hour."""
    found = _found(request, promise)
    form = ReasonForm(request.POST)
    recording = listening.recording_of(found.contact, ready=True) if found.contact else None
    if found.contact is None or recording is None:
        raise Http404
    can_be_heard = contacts.opened(account_of(request), found.contact) and listening.file_of(recording)
    if not form.is_valid() or not can_be_heard:
        return _show(request, found, reason_form=form, status=400)
    contacts.log_access(
        "recording.listened",
        account=account_of(request).pk,
        address=access.client_address(request),
        contact=found.contact,
        citizen=_citizen(found),
        reason=form.cleaned_data["reason"],
        detail={"promise": str(found.pk)},
    )
    return _show(request, found, token=listening.sign(found.contact, account_of(request).pk))


@access.allow(access.SIGNED_IN)
@require_POST
async def call_now(request: HttpRequest, promise: UUID) -> HttpResponse:
    """Due from this moment."""
    account, found = await _asked(request, promise)
    return await _done(request, found, acting.call_now(account, found, _from(request)))


@access.allow(access.SIGNED_IN)
@require_POST
async def put_off(request: HttpRequest, promise: UUID) -> HttpResponse:
    """Due later."""
    account, found = await _asked(request, promise)
    form = PutOffForm(request.POST, found, account)
    if not await sync_to_async(form.is_valid)():
        return await sync_to_async(_show)(request, found, put_off_form=form, status=400)
    return await _done(request, found, acting.change(account, found, _from(request), "put_off", **form.change()))


@access.allow(access.SIGNED_IN)
@require_POST
async def give(request: HttpRequest, promise: UUID) -> HttpResponse:
    """Somebody else owes it."""
    account, found = await _asked(request, promise)
    form = await sync_to_async(GiveForm)(request.POST, found)
    if not await sync_to_async(form.is_valid)():
        return await sync_to_async(_show)(request, found, give_form=form, status=400)
    return await _done(request, found, acting.change(account, found, _from(request), "give", owner=form.target()))


@access.allow(access.SIGNED_IN)
@require_POST
async def settle(request: HttpRequest, promise: UUID) -> HttpResponse:
    """It is over."""
    account, found = await _asked(request, promise)
    form = SettleForm(request.POST)
    if not await sync_to_async(form.is_valid)():
        return await sync_to_async(_show)(request, found, settle_form=form, status=400)
    outcome, reason = form.cleaned_data["outcome"], form.cleaned_data["reason"]
    return await _done(request, found, acting.settle(account, found, _from(request), outcome, reason))


async def _done(request: HttpRequest, found: CallbackPromise, work: Any) -> HttpResponse:
    """The page anew, with what came of it."""
    try:
        await work
    except DeskError as error:
        await sync_to_async(messages.error)(request, error.message)
    else:
        await sync_to_async(messages.success)(request, _("Done."))
    still = await sync_to_async(acting.found)(await _account(request), found.pk)
    return redirect("promise", promise=found.pk) if still else redirect("promises")


async def _asked(request: HttpRequest, promise: UUID) -> tuple[Account, CallbackPromise]:
    account = await _account(request)
    found = await sync_to_async(acting.found)(account, promise)
    if found is None:
        raise Http404
    return account, found


async def _account(request: HttpRequest) -> Account:
    return await sync_to_async(account_of)(request)


def _from(request: HttpRequest) -> str | None:
    return access.client_address(request)


def _listed(account: Account, form: filters.FilterForm) -> Any:
    return contacts.promises_of(account).filter(form.conditions(centre_time()))


def _found(request: HttpRequest, promise: UUID) -> CallbackPromise:
    found = acting.found(account_of(request), promise)
    if found is None:
        raise Http404
    return found


def _citizen(promise: CallbackPromise) -> int | None:
    citizen = contacts.citizen_of(promise.citizen)
    return citizen.pk if citizen else None


def _show(request: HttpRequest, found: CallbackPromise, *, status: int = 200, **more: Any) -> HttpResponse:
    account = account_of(request)
    context = {
        **stories.page_of(found, account, centre_time()),
        "put_off_form": PutOffForm(None, found, account),
        "give_form": GiveForm(None, found),
        "settle_form": SettleForm(),
        "reason_form": ReasonForm(),
        **more,
    }
    return render(request, "promises/promise.html", context, status=status)


def _address(request: HttpRequest, cursor: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}
    return f"?{urlencode({**kept, 'page': cursor})}"
