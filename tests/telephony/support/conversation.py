"""What many tests begin and end with: a conversation, and the proof that the centre still answers."""

from __future__ import annotations

import asyncio

from haedap.domain.events import CitizenLeft, Connected, ContactArrived, OfferAnswered
from haedap.domain.ids import ContactId, OfferId
from haedap.domain.states import EndedBy
from tests.support.patience import PATIENCE
from tests.telephony.support.exchange import MUSIC, WELCOME, Exchange
from tests.telephony.support.media import Media
from tests.telephony.support.script import Script
from tests.telephony.support.sound import level, peak
from tests.telephony.support.telephone import Caller, Desk

CITIZEN_TONE, AGENT_TONE = 440.0, 1000.0
COLLEAGUE_TONE, OFFICER_TONE, SUPERVISOR_TONE = 1300.0, 1600.0, 2200.0
LOUD, QUIET = 0.2, 0.02


async def talk(script: Script, caller: Caller, desk: Desk) -> tuple[ContactId, OfferId]:
    """A citizen and an agent who hear each other."""
    caller.invite()
    contact = await script.arrival()
    offer = await taken(script, contact, desk)
    await caller.answered()
    await script.wait_for(Connected)
    return contact, offer


async def taken(script: Script, contact: ContactId, desk: Desk) -> OfferId:
    """An agent takes a call that waits."""
    offer = await script.offer(contact)
    await desk.ring()
    await desk.answer()
    await script.wait_for(OfferAnswered)
    await script.connect(contact, offer)
    return offer


async def becomes(media: Media, frequency: float, *, heard: bool) -> None:
    """Wait until the tone is heard, or is not heard any more, for a fifth of a second."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if (level(await media.listen(0.2), frequency) > LOUD) is heard:
                return


async def sounded(media: Media, frequency: float, mark: int) -> None:
    """Wait until a short tone was heard after `mark`; it may be over by the time this is asked."""
    async with asyncio.timeout(PATIENCE):
        while peak(media.since(mark), frequency) < LOUD:
            await asyncio.sleep(0.05)


async def fades(media: Media, frequency: float, seconds: float = 0.3) -> None:
    """Wait until nothing of the tone is heard for so long; nothing at all need arrive."""
    async with asyncio.timeout(PATIENCE):
        while True:
            mark = media.mark()
            await asyncio.sleep(seconds)
            if level(media.since(mark), frequency) < QUIET:
                return


async def hears(media: Media, *tones: float) -> None:
    """Wait until, of all who could speak and of music, these are heard and the others are not."""
    everything = (CITIZEN_TONE, AGENT_TONE, COLLEAGUE_TONE, OFFICER_TONE, SUPERVISOR_TONE, MUSIC)
    async with asyncio.timeout(PATIENCE):
        while True:
            heard = await media.listen(0.3)
            there = {tone for tone in everything if level(heard, tone) > QUIET}
            if there == set(tones) and all(level(heard, tone) > LOUD * 0.8 for tone in tones):
                return


async def still_answers(exchange: Exchange, script: Script) -> None:
    """An ordinary citizen calls, hears the welcome and hangs up: a true end, and nothing else on the line."""
    before = len(script.events)
    async with Caller(exchange.sip) as telephone:
        telephone.invite(caller="01000009999")
        arrived = await script.wait_for(ContactArrived, lambda event: event.caller == "+821000009999", after=before)
        await script.play(arrived.contact, "long")
        await telephone.answered()
        await becomes(telephone.media, WELCOME, heard=True)
        await telephone.hang_up()
        left = await script.wait_for(CitizenLeft, lambda event: event.contact == arrived.contact, after=before)
        assert left.by is EndedBy.CITIZEN
