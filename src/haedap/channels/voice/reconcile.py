"""What is true on the wire now: read after each connection, so that what happened meanwhile is made good."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime

from haedap.channels.voice import supervising, talking
from haedap.channels.voice.ari import Ari, AriRefusedError
from haedap.channels.voice.callers import arrival
from haedap.channels.voice.calls import Call, Leg, called_contact, contact_of, contact_of_bridge, endpoint_of, is_offer
from haedap.channels.voice.dialplan import APP, CITIZEN_ARGUMENT
from haedap.channels.voice.line import Line
from haedap.channels.voice.messages import Messages
from haedap.channels.voice.recordings import PAUSED_VARIABLE
from haedap.channels.voice.sounds import SOUND_VARIABLE
from haedap.channels.voice.wire import WireBridge, WireChannel, WireInfo
from haedap.domain.events import ChannelReconciled, CitizenReached, ContactArrived, PlaybackEnded
from haedap.domain.ids import ContactId, OfferId, RequestId
from haedap.domain.states import Channel, PlayOutcome

_TRIES = 20
_PAUSE_SECONDS = 0.25
_SOUND_FROM = "CHANNEL(rtp,dest)"
"""Refused of a leg whose other side has not said where its sound comes from and goes to."""


async def reconcile(line: Line, messages: Messages, ended: Collection[ContactId]) -> None:
    """Take over the legs and `messages` that live, post what was found, save the contacts in `ended`: for the router
    they are over.

    `ended` may grow meanwhile. Nothing is awaited after the first post, so the caller can go on at once.
    """
    channels = await _channels(line)
    bridges = await line.ari.get("bridges", list[WireBridge])
    info = await line.ari.get("asterisk/info", WireInfo)
    arrivals = [found for channel in channels if (found := _citizen(line, channel)) is not None]
    for channel in channels:
        _leg(line, channel)
    for channel in channels:
        _called(line, channel)
    await _early_sounds(line)
    await _snoops(line, channels)
    await _bridges(line, bridges)
    await _drop_those_who_left(line)
    calls = list(line.calls.by_contact.values())
    heard: list[Call | Leg] = [*calls, *line.calls.legs.values()]
    missed = await asyncio.gather(*(_missed_end(line, one) for one in heard))
    taken = await messages.take_over(line)
    reached = [CitizenReached(at=line.now(), contact=call.contact) for call in calls if _answered_us(call)]
    # Posted in one go: the first answer of the router must find all of it taken over.
    known: list[ContactArrived | CitizenReached] = [*arrivals, *reached]
    known = [event for event in known if event.contact not in ended and event.contact in line.calls.by_contact]
    for event in (*known, *missed, *taken, _summary(line, ended, info.status.startup_time)):
        if event is not None:
            line.post(event)


async def outlasted(ari: Ari, at: datetime, contacts: Collection[ContactId]) -> bool:
    """Whether this Asterisk ran before `at`, or has one of the contacts all the same: a clock may have been set."""
    info = await ari.get("asterisk/info", WireInfo)
    if info.status.startup_time <= at:
        return True
    channels = await ari.get("channels", list[WireChannel])
    found = (_arrival(channel) for channel in channels)
    there = {arrived.contact for arrived in found if arrived is not None}
    there |= {contact for channel in channels if (contact := called_contact(channel.id)) is not None}
    return not there.isdisjoint(contacts)


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
    return arrival(channel, ContactId(arguments[1]), *arguments[2:4])


def call_of(channel: WireChannel, contact: ContactId) -> Call:
    """A citizen's leg as it stands on the wire."""
    sound = channel.channelvars.get(SOUND_VARIABLE)
    return Call(
        contact=contact,
        channel=channel.id,
        name=channel.name,
        created=channel.creationtime,
        call_id=channel.protocol_id,
        answered=channel.answered,
        sound=RequestId(sound) if sound else None,
        music=None,
        paused=bool(channel.channelvars.get(PAUSED_VARIABLE)),
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
    if len(calls) == 1:
        return list(calls)
    # One that is gone has all refused: it is found by halves.
    middle = len(calls) // 2
    return [*await watch(line, calls[:middle]), *await watch(line, calls[middle:])]


async def _drop_those_who_left(line: Line) -> None:
    """Who called, has hung up since the list was made, and was not watched before has an end that nobody will tell."""
    for call in await watch(line, list(line.calls.by_contact.values())):
        came_in = call.called_by is None
        if came_in and not await line.try_ask("GET", f"channels/{call.channel}", contact=call.contact):
            line.calls.remove(call.channel)
            await talking.dissolve(line, call)


def _citizen(line: Line, channel: WireChannel) -> ContactArrived | None:
    found = _arrival(channel)
    if found is not None:
        line.calls.add(call_of(channel, found.contact))
    return found


def _arrival(channel: WireChannel) -> ContactArrived | None:
    return citizen_of(channel, channel.dialplan.app_data.split(",")[1:]) if channel.here else None


def _leg(line: Line, channel: WireChannel) -> None:
    if channel.id in line.calls.by_channel or not is_offer(channel.id):
        return
    text = channel.channelvars.get(SOUND_VARIABLE)
    leg = Leg(
        offer=OfferId(channel.id),
        endpoint=endpoint_of(channel.name),
        rang=channel.state == "Ringing",
        answered=channel.here,
        confirmed=True,
        music=None,
        tone=None,
        announcement=RequestId(text) if text else None,
    )
    supervising.taken_over(leg, channel)
    line.calls.legs[leg.offer] = leg


def _called(line: Line, channel: WireChannel) -> None:
    """A citizen whom the centre calls: their leg's id is the contact's."""
    contact = called_contact(channel.id)
    if contact is not None:
        agents = [leg for leg in line.calls.legs_of(contact) if leg.mode is None]
        call = call_of(channel, contact)
        call.called_by = agents[0].offer if agents else OfferId(f"{contact}.0")
        call.answered = channel.here
        call.rang = channel.state == "Ringing"
        line.calls.add(call)


async def _early_sounds(line: Line) -> None:
    """Who rings by sound alone is in no state that tells, but Asterisk knows where their sound comes from."""
    called = [call for call in line.calls.by_contact.values() if call.called_by is not None]
    legs: list[Call | Leg] = [*called, *line.calls.legs.values()]
    await asyncio.gather(*(_early_sound(line, leg) for leg in legs if not leg.answered and not leg.rang))


async def _early_sound(line: Line, one: Call | Leg) -> None:
    channel, contact = (one.channel, one.contact) if isinstance(one, Call) else (one.offer, contact_of(one.offer))
    one.rang = await line.try_ask("GET", f"channels/{channel}/variable", {"variable": _SOUND_FROM}, contact=contact)


def _answered_us(call: Call) -> bool:
    """Whether the centre called this citizen, and they answered."""
    return call.called_by is not None and call.answered


async def _snoops(line: Line, channels: Sequence[WireChannel]) -> None:
    """The ear of a supervisor who is gone is ended, and of two of one supervisor the first."""
    for channel in channels:
        offer = supervising.supervisor_of(channel.id)
        if offer is None:
            continue
        leg, over = line.calls.legs.get(offer), channel.id
        if leg is not None:
            over, leg.snoop = leg.snoop or "", channel.id
        if over:
            await line.try_ask("DELETE", f"channels/{over}", contact=None)


async def _bridges(line: Line, bridges: Sequence[WireBridge]) -> None:
    for bridge in bridges:
        contact = contact_of_bridge(bridge.id)
        if contact is not None:
            await _talk(line, bridge, line.calls.by_contact.get(contact))
        watcher = supervising.watcher(bridge.id)
        if watcher is not None:
            await _watch_bridge(line, bridge, line.calls.legs.get(watcher))


async def _watch_bridge(line: Line, bridge: WireBridge, leg: Leg | None) -> None:
    """Where a supervisor hears a talk; without them it is over."""
    if leg is not None and leg.offer in bridge.channels:
        leg.watch = bridge.id
    else:
        await line.try_ask("DELETE", f"bridges/{bridge.id}", contact=None)


async def _talk(line: Line, bridge: WireBridge, call: Call | None) -> None:
    """Who hears whom of a contact. Without a citizen it is over; without an agent or an officer it stays, empty: a new
    one of its name, while the old one dissolves, would take nobody."""
    if call is None:
        await line.try_ask("DELETE", f"bridges/{bridge.id}", contact=None)
        return
    legs = line.calls.legs_of(call.contact)
    joined = tuple(leg.offer for leg in legs if leg.mode is None and leg.offer in bridge.channels)
    call.bridged = True
    if not joined:
        await talking.take_out(line, call, *bridge.channels)
        return
    call.joined, call.held, call.spoke = joined, call.channel not in bridge.channels, True
    call.supervisor = next((leg.offer for leg in legs if leg.mode is not None), None)


async def _missed_end(line: Line, call: Call | Leg) -> PlaybackEnded | None:
    """The end of a sound that came to it while nobody listened."""
    request = call.sound if isinstance(call, Call) else call.announcement
    contact = call.contact if isinstance(call, Call) else contact_of(call.offer)
    if request is None or await line.try_ask("GET", f"playbacks/{request}", contact=contact):
        return None
    if isinstance(call, Call):
        call.sound = None
    else:
        call.announcement = None
    return PlaybackEnded(at=line.now(), contact=contact, request=request, outcome=PlayOutcome.FINISHED)


def _summary(line: Line, ended: Collection[ContactId], since: datetime) -> ChannelReconciled:
    legs = line.calls.legs.values()
    calls = [call for call in line.calls.by_contact.values() if call.contact not in ended]
    reached = [call for call in calls if call.answered or call.called_by is None]
    return ChannelReconciled(
        at=line.now(),
        channel=Channel.VOICE,
        contacts=tuple(call.contact for call in reached),
        uncalled=tuple(call.contact for call in calls if call not in reached),
        ringing=tuple(leg.offer for leg in legs if not leg.answered),
        answered=tuple(leg.offer for leg in legs if leg.answered),
        connected=tuple(offer for call in reached if not call.held for offer in call.joined),
        since=since,
        exchange=since.isoformat(),
    )
