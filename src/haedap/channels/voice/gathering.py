"""Who hears whom: the contact's one bridge, and music for each leg that is left out of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from haedap.channels.voice import legs, talking
from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.calls import Call, Leg, bridge_of
from haedap.channels.voice.line import Line
from haedap.channels.voice.sounds import answer, play_music, silence
from haedap.channels.voice.supervising import end_watch
from haedap.domain.events import Connected, ConnectFailed
from haedap.domain.ids import OfferId

_GONE = frozenset({400, 422})
"""How Asterisk keeps a leg out: there is none, or it is on its way out."""


async def gather(line: Line, call: Call, offers: Sequence[OfferId], *, citizen: bool) -> None:
    """From now on these hear each other and nobody else; reports `Connected` or `ConnectFailed` with the last offer.

    Nothing is reported when one of them is gone: their own end says who left, and what is to follow from it.
    Who leaves is out before anybody comes in: nobody hears a word that is not for them. Supervisors stay as they are.
    """
    there = [leg for offer in offers if (leg := line.calls.legs.get(offer)) is not None and leg.answered]
    if len(there) < len(offers) or not line.calls.lives(call):
        if not there or there[-1].offer != offers[-1]:
            # If it was known at all, its end has been told, and this is late.
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
        *([answer(line, call), silence(line, call), talking.record_anew(line, call)] if citizen else []),
    )
    new = [member for member in (*([call.channel] if citizen else []), *offers) if member not in inside]
    kept_out = await _bring_in(line, call, new)
    if not kept_out:
        await talking.let_barge(line, call)
        call.spoke = call.spoke or citizen
        for leg in there:
            leg.confirmed = True
    else:
        inside |= set(new) - kept_out.keys()
        call.joined = tuple(offer for offer in offers if offer in inside)
        call.held = call.channel not in inside or not citizen
    if not kept_out or not _GONE.issuperset(kept_out.values()):
        _report(line, call, offers, joined=not kept_out)


async def _bring_in(line: Line, call: Call, channels: Sequence[str]) -> dict[str, int]:
    """These are in the bridge; returns those who are not, and Asterisk's status. Who is gone keeps nobody else out."""
    where = f"bridges/{bridge_of(call.contact)}/addChannel"
    if not channels:
        return {}
    try:
        await line.lane(call.contact).ask("POST", where, {"channel": ",".join(channels)})
    except AriRefusedError as error:
        if len(channels) == 1:
            return {channels[0]: error.status}
    else:
        return {}
    kept_out = dict[str, int]()
    for channel in channels:
        kept_out |= await _bring_in(line, call, [channel])
    return kept_out


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
