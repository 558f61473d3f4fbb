"""Citizen and agent together: joined, on hold, muted, and apart again."""

from __future__ import annotations

import asyncio

from haedap.channels.voice import legs
from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.calls import Call, Leg, bridge_of, contact_of
from haedap.channels.voice.line import Line
from haedap.channels.voice.recordings import PAUSED_VARIABLE
from haedap.channels.voice.sounds import answer, play_music, silence
from haedap.domain.events import Connected, ConnectFailed
from haedap.domain.ids import ContactId


async def join_answered(line: Line, call: Call, leg: Leg) -> None:
    """Let them hear each other because the agent has answered, unless the router's word was quicker."""
    if not leg.confirmed:
        await join(line, call, leg)


async def join(line: Line, call: Call, leg: Leg) -> None:
    """Let them hear each other; reports `Connected` or `ConnectFailed`, or nothing of a citizen whose end is told."""
    if not (line.calls.lives(call) and line.calls.leg_lives(leg)):
        line.post(ConnectFailed(at=line.now(), contact=call.contact, offer=leg.offer))
        return
    bridge = bridge_of(call.contact)
    call.joined, call.held, leg.replaced_music = (leg.offer,), False, bool(call.music)
    await legs.quiet(line, leg)
    # All on their way at once: done in this order, and the citizen hears the answer without a round trip in between.
    results = await asyncio.gather(
        answer(line, call),
        open_bridge(line, call),
        silence(line, call),
        line.lane(call.contact).ask("POST", f"bridges/{bridge}/addChannel", {"channel": f"{call.channel},{leg.offer}"}),
        let_barge(line, call),
        record_anew(line, call),
        return_exceptions=True,
    )
    errors = [result for result in results if isinstance(result, BaseException)]
    for error in errors:
        if not isinstance(error, AriRefusedError):
            raise error
    if errors:
        await give_back(line, call, leg)
        if await line.try_ask("GET", f"channels/{call.channel}", contact=call.contact):
            line.post(ConnectFailed(at=line.now(), contact=call.contact, offer=leg.offer))
        return
    call.spoke = True
    line.post(Connected(at=line.now(), contact=call.contact, offer=leg.offer))


async def let_barge(line: Line, call: Call) -> None:
    """The supervisor who is heard by all is in the talk. Apart from the others: one who is gone keeps nobody out."""
    for offer in line.calls.barging(call):
        await enter(line, call.contact, bridge_of(call.contact), offer)


async def part(line: Line, call: Call) -> None:
    """Take the agent's voice away from the citizen, who then hears nothing.

    The bridge stays: a new one of its name, while the old one dissolves, would take nobody.
    """
    if not call.joined:
        return
    inside = [*([] if call.held else [call.channel]), *call.joined, *line.calls.barging(call)]
    call.joined, call.held = (), False
    await take_out(line, call, *inside)


async def dissolve(line: Line, call: Call) -> None:
    """The end of the call is that of its bridge."""
    call.joined, call.held = (), False
    if call.bridged:
        call.bridged = False
        await line.try_ask("DELETE", f"bridges/{bridge_of(call.contact)}", contact=call.contact)


async def give_back(line: Line, call: Call, leg: Leg) -> None:
    """Take the one agent away who was with the citizen.

    As long as the router did not ask for the join, the citizen goes on waiting as before: the offer may be over for
    it, so that nobody else sees to the music.
    """
    if call.joined == (leg.offer,):
        await part(line, call)
        if leg.replaced_music and not leg.confirmed and not call.ended_here:
            await play_music(line, call)


async def hold(line: Line, call: Call) -> None:
    """Music to the citizen; the agent stays behind alone and hears nothing."""
    if not call.joined or call.held:
        return
    call.held = True
    await take_out(line, call, call.channel)
    call.music = True
    await line.try_ask("POST", f"channels/{call.channel}/moh", contact=call.contact)


async def unhold(line: Line, call: Call) -> None:
    """The end of `hold`."""
    if not call.joined or not call.held:
        return
    call.held = False
    await asyncio.gather(silence(line, call), record_anew(line, call))
    await enter(line, call.contact, bridge_of(call.contact), call.channel)


async def pause_recording(line: Line, call: Call, *, paused: bool) -> None:
    """Whether the recording holds silence. What it is then is known to any engine that takes the call over."""
    call.paused = paused
    value = {"variable": PAUSED_VARIABLE, "value": "1" if paused else ""}
    await line.try_ask("POST", f"channels/{call.channel}/variable", value, contact=call.contact)
    await line.recordings.silence(call.name, paused=paused)
    await record_anew(line, call)


async def record_anew(line: Line, call: Call) -> None:
    """Whoever is joined with the citizen now is in the recording, although another was before. Not in a pause: what is
    begun anew would be heard. When that is over, it is made up for."""
    if call.spoke and not call.message and not call.paused:
        await line.recordings.go_on_anew(call.name, call.contact, call.created)


async def mute(line: Line, leg: Leg, *, muted: bool) -> None:
    """Whether the citizen hears the agent. The agent goes on hearing the citizen."""
    method, contact = "POST" if muted else "DELETE", contact_of(leg.offer)
    await line.try_ask(method, f"channels/{leg.offer}/mute", {"direction": "in"}, contact=contact)


async def send_digits(line: Line, call: Call, leg: Leg, digits: str) -> None:
    """Keypad tones into the line of whom the agent speaks with, for the voice menu of whoever is there."""
    others = [offer for offer in call.joined if offer != leg.offer]
    for channel in others if call.held else [call.channel]:
        await line.try_ask(
            "POST", f"channels/{channel}/dtmf", {"dtmf": digits, "duration": 160, "between": 100}, contact=call.contact
        )


async def enter(line: Line, contact: ContactId, bridge: str, *channels: str) -> bool:
    """These legs of the contact are in that bridge; returns whether they are: one that is gone keeps all out."""
    where = f"bridges/{bridge}/addChannel"
    return await line.try_ask("POST", where, {"channel": ",".join(channels)}, contact=contact)


async def take_out(line: Line, call: Call, *channels: str) -> None:
    """These legs are in the call's bridge no more; one that was not there stays out."""
    where = f"bridges/{bridge_of(call.contact)}/removeChannel"
    # One by one, for a leg that is gone would have all refused.
    await asyncio.gather(
        *(line.try_ask("POST", where, {"channel": channel}, contact=call.contact) for channel in channels)
    )


async def open_bridge(line: Line, call: Call) -> None:
    """The call's one bridge is there, until `dissolve`."""
    call.bridged = True
    await make_bridge(line, call.contact, bridge_of(call.contact))


async def make_bridge(line: Line, contact: ContactId, bridge: str) -> None:
    """A bridge of that id, whether it was there or not."""
    try:
        await line.lane(contact).ask("POST", "bridges", {"type": "mixing", "bridgeId": bridge})
    except AriRefusedError as error:
        already_there = 409
        if error.status != already_there:
            raise
