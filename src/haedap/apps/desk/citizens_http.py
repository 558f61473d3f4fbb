"""The API of who is on the line. Names and numbers stand in bodies, never in addresses."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from haedap.apps.accounts.access import client_address
from haedap.apps.accounts.api_auth import AGENTS, RoleAuth, caller_of
from haedap.apps.desk import citizens
from haedap.apps.desk.schemas import CandidateOut, CitizenIn, ErrorOut, KnownOut, NewCitizenIn, SoughtIn

router = Router(tags=["desk"], auth=RoleAuth(AGENTS))
_REFUSALS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut}


@router.post("/contacts/{uuid:contact}/citizens", response={200: list[CandidateOut], **_REFUSALS})
def find(request: HttpRequest, contact: UUID, body: SoughtIn) -> list[CandidateOut]:
    """Whom the agent may mean. Written to the access log."""
    return citizens.find(caller_of(request), contact, body.sought, client_address(request))


@router.put("/contacts/{uuid:contact}/citizen", response={200: KnownOut, **_REFUSALS})
def choose(request: HttpRequest, contact: UUID, body: CitizenIn) -> KnownOut:
    """It is this one; null: nobody knows who it is."""
    return citizens.choose(caller_of(request), contact, body.citizen, client_address(request))


@router.post("/contacts/{uuid:contact}/citizen", response={200: KnownOut, **_REFUSALS})
def introduce(request: HttpRequest, contact: UUID, body: NewCitizenIn) -> KnownOut:
    """Somebody new."""
    return citizens.introduce(caller_of(request), contact, body.name, client_address(request))
