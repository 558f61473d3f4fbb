"""The supervisors' API, and the agent's call for a supervisor."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from haedap.apps.accounts.access import client_address
from haedap.apps.accounts.api_auth import AGENTS, SUPERVISORS, RoleAuth, caller_of
from haedap.apps.desk import telephones
from haedap.apps.desk.errors import DeskError
from haedap.apps.desk.schemas import Done, ErrorOut, Nothing, PhoneOut
from haedap.apps.supervision import help as calls_for_help
from haedap.apps.supervision import talks
from haedap.apps.supervision.schemas import AboutIn, ForceIn, HelpIn, MoveIn, SuperviseIn, TakeOverIn

router = Router(tags=["supervision"], auth=RoleAuth(SUPERVISORS))
help_router = Router(tags=["desk"], auth=RoleAuth(AGENTS))
_REFUSALS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 422: ErrorOut, 409: ErrorOut}
_COMMAND = {200: Done, **_REFUSALS, 503: ErrorOut}


@router.post("/phone", response={200: PhoneOut, **_REFUSALS, 503: ErrorOut})
async def phone(request: HttpRequest, body: Nothing) -> PhoneOut:  # noqa: ARG001 - an empty body
    """New credentials of the supervisor's telephone in the browser, for 8 hours; the earlier ones are void."""
    return await telephones.browser_phone(caller_of(request))


@router.post("/supervise", response=_COMMAND)
async def supervise(request: HttpRequest, body: SuperviseIn) -> Done:
    """Listen, whisper or barge; with another mode: change it."""
    await talks.supervise(caller_of(request), client_address(request), body.contact, body.mode.value, body.reason)
    return Done()


@router.post("/stop", response=_COMMAND)
async def stop(request: HttpRequest, body: AboutIn) -> Done:
    """Out of the talk; the agent and the citizen go on."""
    await talks.stop(caller_of(request), client_address(request), body.contact)
    return Done()


@router.post("/take-over", response=_COMMAND)
async def take_over(request: HttpRequest, body: TakeOverIn) -> Done:
    """The citizen is mine from now on."""
    await talks.take_over(caller_of(request), client_address(request), body.contact, body.reason)
    return Done()


@router.post("/state", response=_COMMAND)
async def state(request: HttpRequest, body: ForceIn) -> Done:
    """Set an agent available, away or off duty; in mid-call after the call and its wrap-up."""
    await talks.force(caller_of(request), client_address(request), body.agent, body.state, body.reason or "")
    return Done()


@router.post("/move", response=_COMMAND)
async def move(request: HttpRequest, body: MoveIn) -> Done:
    """Have a waiting citizen wait in another queue, by the time at which they came."""
    await talks.move(caller_of(request), client_address(request), body.contact, body.queue)
    return Done()


@router.post("/seen", response={200: Done, **_REFUSALS})
def seen(request: HttpRequest, body: AboutIn) -> Done:  # noqa: ARG001
    """I look after the call for a supervisor in this talk."""
    calls_for_help.seen(body.contact)
    return Done()


@help_router.post("/call-supervisor", response={200: Done, **_REFUSALS})
async def call_supervisor(request: HttpRequest, body: HelpIn) -> Done:
    """I want a supervisor in this talk; or not any more."""
    account = caller_of(request)
    if not body.wanted:
        await sync_to_async(calls_for_help.take_back)(account.pk)
    elif not await sync_to_async(calls_for_help.call)(account.pk, body.contact):
        sentence = _("You are not talking to this citizen at the moment.")
        raise DeskError(409, "not_engaged", sentence)
    return Done()
