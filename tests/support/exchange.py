"""A simulated telephone exchange at the channel port, for tests of everything above it.

The exchange is the wire: calls and agents' legs live in it whether or not an engine is connected, as they do in a real
one. What happens while no engine listens is not told to anybody; only the next reconciliation shows it. It can be used
in the engine's own process (`ExchangeChannel`) or from another one, over a unix socket (`serve` and `RemoteExchange`),
so that an engine can be killed while the calls go on.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from haedap.channels.port import PhoneCredential, Post
from haedap.domain import events
from haedap.domain.codec import decode_decision, decode_event, encode
from haedap.domain.decisions import (
    AnyDecision,
    Connect,
    EndContact,
    EndLeg,
    OfferContact,
    Play,
    PlayMusic,
    Refuse,
)
from haedap.domain.ids import AgentId, ContactId, OfferId, RequestId
from haedap.domain.states import Channel, EndedBy, OfferOutcome, PlayOutcome

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from haedap.domain.plan import Plan


class Answering(StrEnum):
    """What an agent's telephone does when it rings."""

    AT_ONCE = "at_once"
    NEVER = "never"
    REJECTS = "rejects"
    UNREACHABLE = "unreachable"


@dataclass
class Leg:
    """An agent's leg. It outlives the citizen's call until somebody ends it."""

    offer: OfferId
    contact: ContactId
    agent: AgentId
    answered: bool = False
    joined: bool = False


@dataclass
class Call:
    """A citizen's call that lives on the wire."""

    contact: ContactId
    called: str
    caller: str | None
    playing: RequestId | None = None
    sound: str = ""


def now() -> datetime:
    return datetime.now(UTC)


class Exchange:
    """All calls. `tell` is where events go; None while no engine is connected."""

    def __init__(self) -> None:
        self.calls: dict[ContactId, Call] = {}
        self.legs: dict[OfferId, Leg] = {}
        self.tell: Callable[[events.AnyEvent], None] | None = None
        self.answering: dict[AgentId, Answering] = {}
        self.performed: list[AnyDecision] = []
        """Every request in the order of arrival, repetitions left out."""
        self.repeated = 0
        self.joins: dict[ContactId, int] = {}
        """How often each contact was joined with an agent."""
        self.hold_playbacks = False
        """Leave sounds playing until `end_playback`; else a Play ends at once."""
        self.before_performing: Callable[[AnyDecision], Awaitable[None]] | None = None
        self.on_prepared: Callable[[OfferContact], None] | None = None
        self.on_joined: Callable[[ContactId], None] | None = None
        self.since = now()
        """When the exchange began."""
        self._done: set[RequestId] = set()
        self._prepared: set[OfferId] = set()

    # --- what citizens and agents do

    def call(self, called: str = "+82200000120", caller: str | None = "+821000001234") -> ContactId:
        """A citizen calls; returns the contact's id."""
        contact = ContactId(str(uuid.uuid4()))
        self.calls[contact] = Call(contact, called, caller)
        self._tell(self._arrival(self.calls[contact]))
        return contact

    def hang_up(self, contact: ContactId) -> None:
        """The citizen hangs up."""
        self._drop(contact, EndedBy.CITIZEN)

    def press(self, contact: ContactId, digit: str) -> None:
        self._tell(events.DigitPressed(at=now(), contact=contact, digit=digit))

    def end_playback(self, contact: ContactId) -> None:
        self._end_playback(self.calls[contact], PlayOutcome.FINISHED)

    def answer(self, offer: OfferId) -> None:
        """The agent answers a leg that rings."""
        leg = self.legs[offer]
        assert not leg.answered
        leg.answered = True
        self._tell(events.OfferAnswered(at=now(), offer=offer))

    def end_agent_leg(self, offer: OfferId, by: EndedBy = EndedBy.AGENT) -> None:
        """The agent hangs up, or the leg is lost."""
        del self.legs[offer]
        self._tell(events.AgentLegEnded(at=now(), offer=offer, by=by))

    # --- the engine's side

    def connect(self, tell: Callable[[events.AnyEvent], None]) -> None:
        """An engine is there from now on: it is told what is true, then what happens."""
        self.tell = tell
        self._prepared.clear()
        for call in self.calls.values():
            tell(self._arrival(call))
        legs = self.legs.values()
        tell(
            events.ChannelReconciled(
                at=now(),
                channel=Channel.VOICE,
                contacts=tuple(self.calls),
                ringing=tuple(leg.offer for leg in legs if not leg.answered),
                answered=tuple(leg.offer for leg in legs if leg.answered),
                connected=tuple(leg.offer for leg in legs if leg.joined),
                since=self.since,
            )
        )
        for agent in self.answering:
            tell(events.AgentReachable(at=now(), agent=agent))

    def disconnect(self) -> None:
        self.tell = None

    async def perform(self, decision: AnyDecision) -> None:
        if self.before_performing is not None:
            await self.before_performing(decision)
        if decision.id in self._done:
            self.repeated += 1
            return
        self._done.add(decision.id)
        self.performed.append(decision)
        call = self.calls.get(decision.contact)
        if isinstance(decision, EndLeg):
            self._end_leg(decision.offer)
        elif call is None:
            self._perform_on_dead(decision)
        else:
            self._perform(call, decision)

    async def prepare(self, offer: OfferContact) -> None:
        """Ring before the offer is committed."""
        call = self.calls.get(offer.contact)
        if call is not None and offer.offer not in self._prepared:
            self._prepared.add(offer.offer)
            self._ring(offer)
            if self.on_prepared is not None:
                self.on_prepared(offer)

    def _perform(self, call: Call, decision: AnyDecision) -> None:
        match decision:
            case Refuse() | EndContact():
                for offer in [leg.offer for leg in self.legs.values() if leg.contact == call.contact]:
                    self._end_leg(offer)
                self._drop(call.contact, EndedBy.CENTRE)
            case Play():
                self._replace_sound(call, "sayings")
                call.playing = decision.id
                if not self.hold_playbacks:
                    self._end_playback(call, PlayOutcome.FINISHED)
            case PlayMusic():
                self._replace_sound(call, "music")
            case OfferContact() if decision.offer in self._prepared:
                self._prepared.remove(decision.offer)
            case OfferContact():
                self._ring(decision)
            case Connect():
                self._join(call, decision.offer)

    def _perform_on_dead(self, decision: AnyDecision) -> None:
        match decision:
            case OfferContact():
                self._tell(events.OfferFailed(at=now(), offer=decision.offer, outcome=OfferOutcome.FAILED))
            case Connect():
                failed = events.ConnectFailed(at=now(), contact=decision.contact, offer=decision.offer)
                self._tell(failed)
            case Play():
                self._tell(
                    events.PlaybackEnded(
                        at=now(), contact=decision.contact, request=decision.id, outcome=PlayOutcome.FAILED
                    )
                )
            case _:
                pass
        self._tell(events.CitizenLeft(at=now(), contact=decision.contact, by=EndedBy.LINE))

    def _ring(self, decision: OfferContact) -> None:
        known = self.legs.get(decision.offer)
        if known is not None:
            if known.agent != decision.agent:
                del self.legs[decision.offer]
                self._fail(decision.offer, OfferOutcome.FAILED)
            return
        answering = self.answering.get(decision.agent, Answering.UNREACHABLE)
        if answering is Answering.UNREACHABLE:
            self._fail(decision.offer, OfferOutcome.UNREACHABLE)
            return
        self.legs[decision.offer] = Leg(decision.offer, decision.contact, decision.agent)
        self._tell(events.OfferRinging(at=now(), offer=decision.offer))
        if answering is Answering.REJECTS:
            del self.legs[decision.offer]
            self._fail(decision.offer, OfferOutcome.REJECTED)
        elif answering is Answering.AT_ONCE or decision.auto_answer:
            self.answer(decision.offer)

    def _fail(self, offer: OfferId, outcome: OfferOutcome) -> None:
        self._tell(events.OfferFailed(at=now(), offer=offer, outcome=outcome))

    def _join(self, call: Call, offer: OfferId) -> None:
        leg = self.legs.get(offer)
        if leg is None or not leg.answered:
            self._tell(events.ConnectFailed(at=now(), contact=call.contact, offer=offer))
            return
        self._replace_sound(call, "talk")
        leg.joined = True
        self.joins[call.contact] = self.joins.get(call.contact, 0) + 1
        self._tell(events.Connected(at=now(), contact=call.contact, offer=offer))
        if self.on_joined is not None:
            self.on_joined(call.contact)

    def _end_leg(self, offer: OfferId) -> None:
        leg = self.legs.pop(offer, None)
        if leg is None:
            return
        if leg.answered:
            self._tell(events.AgentLegEnded(at=now(), offer=offer, by=EndedBy.CENTRE))
        else:
            self._fail(offer, OfferOutcome.FAILED)

    def _drop(self, contact: ContactId, by: EndedBy) -> None:
        del self.calls[contact]
        self._tell(events.CitizenLeft(at=now(), contact=contact, by=by))

    def _replace_sound(self, call: Call, sound: str) -> None:
        self._end_playback(call, PlayOutcome.REPLACED)
        call.sound = sound

    def _end_playback(self, call: Call, outcome: PlayOutcome) -> None:
        if call.playing is not None:
            request, call.playing = call.playing, None
            call.sound = ""
            ended = events.PlaybackEnded(at=now(), contact=call.contact, request=request, outcome=outcome)
            self._tell(ended)

    def _arrival(self, call: Call) -> events.ContactArrived:
        return events.ContactArrived(
            at=now(),
            contact=call.contact,
            channel=Channel.VOICE,
            called=call.called,
            caller=call.caller,
            caller_text=call.caller or "",
            withheld=call.caller is None,
        )

    def _tell(self, event: events.AnyEvent) -> None:
        if self.tell is not None:
            self.tell(event)


class ExchangeChannel:
    """The exchange as a channel of an engine in the same process."""

    channel = Channel.VOICE

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.plans: list[Plan] = []
        self.phones: dict[str, PhoneCredential] = {}
        self.prompts_changes = 0

    async def outlasted(self, at: datetime, contacts: Collection[ContactId]) -> bool:
        return self.exchange.since <= at or not self.exchange.calls.keys().isdisjoint(contacts)

    async def run(self, post: Post) -> None:
        self.exchange.connect(post)
        try:
            await asyncio.Event().wait()
        finally:
            self.exchange.disconnect()

    async def perform(self, decision: AnyDecision) -> None:
        await self.exchange.perform(decision)

    async def prepare(self, offer: OfferContact) -> None:
        await self.exchange.prepare(offer)

    async def plan_changed(self, plan: Plan) -> None:
        self.plans.append(plan)

    async def phone_issued(self, credential: PhoneCredential) -> None:
        self.phones[credential.username] = credential

    async def phone_revoked(self, username: str) -> None:
        self.phones.pop(username, None)

    async def prompts_changed(self) -> None:
        self.prompts_changes += 1


_PREPARE = b"prepare "
"""How a line begins that only prepares."""


@asynccontextmanager
async def serve(exchange: Exchange, path: Path) -> AsyncIterator[None]:
    """Let engines of other processes connect at `path`, one at a time: lines of JSON, events out and decisions in."""

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def tell(event: events.AnyEvent) -> None:
            if not writer.is_closing():
                writer.write(encode(event) + b"\n")

        exchange.connect(tell)
        try:
            while line := await reader.readline():
                if line.startswith(_PREPARE):
                    offer = decode_decision(line.removeprefix(_PREPARE))
                    assert isinstance(offer, OfferContact)
                    await exchange.prepare(offer)
                else:
                    await exchange.perform(decode_decision(line))
        except (ConnectionError, msgspec.DecodeError):
            pass  # the engine died, perhaps in the middle of a line
        finally:
            if exchange.tell is tell:
                exchange.disconnect()
            writer.close()

    server = await asyncio.start_unix_server(serve_one, path, limit=2**24)
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()


class RemoteExchange:
    """The exchange as a channel of an engine in another process."""

    channel = Channel.VOICE

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: asyncio.StreamWriter | None = None

    async def outlasted(self, at: datetime, contacts: Collection[ContactId]) -> bool:
        return True

    async def run(self, post: Post) -> None:
        reader, self._writer = await asyncio.open_unix_connection(self._path, limit=2**24)
        try:
            while line := await reader.readline():
                post(decode_event(line))
        finally:
            self._writer.close()

    async def perform(self, decision: AnyDecision) -> None:
        if self._writer is not None:
            self._writer.write(encode(decision) + b"\n")
            await self._writer.drain()

    async def prepare(self, offer: OfferContact) -> None:
        if self._writer is not None:
            self._writer.write(_PREPARE + encode(offer) + b"\n")
            await self._writer.drain()

    async def plan_changed(self, plan: Plan) -> None:
        pass

    async def phone_issued(self, credential: PhoneCredential) -> None:
        pass

    async def phone_revoked(self, username: str) -> None:
        pass

    async def prompts_changed(self) -> None:
        pass
