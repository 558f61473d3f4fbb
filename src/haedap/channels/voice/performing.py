"""From the router: what its decisions ask of Asterisk."""

from __future__ import annotations

from haedap.channels.voice import gathering, legs, offers, sounds, supervising, talking
from haedap.channels.voice.announcing import Announcements
from haedap.channels.voice.calls import Call
from haedap.channels.voice.ending import end_call, end_leg, end_legs
from haedap.channels.voice.line import Line
from haedap.channels.voice.messages import Messages
from haedap.channels.voice.outside import Outside
from haedap.channels.voice.telephones import Telephones
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
from haedap.domain.events import CitizenLeft, ConnectFailed, OfferFailed, PlaybackEnded
from haedap.domain.states import Control, EndedBy, OfferOutcome, PlayOutcome, RefusalCause

_REFUSAL_REASONS = {
    RefusalCause.UNKNOWN_NUMBER: "unallocated",
    RefusalCause.NO_PLAN: "congestion",
    RefusalCause.FLOOD: "congestion",
}
_BEFORE_THE_JOIN = frozenset({Control.MUTE, Control.UNMUTE, Control.PAUSE_RECORDING, Control.RESUME_RECORDING})
"""What can be applied before agent and citizen hear each other, so that nothing is heard that is not to be."""


class Performing:
    """Does decisions, each contact's in the order in which they come."""

    def __init__(
        self,
        prompts: sounds.Prompts,
        telephones: Telephones,
        outside: Outside,
        messages: Messages,
        announcements: Announcements,
    ) -> None:
        self._prompts = prompts
        self._telephones = telephones
        self._outside = outside
        self._messages = messages
        self._announcements = announcements

    async def do(self, decision: AnyDecision, line: Line) -> None:
        """Raises AriRefusedError when Asterisk refuses what matters, AriLostError when the connection breaks."""
        call = line.calls.by_contact.get(decision.contact)
        match decision:
            case EndLeg():
                await end_leg(line, decision)
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
            await _too_late(decision, line)
            return
        await self._do_live(decision, line, call)

    async def _do_live(self, decision: AnyDecision, line: Line, call: Call) -> None:
        match decision:
            case Refuse():
                await end_call(line, call, _REFUSAL_REASONS[decision.cause])
            case EndContact() | ApplyControl(control=Control.END):
                await end_call(line, call)
            case OfferContact():
                await offers.ring(line, call, decision, reachable=self._telephones.reachable(decision.endpoint))
            case DialOutside():
                await self._outside.dial(line, call, decision)
            case Play():
                # Before its turn: nobody who answers waits for a voice.
                files = await self._prompts.files(decision.sayings)
                async with line.turn(call.contact):
                    await self._apart(line, call)
                    await sounds.play(line, call, decision, files)
            case _:
                async with line.turn(call.contact):
                    await self._do_in_turn(decision, line, call)

    async def _do_in_turn(self, decision: AnyDecision, line: Line, call: Call) -> None:
        match decision:
            case PlayMusic():
                await self._apart(line, call)
                await sounds.play_music(line, call)
            case TakeMessage():
                await talking.part(line, call)
                await self._messages.take(line, call, decision)
            case Connect():
                await self._connect(decision, line, call)
            case ApplyControl():
                await self._control(decision, line, call)
            case Gather():
                await self._messages.stop(line, call)
                await gathering.gather(line, call, decision.offers, citizen=decision.citizen)

    async def _apart(self, line: Line, call: Call) -> None:
        await talking.part(line, call)
        await self._messages.stop(line, call)

    async def _do_to_leg(self, decision: Announce | Supervise, line: Line) -> None:
        leg = line.calls.legs.get(decision.offer)
        match decision:
            case Announce() if leg is not None and leg.answered and not leg.ended_here:
                file = await self._announcements.make(decision.id, decision.text)
                async with line.turn(decision.contact):
                    await legs.announce(line, leg, decision, file)
            case Announce():
                outcome = PlayOutcome.FAILED
                at = line.now()
                line.post(PlaybackEnded(at=at, contact=decision.contact, request=decision.id, outcome=outcome))
            case Supervise() if leg is not None:
                async with line.turn(decision.contact):
                    if leg.answered and line.calls.leg_lives(leg):
                        await supervising.supervise(line, leg, decision)

    async def _connect(self, decision: Connect, line: Line, call: Call) -> None:
        leg = line.calls.legs.get(decision.offer)
        if leg is None or not leg.answered:
            line.post(ConnectFailed(at=line.now(), contact=call.contact, offer=decision.offer))
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
                await talking.pause_recording(line, call, paused=decision.control is Control.PAUSE_RECORDING)
            case Control.SEND_DIGITS:
                await talking.send_digits(line, call, leg, decision.digits)


async def _too_late(decision: AnyDecision, line: Line) -> None:
    """The citizen's leg is gone: say so once more, for whoever asked does not know yet."""
    at, contact = line.now(), decision.contact
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
            await end_legs(line, contact)
        case _:
            pass
