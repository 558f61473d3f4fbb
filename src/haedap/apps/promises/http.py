"""The desk's API of promises: what belongs to a contact, and calling at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest
from ninja import Router, Schema

from haedap.apps.accounts.access import client_address
from haedap.apps.accounts.api_auth import AGENTS, RoleAuth, caller_of
from haedap.apps.contacts import api as contacts
from haedap.apps.desk.schemas import Done, ErrorOut, Nothing
from haedap.apps.promises import acting, stories
from haedap.clock import centre_time
from haedap.domain.states import PromiseReason

router = Router(tags=["desk"], auth=RoleAuth(AGENTS))
_REFUSALS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 422: ErrorOut}


class OriginOut(Schema):
    """An earlier contact that this one goes on with."""

    id: UUID
    arrived_at: datetime
    agent_name: str
    topic: str
    disposition: str
    note: str


class WrittenOut(Schema):
    """What the citizen wrote."""

    at: datetime
    text: str


class PromiseOut(Schema):
    """A promise in words. `last_attempt`, `outcome`: words, or empty. `voicemail`: the message can be heard."""

    id: UUID
    owner: str
    reason: str
    state: str
    made_at: datetime
    due_at: datetime
    deadline: datetime
    urgency: str
    attempts: int
    last_attempt: str
    again_at: datetime | None
    origin: OriginOut | None
    texts: list[WrittenOut]
    voicemail: bool


class CallbackOut(Schema):
    """`keeps`: the promise that this contact is to keep. `owed`: others to the same citizen that are not over.

    `not_reached`: why the citizen was not reached in it, in words, or empty. `resumes`: the contact whose place it has.
    """

    keeps: PromiseOut | None
    not_reached: str
    owed: list[PromiseOut]
    resumes: OriginOut | None


@router.get("/contacts/{uuid:contact}/promises", response={200: CallbackOut, **_REFUSALS})
def promises(request: HttpRequest, contact: UUID) -> CallbackOut:
    """What was promised to the citizen of a contact of mine."""
    found = contacts.opened(caller_of(request), contact)
    if found is None:
        raise Http404
    keeps = contacts.promise(found.promise)
    return CallbackOut(
        keeps=_promise(keeps) if keeps else None,
        not_reached=stories.why_not_reached(contact),
        owed=[_promise(row) for row in contacts.owed_to(found.caller) if row.pk != found.promise],
        resumes=_origin(found.resumes),
    )


@router.get("/my-queues", response={200: list[str], 401: ErrorOut, 403: ErrorOut})
def my_queues(request: HttpRequest) -> list[str]:
    """The keys of the queues that I serve: what they owe, I owe."""
    return contacts.queues_of(caller_of(request).pk)


@router.post("/promises/{uuid:promise}/now", response={200: Done, **_REFUSALS, 409: ErrorOut, 503: ErrorOut})
async def now(request: HttpRequest, promise: UUID, body: Nothing) -> Done:  # noqa: ARG001 - an empty body
    """Due from this moment: it is put to whoever is free, by its place."""
    account = caller_of(request)
    found = await sync_to_async(acting.found)(account, promise)
    if found is None:
        raise Http404
    await acting.call_now(account, found, client_address(request))
    return Done()


def _promise(row: contacts.CallbackPromise) -> PromiseOut:
    line = stories.line_of(row, centre_time())
    last = stories.attempts_of(row.pk)[-1:]
    return PromiseOut(
        id=row.pk,
        owner=line.owner,
        reason=str(line.reason),
        state=str(line.state),
        made_at=row.made_at,
        due_at=row.due_at,
        deadline=row.deadline,
        urgency=line.urgency,
        attempts=row.attempts,
        last_attempt=str(line.last_attempt),
        again_at=last[0].row.again_at if last else None,
        origin=_origin(row.contact),
        texts=[WrittenOut(at=text.written_at, text=text.text) for text in stories.texts_of(row.pk)],
        voicemail=row.reason == PromiseReason.VOICEMAIL,
    )


def _origin(contact: UUID | None) -> OriginOut | None:
    found = stories.origin_of(contact)
    return OriginOut.from_orm(found) if found else None
