"""The voice channel: Asterisk's events become the router's, the router's decisions become requests to Asterisk."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from functools import singledispatchmethod

import structlog

from haedap.channels.port import PhoneCredential, Post
from haedap.channels.voice import gathering, legs, offers, sounds, supervising, talking
from haedap.channels.voice.announcing import Announcements
from haedap.channels.voice.ari import Ari, AriLostError, AriRefusedError, ari_connection
from haedap.channels.voice.calls import Call, Leg, contact_of, endpoint_of
from haedap.channels.voice.dialplan import AGENT_ARGUMENT, APP, CALLED_ARGUMENT, SNOOP_ARGUMENT
from haedap.channels.voice.line import Clock, Line, utc_now
from haedap.channels.voice.messages import Messages
from haedap.channels.voice.outside import CALLED_APP, CALLED_EVENTS, EARLY_SOUND, Outside, attempt_of, log_refusal
from haedap.channels.voice.reconcile import call_of, citizen_of, reconcile, watch
from haedap.channels.voice.recordings import Recordings
from haedap.channels.voice.telephones import REGISTRATIONS_APP, Telephones
from haedap.channels.voice.wire import (
    CALL_EVENTS,
    REGISTRATION_EVENTS,
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
from haedap.config import Settings
from haedap.domain.decisions import (
    Announce,
    AnyDecision,
    ApplyControl,
    CallCitizen,
    Connect,
    DialOutside,
    EndContact,
    EndLeg,
    Gather,
    OfferContact,
    Play,
    PlayMusic,
    Refuse,
    Supervise,
    TakeMessage,
)
from haedap.domain.events import (
    AgentLegEnded,
    CitizenLeft,
    CitizenNotReached,
    CitizenReached,
    ConnectFailed,
    ContactArrived,
    DigitPressed,
    OfferAnswered,
    OfferFailed,
    OfferRinging,
    PlaybackEnded,
)
from haedap.domain.ids import ContactId, OfferId
from haedap.domain.plan import Plan
from haedap.domain.states import Channel, Control, EndedBy, OfferOutcome, PlayOutcome, RefusalCause

_log = structlog.get_logger()
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 3.0
_PATIENCE = 5
"""Times the pause before an attempt: seconds in which a new connection must hear. A slow machine gets ever more."""
_WATCH_LATER = 0.1
_LANES = 8
"""Connections over which the contacts are spread."""
_MERGED_REASON = "no_answer"
"""480 on the wire."""
_REFUSAL_REASONS = {
    RefusalCause.UNKNOWN_NUMBER: "unallocated",
    RefusalCause.NO_PLAN: "congestion",
    RefusalCause.FLOOD: "congestion",
}
_BEFORE_THE_JOIN = frozenset({Control.MUTE, Control.UNMUTE, Control.PAUSE_RECORDING, Control.RESUME_RECORDING})
"""What can be applied before agent and citizen hear each other, so that nothing is heard that is not to be."""


class VoiceChannel:
    """The port `haedap.channels.port.Channel` for telephones."""

    channel = Channel.VOICE

    def __init__(self, settings: Settings, prompts: sounds.Prompts, now: Clock = utc_now) -> None:
        self._settings = settings
        self._prompts = prompts
        self._now = now
        self._telephones = Telephones(settings)
        self._outside = Outside(settings, self._telephones)
        self._recordings = Recordings(settings)
        self._messages = Messages(settings, self._recordings)
        self._announcements = Announcements(settings)
        self._line: Line | None = None
        self._held_back: list[AnyWireEvent] | None = None
        self._unwatched: list[Call] = []
        """New calls whose end would not be told yet."""
        self._to_end: set[ContactId] = set()
        """Contacts that the router ended while Asterisk could not be told."""

    # --- the port

    async def run(self, post: Post) -> None:
        """See the port. Asterisk may come and go: every connection starts with a reconciliation."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._connection(post, pause * _PATIENCE)
                pause = _FIRST_PAUSE_SECONDS
            except (AriLostError, AriRefusedError):
                _log.warning("voice: Asterisk does not answer, trying again", seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def perform(self, decision: AnyDecision) -> None:
        """See the port. Without a connection nothing is done: the reconciliation to come makes it good."""
        line = self._line
        if line is None:
            if isinstance(decision, EndContact | Refuse):
                self._to_end.add(decision.contact)
            return
        if isinstance(decision, OfferContact) and decision.offer in line.prepared:
            line.prepared.remove(decision.offer)
            return
        await self._try_to_do(decision, line)

    async def _try_to_do(self, decision: AnyDecision, line: Line) -> None:
        try:
            await self._do(decision, line)
        except AriLostError:
            return
        except AriRefusedError:
            _log.info("voice: refused by Asterisk", decision=type(decision).__name__)

    async def prepare(self, offer: OfferContact) -> None:
        """See the port."""
        line = self._line
        if line is not None:
            line.prepared.add(offer.offer)
            await self._try_to_do(offer, line)

    async def plan_changed(self, plan: Plan) -> None:
        self._telephones.plan_changed(plan)
        self._outside.abroad = plan.calls_abroad

    async def phone_issued(self, credential: PhoneCredential) -> None:
        try:
            await self._telephones.issue(credential)
        except (AriLostError, AriRefusedError):
            _log.warning("voice: a telephone could not be admitted", username=credential.username)

    async def phone_revoked(self, username: str) -> None:
        try:
            await self._telephones.revoke(username)
        except (AriLostError, AriRefusedError):
            _log.warning("voice: a telephone could not be removed", username=username)

    async def prompts_changed(self) -> None:
        """Asterisk reads each prompt anew; only its list of music is kept."""
        if self._line is not None:
            await self._line.try_ask("PUT", "asterisk/modules/res_musiconhold.so", contact=None)

    # --- the connection

    async def _connection(self, post: Post, patience: float) -> None:
        self._held_back = []
        lost = asyncio.Event()
        async with AsyncExitStack() as connections:
            lanes = [await self._connect_to(connections, {}, lost, patience) for _ in range(_LANES)]
            # Last, for from now on calls come in.
            apps = {APP: CALL_EVENTS, REGISTRATIONS_APP: REGISTRATION_EVENTS, CALLED_APP: CALLED_EVENTS}
            line = Line(await self._connect_to(connections, apps, lost, patience), lanes, post, self._now)
            try:
                await self._take_over(line)
                await lost.wait()
            finally:
                self._line = None
                self._unwatched = []
                self._telephones.stop()
                await line.close()

    async def _connect_to(
        self, connections: AsyncExitStack, apps: Mapping[str, Sequence[str]], lost: asyncio.Event, patience: float
    ) -> Ari:
        settings = self._settings
        credentials = settings.ari_user, settings.ari_password
        connection = ari_connection(settings.ari_url, *credentials, apps, self._hear, lost, patience)
        return await connections.enter_async_context(connection)

    async def _take_over(self, line: Line) -> None:
        await self._telephones.start(line)
        await reconcile(line, self._messages, self._to_end)
        self._line = line
        for call in line.calls.by_contact.values():
            call.spoke = call.spoke or self._recordings.holds_sound(call.contact, call.created)
        self._announcements.take_over(line.calls.legs.values())
        over, self._to_end = self._to_end, set()
        for call in [line.calls.by_contact[contact] for contact in over if contact in line.calls.by_contact]:
            line.spawn(self._end_call(line, call, "normal"))
        held_back, self._held_back = self._held_back or [], None
        for event in held_back:
            self._hear(event)

    def _hear(self, event: AnyWireEvent) -> None:
        if self._held_back is not None:
            self._held_back.append(event)
        elif self._line is not None:
            self._take(event, self._line)

    # --- from the wire

    @singledispatchmethod
    def _take(self, event: AnyWireEvent, line: Line) -> None:
        """What is not named below needs nothing done."""

    @_take.register
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
            line.spawn(_hang_up(line, channel.id, None))
            return
        first = line.calls.other_branch(channel.protocol_id)
        if first is None or first.contact == found.contact:
            self._citizen_admitted(channel, found, line)
        else:
            line.spawn(self._merge(channel, found, first, line))

    async def _merge(self, channel: WireChannel, found: ContactArrived, first: Call, line: Line) -> None:
        """End the second branch of one call (RFC 3261, 8.2.2.2), or the citizen would ring two agents.

        Asterisk has no 482. What it says must not be a 6xx, which ends the first branch, too; nor must the citizen be
        lost who comes by another way after the first one has gone unnoticed.
        """
        if await line.try_ask("GET", f"channels/{first.channel}", contact=first.contact):
            await _hang_up(line, channel.id, found.contact, _MERGED_REASON)
            self._recordings.remove_empty(found.contact, channel.creationtime)
        else:
            self._citizen_admitted(channel, found, line)

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
            line.spawn(_hang_up(line, event.channel.id, contact))
            return
        call.name, call.answered = event.channel.name, True
        line.post(CitizenReached(at=event.timestamp, contact=contact))
        line.spawn(gathering.gather(line, call, (call.called_by,), citizen=True))

    async def _watch(self, line: Line) -> None:
        """Hear of the legs' ends with their causes, or, when one has gone already, without.

        Asterisk does requests one after the other, and the citizens wait for what the router asks first; and it answers
        this one with a list of all that it watches, so that one for many is much cheaper.
        """
        await asyncio.sleep(_WATCH_LATER)
        calls, self._unwatched = self._unwatched, []
        for call in await watch(line, calls):
            if line.calls.remove(call.channel) is not None:
                self._citizen_gone(call, self._now(), None, line)

    @_take.register
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

    @_take.register
    def _(self, event: Dial, line: Line) -> None:
        if event.dialstatus == EARLY_SOUND:
            _rings(event.peer.id, event.timestamp, line)

    @_take.register
    def _(self, event: ChannelDtmfReceived, line: Line) -> None:
        call = line.calls.by_channel.get(event.channel.id)
        if call is not None:
            line.post(DigitPressed(at=event.timestamp, contact=call.contact, digit=event.digit))

    @_take.register
    def _(self, event: PlaybackFinished, line: Line) -> None:
        call = line.calls.by_contact.get(ContactId(event.playback.id.rpartition("-")[0]))
        if call is not None:
            sounds.playback_finished(line, call, event)
        legs.announcement_finished(line, event)

    @_take.register
    def _(self, event: RecordingFinished | RecordingFailed, line: Line) -> None:
        self._messages.finished(line, event.recording)

    @_take.register
    def _(self, event: ContactStatusChange, line: Line) -> None:
        line.spawn(self._telephones.look_again(event.endpoint.resource))

    @_take.register
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
            line.spawn(_hang_up(line, event.channel.id, contact_of(OfferId(event.channel.id))))
            return
        leg.answered = True
        call = line.calls.joined_by_answering(leg)
        if call is not None:
            # Noted at once, so that nobody can ask for it a second time.
            call.joined, call.held = (leg.offer,), False
            line.spawn(talking.join(line, call, leg))
        line.post(OfferAnswered(at=event.timestamp, offer=leg.offer))

    def _citizen_gone(self, call: Call, at: datetime, end: ChannelDestroyed | None, line: Line) -> None:
        by = EndedBy.CENTRE if call.ended_here else offers.ended_by(end, EndedBy.CITIZEN)
        line.post(CitizenLeft(at=at, contact=call.contact, by=by))
        line.spawn(talking.dissolve(line, call))
        if not call.spoke:
            self._recordings.remove_empty(call.contact, call.created)

    def _citizen_not_reached(self, call: Call, event: ChannelDestroyed, line: Line) -> None:
        log_refusal(endpoint_of(call.name), event, rang=call.rang)
        outcome = attempt_of(event, rang=call.rang)
        line.post(CitizenNotReached(at=event.timestamp, contact=call.contact, outcome=outcome))
        agent = None if call.called_by is None else line.calls.legs.get(call.called_by)
        if agent is not None:
            line.spawn(legs.quiet(line, agent))

    def _agent_gone(self, leg: Leg, event: ChannelDestroyed, line: Line) -> None:
        at = event.timestamp
        call = line.calls.by_contact.get(contact_of(leg.offer))
        if call is not None and leg.offer in call.joined:
            line.spawn(gathering.leg_gone(line, call, leg))
        legs.leg_gone(line, leg)
        line.spawn(supervising.end_watch(line, leg))
        if leg.answered:
            by = EndedBy.CENTRE if leg.ended_here else offers.ended_by(event, EndedBy.AGENT)
            line.post(AgentLegEnded(at=at, offer=leg.offer, by=by))
        elif not leg.ended_here:
            refused = log_refusal(leg.endpoint, event, rang=leg.rang)
            outcome = OfferOutcome.REFUSED if refused else offers.outcome_of(event, rang=leg.rang)
            line.post(OfferFailed(at=at, offer=leg.offer, outcome=outcome))
            if outcome is OfferOutcome.UNREACHABLE:
                line.spawn(self._telephones.report_later(leg.endpoint))

    # --- from the router

    async def _do(self, decision: AnyDecision, line: Line) -> None:
        call = line.calls.by_contact.get(decision.contact)
        match decision:
            case EndLeg():
                await self._end_leg(decision, line)
                return
            case Announce() | Supervise():
                await self._do_to_leg(decision, line)
                return
            case CallCitizen():
                await self._outside.call_citizen(line, decision)
                return
            case OfferContact(join=False) if call is None:
                await offers.ring(line, None, decision, reachable=self._telephones.reachable(decision.endpoint))
                return
        if call is None or call.ended_here:
            await self._too_late(decision, line)
            return
        await self._do_live(decision, line, call)

    async def _do_live(self, decision: AnyDecision, line: Line, call: Call) -> None:
        match decision:
            case Refuse():
                await self._end_call(line, call, _REFUSAL_REASONS[decision.cause])
            case EndContact():
                await self._end_call(line, call, "normal")
            case Play() | PlayMusic() | TakeMessage():
                await talking.part(line, call)
                await self._sound(decision, line, call)
            case OfferContact():
                await offers.ring(line, call, decision, reachable=self._telephones.reachable(decision.endpoint))
            case Connect():
                await self._connect(decision, line, call)
            case ApplyControl():
                await self._control(decision, line, call)
            case DialOutside():
                await self._outside.dial(line, call, decision)
            case Gather():
                await self._messages.stop(line, call)
                await gathering.gather(line, call, decision.offers, citizen=decision.citizen)

    async def _sound(self, decision: Play | PlayMusic | TakeMessage, line: Line, call: Call) -> None:
        match decision:
            case Play():
                await self._messages.stop(line, call)
                await sounds.play(line, call, decision, await self._prompts.files(decision.sayings))
            case PlayMusic():
                await self._messages.stop(line, call)
                await sounds.play_music(line, call)
            case TakeMessage():
                await self._messages.take(line, call, decision)

    async def _do_to_leg(self, decision: Announce | Supervise, line: Line) -> None:
        leg = line.calls.legs.get(decision.offer)
        alive = leg is not None and leg.answered and not leg.ended_here
        match decision:
            case Announce() if leg is not None and alive:
                file = await self._announcements.make(decision.id, decision.text)
                await legs.announce(line, leg, decision, file)
            case Announce():
                outcome = PlayOutcome.FAILED
                at = self._now()
                line.post(PlaybackEnded(at=at, contact=decision.contact, request=decision.id, outcome=outcome))
            case Supervise() if leg is not None and alive:
                await supervising.supervise(line, leg, decision)

    async def _connect(self, decision: Connect, line: Line, call: Call) -> None:
        leg = line.calls.legs.get(decision.offer)
        if leg is None or not leg.answered:
            line.post(ConnectFailed(at=self._now(), contact=call.contact, offer=decision.offer))
            return
        leg.confirmed = True
        await supervising.end_watch(line, leg)
        if call.joined != (leg.offer,) or call.held:
            await talking.join(line, call, leg)

    async def _control(self, decision: ApplyControl, line: Line, call: Call) -> None:
        leg = line.calls.legs.get(decision.offer)
        if leg is None or (decision.control not in _BEFORE_THE_JOIN and decision.offer not in call.joined):
            return
        match decision.control:
            case Control.HOLD:
                await talking.hold(line, call)
            case Control.UNHOLD:
                await talking.unhold(line, call)
            case Control.MUTE | Control.UNMUTE:
                await talking.mute(line, leg, muted=decision.control is Control.MUTE)
            case Control.PAUSE_RECORDING | Control.RESUME_RECORDING:
                paused = decision.control is Control.PAUSE_RECORDING
                await self._recordings.silence(call.name, paused=paused)
            case Control.SEND_DIGITS:
                await talking.send_digits(line, call, leg, decision.digits)
            case Control.END:
                await self._end_call(line, call, "normal")

    async def _end_call(self, line: Line, call: Call, reason: str) -> None:
        call.ended_here = True
        await _hang_up(line, call.channel, call.contact, reason)
        await self._end_legs(line, call.contact)
        await talking.dissolve(line, call)

    async def _end_legs(self, line: Line, contact: ContactId) -> None:
        for leg in [leg for leg in line.calls.legs.values() if contact_of(leg.offer) == contact]:
            leg.ended_here = True
            await _hang_up(line, leg.offer, contact)

    async def _end_leg(self, decision: EndLeg, line: Line) -> None:
        leg = line.calls.legs.get(decision.offer)
        if leg is not None:
            leg.ended_here = True
        await _hang_up(line, decision.offer, decision.contact)
        call = line.calls.by_contact.get(decision.contact)
        if leg is not None and call is not None and not leg.confirmed:
            await talking.give_back(line, call, leg)

    async def _too_late(self, decision: AnyDecision, line: Line) -> None:
        """The citizen's leg is gone: say so once more, for whoever asked does not know yet."""
        at, contact = self._now(), decision.contact
        match decision:
            case Play():
                line.post(PlaybackEnded(at=at, contact=contact, request=decision.id, outcome=PlayOutcome.FAILED))
            case OfferContact() | DialOutside():
                line.post(OfferFailed(at=at, offer=decision.offer, outcome=OfferOutcome.FAILED))
            case Connect():
                line.post(ConnectFailed(at=at, contact=contact, offer=decision.offer))
            case Gather() if decision.offers:
                line.post(ConnectFailed(at=at, contact=contact, offer=decision.offers[-1]))
            case EndContact() | Refuse():
                line.post(CitizenLeft(at=at, contact=contact, by=EndedBy.CENTRE))
                await self._end_legs(line, contact)
            case _:
                pass


def _rings(channel: str, at: datetime, line: Line) -> None:
    call = line.calls.by_channel.get(channel)
    if call is not None:
        call.rang = True
    leg = line.calls.legs.get(OfferId(channel))
    if leg is not None and not leg.rang:
        leg.rang = True
        line.post(OfferRinging(at=at, offer=leg.offer))


async def _hang_up(line: Line, channel: str, contact: ContactId | None, reason: str = "normal") -> None:
    await line.try_ask("DELETE", f"channels/{channel}", {"reason": reason}, contact=contact)
