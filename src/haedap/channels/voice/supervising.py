"""A supervisor in a talk: hears it, speaks to the agent alone, or speaks to all.

Listening and whispering go through a snoop on the watched leg, each kind with a channel of its own: the one for
listening cannot be heard, whatever happens to the other. What a supervisor does stands on their leg, for the engine to
come.
"""

from __future__ import annotations

import asyncio

from haedap.channels.voice import legs
from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.calls import Leg, bridge_of, contact_of
from haedap.channels.voice.dialplan import APP, SNOOP_ARGUMENT
from haedap.channels.voice.line import Line
from haedap.channels.voice.talking import make_bridge
from haedap.channels.voice.wire import WireChannel
from haedap.domain.ids import OfferId
from haedap.domain.states import Supervision

WATCH_VARIABLE = "WATCH"
"""On a supervisor's leg: what they do and whom they watch, `whisper <offer>`."""
_WHISPER = {Supervision.LISTEN: "none", Supervision.WHISPER: "out"}
"""Into which side of the watched leg the snoop speaks: nowhere, or to whoever has the telephone in hand."""


async def supervise(line: Line, leg: Leg, watched: OfferId, mode: Supervision) -> None:
    """Take part in the talk of the leg `watched` in this mode from now on."""
    if (leg.mode, leg.watched) == (mode, watched):
        return
    leg.mode, leg.watched = mode, watched
    call = line.calls.by_contact.get(contact_of(leg.offer))
    if call is not None:
        call.supervisor = leg.offer
    value = {"variable": WATCH_VARIABLE, "value": f"{mode} {watched}"}
    await asyncio.gather(
        line.try_ask("POST", f"channels/{leg.offer}/variable", value, contact=contact_of(leg.offer)),
        legs.quiet(line, leg),
        _drop_snoops(line, leg),
    )
    if mode is Supervision.BARGE:
        await line.try_ask(
            "POST",
            f"bridges/{bridge_of(contact_of(leg.offer))}/addChannel",
            {"channel": leg.offer},
            contact=contact_of(leg.offer),
        )
        await line.try_ask("DELETE", f"bridges/{_bridge(leg)}", contact=contact_of(leg.offer))
        return
    await make_bridge(line, contact_of(leg.offer), _bridge(leg))
    await line.try_ask(
        "POST", f"bridges/{_bridge(leg)}/addChannel", {"channel": leg.offer}, contact=contact_of(leg.offer)
    )
    snoop = {"spy": "both", "whisper": _WHISPER[mode], "app": APP, "appArgs": f"{SNOOP_ARGUMENT},{leg.offer}"}
    await line.try_ask("POST", f"channels/{watched}/snoop/{_snoop(leg, mode)}", snoop, contact=contact_of(leg.offer))


async def snoop_ready(line: Line, channel: str, offer: OfferId) -> None:
    """A snoop has begun: join it with its supervisor, or end it when nobody wants it any more."""
    leg = line.calls.legs.get(offer)
    if leg is None or leg.mode is None or channel != _snoop(leg, leg.mode):
        await line.try_ask("DELETE", f"channels/{channel}", contact=contact_of(offer))
        return
    try:
        await line.lane(contact_of(offer)).ask("POST", f"bridges/{_bridge(leg)}/addChannel", {"channel": channel})
    except AriRefusedError:
        await line.try_ask("DELETE", f"channels/{channel}", contact=contact_of(offer))


async def end_watch(line: Line, leg: Leg) -> None:
    """They supervise no more: their leg is gone, or is the agent's now."""
    if leg.mode is None:
        return
    leg.mode = leg.watched = None
    await asyncio.gather(
        line.try_ask(
            "POST",
            f"channels/{leg.offer}/variable",
            {"variable": WATCH_VARIABLE, "value": ""},
            contact=contact_of(leg.offer),
        ),
        _drop_snoops(line, leg),
        line.try_ask("DELETE", f"bridges/{_bridge(leg)}", contact=contact_of(leg.offer)),
    )


def taken_over(leg: Leg, channel: WireChannel) -> None:
    """Read from the wire what an earlier engine let this supervisor do."""
    mode, _, watched = channel.channelvars.get(WATCH_VARIABLE, "").partition(" ")
    if mode in _MODES:
        leg.mode, leg.watched = _MODES[mode], OfferId(watched)


def supervisor_of(name: str) -> OfferId | None:
    """Whose snoop or bridge this is, by its id; None when it is neither."""
    kind, _, offer = name.partition("-")
    return OfferId(offer) if kind in (*_WHISPER, _WATCH) else None


_WATCH = "watch"
_MODES = {mode.value: mode for mode in Supervision}


async def _drop_snoops(line: Line, leg: Leg) -> None:
    await asyncio.gather(
        *(line.try_ask("DELETE", f"channels/{_snoop(leg, mode)}", contact=contact_of(leg.offer)) for mode in _WHISPER)
    )


def _snoop(leg: Leg, mode: Supervision) -> str:
    return f"{mode}-{leg.offer}"


def _bridge(leg: Leg) -> str:
    return f"{_WATCH}-{leg.offer}"
