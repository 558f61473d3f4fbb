"""Citizen and agent together: joined, on hold, muted, and apart again."""

from __future__ import annotations

import asyncio

from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.calls import Call, Leg, bridge_of, contact_of
from haedap.channels.voice.line import Line
from haedap.channels.voice.sounds import answer, play_music, silence
from haedap.domain.events import Connected, ConnectFailed


async def join(line: Line, call: Call, leg: Leg) -> None:
    """Let them hear each other; reports `Connected` or `ConnectFailed`."""
    bridge = bridge_of(leg.offer)
    call.joined, call.held, leg.replaced_music = leg.offer, False, bool(call.music)
    # All on their way at once: done in this order, and the citizen hears the answer without a round trip in between.
    results = await asyncio.gather(
        answer(line, call),
        _make(line, call, bridge),
        silence(line, call),
        line.lane(call.contact).ask("POST", f"bridges/{bridge}/addChannel", {"channel": f"{call.channel},{leg.offer}"}),
        return_exceptions=True,
    )
    errors = [result for result in results if isinstance(result, BaseException)]
    for error in errors:
        if not isinstance(error, AriRefusedError):
            raise error
    if errors:
        if call.joined == leg.offer:
            await part(line, call)
        line.post(ConnectFailed(at=line.now(), contact=call.contact, offer=leg.offer))
        return
    call.spoke = True
    line.post(Connected(at=line.now(), contact=call.contact, offer=leg.offer))


async def part(line: Line, call: Call) -> None:
    """Take the agent's voice away from the citizen, who then hears nothing."""
    if call.joined is not None:
        bridge = bridge_of(call.joined)
        call.joined, call.held = None, False
        await line.try_ask("DELETE", f"bridges/{bridge}", contact=call.contact)


async def give_back(line: Line, call: Call, leg: Leg) -> None:
    """The agent answered an offer that was over for the router already: the citizen goes on waiting as before."""
    if call.joined == leg.offer:
        await part(line, call)
        if leg.replaced_music:
            await play_music(line, call)


async def hold(line: Line, call: Call) -> None:
    """Music to the citizen; the agent stays behind alone and hears nothing."""
    if call.joined is None or call.held:
        return
    call.held = True
    leave = f"bridges/{bridge_of(call.joined)}/removeChannel"
    await line.try_ask("POST", leave, {"channel": call.channel}, contact=call.contact)
    call.music = True
    await line.try_ask("POST", f"channels/{call.channel}/moh", contact=call.contact)


async def unhold(line: Line, call: Call) -> None:
    """The end of `hold`."""
    if call.joined is None or not call.held:
        return
    call.held = False
    await silence(line, call)
    enter = f"bridges/{bridge_of(call.joined)}/addChannel"
    await line.try_ask("POST", enter, {"channel": call.channel}, contact=call.contact)


async def mute(line: Line, leg: Leg, *, muted: bool) -> None:
    """Whether the citizen hears the agent. The agent goes on hearing the citizen."""
    method, contact = "POST" if muted else "DELETE", contact_of(leg.offer)
    await line.try_ask(method, f"channels/{leg.offer}/mute", {"direction": "in"}, contact=contact)


async def send_digits(line: Line, call: Call, digits: str) -> None:
    """Keypad tones into the citizen's line, for the voice menu of whoever is there."""
    query: dict[str, str | int] = {"dtmf": digits, "duration": 160, "between": 100}
    await line.try_ask("POST", f"channels/{call.channel}/dtmf", query, contact=call.contact)


async def _make(line: Line, call: Call, bridge: str) -> None:
    try:
        await line.lane(call.contact).ask("POST", "bridges", {"type": "mixing", "bridgeId": bridge})
    except AriRefusedError as error:
        already_there = 409
        if error.status != already_there:
            raise
