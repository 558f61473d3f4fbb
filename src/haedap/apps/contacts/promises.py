"""Promises of calls: which of them stand, and which were joined to one."""

from __future__ import annotations

from uuid import UUID

from haedap.apps.contacts.models import CallbackPromise
from haedap.domain.states import PromiseState
from haedap.web.reaching import reached


def promise(key: UUID | None) -> CallbackPromise | None:
    """As the record has it; None without one, and until the record has it."""
    return CallbackPromise.objects.filter(pk=key).first() if key else None


def promise_now(key: UUID | None) -> CallbackPromise | None:
    """The same; for one that was joined with another, that one."""
    found = promise(key)
    while found is not None and found.into is not None:
        found = promise(found.into)
    return found


def joined_in(key: UUID) -> set[UUID]:
    """The promise itself, and all that were joined with it."""
    return reached(key, lambda new: CallbackPromise.objects.filter(into__in=new).values_list("pk", flat=True))


def owed_to(number: str | None) -> list[CallbackPromise]:
    """What is not over of that which was promised to a number, E.164; by deadline."""
    if not number:
        return []
    rows = CallbackPromise.objects.filter(citizen=number).exclude(state=PromiseState.ENDED)
    return list(rows.order_by("deadline"))
