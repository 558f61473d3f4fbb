"""What is true on the wire now: read after each connection, so that what happened meanwhile is made good."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.callers import arrival
from haedap.channels.voice.calls import Call, Leg, contact_of, offer_of_bridge
from haedap.channels.voice.dialplan import APP, CITIZEN_ARGUMENT
from haedap.channels.voice.line import Line
from haedap.channels.voice.sounds import SOUND_VARIABLE
from haedap.channels.voice.wire import WireBridge, WireChannel
from haedap.domain.events import ChannelReconciled, ContactArrived, PlaybackEnded
from haedap.domain.ids import ContactId, OfferId, RequestId
from haedap.domain.states import Channel, PlayOutcome

_TRIES = 20
_PAUSE_SECONDS = 0.25


async def reconcile(line: Line, ended: Collection[ContactId]) -> None:
    """Take over the legs that live, post what was found, save the contacts in `ended`: for the router they are over.

    `ended` may grow meanwhile. Nothing is awaited after the first post, so the caller can go on at once.
    """
    channels = await _channels(line)
    bridges = await line.ari.get("bridges", list[WireBridge])
    arrivals = [found for channel in channels if (found := _citizen(line, channel)) is not None]
    for channel in channels:
        _agent(line, channel)
    await _bridges(line, bridges)
    calls = list(line.calls.by_contact.values())
    await watch(line, calls)
    missed = [await _missed_end(line, call) for call in calls]
    # Posted in one go: the first answer of the router must find all of it taken over.
    for event in (*(found for found in arrivals if found.contact not in ended), *missed, _summary(line, ended)):
        if event is not None:
            line.post(event)


async def _channels(line: Line) -> Sequence[WireChannel]:
    """All legs. One leg that cannot be written as JSON makes the whole list fail while it lives, which is not long."""
    for _ in range(_TRIES):
        try:
            return await line.ari.get("channels", list[WireChannel])
        except AriRefusedError:
            await asyncio.sleep(_PAUSE_SECONDS)
    return await line.ari.get("channels", list[WireChannel])


def citizen_of(channel: WireChannel, arguments: Sequence[str]) -> ContactArrived | None:
    """The arrival that a citizen's leg stands for, by the arguments of its Stasis()."""
    if len(arguments) < 3 or arguments[0] != CITIZEN_ARGUMENT:
        return None
    return arrival(channel, ContactId(arguments[1]), arguments[2])


def call_of(channel: WireChannel, contact: ContactId) -> Call:
    """A citizen's leg as it stands on the wire."""
    sound = channel.channelvars.get(SOUND_VARIABLE)
    return Call(
        contact=contact,
        channel=channel.id,
        name=channel.name,
        created=channel.creationtime,
        answered=channel.answered,
        sound=RequestId(sound) if sound else None,
        music=None,
    )


async def watch(line: Line, calls: Sequence[Call]) -> list[Call]:
    """Ask for the events of the legs' ends, which are not sent for legs that came in by themselves.

    Returns those that are gone.
    """
    sources = ",".join(f"channel:{call.channel}" for call in calls)
    if not calls or await line.try_ask(
        "POST", f"applications/{APP}/subscription", {"eventSource": sources}, contact=None
    ):
        return []
    # One that is gone has all refused.
    return list(calls) if len(calls) == 1 else [gone for call in calls for gone in await watch(line, [call])]


def _citizen(line: Line, channel: WireChannel) -> ContactArrived | None:
    if channel.dialplan.app_name != "Stasis":
        return None
    found = citizen_of(channel, channel.dialplan.app_data.split(",")[1:])
    if found is not None:
        line.calls.add(call_of(channel, found.contact))
    return found


def _agent(line: Line, channel: WireChannel) -> None:
    offer = OfferId(channel.id)
    if channel.id not in line.calls.by_channel and contact_of(offer).count("-") == 4:
        line.calls.legs[offer] = Leg(offer=offer, rang=channel.state == "Ringing", answered=channel.answered)


async def _bridges(line: Line, bridges: Sequence[WireBridge]) -> None:
    for bridge in bridges:
        offer = offer_of_bridge(bridge.id)
        if offer is None:
            continue
        call = line.calls.by_contact.get(contact_of(offer))
        if call is None or offer not in bridge.channels:
            await line.try_ask("DELETE", f"bridges/{bridge.id}", contact=None)
            continue
        call.joined, call.held, call.spoke = offer, call.channel not in bridge.channels, True


async def _missed_end(line: Line, call: Call) -> PlaybackEnded | None:
    """The end of a sound that came to it while nobody listened."""
    if call.sound is None or await line.try_ask("GET", f"playbacks/{call.sound}", contact=None):
        return None
    ended = PlaybackEnded(at=line.now(), contact=call.contact, request=call.sound, outcome=PlayOutcome.FINISHED)
    call.sound = None
    return ended


def _summary(line: Line, ended: Collection[ContactId]) -> ChannelReconciled:
    legs = line.calls.legs.values()
    joined = {call.joined for call in line.calls.by_contact.values()}
    return ChannelReconciled(
        at=line.now(),
        channel=Channel.VOICE,
        contacts=tuple(contact for contact in line.calls.by_contact if contact not in ended),
        ringing=tuple(leg.offer for leg in legs if not leg.answered),
        answered=tuple(leg.offer for leg in legs if leg.answered),
        connected=tuple(leg.offer for leg in legs if leg.offer in joined),
    )
