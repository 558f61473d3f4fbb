"""A stand-in for the engine that does what a test says: it keeps what the channel posts and performs decisions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count
from typing import Any, TypeVar

import msgspec

from haedap.channels.port import Channel
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
    Saying,
    Supervise,
    TakeMessage,
)
from haedap.domain.events import AnyEvent, ChannelReconciled, ContactArrived
from haedap.domain.ids import ContactId, OfferId, PromptKey, RequestId
from haedap.domain.states import Control, RefusalCause, Supervision
from tests.support.offers import an_offer
from tests.support.patience import PATIENCE

E = TypeVar("E")


class Script:
    """Runs a channel and holds its events. Several can follow one another on the same channel's Asterisk."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.events: list[AnyEvent] = []
        self._news = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._numbers = count(1)

    async def start(self) -> ChannelReconciled:
        """Run the channel; returns what it found."""
        after = len(self.events)
        self._running = asyncio.create_task(self.channel.run(self.post))
        return await self.wait_for(ChannelReconciled, after=after)

    async def stop(self) -> None:
        """Stop the channel as a dying engine would: at once, whatever it was doing."""
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running

    def post(self, event: AnyEvent) -> None:
        self.events.append(event)
        self._news.set()

    async def wait_for(
        self,
        kind: type[E],
        matches: Callable[[E], bool] = lambda _event: True,
        *,
        after: int = 0,
    ) -> E:
        """The first event of that kind; `after` leaves out as many events as that."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    for event in self.events[after:]:
                        if isinstance(event, kind) and matches(event):
                            return event
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"no {kind.__name__} among {self.events[after:]}") from None

    def of(self, kind: type[E], **fields: Any) -> list[E]:
        """All events of that kind so far with these values."""
        return [
            event
            for event in self.events
            if isinstance(event, kind) and all(getattr(event, name) == value for name, value in fields.items())
        ]

    async def arrival(self, after: int = 0) -> ContactId:
        return (await self.wait_for(ContactArrived, after=after)).contact

    async def do(self, decision: AnyDecision) -> None:
        await self.channel.perform(decision)

    # --- decisions in one word

    async def refuse(self, contact: ContactId, cause: RefusalCause = RefusalCause.UNKNOWN_NUMBER) -> None:
        await self.do(Refuse(id=self._request(contact), contact=contact, cause=cause))

    async def play(self, contact: ContactId, *prompts: str) -> RequestId:
        request = self._request(contact)
        sayings = tuple(Saying(PromptKey(prompt)) for prompt in prompts)
        await self.do(Play(id=request, contact=contact, sayings=sayings))
        return request

    async def music(self, contact: ContactId) -> None:
        await self.do(PlayMusic(id=self._request(contact), contact=contact))

    async def offer(
        self,
        contact: ContactId,
        agent: int = 7,
        *,
        ring_seconds: int = 20,
        auto_answer: bool = False,
        number: int = 1,
        join: bool = True,
    ) -> OfferId:
        offer = self.an_offer(contact, agent, number=number, ring_seconds=ring_seconds)
        offer = msgspec.structs.replace(offer, auto_answer=auto_answer, join=join)
        await self.do(offer)
        return offer.offer

    def an_offer(self, contact: ContactId, agent: int = 7, *, number: int = 1, ring_seconds: int = 20) -> OfferContact:
        """An offer that is not performed yet."""
        caller = "+821000001234"
        return an_offer(self._request(contact), contact, number, agent=agent, caller=caller, ring_seconds=ring_seconds)

    async def connect(self, contact: ContactId, offer: OfferId) -> None:
        await self.do(Connect(id=self._request(contact), contact=contact, offer=offer))

    async def gather(self, contact: ContactId, *offers: OfferId, citizen: bool) -> None:
        await self.do(Gather(id=self._request(contact), contact=contact, offers=offers, citizen=citizen))

    async def dial(
        self, contact: ContactId, number: str, *, leg: int = 2, ring_seconds: int = 20, caller: str | None = None
    ) -> OfferId:
        offer, request = OfferId(f"{contact}.{leg}"), self._request(contact)
        await self.do(
            DialOutside(
                id=request, contact=contact, offer=offer, number=number, caller=caller, ring_seconds=ring_seconds
            )
        )
        return offer

    async def call_citizen(self, offer: OfferId, number: str, *, ring_seconds: int = 20) -> None:
        contact = ContactId(offer.rpartition(".")[0])
        request = self._request(contact)
        await self.do(CallCitizen(id=request, contact=contact, offer=offer, number=number, ring_seconds=ring_seconds))

    async def announce(self, contact: ContactId, offer: OfferId, text: str) -> RequestId:
        request = self._request(contact)
        await self.do(Announce(id=request, contact=contact, offer=offer, text=text))
        return request

    async def supervise(self, contact: ContactId, offer: OfferId, watched: OfferId, mode: Supervision) -> None:
        await self.do(Supervise(id=self._request(contact), contact=contact, offer=offer, watched=watched, mode=mode))

    async def take_message(self, contact: ContactId, most_seconds: int = 30) -> None:
        await self.do(TakeMessage(id=self._request(contact), contact=contact, most_seconds=most_seconds))

    async def control(self, contact: ContactId, offer: OfferId, control: Control, digits: str = "") -> None:
        request = self._request(contact)
        await self.do(ApplyControl(id=request, contact=contact, offer=offer, control=control, digits=digits))

    async def end_leg(self, contact: ContactId, offer: OfferId) -> None:
        await self.do(EndLeg(id=self._request(contact), contact=contact, offer=offer))

    async def end(self, contact: ContactId) -> None:
        await self.do(EndContact(id=self._request(contact), contact=contact))

    def _request(self, contact: ContactId) -> RequestId:
        return RequestId(f"{contact}-{next(self._numbers)}")


MakeScript = Callable[[], Awaitable[Script]]


async def succeed(script: Script, make_script: MakeScript) -> tuple[Script, ChannelReconciled]:
    """The engine dies, whatever it was doing; another one starts."""
    await script.stop()
    successor = await make_script()
    return successor, successor.of(ChannelReconciled)[0]
