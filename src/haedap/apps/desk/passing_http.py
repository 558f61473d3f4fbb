"""The API of passing a citizen on: to colleagues, queues, officers, outside numbers; and of promising a call."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from haedap.apps.accounts.api_auth import AGENTS, RoleAuth, caller_of
from haedap.apps.desk import commands, passing, targets
from haedap.apps.desk.passing_schemas import (
    ConsultIn,
    DraftOut,
    PassedOut,
    PromiseIn,
    ProtectIn,
    TargetsOut,
    TransferIn,
)
from haedap.apps.desk.schemas import Done, ErrorOut

router = Router(tags=["desk"], auth=RoleAuth(AGENTS))
_REFUSALS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 422: ErrorOut}
_COMMAND = {**_REFUSALS, 409: ErrorOut, 503: ErrorOut}


@router.get("/targets", response={200: TargetsOut, **_REFUSALS})
def all_targets(request: HttpRequest) -> TargetsOut:
    """Colleagues on duty and queues. Offices are searched at `/offices/search`."""
    return targets.all_targets(caller_of(request).pk)


@router.get("/contacts/{uuid:contact}/brief", response={200: DraftOut, **_REFUSALS})
def draft(request: HttpRequest, contact: UUID) -> DraftOut:
    """The brief as it would be sent now, from note and topic."""
    return passing.draft(caller_of(request), contact)


@router.post("/transfer", response={200: PassedOut, **_COMMAND})
async def transfer(request: HttpRequest, body: TransferIn) -> PassedOut:
    """Pass the citizen on, or consult first."""
    return await passing.transfer(caller_of(request), body)


@router.post("/consult", response={200: Done, **_COMMAND})
async def consult(request: HttpRequest, body: ConsultIn) -> Done:
    """Hand over, talk together, talk to one of them, take it back."""
    await commands.run("consult_step", caller_of(request).pk, contact=str(body.contact), step=body.step.value)
    return Done()


@router.post("/protect", response={200: Done, **_COMMAND})
async def protect(request: HttpRequest, body: ProtectIn) -> Done:
    """A step against abuse."""
    data = {"contact": str(body.contact), "step": body.step.value, "kind": body.kind}
    await commands.run("protect", caller_of(request).pk, **data)
    return Done()


@router.post("/promise", response={200: PassedOut, **_COMMAND})
async def promise(request: HttpRequest, body: PromiseIn) -> PassedOut:
    """A call is owed to the citizen."""
    return await passing.promise(caller_of(request), body)
