"""The API of look-ups: for the agent who has the contact now, about its citizen only."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from haedap.apps.accounts.access import client_address
from haedap.apps.accounts.api_auth import AGENTS, RoleAuth, caller_of
from haedap.apps.desk.schemas import ErrorOut
from haedap.apps.lookups import identifying, looking, panels, settling, streaming
from haedap.apps.lookups.asking import Asker
from haedap.apps.lookups.schemas import (
    AnswerOut,
    IdentifyIn,
    LookUpAllIn,
    LookUpIn,
    PanelsOut,
    SettlementIn,
    SettlementOut,
    UnmaskedOut,
    UnmaskIn,
)

router = Router(tags=["look-ups"], auth=RoleAuth(AGENTS))
_REFUSALS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut}
_CONTACT = "/contacts/{uuid:contact}"


@router.get(_CONTACT + "/panels", response={200: PanelsOut, **_REFUSALS})
def all_panels(request: HttpRequest, contact: UUID) -> PanelsOut:
    """Which systems can be asked, by what, and how well the citizen is identified."""
    return panels.panels_of(_asker(request, contact))


@router.post(_CONTACT + "/identification", response={200: PanelsOut, **_REFUSALS})
def identification(request: HttpRequest, contact: UUID, body: IdentifyIn) -> PanelsOut:
    """본인확인. Answers with the panels as they are then."""
    asker = _asker(request, contact)
    identifying.identify(asker, body)
    return panels.panels_of(asker)


@router.post(_CONTACT + "/panels/{slug:key}", response={200: AnswerOut, **_REFUSALS})
async def look_up(request: HttpRequest, contact: UUID, key: str, body: LookUpIn) -> AnswerOut:
    """Ask one system. Answers within the system's own limit, with a sentence when it failed."""
    return await looking.look_up(_asker(request, contact), key, body)


@router.post(_CONTACT + "/panels", response=_REFUSALS)
async def look_up_all(request: HttpRequest, contact: UUID, body: LookUpAllIn) -> StreamingHttpResponse:
    """Ask several systems at once: one line of JSON for each, as soon as it has answered; see `streaming`.

    One request for all of them, because a browser opens only a few to a server, and the note is saved by them, too.
    """
    lines = streaming.lines(_asker(request, contact), body)
    return StreamingHttpResponse(lines, content_type="application/x-ndjson")


@router.post(_CONTACT + "/panels/{slug:key}/unmask", response={200: UnmaskedOut, **_REFUSALS})
def unmask(request: HttpRequest, contact: UUID, key: str, body: UnmaskIn) -> UnmaskedOut:
    """One field of one record, with a reason."""
    return UnmaskedOut(value=looking.unmask(_asker(request, contact), key, body))


@router.post(_CONTACT + "/panels/{slug:key}/settlement", response={200: SettlementOut, **_REFUSALS})
def settlement(request: HttpRequest, contact: UUID, key: str, body: SettlementIn) -> SettlementOut:
    """이사정산: what is to be paid up to the day of moving, with each step."""
    return settling.settle(_asker(request, contact), key, body)


def _asker(request: HttpRequest, contact: UUID) -> Asker:
    return Asker(caller_of(request), contact, client_address(request))
