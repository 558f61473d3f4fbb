"""The desk's API of cases: those of the citizen of a contact, and opening another one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from haedap.apps.accounts.access import client_address
from haedap.apps.accounts.api_auth import AGENTS, RoleAuth, caller_of
from haedap.apps.cases import acting, api, counting, stories
from haedap.apps.cases.acting import Actor
from haedap.apps.cases.errors import CaseError
from haedap.apps.cases.models import Case, CaseState, Kind, Reply
from haedap.apps.contacts import api as contacts
from haedap.apps.desk.errors import DeskError, no_telephone_number
from haedap.apps.desk.schemas import Done, ErrorOut, Input, Nothing, Text, Word

router = Router(tags=["desk"], auth=RoleAuth(AGENTS))
_REFUSALS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut}
_Id = Annotated[int, Field(ge=1, lt=2**63, strict=True)]


class CaseOut(Schema):
    """A case in words. `urgency`: `overdue`, `near` or empty. `told`: the answer waits to be told to the citizen."""

    id: UUID
    number: str
    citizen: str
    office: str
    officer: str
    kind: str
    state: str
    received_at: datetime
    due_at: datetime
    urgency: str
    text: str
    answer: str
    answered_at: datetime | None
    to_tell: bool
    over: bool
    here: bool


class KindOut(Schema):
    """A kind of matter, and until when an office may take for one that is opened now."""

    key: str
    name: str
    due_at: datetime


class CasesOut(Schema):
    """The citizen's cases, open ones first; what can be opened; what a new one would say; whether a number is known."""

    cases: list[CaseOut]
    kinds: list[KindOut]
    draft: str
    number_known: bool


class OfficerIn(Input):
    type: Literal["officer"]
    officer: _Id


class DepartmentIn(Input):
    type: Literal["department"]
    department: _Id


class CaseIn(Input):
    """`number`: where the citizen is told the answer, as somebody dials it; empty: where they call from."""

    office: Annotated[OfficerIn | DepartmentIn, Field(discriminator="type")]
    kind: Kind
    text: Text
    reply: Reply
    number: Word | None = None


@router.get("/contacts/{uuid:contact}/cases", response={200: CasesOut, **_REFUSALS})
def cases(request: HttpRequest, contact: UUID) -> CasesOut:
    """The cases of the citizen of a contact of mine."""
    found = contacts.opened(caller_of(request), contact)
    if found is None:
        raise Http404
    due = counting.due_by_kind(timezone.now())
    return CasesOut(
        cases=[_case(case, found) for case in api.cases_of(found)],
        kinds=[KindOut(key=kind.value, name=str(kind.label), due_at=due[kind.value]) for kind in Kind],
        draft=contacts.note_of(contact).text.strip(),
        number_known=bool(found.caller),
    )


@router.post("/contacts/{uuid:contact}/cases", response={200: CaseOut, **_REFUSALS})
def open_case(request: HttpRequest, contact: UUID, body: CaseIn) -> CaseOut:
    """An office owes the citizen an answer. The same twice is one case."""
    account = caller_of(request)
    found = _mine(request, contact)
    number = contacts.to_e164(body.number) if body.number else ""
    if number is None:
        raise no_telephone_number(body.number or "")
    office = _office(body.office)
    if office is None:
        raise Http404
    try:
        case = api.open_case(found, office, api.Matter(body.kind, body.text, body.reply, number), account.pk)
    except CaseError as error:
        raise DeskError(422, "refused", error.sentence) from error
    _log(request, case, "case.opened")
    return _case(case, found)


@router.post("/contacts/{uuid:contact}/cases/{uuid:case}/told", response={200: Done, **_REFUSALS})
def told(request: HttpRequest, contact: UUID, case: UUID, body: Nothing) -> Done:  # noqa: ARG001 - an empty body
    """I have told the citizen of this contact the answer."""
    account = caller_of(request)
    found = _mine(request, contact)
    answered = next((each for each in api.cases_of(found) if each.pk == case), None)
    if answered is None:
        raise Http404
    try:
        acting.told(answered, Actor(account.name, account.pk), _("by an agent"))
    except CaseError as error:
        raise DeskError(409, "gone_on", error.sentence) from error
    _log(request, answered, "case.changed")
    return Done()


def _mine(request: HttpRequest, contact: UUID) -> contacts.Contact:
    account = caller_of(request)
    found = contacts.opened(account, contact)
    if found is None or not contacts.may_write(account, contact):
        raise Http404
    return found


def _office(target: OfficerIn | DepartmentIn) -> api.Office | None:
    now = timezone.now()
    if isinstance(target, OfficerIn):
        return api.of_officer(target.officer, now)
    return api.of_department(target.department, now)


def _case(case: Case, contact: contacts.Contact) -> CaseOut:
    return CaseOut(
        id=case.pk,
        number=case.number,
        citizen=case.citizen_name,
        office=case.office.rpartition(" > ")[2],
        officer=case.officer_name,
        kind=case.get_kind_display(),
        state=case.get_state_display(),
        received_at=case.received_at,
        due_at=case.due_at,
        urgency=stories.urgency(case, timezone.now()),
        text=case.text,
        answer=case.answer,
        answered_at=case.answered_at,
        to_tell=case.state == CaseState.ANSWERED,
        over=case.state in acting.OVER,
        here=case.contact == contact.pk,
    )


def _log(request: HttpRequest, case: Case, action: str) -> None:
    contacts.log_access(
        action,
        account=caller_of(request).pk,
        address=client_address(request),
        contact=case.contact,
        citizen=case.citizen,
        detail={"case": case.number, "office": case.office},
    )
