"""Keeping what a citizen wrote: the text here, and a promise of a call at the engine. Nothing that was kept is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.masking import mask_again, masked_of_number
from haedap.apps.desk import api as desk
from haedap.apps.promises.models import LONGEST_TEXT, WrittenMessage
from haedap.flows import keyed_number
from haedap.web.locking import one_at_a_time

MOST_BY_NUMBER = 3
MOST_BY_ADDRESS = 10
WINDOW = timedelta(hours=1)


class TooManyError(Exception):
    """This number or this address has written often within the last hour."""


@dataclass(frozen=True, slots=True)
class Message:
    """What came in. `promise`: chosen by whoever takes it, so that the same message twice is one."""

    promise: UUID
    citizen: str
    text: str
    way: WrittenMessage.Way
    address: str | None = None
    reference: str | None = None


def callable_number(typed: str) -> str | None:
    """The number in E.164 when the centre may call it, else None."""
    number = contacts.to_e164(typed)
    return keyed_number(f"0{number[3:]}") if number and number.startswith("+82") else None


def queue_of_messages() -> str | None:
    """Where messages wait for a call; None while the centre takes none."""
    return centre.settings().message_queue_id


def keep(message: Message, queue: str) -> UUID:
    """The promise of a call that stands for it; of a message that is known, the one from before.

    Raises TooManyError.
    """
    try:
        with transaction.atomic():
            _wait_for_turn(message)
            known = _known(message)
            if known is not None:
                return known
            if _is_flood(message):
                raise TooManyError
            WrittenMessage.objects.create(
                promise=message.promise,
                citizen=message.citizen,
                text=masked_of_number(message.text, message.citizen)[:LONGEST_TEXT],
                queue=queue,
                way=message.way,
                from_address=message.address,
                reference=message.reference,
            )
            desk.tell("message_written", promise=str(message.promise), queue=queue, citizen=message.citizen)
    except IntegrityError:
        known = _known(message)  # the same message came twice in the same moment
        if known is None:
            raise
        return known
    return message.promise


def mask_saved() -> int:
    """Mask the messages that were saved before masking was there, or by older rules; returns how many changed."""
    return mask_again(WrittenMessage.objects.all(), _masked)


def _masked(message: WrittenMessage) -> str:
    return masked_of_number(message.text, message.citizen)[:LONGEST_TEXT]


def _wait_for_turn(message: Message) -> None:
    """Messages of one number, and those of one address, are counted one after the other; until the commit."""
    for what, key in (("number", message.citizen), ("address", message.address)):
        if key is not None:
            one_at_a_time(f"message {what}", key)


def _known(message: Message) -> UUID | None:
    same = Q(pk=message.promise)
    if message.reference is not None:
        same |= Q(reference=message.reference)
    return WrittenMessage.objects.filter(same).values_list("pk", flat=True).first()


def _is_flood(message: Message) -> bool:
    lately = WrittenMessage.objects.filter(written_at__gt=timezone.now() - WINDOW)
    if lately.filter(citizen=message.citizen).count() >= MOST_BY_NUMBER:
        return True
    by_address = message.address is not None and message.way == WrittenMessage.Way.PAGE
    return by_address and lately.filter(from_address=message.address).count() >= MOST_BY_ADDRESS
