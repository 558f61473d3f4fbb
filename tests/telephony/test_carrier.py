"""Calls out by a carrier that asks for the account's password, plays the ringing tone itself, or refuses the centre."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import structlog

from haedap.domain.events import CitizenNotReached, CitizenReached, Connected, OfferAnswered, OfferFailed, OfferRinging
from haedap.domain.states import AttemptOutcome, OfferOutcome
from tests.telephony.support.carrier import Carrier
from tests.telephony.support.conversation import AGENT_TONE, CITIZEN_TONE, becomes, talk
from tests.telephony.support.exchange import TRUNK_PASSWORD, TRUNK_USER, Exchange
from tests.telephony.support.message import digest_fields
from tests.telephony.support.script import Script
from tests.telephony.support.telephone import Caller, Desk
from tests.telephony.test_callbacks import NUMBER, agent_ready

OWN_NUMBER = "0200000120"


@pytest.fixture
async def carrier(exchange: Exchange) -> AsyncIterator[Carrier]:
    """It knows the centre's password; the owner of the telephone behind it speaks at 440 Hz."""
    host, _, port = exchange.settings.trunk_host.partition(":")
    async with Carrier(exchange.sip, host, CITIZEN_TONE, int(port)) as telephone:
        telephone.password = TRUNK_PASSWORD
        yield telephone


@pytest.mark.parametrize(
    ("asks", "algorithm"), [("407 Proxy Authentication Required", "MD5"), ("401 Unauthorized", "SHA-256")]
)
async def test_a_callback_is_proven_when_the_carrier_asks(
    asks: str, algorithm: str, script: Script, desk: Desk, carrier: Carrier
) -> None:
    carrier.asks, carrier.algorithm = asks, algorithm
    contact, offer = await agent_ready(script, desk)
    await script.call_citizen(offer, NUMBER)
    invite = await carrier.proven_call()
    for field in ("From", "P-Asserted-Identity"):
        assert f"sip:{OWN_NUMBER}@" in invite[field]
    proof = invite.get("Proxy-Authorization") or invite["Authorization"]
    assert digest_fields(proof)["username"] == TRUNK_USER
    carrier.early_sound()
    await carrier.answer()
    await script.wait_for(CitizenReached)
    await script.wait_for(Connected, lambda event: event.offer == offer)
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    await becomes(carrier.media, AGENT_TONE, heard=True)
    await script.end(contact)
    await carrier.wait_for("BYE")
    await desk.wait_for("BYE")
    assert not script.of(CitizenNotReached)


async def test_a_transfer_rings_by_early_sound_and_is_proven(
    script: Script, caller: Caller, desk: Desk, carrier: Carrier
) -> None:
    contact, agent = await talk(script, caller, desk)
    await script.gather(contact, agent, citizen=False)
    target = await script.dial(contact, NUMBER, caller="+821000005678")
    invite = await carrier.proven_call()
    assert "01000005678" not in invite.encode().decode()
    carrier.early_sound()
    await script.wait_for(OfferRinging, lambda event: event.offer == target)
    await carrier.answer()
    await script.wait_for(OfferAnswered, lambda event: event.offer == target)
    await script.end(contact)
    await carrier.wait_for("BYE")


async def test_the_voice_comes_from_another_machine_than_the_ringing(
    script: Script, desk: Desk, carrier: Carrier
) -> None:
    """The tone that a citizen has chosen for their callers is in one codec, what they say in another."""
    contact, offer = await agent_ready(script, desk)
    await script.call_citizen(offer, NUMBER)
    await carrier.proven_call()
    carrier.early_sound(codecs="8 101")
    await asyncio.sleep(0.3)
    await carrier.answer()
    await script.wait_for(Connected, lambda event: event.offer == offer)
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    await becomes(carrier.media, AGENT_TONE, heard=True)
    await script.end(contact)
    await carrier.wait_for("BYE")
    await desk.wait_for("BYE")


@pytest.mark.parametrize("status", ["wrong password", "403 Forbidden"])
async def test_who_refuses_the_centre_is_not_a_citizen_who_declines(
    status: str, script: Script, desk: Desk, carrier: Carrier
) -> None:
    """A promise would be given up otherwise. The log says what is to be mended, without the password."""
    contact, offer = await agent_ready(script, desk)
    with structlog.testing.capture_logs() as log:
        if status == "wrong password":
            carrier.password = "another"
            await script.call_citizen(offer, NUMBER)
        else:
            await script.call_citizen(offer, NUMBER)
            await carrier.proven_call()
            carrier.refuse(status)
        missed = await script.wait_for(CitizenNotReached)
    assert missed.outcome is AttemptOutcome.FAILED
    said = [str(line) for line in log if "refused" in line["event"]]
    assert len(said) == 1
    assert "trunk_password" in said[0]
    assert TRUNK_PASSWORD not in str(log)
    await script.end(contact)
    await desk.wait_for("BYE")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("480 Temporarily Unavailable", AttemptOutcome.NO_ANSWER),
        ("403 Forbidden", AttemptOutcome.REJECTED),
        ("", AttemptOutcome.NO_ANSWER),
    ],
)
async def test_a_citizen_who_heard_it_ring_by_early_sound(
    status: str, outcome: AttemptOutcome, script: Script, desk: Desk, carrier: Carrier
) -> None:
    contact, offer = await agent_ready(script, desk)
    await script.call_citizen(offer, NUMBER, ring_seconds=20 if status else 1)
    await carrier.proven_call()
    carrier.early_sound()
    if status:
        carrier.refuse(status)
    assert (await script.wait_for(CitizenNotReached)).outcome is outcome
    await script.end(contact)
    await desk.wait_for("BYE")


async def test_an_officer_behind_a_carrier_that_refuses(
    script: Script, caller: Caller, desk: Desk, carrier: Carrier
) -> None:
    contact, agent = await talk(script, caller, desk)
    await script.gather(contact, agent, citizen=False)
    carrier.password = "another"
    await script.dial(contact, NUMBER)
    assert (await script.wait_for(OfferFailed)).outcome is OfferOutcome.REFUSED
    await script.end(contact)
    await desk.wait_for("BYE")
