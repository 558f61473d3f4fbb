"""The record: the list of contacts, one contact, listening, and who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.apps.accounts import access
from haedap.apps.accounts import api as accounts
from haedap.apps.accounts.api import Account
from haedap.apps.accounts.views import account_of
from haedap.apps.briefs import api as briefs
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api, listening, passing, permissions, search, timeline, words
from haedap.apps.contacts.citizens import citizen_of_contact, names_by_contact, one_by_one
from haedap.apps.contacts.forms import CitizenForm, ReasonForm
from haedap.apps.contacts.history import history_of, notes_by_contact
from haedap.apps.contacts.models import Citizen, Contact, Segment
from haedap.apps.contacts.names import names_of
from haedap.apps.contacts.notes import note_of, topic_path
from haedap.apps.contacts.paging import Page, Paging
from haedap.apps.supervision import flags

_LONGEST_SEARCH = 100
_PATIENCE_MS = 5000
_LOOKED_AT = (1000, 6000, 15_000)
"""So many contacts are looked through for a common word: few at first; then the page says how far back that was."""
_CONTACTS = Paging("arrived_at", UUID)


@dataclass(frozen=True, slots=True)
class Line:
    """One contact in the list."""

    contact: Contact
    citizen: str
    queue: str
    agent: str
    topic: str
    disposition: str
    whole_number: bool

    @property
    def wait_seconds(self) -> float | None:
        return _between(self.contact.queued_at, self.contact.answered_at or self.contact.ended_at)

    @property
    def talk_seconds(self) -> float | None:
        return _between(self.contact.answered_at, self.contact.ended_at)


@access.allow(access.SIGNED_IN)
@require_GET
def contacts(request: HttpRequest) -> HttpResponse:
    """The list, latest first."""
    account = account_of(request)
    form = search.FilterForm(request.GET, account)
    sought = search.kept_search(request.session, request.GET.get("s", ""))
    page: Page[Contact] = Page([], "", "")
    try:
        if form.is_valid():
            page = _page(account, form, sought, request.GET.get("page", ""))
    except OperationalError:
        messages.warning(request, _("This search takes too long. Choose a shorter period and search again."))
    context = {
        "form": form,
        "sought": sought,
        "lines": lines_of(account, page.rows),
        "newer": _address(request, page.newer) if page.newer else "",
        "older": _address(request, page.older) if page.older else "",
        "until": page.until,
        "filtered": bool(sought or any(request.GET.get(name) for name in form.fields)),
    }
    return render(request, "contacts/list.html", context, status=400 if form.errors else 200)


@access.allow(access.SIGNED_IN)
@require_POST
def seek(request: HttpRequest) -> HttpResponse:
    """Takes what is sought out of the address, into the session; then the list."""
    sought = request.POST.get("q", "").replace("\x00", "").strip()[:_LONGEST_SEARCH]
    kept = {name: value for name, value in request.POST.items() if name in search.FilterForm.base_fields and value}
    if sought:
        kept["s"] = search.keep_search(request.session, str(sought))
        api.log_access(
            "contacts.searched",
            account=account_of(request).pk,
            address=access.client_address(request),
            detail={"sought": sought},
        )
    return redirect(f"/contacts/?{urlencode(kept)}" if kept else "/contacts/")


@access.allow(access.SIGNED_IN)
@require_GET
def contact(request: HttpRequest, contact: UUID) -> HttpResponse:
    """One contact: head, timeline, note, segments, recording. Written to the access log."""
    account = account_of(request)
    found = _visible(account, contact)
    citizen = citizen_of_contact(found)
    _log(request, "contact.viewed", found, citizen.pk if citizen else None, at="record")
    return _show(request, found, ReasonForm(), CitizenForm(initial=_citizen_fields(citizen)))


@access.allow(access.SIGNED_IN)
@require_http_methods(["POST"])
def listen(request: HttpRequest, contact: UUID) -> HttpResponse:
    """Asks why; the answer goes to the access log, and the player appears for half an hour."""
    found = _visible(account_of(request), contact)
    form = ReasonForm(request.POST)
    recording = listening.recording_of(contact, ready=True)
    if recording is None:
        raise Http404
    if not form.is_valid() or listening.file_of(recording) is None:
        return _show(request, found, form, CitizenForm(initial=_citizen_fields(citizen_of_contact(found))), status=400)
    citizen = citizen_of_contact(found)
    _log(request, "recording.listened", found, citizen.pk if citizen else None, reason=form.cleaned_data["reason"])
    token = listening.sign(contact, account_of(request).pk)
    return _show(request, found, None, CitizenForm(initial=_citizen_fields(citizen)), token=token)


@access.allow(access.SIGNED_IN)
@require_POST
@transaction.atomic
def name_citizen(request: HttpRequest, contact: UUID) -> HttpResponse:
    """Give the caller's number a name; from then on the citizen is known by it."""
    account = account_of(request)
    found = _visible(account, contact)
    if not permissions.may_write(account, contact):
        raise Http404
    one_by_one(found)
    known = citizen_of_contact(found)
    if known is not None:
        known = Citizen.objects.select_for_update().get(pk=known.pk)
    form = CitizenForm(request.POST, initial=_citizen_fields(known))
    if not form.is_valid():
        return _show(request, found, ReasonForm(), form, status=400)
    citizen = form.save(found, account.pk)
    _log(request, "citizen.changed", found, citizen.pk)
    messages.success(request, _("Saved."))
    return redirect("contact", contact=contact)


def _page(account: Account, form: search.FilterForm, sought: str, cursor: str) -> Page[Contact]:
    """Raises OperationalError when the database needs too long."""
    rows = permissions.listed(account).filter(form.conditions())
    with transaction.atomic():
        with connection.cursor() as cursor_of_database:
            cursor_of_database.execute(f"SET LOCAL statement_timeout = {_PATIENCE_MS}")
        if not sought:
            return _CONTACTS.page(rows, cursor)
        found = search.matching(rows, sought)
        if found.common:
            return _CONTACTS.sifted(rows, found.conditions, cursor, _LOOKED_AT)
        return _CONTACTS.page(rows.filter(found.conditions), cursor)


def lines_of(account: Account, rows: list[Contact]) -> list[Line]:
    """Contacts as lines of a list that `account` sees."""
    notes = notes_by_contact([row.pk for row in rows])
    people = accounts.names({row.agent_id for row in rows if row.agent_id is not None})
    citizens = names_by_contact(rows)
    queues = centre.queue_names()
    here = None if account.is_supervisor else permissions.contact_with(account.pk)
    told = permissions.numbers_on_line(here) if here is not None else set()
    lines = []
    for row in rows:
        note = notes.get(row.pk)
        lines.append(
            Line(
                contact=row,
                citizen=citizens[row.pk],
                queue=queues.get(row.queue or "", row.queue or ""),
                agent=people.get(row.agent_id or 0, ""),
                topic=topic_path(note.topic) if note else "",
                disposition=note.disposition.name if note and note.disposition else "",
                whole_number=account.is_supervisor or row.caller in told,
            )
        )
    return lines


def _show(
    request: HttpRequest,
    found: Contact,
    reason_form: ReasonForm | None,
    citizen_form: CitizenForm,
    token: str = "",
    status: int = 200,
) -> HttpResponse:
    account = account_of(request)
    note = note_of(found.pk)
    segments = list(Segment.objects.filter(contact=found.pk).order_by("number"))
    people = accounts.names({segment.agent_id for segment in segments} | {note.updated_by_id or 0})
    queues = centre.queue_names()
    recording = listening.recording_of(found.pk)
    context: dict[str, Any] = {
        "contact": found,
        "queue": queues.get(found.queue or "", found.queue or ""),
        "citizen": (citizen := citizen_of_contact(found)),
        "may_see_citizen": account.is_supervisor or _is_here(account, citizen),
        "may_write": permissions.may_write(account, found.pk),
        "history": history_of(found),
        "moments": timeline.timeline_of(found.pk),
        "note": note,
        "note_by": people.get(note.updated_by_id or 0, ""),
        "topic": topic_path(note.topic),
        "segments": [
            {
                "row": segment,
                "agent": people.get(segment.agent_id, ""),
                "queue": queues.get(segment.queue, segment.queue),
                "talk_seconds": _talked(segment),
            }
            for segment in segments
        ],
        "ended_by": words.ENDED_BY.get(found.ended_by or "", ""),  # type: ignore[call-overload]
        "recording": recording,
        "recording_is_there": recording is not None and listening.file_of(recording) is not None,
        "flag": flags.flag_of(found.caller),
        "may_flag": account.is_supervisor,
        "briefs": briefs.of_contact(found.pk),
        **passing.passing_of(found, names_of(passing.people_of(found))),
        "reason_form": reason_form,
        "citizen_form": citizen_form,
        "token": token,
    }
    return render(request, "contacts/contact.html", context, status=status)


def _is_here(account: Account, citizen: Citizen | None) -> bool:
    """Whether this citizen is on the line of `account` now."""
    here = permissions.contact_with(account.pk)
    return here is not None and citizen is not None and citizen_of_contact(here) == citizen


def _visible(account: Account, contact: UUID) -> Contact:
    found = permissions.opened(account, contact)
    if found is None:
        raise Http404
    return found


def _citizen_fields(citizen: Any) -> dict[str, str]:
    return {"name": citizen.name, "memo": citizen.memo} if citizen else {}


def _log(
    request: HttpRequest, action: str, contact: Contact, citizen: int | None, reason: str = "", **detail: str
) -> None:
    api.log_access(
        action,
        account=account_of(request).pk,
        address=access.client_address(request),
        contact=contact.pk,
        citizen=citizen,
        reason=reason,
        detail=detail,
    )


def _address(request: HttpRequest, cursor: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}
    return f"?{urlencode({**kept, 'page': cursor})}"


def _talked(segment: Segment) -> float | None:
    """Without the hold: talk, hold and wrap-up add up to the handle time, as the figure is defined."""
    whole = _between(segment.talk_from, segment.ended_at)
    return None if whole is None else max(0.0, whole - segment.hold_seconds)


def _between(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start and end else None
