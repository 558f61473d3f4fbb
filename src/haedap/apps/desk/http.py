"""The API of the desk: for the agent who is logged in, about nobody else."""

from __future__ import annotations

from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Router

from haedap.apps.accounts.access import client_address
from haedap.apps.accounts.api_auth import AGENTS, SIGNED_IN, RoleAuth, caller_of
from haedap.apps.desk import commands, telephones, work
from haedap.apps.desk.schemas import (
    AwayIn,
    ContactOut,
    ControlIn,
    DispositionIn,
    Done,
    ErrorOut,
    ExtendIn,
    NoteConflictOut,
    NoteIn,
    Nothing,
    PhoneOut,
    Saved,
    TodayRow,
    TopicIn,
)

router = Router(tags=["desk"], auth=RoleAuth(AGENTS))
_REFUSALS = {401: ErrorOut, 403: ErrorOut, 422: ErrorOut}
_COMMAND = {200: Done, **_REFUSALS, 409: ErrorOut, 503: ErrorOut}
_ABOUT_CONTACT = {**_REFUSALS, 404: ErrorOut}
_TO_THE_END = RoleAuth(SIGNED_IN)
"""Whose role is changed in mid-call finishes the contact that they have. Whose it is is asked everywhere."""


@router.post("/sign-in", response=_COMMAND)
async def sign_in(request: HttpRequest, body: Nothing) -> Done:  # noqa: ARG001 - an empty body
    """On duty, away until `available`."""
    return await _run(request, "sign_in")


@router.post("/sign-out", response=_COMMAND)
async def sign_out(request: HttpRequest, body: Nothing) -> Done:  # noqa: ARG001
    """Off duty; in mid-call after the call and its wrap-up."""
    return await _run(request, "sign_out")


@router.post("/available", response=_COMMAND)
async def available(request: HttpRequest, body: Nothing) -> Done:  # noqa: ARG001
    """Contacts may come. Ends a wrap-up."""
    return await _run(request, "available")


@router.post("/returned", response=_COMMAND)
async def returned(request: HttpRequest, body: Nothing) -> Done:  # noqa: ARG001
    """The screen was loaded anew in mid-call: give the citizen back to me."""
    return await _run(request, "returned")


@router.post("/away", response=_COMMAND)
async def away(request: HttpRequest, body: AwayIn) -> Done:
    """No contacts, for a reason of the list; in mid-call after the call and its wrap-up."""
    await sync_to_async(work.check_reason)(body.reason)
    return await _run(request, "away", reason=body.reason)


@router.post("/extend-wrap-up", response=_COMMAND, auth=_TO_THE_END)
async def extend_wrap_up(request: HttpRequest, body: ExtendIn) -> Done:
    """`seconds` more from now."""
    return await _run(request, "extend_wrap_up", seconds=body.seconds)


@router.post("/control", response=_COMMAND, auth=_TO_THE_END)
async def control(request: HttpRequest, body: ControlIn) -> Done:
    """Hold, mute, pause the recording, send keypad tones, end."""
    return await _run(request, "control", contact=str(body.contact), control=body.control.value, digits=body.digits)


@router.get("/contacts/{uuid:contact}", response={200: ContactOut, **_ABOUT_CONTACT})
def contact(request: HttpRequest, contact: UUID) -> ContactOut:
    """One contact of mine. Written to the access log."""
    return work.show(caller_of(request), contact, client_address(request))


@router.get("/contacts/{uuid:contact}/usual-topics", response={200: list[int], **_ABOUT_CONTACT})
def usual_topics(request: HttpRequest, contact: UUID) -> list[int]:
    """Ids of at most 9 topics that contacts of this one's queue and of mine mostly had, the most usual first."""
    return work.usual_topics(caller_of(request), contact)


@router.put(
    "/contacts/{uuid:contact}/note",
    response={200: Saved, **_ABOUT_CONTACT, 409: NoteConflictOut},
    exclude_none=True,
    auth=_TO_THE_END,
)
def note(request: HttpRequest, contact: UUID, body: NoteIn) -> Saved:
    """Save the text that was typed on top of `version`."""
    return work.save_note(caller_of(request), contact, body.text, body.version)


@router.put("/contacts/{uuid:contact}/topic", response={200: Done, **_ABOUT_CONTACT}, auth=_TO_THE_END)
def topic(request: HttpRequest, contact: UUID, body: TopicIn) -> Done:
    """상담유형; null takes it away."""
    work.set_topic(caller_of(request), contact, body.topic)
    return Done()


@router.put("/contacts/{uuid:contact}/disposition", response={200: Done, **_ABOUT_CONTACT}, auth=_TO_THE_END)
def disposition(request: HttpRequest, contact: UUID, body: DispositionIn) -> Done:
    """처리결과; null takes it away."""
    work.set_disposition(caller_of(request), contact, body.disposition)
    return Done()


@router.post("/contacts/{uuid:contact}/close", response={**_COMMAND, 404: ErrorOut}, auth=_TO_THE_END)
async def close(request: HttpRequest, contact: UUID, body: Nothing) -> Done:  # noqa: ARG001
    """The record is complete: end my wrap-up of this contact. Needs topic and disposition (409 `incomplete`)."""
    account = caller_of(request)
    if await sync_to_async(work.in_wrap_up_when_complete)(account, contact):
        await commands.run("available", account.pk)
    return Done()


@router.get("/today", response={200: list[TodayRow], **_REFUSALS})
def today(request: HttpRequest) -> list[TodayRow]:
    """My contacts of today, latest first."""
    return work.today(caller_of(request).pk)


@router.post("/phone", response={200: PhoneOut, **_REFUSALS, 409: ErrorOut, 503: ErrorOut})
async def phone(request: HttpRequest, body: Nothing) -> PhoneOut:  # noqa: ARG001
    """New credentials of my browser telephone, for 8 hours; the earlier ones are void."""
    return await telephones.browser_phone(caller_of(request))


async def _run(request: HttpRequest, name: str, **data: object) -> Done:
    await commands.run(name, caller_of(request).pk, **data)
    return Done()
