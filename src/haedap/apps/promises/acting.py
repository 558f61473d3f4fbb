"""Doing something about a promise: by the engine's command, written to the access log."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _

from haedap.apps.accounts.api import Account
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.api import CallbackPromise
from haedap.apps.desk import commands
from haedap.apps.desk.errors import DeskError
from haedap.clock import centre_time
from haedap.domain.states import PromiseState

_SHOWN_WITHIN_SECONDS = 1.0
_LOOK_AGAIN_SECONDS = 0.05


async def change(account: Account, promise: CallbackPromise, address: str | None, how: str, **data: Any) -> None:
    """Owner, due time or deadline become others. Raises DeskError."""
    told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in data.items()}
    await _run("change_promise", account, promise, told)
    await _log(account, promise, address, how, "", told)


async def call_now(account: Account, promise: CallbackPromise, address: str | None) -> None:
    """Due from this moment: it is put to whoever is free, by its place. Raises DeskError."""
    await change(account, promise, address, "call_now", due_at=centre_time())


async def settle(account: Account, promise: CallbackPromise, address: str | None, outcome: str, reason: str) -> None:
    """It is over. Raises DeskError."""
    await _run("settle_promise", account, promise, {"outcome": outcome})
    await _log(account, promise, address, outcome, reason, {})


async def _run(name: str, account: Account, promise: CallbackPromise, data: dict[str, Any]) -> None:
    """Have the engine do it, and wait a moment until the record says so, too."""
    if promise.state == PromiseState.ENDED:
        raise DeskError(409, "over", _("This promise is over already."))
    await commands.run(name, account.pk, promise=str(promise.pk), **data)
    try:
        async with asyncio.timeout(_SHOWN_WITHIN_SECONDS):
            while not await _has_changed(promise):
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    except TimeoutError:
        pass  # the projector is behind; the page shows it a little later


async def _has_changed(promise: CallbackPromise) -> bool:
    return await CallbackPromise.objects.filter(pk=promise.pk, seq__gt=promise.seq).aexists()


async def _log(
    account: Account, promise: CallbackPromise, address: str | None, how: str, reason: str, more: dict[str, Any]
) -> None:
    await sync_to_async(contacts.log_access)(
        "promise.changed",
        account=account.pk,
        address=address,
        contact=promise.contact,
        reason=reason,
        detail={"promise": str(promise.pk), "how": how, **more},
    )


def found(account: Account, promise: UUID) -> CallbackPromise | None:
    """The promise, if `account` may see and act upon it."""
    return contacts.promises_of(account).filter(pk=promise).first()
