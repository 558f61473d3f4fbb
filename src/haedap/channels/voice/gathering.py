"""Who hears whom: the contact's one bridge, and music for each leg that is left out of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from haedap.channels.voice import legs, talking
from haedap.channels.voice.calls import Call, Leg, bridge_of
from haedap.channels.voice.line import Line
from haedap.channels.voice.sounds import answer, play_music, silence
from haedap.channels.voice.supervising import end_watch
from haedap.domain.events import Connected, ConnectFailed
from haedap.domain.ids import OfferId


async def gather(line: Line, call: Call, offers: Sequence[OfferId], *, citizen: bool) -> None:
    """From now on these hear each other and nobody else; reports `Connected` or `ConnectFailed` with the last offer.

    Who leaves is out before anybody comes in: nobody hears a word that is not for them. Supervisors stay as they are.
    """
    there = [leg for offer in offers if (leg := line.calls.legs.get(offer)) is not None and leg.answered]
    if len(there) < len(offers) or not line.calls.lives(call):
        _report(line, call, offers, joined=False)
        return
    inside = set() if call.held or not call.joined else {call.channel}
    inside |= set(call.joined)
    call.joined, call.held = tuple(offers), not citizen
    await asyncio.gather(
        *(_leave(line, call, leg) for leg in _others(line, call, offers)),
        *([] if citizen else [_citizen_leaves(line, call)]),
    )
    await asyncio.gather(
        talking.open_bridge(line, call),
        *(_be_ready(line, leg) for leg in there),
        *([answer(line, call), silence(line, call)] if citizen else []),
    )
    new = [member for member in (*([call.channel] if citizen else []), *offers) if member not in inside]
    joined = not new or await talking.enter(line, call.contact, bridge_of(call.contact), *new)
    if joined:
        await talking.let_barge(line, call)
        call.spoke = call.spoke or citizen
        for leg in there:
            leg.confirmed = True
    else:
        call.joined = tuple(offer for offer in offers if offer in inside)
        call.held = call.channel not in inside or not citizen
    _report(line, call, offers, joined=joined)


async def leg_gone(line: Line, call: Call, leg: Leg) -> None:
    """If it was in the bridge, the others go on, or there is nobody any more for the citizen to hear."""
    if leg.offer not in call.joined:
        return
    left = tuple(offer for offer in call.joined if offer != leg.offer)
    if left:
        call.joined = left
    else:
        await talking.give_back(line, call, leg)


def _others(line: Line, call: Call, offers: Sequence[OfferId]) -> list[Leg]:
    """Answered legs of this contact that are to be left out."""
    found = line.calls.legs_of(call.contact)
    return [leg for leg in found if leg.answered and leg.mode is None and leg.offer not in offers]


async def _leave(line: Line, call: Call, leg: Leg) -> None:
    await talking.take_out(line, call, leg.offer)
    await legs.music(line, leg)


async def _citizen_leaves(line: Line, call: Call) -> None:
    await talking.take_out(line, call, call.channel)
    await play_music(line, call)


async def _be_ready(line: Line, leg: Leg) -> None:
    await legs.quiet(line, leg)
    if leg.mode is not None:
        await end_watch(line, leg)


def _report(line: Line, call: Call, offers: Sequence[OfferId], *, joined: bool) -> None:
    if offers:
        kind = Connected if joined else ConnectFailed
        line.post(kind(at=line.now(), contact=call.contact, offer=offers[-1]))
