"""The API of the transcript and of the summary, for the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from haedap.apps.accounts.access import client_address
from haedap.apps.accounts.api import Account
from haedap.apps.accounts.api_auth import AGENTS, RoleAuth, caller_of
from haedap.apps.contacts import api as contacts
from haedap.apps.desk.schemas import ErrorOut, Nothing
from haedap.apps.transcripts import summaries
from haedap.apps.transcripts.api import pieces_of
from haedap.config import Speech

router = Router(tags=["desk"], auth=RoleAuth(AGENTS))
_REFUSALS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 422: ErrorOut}
_LARGEST_ID = 2**63 - 1


class HelpersOut(Schema):
    """Which machines the centre has."""

    transcript: bool
    summary: bool


class AfterIn(Schema):
    """The id of the last piece that is known."""

    after: int = Field(0, ge=0, le=_LARGEST_ID)


class PieceOut(Schema):
    id: int
    side: Literal["citizen", "agent"]
    text: str
    started_at: datetime


class SummaryOut(Schema):
    """At most five."""

    lines: list[str]


@router.get("/machines", response={200: HelpersOut, **_REFUSALS})
def machines(request: HttpRequest) -> HelpersOut:  # noqa: ARG001 - the same for everybody
    """Whether calls are written down, and whether a summary can be had."""
    return HelpersOut(transcript=settings.HAEDAP.speech is not Speech.NONE, summary=summaries.on())


@router.get("/contacts/{uuid:contact}/transcript", response={200: list[PieceOut], **_REFUSALS})
def transcript(request: HttpRequest, contact: UUID, asked: Query[AfterIn]) -> list[PieceOut]:
    """What was said in a contact of mine, as a machine heard it; what is new since the piece `after`."""
    if contacts.opened(caller_of(request), contact) is None:
        raise Http404
    return [PieceOut.from_orm(piece) for piece in pieces_of(contact, asked.after)]


@router.post(
    "/contacts/{uuid:contact}/summary",
    response={200: SummaryOut, **_REFUSALS, 409: ErrorOut, 502: ErrorOut},
)
async def summary(request: HttpRequest, contact: UUID, body: Nothing) -> SummaryOut:  # noqa: ARG001 - an empty body
    """What a machine makes of the note and the transcript of a contact of mine. Written to the access log."""
    account, address = caller_of(request), client_address(request)
    found, sent = await sync_to_async(_prepare)(account, contact)
    lines: list[str] | None = None
    try:
        lines = await summaries.ask(sent)
        return SummaryOut(lines=lines)
    finally:
        await sync_to_async(summaries.log)(account, found, address, len(sent), lines)


def _prepare(account: Account, contact: UUID) -> tuple[contacts.Contact, str]:
    found = contacts.opened(account, contact)
    if found is None or not summaries.on() or not contacts.may_write(account, contact):
        raise Http404
    return found, summaries.prepare(found)
