"""The pages of supervision: the floor, and the flagged numbers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.paging import Page, Paging
from haedap.apps.supervision import flags
from haedap.apps.supervision.forms import ExtendForm, FlagForm, LiftForm
from haedap.apps.supervision.models import FlaggedNumber

_LATEST = Paging("since", int)


@access.allow(access.SUPERVISORS)
@ensure_csrf_cookie
@require_GET
def floor(request: HttpRequest) -> HttpResponse:
    """관제: everything on it comes by the API and the WebSocket."""
    return render(request, "supervision/floor.html")


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
def flagged_numbers(request: HttpRequest) -> HttpResponse:
    """The flagged numbers, and one more. `?contact=` begins with the caller of that contact."""
    account = account_of(request)
    form = FlagForm(request.POST) if request.method == "POST" else FlagForm(initial=_initial(request))
    if form.is_valid():
        flags.flag_by_hand(account, access.client_address(request), **form.cleaned_data)
        messages.success(request, _("The number is flagged."))
        return redirect("flagged_numbers")
    page: Page[FlaggedNumber] = _LATEST.page(
        FlaggedNumber.objects.select_related("by", "lifted_by"), request.GET.get("page", "")
    )
    return _show(request, form, page, 400 if form.errors else 200)


@access.allow(access.SUPERVISORS)
@require_POST
def extend(request: HttpRequest, flag: int) -> HttpResponse:
    """Flagged for longer, or anew."""
    row, form = get_object_or_404(FlaggedNumber, pk=flag), ExtendForm(request.POST)
    if form.is_valid():
        flags.extend(account_of(request), access.client_address(request), row, form.cleaned_data["days"])
        messages.success(request, _("The number stays flagged."))
    else:
        messages.error(request, _("Nothing was changed: write a number of days from 1 to 365."))
    return redirect("flagged_numbers")


@access.allow(access.SUPERVISORS)
@require_POST
def lift(request: HttpRequest, flag: int) -> HttpResponse:
    """Not flagged any more."""
    row, form = get_object_or_404(FlaggedNumber, pk=flag), LiftForm(request.POST)
    if form.is_valid():
        flags.lift(account_of(request), access.client_address(request), row, form.cleaned_data["reason"])
        messages.success(request, _("The number is not flagged any more."))
    else:
        messages.error(request, _("Nothing was changed: say in a few words why the number is to be free again."))
    return redirect("flagged_numbers")


def _show(request: HttpRequest, form: FlagForm, page: Page[FlaggedNumber], status: int) -> HttpResponse:
    holding = set(flags.live().filter(pk__in=[row.pk for row in page.rows]).values_list("pk", flat=True))
    context = {
        "form": form,
        "lines": [(row, flags.kind_word(row.kind), row.pk in holding) for row in page.rows],
        "days": flags.term().days,
        "newer": f"?page={page.newer}" if page.newer else "",
        "older": f"?page={page.older}" if page.older else "",
    }
    return render(request, "supervision/flags.html", context, status=status)


def _initial(request: HttpRequest) -> dict[str, object]:
    days = {"days": flags.term().days}
    try:
        contact = UUID(request.GET.get("contact", ""))
    except ValueError:
        return dict(days)
    caller = contacts.Contact.objects.filter(pk=contact).values_list("caller", flat=True).first()
    return {**days, "contact": contact, "number": contacts.dialled(caller)} if caller else dict(days)
