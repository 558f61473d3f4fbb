"""Commands to the engine: written as a row, woken by NOTIFY, and the outcome awaited."""

from __future__ import annotations

import asyncio
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.apps.desk.errors import DeskError
from haedap.apps.desk.models import Command
from haedap.apps.desk.outcomes import outcomes

LIMIT_SECONDS = 2.0
_LOOK_AGAIN_SECONDS = 0.25

_REFUSALS = {
    "unknown_agent": gettext_lazy("You are not set up as an agent. Ask an administrator to check your account."),
    "signed_out": gettext_lazy("You are off duty. Sign in first."),
    "not_in_wrap_up": gettext_lazy("Your wrap-up has already ended."),
    "not_theirs": gettext_lazy("This contact is not with you any more."),
    "not_engaged": gettext_lazy("You are not talking to this citizen at the moment."),
    "consulted": gettext_lazy("A colleague consults you about this citizen: the call is theirs to control."),
    "consulting": gettext_lazy("This is not possible while you consult. End the consultation first."),
    "not_consulting": gettext_lazy("The consultation has already ended."),
    "nobody_answered": gettext_lazy("Whom you consult cannot talk yet. Wait until they have answered."),
    "announcing": gettext_lazy("An announcement is being played. Try again when it is over."),
    "on_hold": gettext_lazy("The citizen is on hold. End the hold first."),
    "citizen_called": gettext_lazy("The citizen has not answered yet."),
    "line_lost": gettext_lazy("Your line is being connected again. Try again when it is back."),
    "wrong_step": gettext_lazy("This step has been taken already, or another comes before it."),
    "unknown_target": gettext_lazy("Nobody here has this name or number any more. Choose again."),
    "number_not_allowed": gettext_lazy("Numbers abroad and paid services cannot be called from here."),
    "not_supervisor": gettext_lazy("Only supervisors can do this."),
    "target_signed_out": gettext_lazy("This colleague is off duty already."),
    "bad_times": gettext_lazy("The time lies in the past or too far ahead. Choose another."),
    "late": gettext_lazy("The engine got to it too late, so nothing was done. Try again."),
}


async def run(name: str, agent: int | None, /, **data: Any) -> None:
    """Have the engine do `name`, and wait until it has.

    Raises DeskError 409 when it refuses, and 503 when it is silent: then the command is withdrawn and never acts.
    """
    command = Command(name=name, agent=agent, data=data)
    async with outcomes().expected(str(command.id)) as reported:
        await command.asave(force_insert=True)
        await _until_finished(command, reported)
    if command.outcome is None and not await _withdrawn(command):
        await command.arefresh_from_db()
    if command.outcome is None:
        sentence = _("The engine does not answer, so nothing was done. Try again in a moment.")
        raise DeskError(503, "engine_silent", sentence)
    if command.outcome == Command.Outcome.REFUSED:
        raise DeskError(409, command.detail or "refused", _sentence(command.detail))


async def _until_finished(command: Command, reported: asyncio.Event) -> None:
    """Returns when the outcome is known or the time is up. The row tells; the notification only wakes."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + LIMIT_SECONDS
    while command.outcome is None and (left := deadline - loop.time()) > 0:
        try:
            async with asyncio.timeout(min(left, _LOOK_AGAIN_SECONDS)):
                await reported.wait()
        except TimeoutError:
            pass
        reported.clear()
        await command.arefresh_from_db()


async def _withdrawn(command: Command) -> bool:
    """Close the command unless the engine was quicker."""
    changed = await Command.objects.filter(pk=command.pk, outcome=None).aupdate(
        outcome=Command.Outcome.REFUSED, detail="withdrawn", finished_at=timezone.now()
    )
    return changed == 1


def _sentence(code: str) -> str:
    known = _REFUSALS.get(code)
    return str(known) if known else _("This is not possible at the moment.")
