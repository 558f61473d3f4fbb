"""A supervisor in a talk: hears it, speaks to the agent alone, or speaks to all.

Listening and whispering go through a snoop on the watched leg, each kind with a channel of its own: the one for
listening cannot be heard, whatever happens to the other. What a supervisor does stands on their leg, for the engine to
come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from haedap.channels.voice import legs
from haedap.channels.voice.calls import Leg, bridge_of, contact_of
from haedap.channels.voice.dialplan import APP, SNOOP_ARGUMENT
from haedap.channels.voice.line import Line
from haedap.channels.voice.talking import enter, make_bridge
from haedap.channels.voice.wire import WireChannel
from haedap.domain.decisions import Supervise
from haedap.domain.ids import OfferId
from haedap.domain.states import Supervision

WATCH_VARIABLE = "WATCH"
"""On a supervisor's leg: how they take part."""
_WHISPER = {Supervision.LISTEN: "none", Supervision.WHISPER: "out"}
"""Into which side of the watched leg the snoop speaks: nowhere, or to whoever has the telephone in hand."""
_WATCH = "watch"
_MODES = {mode.value: mode for mode in Supervision}


async def supervise(line: Line, leg: Leg, decision: Supervise) -> None:
    """Take part in the talk of the leg `watched` in this mode from now on."""
    mode = decision.mode
    if (leg.mode, leg.watched) == (mode, decision.watched):
        return
    leg.mode, leg.watched, earlier = mode, decision.watched, leg.snoop
    # Ids of their own: an earlier snoop of the same kind, or an earlier bridge, may still be on its way out, and then
    # its name is neither free nor to be used.
    number = decision.id.rpartition("-")[2]
    leg.snoop = None if mode is Supervision.BARGE else f"{mode}-{leg.offer}-{number}"
    call = line.calls.by_contact.get(decision.contact)
    if call is not None:
        call.supervisor = leg.offer
    await legs.quiet(line, leg)
    await asyncio.gather(_note(line, leg, mode.value), _end_snoop(line, leg, earlier))
    if leg.snoop is None:
        await enter(line, decision.contact, bridge_of(decision.contact), leg.offer)
        await _end_bridge(line, leg)
        return
    leg.watch = leg.watch or f"{_WATCH}-{leg.offer}-{number}"
    await make_bridge(line, decision.contact, leg.watch)
    await enter(line, decision.contact, leg.watch, leg.offer)
    snoop = {"spy": "both", "whisper": _WHISPER[mode], "app": APP, "appArgs": f"{SNOOP_ARGUMENT},{leg.offer}"}
    where = f"channels/{decision.watched}/snoop/{leg.snoop}"
    await line.try_ask("POST", where, snoop, contact=decision.contact)


async def snoop_ready(line: Line, channel: str, offer: OfferId) -> None:
    """A snoop has begun: join it with its supervisor, or end it when nobody wants it any more."""
    leg = line.calls.legs.get(offer)
    bridge = leg.watch if leg is not None and leg.snoop == channel else None
    if bridge is None or not await enter(line, contact_of(offer), bridge, channel):
        await line.try_ask("DELETE", f"channels/{channel}", contact=contact_of(offer))


async def end_watch(line: Line, leg: Leg) -> None:
    """They supervise no more: their leg is gone, or is the agent's now."""
    if leg.mode is None:
        return
    snoop, leg.mode, leg.watched, leg.snoop = leg.snoop, None, None, None
    await asyncio.gather(
        _note(line, leg, ""),
        _end_snoop(line, leg, snoop),
        _end_bridge(line, leg),
    )


def taken_over(leg: Leg, channel: WireChannel) -> None:
    """Read from the wire how this supervisor takes part. Whom they watch is told anew by the next `Supervise`."""
    leg.mode = _MODES.get(channel.channelvars.get(WATCH_VARIABLE, ""))


def watcher(bridge: str) -> OfferId | None:
    """Whose bridge with a snoop this is, by its id; None when it is another's."""
    return _owner(bridge, (_WATCH,))


def supervisor_of(snoop: str) -> OfferId | None:
    """Whose snoop this channel is, by its id; None when it is none."""
    return _owner(snoop, _WHISPER)


def _owner(name: str, kinds: Collection[str]) -> OfferId | None:
    """The offer in `<kind>-<offer>-<number>`; None when it is of no such kind."""
    kind, _, rest = name.partition("-")
    return OfferId(rest.rpartition("-")[0]) if kind in kinds else None


async def _note(line: Line, leg: Leg, mode: str) -> None:
    value = {"variable": WATCH_VARIABLE, "value": mode}
    await line.try_ask("POST", f"channels/{leg.offer}/variable", value, contact=contact_of(leg.offer))


async def _end_snoop(line: Line, leg: Leg, snoop: str | None) -> None:
    if snoop is not None:
        await line.try_ask("DELETE", f"channels/{snoop}", contact=contact_of(leg.offer))


async def _end_bridge(line: Line, leg: Leg) -> None:
    bridge, leg.watch = leg.watch, None
    if bridge is not None:
        await line.try_ask("DELETE", f"bridges/{bridge}", contact=contact_of(leg.offer))
