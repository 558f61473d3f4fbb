"""From the wire: what Asterisk's events mean for the router."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial, singledispatchmethod

from haedap.channels.voice import gathering, legs, offers, sounds, supervising, talking
from haedap.channels.voice.calls import Call, Leg, contact_of, endpoint_of
from haedap.channels.voice.dialplan import AGENT_ARGUMENT, CALLED_ARGUMENT, SNOOP_ARGUMENT
from haedap.channels.voice.ending import hang_up
from haedap.channels.voice.line import Line
from haedap.channels.voice.messages import Messages
from haedap.channels.voice.outside import EARLY_SOUND, attempt_of, log_refusal
from haedap.channels.voice.reconcile import call_of, citizen_of, watch
from haedap.channels.voice.telephones import Telephones
from haedap.channels.voice.wire import (
    AnyWireEvent,
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelStateChange,
    ContactStatusChange,
    Dial,
    PlaybackFinished,
    RecordingFailed,
    RecordingFinished,
    StasisStart,
    WireChannel,
)
from haedap.domain.events import (
    AgentLegEnded,
    AnyEvent,
    CitizenLeft,
    CitizenNotReached,
    CitizenReached,
    ContactArrived,
    DigitPressed,
    OfferAnswered,
    OfferFailed,
    OfferRinging,
)
from haedap.domain.ids import ContactId, OfferId
from haedap.domain.states import EndedBy, OfferOutcome

_WATCH_LATER = 0.1
_MERGED_REASON = "no_answer"
"""480 on the wire."""
_LOOK_EVERY = 0.1
_LOOKS = 20
"""Whether the first branch of a call is over."""


class Hearing:
    """Reads the events of one connection after another, in the order of the wire."""

    def __init__(self, telephones: Telephones, messages: Messages) -> None:
        self._telephones = telephones
        self._messages = messages
        self._unwatched: list[Call] = []
        """New calls whose end would not be told yet."""

    def forget(self) -> None:
        """The connection is gone: the reconciliation of the next one finds the calls anew."""
        self._unwatched = []

    @singledispatchmethod
    def take(self, event: AnyWireEvent, line: Line) -> None:
        """Post what the event means. What is not named below needs nothing done."""

    @take.register
    def _(self, event: StasisStart, line: Line) -> None:
        channel = event.channel
        match event.args:
            case (kind, *_) if kind == AGENT_ARGUMENT:
                self._agent_answered(event, line)
            case (kind, offer) if kind == SNOOP_ARGUMENT:
                line.spawn(supervising.snoop_ready(line, channel.id, OfferId(offer)))
            case (kind, contact) if kind == CALLED_ARGUMENT:
                self._citizen_reached(event, ContactId(contact), line)
            case _:
                self._citizen_arrived(event, line)

    def _citizen_arrived(self, event: StasisStart, line: Line) -> None:
        channel = event.channel
        found = citizen_of(channel, event.args)
        if found is None:
            line.spawn(hang_up(line, channel.id, None))
            return
        first = line.calls.other_branch(channel.protocol_id)
        if first is None or first.contact == found.contact:
            self._citizen_admitted(channel, found, line)
        else:
            line.spawn(self._merge(channel, found, first, line))

    async def _merge(self, channel: WireChannel, found: ContactArrived, first: Call, line: Line) -> None:
        """End the second branch of one call (RFC 3261, 8.2.2.2), or the citizen would ring two agents.

        Asterisk has no 482. What it says must not be a 6xx, which ends the first branch, too; nor must the citizen be
        lost who comes by another way when the first one is over: a network that tries them in turn does so as soon as
        it is told, and the leg, whose recording is closed first, may be there for a while yet.
        """
        for _ in range(_LOOKS):
            if not await line.try_ask("GET", f"channels/{first.channel}", contact=first.contact):
                break
            await asyncio.sleep(_LOOK_EVERY)
        else:
            await hang_up(line, channel.id, found.contact, _MERGED_REASON)
            await line.recordings.remove_empty(found.contact, channel.creationtime)
            return
        other = line.calls.other_branch(channel.protocol_id)
        if other is None or other is first:
            self._citizen_admitted(channel, found, line)
        else:
            await self._merge(channel, found, other, line)

    def _citizen_admitted(self, channel: WireChannel, found: ContactArrived, line: Line) -> None:
        call = line.calls.by_contact.get(found.contact)
        if call is None:
            call = call_of(channel, found.contact)
            call.music = False
            line.calls.add(call)
        self._telephones.citizen_called(endpoint_of(channel.name), found.caller)
        line.post(found)
        self._unwatched.append(call)
        if len(self._unwatched) == 1:
            line.spawn(self._watch(line))

    def _citizen_reached(self, event: StasisStart, contact: ContactId, line: Line) -> None:
        call = line.calls.by_contact.get(contact)
        if call is None or call.ended_here or call.called_by is None:
            line.spawn(hang_up(line, event.channel.id, contact))
            return
        call.name, call.answered = event.channel.name, True
        line.post(CitizenReached(at=event.timestamp, contact=contact))
        agent = (call.called_by,)
        line.spawn_in_turn(contact, lambda: gathering.gather(line, call, agent, citizen=True))

    async def _watch(self, line: Line) -> None:
        """Hear of the legs' ends with their causes, or, when one has gone already, without.

        Asterisk does requests one after the other, and the citizens wait for what the router asks first; and it answers
        this one with a list of all that it watches, so that one for many is much cheaper.
        """
        await asyncio.sleep(_WATCH_LATER)
        calls, self._unwatched = self._unwatched, []
        for call in calls:
            line.spawn(sounds.ring(line, call))
        for call in await watch(line, calls):
            if line.calls.remove(call.channel) is not None:
                self._citizen_gone(call, line.now(), None, line)

    @take.register
    def _(self, event: ChannelStateChange, line: Line) -> None:
        match event.channel.state:
            case "Ringing":
                _rings(event.channel.id, event.timestamp, line)
            case "Up":
                self._picked_up(event, line)

    def _picked_up(self, event: ChannelStateChange, line: Line) -> None:
        """An agent has answered, and is here in a moment: the citizen's call is answered meanwhile."""
        leg = line.calls.legs.get(OfferId(event.channel.id))
        call = line.calls.joined_by_answering(leg) if leg is not None and not leg.ended_here else None
        if call is not None:
            line.spawn(sounds.answer(line, call))

    @take.register
    def _(self, event: Dial, line: Line) -> None:
        if event.dialstatus == EARLY_SOUND:
            _rings(event.peer.id, event.timestamp, line)

    @take.register
    def _(self, event: ChannelDtmfReceived, line: Line) -> None:
        call = line.calls.by_channel.get(event.channel.id)
        if call is not None:
            line.post(DigitPressed(at=event.timestamp, contact=call.contact, digit=event.digit))

    @take.register
    def _(self, event: PlaybackFinished, line: Line) -> None:
        call = line.calls.by_contact.get(ContactId(event.playback.id.rpartition("-")[0]))
        if call is not None:
            sounds.playback_finished(line, call, event)
        legs.announcement_finished(line, event)

    @take.register
    def _(self, event: RecordingFinished | RecordingFailed, line: Line) -> None:
        self._messages.finished(line, event.recording)

    @take.register
    def _(self, event: ContactStatusChange, line: Line) -> None:
        line.spawn(self._telephones.look_again(event.endpoint.resource))

    @take.register
    def _(self, event: ChannelDestroyed, line: Line) -> None:
        call = line.calls.remove(event.channel.id)
        if call is not None:
            if call.called_by is not None and not call.answered and not call.ended_here:
                self._citizen_not_reached(call, event, line)
            else:
                self._citizen_gone(call, event.timestamp, event, line)
            return
        leg = line.calls.legs.pop(OfferId(event.channel.id), None)
        if leg is not None:
            self._agent_gone(leg, event, line)

    def _agent_answered(self, event: StasisStart, line: Line) -> None:
        leg = line.calls.legs.get(OfferId(event.channel.id))
        if leg is None or leg.ended_here:
            line.spawn(hang_up(line, event.channel.id, contact_of(OfferId(event.channel.id))))
            return
        leg.answered = True
        call = line.calls.joined_by_answering(leg)
        if call is not None:
            line.spawn_in_turn(call.contact, lambda: talking.join_answered(line, call, leg))
        line.post(OfferAnswered(at=event.timestamp, offer=leg.offer))

    def _citizen_gone(self, call: Call, at: datetime, end: ChannelDestroyed | None, line: Line) -> None:
        by = EndedBy.CENTRE if call.ended_here else offers.ended_by(end, EndedBy.CITIZEN)
        left = CitizenLeft(at=at, contact=call.contact, by=by)
        if call.message:
            # What was said is told first, when it is kept: who has left, leaves no message.
            line.spawn_in_turn(call.contact, partial(_tell, line, left))
        else:
            line.post(left)
        line.spawn_in_turn(call.contact, lambda: self._clear_away(line, call))

    async def _clear_away(self, line: Line, call: Call) -> None:
        """In turn: whether anybody was joined with the citizen is certain when the answers to that have come."""
        await talking.dissolve(line, call)
        if not call.spoke:
            line.spawn(line.recordings.remove_empty(call.contact, call.created))

    def _citizen_not_reached(self, call: Call, event: ChannelDestroyed, line: Line) -> None:
        log_refusal(endpoint_of(call.name), event, rang=call.rang)
        outcome = attempt_of(event, rang=call.rang)
        line.post(CitizenNotReached(at=event.timestamp, contact=call.contact, outcome=outcome))
        agent = None if call.called_by is None else line.calls.legs.get(call.called_by)
        if agent is not None:
            line.spawn_in_turn(call.contact, lambda: legs.quiet(line, agent))

    def _agent_gone(self, leg: Leg, event: ChannelDestroyed, line: Line) -> None:
        at = event.timestamp
        contact = contact_of(leg.offer)
        call = line.calls.by_contact.get(contact)
        if call is not None:
            line.spawn_in_turn(contact, lambda: gathering.leg_gone(line, call, leg))
        legs.leg_gone(line, leg)
        line.spawn_in_turn(contact, lambda: supervising.end_watch(line, leg))
        if leg.answered:
            by = EndedBy.CENTRE if leg.ended_here else offers.ended_by(event, EndedBy.AGENT)
            line.post(AgentLegEnded(at=at, offer=leg.offer, by=by))
        elif not leg.ended_here:
            refused = log_refusal(leg.endpoint, event, rang=leg.rang)
            outcome = OfferOutcome.REFUSED if refused else offers.outcome_of(event, rang=leg.rang)
            line.post(OfferFailed(at=at, offer=leg.offer, outcome=outcome))
            if outcome is OfferOutcome.UNREACHABLE:
                line.spawn(self._telephones.report_later(leg.endpoint))


async def _tell(line: Line, event: AnyEvent) -> None:
    line.post(event)


def _rings(channel: str, at: datetime, line: Line) -> None:
    call = line.calls.by_channel.get(channel)
    if call is not None:
        call.rang = True
    leg = line.calls.legs.get(OfferId(channel))
    if leg is not None and not leg.rang:
        leg.rang = True
        line.post(OfferRinging(at=at, offer=leg.offer))
