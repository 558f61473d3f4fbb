"""The centre calls citizens back: the agent first, then the citizen, joined and recorded when they answer."""

from __future__ import annotations

import asyncio
import dataclasses
import uuid
from contextlib import AsyncExitStack

import pytest
from websockets.asyncio.client import ClientConnection

from haedap.channels.port import PhoneKind
from haedap.channels.voice.channel import VoiceChannel
from haedap.channels.voice.prompts import library_of
from haedap.domain.events import (
    AgentLegEnded,
    CitizenLeft,
    CitizenNotReached,
    CitizenReached,
    Connected,
    ContactArrived,
    OfferAnswered,
)
from haedap.domain.ids import ContactId, OfferId
from haedap.domain.states import AttemptOutcome, EndedBy
from tests.support.patience import PATIENCE
from tests.telephony.conftest import PLAN, credential, password, registered_desk, wait_until_idle
from tests.telephony.support.conversation import AGENT_TONE, CITIZEN_TONE, LOUD, becomes, fades
from tests.telephony.support.exchange import Exchange, read_wav
from tests.telephony.support.message import Message, parse, reply
from tests.telephony.support.script import Script
from tests.telephony.support.sound import RATE, presence
from tests.telephony.support.telephone import Desk
from tests.telephony.test_browser_telephone import line, register

NUMBER = "+821000001234"
RINGING_TONE = 480.0


async def agent_ready(script: Script, desk: Desk) -> tuple[ContactId, OfferId]:
    """An outgoing contact whose agent has answered; its citizen has not been called."""
    contact = ContactId(str(uuid.uuid4()))
    offer = await script.offer(contact, join=False, auto_answer=True)
    await desk.ring()
    await desk.answer()
    await script.wait_for(OfferAnswered, lambda event: event.offer == offer)
    return contact, offer


async def test_citizen_is_called_back_and_recorded(
    exchange: Exchange, script: Script, desk: Desk, citizen: Desk
) -> None:
    contact, offer = await agent_ready(script, desk)
    await script.call_citizen(offer, NUMBER)
    await script.call_citizen(offer, NUMBER)
    invite = await citizen.ring()
    assert invite.first.startswith("INVITE sip:01000001234@")
    assert "sip:0200000120@" in invite["From"]
    await becomes(desk.media, RINGING_TONE, heard=True)
    await citizen.answer()
    reached = await script.wait_for(CitizenReached)
    await script.wait_for(Connected, lambda event: event.offer == offer)
    assert reached.contact == contact
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    await becomes(citizen.media, AGENT_TONE, heard=True)
    await fades(desk.media, RINGING_TONE, 2.0)
    await citizen.hang_up()
    left = await script.wait_for(CitizenLeft)
    assert (left.contact, left.by) == (contact, EndedBy.CITIZEN)
    await script.end(contact)
    await desk.wait_for("BYE")
    await asyncio.to_thread(wait_until_idle, exchange)
    [recording] = exchange.settings.recordings.rglob(f"{contact}.wav")
    samples = read_wav(recording)
    assert len(samples) > RATE
    assert presence(samples, CITIZEN_TONE) > LOUD
    assert presence(samples, AGENT_TONE) > LOUD
    assert not script.of(ContactArrived)
    assert len([message for message in citizen.received if message.method == "INVITE"]) == 1


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("486 Busy Here", AttemptOutcome.BUSY),
        ("603 Decline", AttemptOutcome.REJECTED),
        ("404 Not Found", AttemptOutcome.UNREACHABLE),
        ("480 Temporarily Unavailable", AttemptOutcome.UNREACHABLE),
        ("503 Service Unavailable", AttemptOutcome.FAILED),
    ],
)
async def test_citizen_cannot_be_reached(
    status: str, outcome: AttemptOutcome, exchange: Exchange, script: Script, desk: Desk, citizen: Desk
) -> None:
    contact, offer = await agent_ready(script, desk)
    await script.call_citizen(offer, NUMBER)
    await citizen.wait_for("INVITE")
    citizen.refuse(status)
    missed = await script.wait_for(CitizenNotReached)
    assert (missed.contact, missed.outcome) == (contact, outcome)
    assert len(exchange.ask("channels")) == 1
    await script.end(contact)
    await desk.wait_for("BYE")
    assert not script.of(CitizenReached)


async def test_citizen_does_not_answer(script: Script, desk: Desk, citizen: Desk) -> None:
    contact, offer = await agent_ready(script, desk)
    await script.call_citizen(offer, NUMBER, ring_seconds=4)
    await citizen.ring()
    assert (await script.wait_for(CitizenNotReached)).outcome is AttemptOutcome.NO_ANSWER
    await citizen.wait_for("CANCEL")
    await script.end(contact)
    await desk.wait_for("BYE")
    assert not script.of(CitizenLeft, by=EndedBy.CITIZEN)


async def test_trunk_that_is_silent(script: Script, desk: Desk) -> None:
    """Nobody is at the other end of the trunk: nothing ever rang."""
    contact, offer = await agent_ready(script, desk)
    await script.call_citizen(offer, NUMBER, ring_seconds=2)
    assert (await script.wait_for(CitizenNotReached)).outcome is AttemptOutcome.UNREACHABLE
    await script.end(contact)
    await desk.wait_for("BYE")


async def test_agent_hangs_up_while_it_rings(script: Script, desk: Desk, citizen: Desk) -> None:
    contact, offer = await agent_ready(script, desk)
    await script.call_citizen(offer, NUMBER)
    await citizen.ring()
    await becomes(desk.media, RINGING_TONE, heard=True)
    await desk.hang_up()
    assert (await script.wait_for(AgentLegEnded)).offer == offer
    await script.end(contact)
    await citizen.wait_for("CANCEL")
    assert (await script.wait_for(CitizenLeft)).by is EndedBy.CENTRE
    assert not script.of(CitizenNotReached)


@pytest.mark.parametrize("number", ["01000001234", "+82600001234", "+12025550100", "sip:x@y", ""])
async def test_numbers_that_are_not_called(number: str, exchange: Exchange, script: Script, desk: Desk) -> None:
    contact, offer = await agent_ready(script, desk)
    await script.call_citizen(offer, number)
    assert [event.outcome for event in script.of(CitizenNotReached)] == [AttemptOutcome.UNREACHABLE]
    assert len(exchange.ask("channels")) == 1
    await script.end(contact)
    await desk.wait_for("BYE")


async def test_nobody_is_called_without_an_agent(script: Script, exchange: Exchange) -> None:
    contact = ContactId(str(uuid.uuid4()))
    await script.call_citizen(OfferId(f"{contact}.1"), NUMBER)
    assert [event.outcome for event in script.of(CitizenNotReached)] == [AttemptOutcome.FAILED]
    assert exchange.ask("channels") == []


async def test_citizens_telephone_in_the_demonstrations_browser_is_called(exchange: Exchange) -> None:
    """Without a trunk the demonstration's citizens are reached where their browser is registered."""
    settings = dataclasses.replace(exchange.settings, trunk_host="")
    channel = VoiceChannel(settings, library_of(settings))
    await channel.plan_changed(PLAN)
    await channel.phone_issued(credential("desk-7", settings.sip_realm))
    await channel.phone_issued(credential("citizen-demo-abc", settings.sip_realm, PhoneKind.CITIZEN))
    script = Script(channel)
    await script.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(script.stop)
        desk = await registered_desk(stack, exchange, script, 7)
        contact, offer = await agent_ready(script, desk)
        await script.call_citizen(offer, NUMBER)
        assert [event.outcome for event in script.of(CitizenNotReached)] == [AttemptOutcome.UNREACHABLE]
        browser = await stack.enter_async_context(line(exchange))
        assert await register(browser, "citizen-demo-abc", password("citizen-demo-abc")) == 200
        after = len(script.events)
        async with asyncio.timeout(PATIENCE):
            while not (invite := await called_in_the_browser(script, browser, offer)):
                pass
        assert invite.first.startswith("INVITE sip:citizen-demo-abc@")
        await browser.send(reply(invite, "486 Busy Here", "b", "<sip:x@x.invalid;transport=ws>").encode().decode())
        missed = await script.wait_for(
            CitizenNotReached, lambda event: event.outcome is AttemptOutcome.BUSY, after=after
        )
        assert missed.contact == contact
        await script.end(contact)
        await desk.wait_for("BYE")


async def called_in_the_browser(script: Script, browser: ClientConnection, offer: OfferId) -> Message | None:
    """The INVITE that follows the wish to call; None while the channel has not heard of the registration."""
    await script.call_citizen(offer, NUMBER)
    try:
        async with asyncio.timeout(0.3):
            message = parse(await browser.recv(decode=False))
    except TimeoutError:
        return None
    return message if message.method == "INVITE" and not message.status else None
