"""The API for gateways that take citizens' texts, such as SMS."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from pydantic import Field

from haedap.apps.contacts import api as contacts
from haedap.apps.desk.errors import DeskError
from haedap.apps.desk.schemas import ErrorOut, Input, Text, Word
from haedap.apps.promises.message_keeping import Message, TooManyError, callable_number, keep, queue_of_messages
from haedap.apps.promises.models import LONGEST_TEXT, WrittenMessage


class GatewayAuth(HttpBearer):
    """Whoever knows the token of the settings. Without one there is no such address."""

    def __call__(self, request: HttpRequest) -> object:
        """Raises Http404 while no gateway is set up, and AuthenticationError."""
        if not settings.HAEDAP.message_token:
            raise Http404
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, token: str) -> str:  # noqa: ARG002 - ninja's protocol
        """Raises AuthenticationError."""
        if not constant_time_compare(token, settings.HAEDAP.message_token):
            raise AuthenticationError
        return "gateway"


router = Router(tags=["messages"], auth=GatewayAuth())


class MessageIn(Input):
    """`reference`: the gateway's own id of the message; the same one twice is one message."""

    number: Word
    text: Annotated[Text, Field(min_length=1, max_length=LONGEST_TEXT)]
    reference: Word | None = None


class MessageOut(Schema):
    """The promise of a call that stands for the message."""

    promise: UUID


_REFUSALS = {401: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut, 429: ErrorOut}


@router.post("", response={201: MessageOut, **_REFUSALS})
def message(request: HttpRequest, body: MessageIn) -> Status[MessageOut]:  # noqa: ARG001 - the token said it all
    """A citizen wrote: keep the text and promise a call."""
    queue = queue_of_messages()
    if queue is None:
        raise DeskError(409, "closed", _("The centre takes no messages. Choose their queue in its settings first."))
    citizen = callable_number(body.number)
    if citizen is None:
        sentence = contacts.why_none(body.number, _("The centre cannot call this number."))
        raise DeskError(422, "number_not_allowed", sentence)
    taken = Message(uuid4(), citizen, body.text, WrittenMessage.Way.GATEWAY, reference=body.reference)
    try:
        return Status(201, MessageOut(promise=keep(taken, queue)))
    except TooManyError as error:
        raise DeskError(429, "too_many", _("This number has written too often within an hour.")) from error
