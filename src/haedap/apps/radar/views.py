"""민원 레이더: the alarms, one alarm with what to do about it, and what is pinned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.analytics.radar import Kind, Sign
from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.centre import api as centre
from haedap.apps.centre.prompts import PROBLEMS
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.history import notes_by_contact
from haedap.apps.radar import alarms, pins
from haedap.apps.radar.forms import DismissForm, LinkForm, PinForm
from haedap.apps.radar.models import Alarm, AlarmContact, Pin
from haedap.apps.radar.naming import names_of
from haedap.apps.search import api as search
from haedap.clock import centre_time

_PAST = 50
_SHOWN = 200
_STATES = {
    "acknowledge": Alarm.State.ACKNOWLEDGED,
    "dismiss": Alarm.State.DISMISSED,
    "close": Alarm.State.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign of an alarm, in words."""

    kind: str
    name: str
    observed: int
    expected: float


@dataclass(frozen=True, slots=True)
class Linked:
    """A contact of an alarm. `line`: the beginning of its masked note."""

    link: AlarmContact
    contact: contacts.Contact
    topic: str
    line: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """A pin with names instead of keys."""

    row: Pin
    flows: str
    article: str
    problem: str


@access.allow(access.SUPERVISORS)
@require_GET
def radar(request: HttpRequest) -> HttpResponse:
    """The alarms that stand, what is pinned, and the alarms of the past."""
    past = Alarm.objects.exclude(state__in=alarms.STANDING).order_by("-raised_at")[:_PAST]
    context = {"standing": alarms.standing(), "past": past, "pins": pinned(pins.current())}
    return render(request, "radar/radar.html", context)


@access.allow(access.SUPERVISORS)
@require_GET
def alarm(request: HttpRequest, alarm: int) -> HttpResponse:
    """One alarm: why it was raised, its contacts, its history; and what can be done."""
    found = get_object_or_404(Alarm, pk=alarm)
    contacts.log_access(
        "radar.viewed",
        account=account_of(request).pk,
        address=access.client_address(request),
        detail={"alarm": found.pk},
    )
    return _show_alarm(request, found, PinForm(None, found))


@access.allow(access.SUPERVISORS)
@require_POST
def decide(request: HttpRequest, alarm: int, step: str) -> HttpResponse:
    """Seen to, dismissed as false, or over."""
    found = get_object_or_404(Alarm, pk=alarm)
    form = DismissForm(request.POST)
    if step not in _STATES:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: write at most %(most)d letters.") % {"most": 200})
        return redirect("radar_alarm", alarm=alarm)
    decided = alarms.decide(
        found,
        _STATES[step],
        centre_time(),
        account=account_of(request),
        address=access.client_address(request),
        text=form.cleaned_data["text"],
    )
    if not decided:
        messages.warning(request, _("Somebody has decided about this alarm already."))
    return redirect("radar_alarm", alarm=alarm)


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
def new_pin(request: HttpRequest) -> HttpResponse:
    """Pin an announcement, an article, or both; because of `alarm`, or of what nobody has called about yet."""
    key = request.GET.get("alarm", "")
    found = get_object_or_404(Alarm, pk=int(key)) if key.isdecimal() and len(key) < 19 else None
    form = PinForm(request.POST if request.method == "POST" else None, found)
    if form.is_valid():
        pins.pin(
            form.wanted(), found, centre_time(), account=account_of(request), address=access.client_address(request)
        )
        messages.success(request, _("It is pinned. The announcement is heard as soon as it has been spoken."))
        return redirect("radar_alarm", alarm=found.pk) if found else redirect("radar")
    if found is not None:
        return _show_alarm(request, found, form, status=400 if form.errors else 200)
    return render(request, "radar/pin.html", {"form": form}, status=400 if form.errors else 200)


@access.allow(access.SUPERVISORS)
@require_POST
def take_off(request: HttpRequest, pin: int) -> HttpResponse:
    """Take a pin off before its end."""
    row = get_object_or_404(Pin, pk=pin)
    if pins.take_off(row, centre_time(), account=account_of(request), address=access.client_address(request)):
        messages.success(request, _("It is taken off."))
    else:
        messages.warning(request, _("It had been taken off already."))
    return redirect("radar_alarm", alarm=row.alarm_id) if row.alarm_id else redirect("radar")


@access.allow(access.SIGNED_IN)
@require_POST
def link(request: HttpRequest, contact: UUID) -> HttpResponse:
    """Say that a contact belongs to an alarm, or that it does not."""
    account = account_of(request)
    form = LinkForm(request.POST)
    visible = contacts.visible(account).filter(pk=contact).exists()
    if not (visible and contacts.may_write(account, contact) and form.is_valid()):
        raise Http404
    data = form.cleaned_data
    address = access.client_address(request)
    alarms.link(data["alarm"], contact, centre_time(), account=account, address=address, belongs=data["belongs"])
    messages.success(request, _("Saved."))
    return redirect("contact", contact=contact)


def pinned(rows: Any) -> list[Pinned]:
    """With names instead of keys."""
    flows = centre.flow_names()
    codes = [row.article for row in rows if row.article]
    entries = search.SearchEntry.objects.filter(kind=search.SearchEntry.Kind.ARTICLE, key__in=codes)
    titles = dict(entries.values_list("key", "title"))
    return [
        Pinned(
            row,
            ", ".join(flows.get(flow, flow) for flow in row.flows),
            titles.get(row.article, row.article),
            str(PROBLEMS.get(row.problem, row.problem)),
        )
        for row in rows
    ]


def _show_alarm(request: HttpRequest, found: Alarm, form: PinForm, status: int = 200) -> HttpResponse:
    links = list(alarms.linked(found)[:_SHOWN])
    context = {
        "alarm": found,
        "stands": found.state in alarms.STANDING,
        "evidence": _evidence(found),
        "linked": _linked(links),
        "total": alarms.linked(found).count(),
        "steps": found.steps.select_related("by"),
        "pins": pinned(pins.of_alarm(found)),
        "form": form,
        "dismiss_form": DismissForm(),
        "minutes": found.window_seconds // 60,
        "key": str(found.pk),
    }
    return render(request, "radar/alarm.html", context, status=status)


def _evidence(found: Alarm) -> list[Evidence]:
    kinds = {
        Kind.WORD: _("word"),
        Kind.TOPIC: _("topic"),
        Kind.CHOICE: _("key pressed"),
        Kind.QUEUE: _("queue"),
        Kind.DISTRICT: _("district"),
        Kind.ALL: _("all contacts"),
    }
    signs = [Sign(Kind(row["kind"]), row["value"]) for row in found.signs]
    names = names_of(signs)
    return [
        Evidence(kinds[sign.kind], names[sign], row["observed"], row["expected"])
        for sign, row in zip(signs, found.signs, strict=True)
    ]


def _linked(links: list[AlarmContact]) -> list[Linked]:
    keys = [one.contact for one in links]
    found = contacts.Contact.objects.in_bulk(keys)
    notes = notes_by_contact(keys)
    lines = [
        Linked(
            one,
            found[one.contact],
            contacts.topic_path(notes[one.contact].topic) if one.contact in notes else "",
            contacts.first_line(notes[one.contact].text) if one.contact in notes else "",
        )
        for one in links
        if one.contact in found
    ]
    return sorted(lines, key=lambda line: line.contact.arrived_at, reverse=True)
