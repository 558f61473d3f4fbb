"""Ending channels: one, all legs of a contact, a whole call."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from haedap.channels.voice import talking
from haedap.channels.voice.calls import Call, contact_of
from haedap.channels.voice.line import Line
from haedap.domain.decisions import EndLeg
from haedap.domain.ids import ContactId

NORMAL = "normal"
LONGEST_CALL = timedelta(hours=4)
_LOOK_SECONDS = 60.0


async def hang_up(line: Line, channel: str, contact: ContactId | None, reason: str = NORMAL) -> None:
    """End one channel, if it is still there. `reason` is one of those that ARI names."""
    await line.try_ask("DELETE", f"channels/{channel}", {"reason": reason}, contact=contact)


async def end_call(line: Line, call: Call, reason: str = NORMAL) -> None:
    """End the citizen's channel and all legs that the contact has."""
    call.ended_here = True
    await hang_up(line, call.channel, call.contact, reason)
    await end_legs(line, call.contact)
    async with line.turn(call.contact):
        await talking.dissolve(line, call)


async def end_legs(line: Line, contact: ContactId) -> None:
    """End all legs of the contact but the citizen's."""
    for leg in [leg for leg in line.calls.legs.values() if contact_of(leg.offer) == contact]:
        leg.ended_here = True
        await hang_up(line, leg.offer, contact)


async def end_leg(line: Line, decision: EndLeg) -> None:
    """End one leg; what the citizen had given up for it they get back."""
    leg = line.calls.legs.get(decision.offer)
    call = line.calls.by_contact.get(decision.contact)
    if leg is not None:
        leg.ended_here = True
        if call is not None and not leg.confirmed:
            async with line.turn(call.contact):
                await talking.give_back(line, call, leg)
    await hang_up(line, decision.offer, decision.contact)


async def end_endless(line: Line, every: float = _LOOK_SECONDS) -> None:
    """End each call that has been there for `LONGEST_CALL` since this connection, by the centre's even clock."""
    since: dict[str, datetime] = {}
    while True:
        now, calls = line.now(), line.calls.by_channel.values()
        since = {call.channel: since.get(call.channel, now) for call in calls}
        for call in [call for call in calls if now - since[call.channel] >= LONGEST_CALL and not call.ended_here]:
            line.spawn(end_call(line, call))
        await asyncio.sleep(every)
