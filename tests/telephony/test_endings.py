"""Either side may go at any stage: each end is reported once, by whom, and leaves nothing behind."""

from __future__ import annotations

import pytest

from haedap.domain.events import (
    AgentLegEnded,
    AgentReachable,
    CitizenLeft,
    Connected,
    ConnectFailed,
    OfferAnswered,
    OfferFailed,
    OfferRinging,
    PlaybackEnded,
)
from haedap.domain.ids import ContactId, OfferId
from haedap.domain.states import Control, EndedBy, OfferOutcome, PlayOutcome
from tests.telephony.conftest import password
from tests.telephony.support.conversation import AGENT_TONE, CITIZEN_TONE, becomes, still_answers, talk
from tests.telephony.support.exchange import MUSIC, WELCOME, Exchange
from tests.telephony.support.script import Script
from tests.telephony.support.telephone import Caller, Desk

STAGES = ("unanswered", "menu", "queue", "offer", "answered", "talking", "hold")


async def reach(stage: str, script: Script, caller: Caller, desk: Desk) -> OfferId | None:
    """Bring a call to that stage; returns the offer, if the stage has one."""
    if stage in {"talking", "hold"}:
        contact, offer = await talk(script, caller, desk)
        if stage == "hold":
            await script.control(contact, offer, Control.HOLD)
            await becomes(caller.media, MUSIC, heard=True)
        return offer
    caller.invite()
    contact = await script.arrival()
    if stage == "unanswered":
        return None
    if stage == "menu":
        await script.play(contact, "long")
    else:
        await script.music(contact)
    await caller.answered()
    await becomes(caller.media, WELCOME if stage == "menu" else MUSIC, heard=True)
    if stage in {"menu", "queue"}:
        return None
    offer = await script.offer(contact)
    await desk.ring()
    await script.wait_for(OfferRinging)
    if stage == "answered":
        await desk.answer()
        await script.wait_for(OfferAnswered)
    return offer


@pytest.mark.parametrize("stage", STAGES)
async def test_citizen_hangs_up(stage: str, exchange: Exchange, script: Script, caller: Caller, desk: Desk) -> None:
    offer = await reach(stage, script, caller, desk)
    contact = await script.arrival()
    if stage == "unanswered":
        await caller.cancel()
    else:
        await caller.hang_up()
    assert (await script.wait_for(CitizenLeft)).by is EndedBy.CITIZEN
    await script.end(contact)
    if offer is not None:
        await desk.wait_for("CANCEL", "BYE")
    await still_answers(exchange, script)
    assert len(script.of(CitizenLeft, contact=contact, by=EndedBy.CITIZEN)) == 1
    assert not script.of(OfferFailed)


@pytest.mark.parametrize("stage", ["answered", "talking", "hold"])
async def test_agent_hangs_up(stage: str, exchange: Exchange, script: Script, caller: Caller, desk: Desk) -> None:
    offer = await reach(stage, script, caller, desk)
    await desk.hang_up()
    ended = await script.wait_for(AgentLegEnded)
    assert (ended.offer, ended.by) == (offer, EndedBy.AGENT)
    assert not script.of(CitizenLeft)
    await script.end(await script.arrival())
    await caller.wait_for("BYE")
    assert (await script.wait_for(CitizenLeft)).by is EndedBy.CENTRE
    await still_answers(exchange, script)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("486 Busy Here", OfferOutcome.REJECTED),
        ("603 Decline", OfferOutcome.REJECTED),
        ("480 Temporarily Unavailable", OfferOutcome.UNREACHABLE),
        ("404 Not Found", OfferOutcome.UNREACHABLE),
        ("488 Not Acceptable Here", OfferOutcome.FAILED),
        ("500 Server Internal Error", OfferOutcome.FAILED),
    ],
)
async def test_agent_refuses(status: str, outcome: OfferOutcome, script: Script, caller: Caller, desk: Desk) -> None:
    caller.invite()
    contact = await script.arrival()
    offer = await script.offer(contact)
    await desk.wait_for("INVITE")
    desk.refuse(status)
    failed = await script.wait_for(OfferFailed)
    assert (failed.offer, failed.outcome) == (offer, outcome)
    await script.end(contact)
    await caller.acknowledge_refusal()


@pytest.mark.parametrize("status", ["480 Temporarily Unavailable", ""], ids=["do not disturb", "no network"])
async def test_telephone_that_took_no_call_and_stays_registered_is_reachable_again(
    status: str, script: Script, caller: Caller, desk: Desk
) -> None:
    """The router takes it for gone; when it registers anew in time, Asterisk tells nobody."""
    caller.invite()
    contact = await script.arrival()
    desk.powered = bool(status)
    await script.offer(contact, ring_seconds=1)
    await desk.wait_for("INVITE")
    if status:
        desk.refuse(status)
    failed = await script.wait_for(OfferFailed)
    assert failed.outcome is OfferOutcome.UNREACHABLE
    desk.powered, after = True, script.events.index(failed)
    assert await desk.register("desk-7", password("desk-7")) == 200
    await script.wait_for(AgentReachable, lambda event: event.agent == 7, after=after)
    await script.end(contact)
    await caller.acknowledge_refusal()


async def test_telephone_that_answers_without_a_description_hangs_nobody_up(
    script: Script, caller: Caller, desk: Desk
) -> None:
    caller.invite()
    contact = await script.arrival()
    await script.offer(contact)
    await desk.wait_for("INVITE")
    desk.refuse("200 OK")
    assert (await script.wait_for(AgentLegEnded)).by is EndedBy.LINE
    await script.end(contact)
    await desk.wait_for("BYE")


async def test_agent_does_not_answer(script: Script, caller: Caller, desk: Desk) -> None:
    caller.invite()
    contact = await script.arrival()
    await script.offer(contact, ring_seconds=4)
    await desk.ring()
    assert (await script.wait_for(OfferFailed)).outcome is OfferOutcome.NO_ANSWER
    await desk.wait_for("CANCEL")
    second = await script.offer(contact, number=2)
    await desk.ring(after=desk.received.index(await desk.wait_for("CANCEL")))
    await script.wait_for(OfferRinging, lambda event: event.offer == second)
    await script.end(contact)
    await caller.acknowledge_refusal()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("", OfferOutcome.NO_ANSWER),
        ("480 Temporarily Unavailable", OfferOutcome.NO_ANSWER),
        ("403 Forbidden", OfferOutcome.REJECTED),
    ],
)
async def test_a_telephone_that_rings_by_early_sound_was_reached(
    status: str, outcome: OfferOutcome, script: Script, caller: Caller, desk: Desk
) -> None:
    """Behind a gateway a desk telephone rings with 183 instead of 180: who then does not answer is not unreachable."""
    caller.invite()
    contact = await script.arrival()
    offer = await script.offer(contact, ring_seconds=20 if status else 2)
    await desk.wait_for("INVITE")
    desk.early_sound()
    await script.wait_for(OfferRinging, lambda event: event.offer == offer)
    if status:
        desk.refuse(status)
    assert (await script.wait_for(OfferFailed)).outcome is outcome
    await script.end(contact)
    await caller.acknowledge_refusal()


async def test_agent_without_telephone_is_unreachable(script: Script, caller: Caller) -> None:
    caller.invite()
    contact = await script.arrival()
    offer = await script.offer(contact, 8)
    failed = await script.wait_for(OfferFailed)
    assert (failed.offer, failed.outcome) == (offer, OfferOutcome.UNREACHABLE)
    await script.end(contact)
    await caller.acknowledge_refusal()


async def test_offer_taken_back_while_it_rings(script: Script, caller: Caller, desk: Desk) -> None:
    offer = await reach("offer", script, caller, desk)
    assert offer is not None
    contact = await script.arrival()
    await script.end_leg(contact, offer)
    await desk.wait_for("CANCEL")
    await becomes(caller.media, MUSIC, heard=True)
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_leg_of_the_agent_dies_and_comes_back(
    exchange: Exchange, script: Script, caller: Caller, desk: Desk
) -> None:
    contact, offer = await talk(script, caller, desk)
    await becomes(caller.media, AGENT_TONE, heard=True)
    desk.vanish()
    ended = await script.wait_for(AgentLegEnded)
    assert (ended.offer, ended.by) == (offer, EndedBy.LINE)
    await script.music(contact)
    await becomes(caller.media, MUSIC, heard=True)
    desk.powered = desk.media.speaking = True
    before = len(desk.received)
    second = await script.offer(contact, auto_answer=True, number=2)
    await desk.ring(after=before)
    await desk.answer()
    await script.wait_for(OfferAnswered, lambda event: event.offer == second)
    await script.connect(contact, second)
    await becomes(caller.media, AGENT_TONE, heard=True)
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    await script.end(contact)
    await caller.wait_for("BYE")
    await still_answers(exchange, script)


@pytest.mark.parametrize("stage", ["menu", "queue", "talking"])
async def test_citizen_vanishes(stage: str, exchange: Exchange, script: Script, caller: Caller, desk: Desk) -> None:
    offer = await reach(stage, script, caller, desk)
    caller.vanish()
    assert (await script.wait_for(CitizenLeft)).by is EndedBy.LINE
    await script.end(await script.arrival())
    if offer is not None:
        await desk.wait_for("BYE")
    await still_answers(exchange, script)


async def test_decisions_that_come_too_late(script: Script, caller: Caller, desk: Desk) -> None:
    contact, offer = await talk(script, caller, desk)
    await caller.hang_up()
    await script.wait_for(CitizenLeft)
    request = await script.play(contact, "welcome")
    assert [event.outcome for event in script.of(PlaybackEnded, request=request)] == [PlayOutcome.FAILED]
    await script.connect(contact, offer)
    assert len(script.of(ConnectFailed, offer=offer)) == 1
    late = await script.offer(contact, number=2)
    assert [event.outcome for event in script.of(OfferFailed, offer=late)] == [OfferOutcome.FAILED]
    await script.music(contact)
    await script.control(contact, offer, Control.HOLD)
    await script.end(contact)
    await desk.wait_for("BYE")
    assert len(script.of(Connected)) == 1


async def joined_by_answering(script: Script, caller: Caller, desk: Desk) -> tuple[ContactId, OfferId]:
    """An agent took the place of the music by answering; the router has not said a word to it."""
    offer = await reach("answered", script, caller, desk)
    assert offer is not None
    await script.wait_for(Connected)
    await becomes(caller.media, MUSIC, heard=False)
    return await script.arrival(), offer


async def test_answer_that_comes_too_late_gives_the_music_back(script: Script, caller: Caller, desk: Desk) -> None:
    """The router had taken the offer back when the agent was joined with the citizen, who goes on waiting."""
    contact, offer = await joined_by_answering(script, caller, desk)
    await script.end_leg(contact, offer)
    await desk.wait_for("BYE")
    await becomes(caller.media, MUSIC, heard=True)
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_agent_who_answers_too_late_and_hangs_up_at_once_gives_the_music_back(
    script: Script, caller: Caller, desk: Desk
) -> None:
    """As above, but the leg is gone before the router's word comes: nobody else sees to the citizen."""
    contact, offer = await joined_by_answering(script, caller, desk)
    await desk.hang_up()
    await script.wait_for(AgentLegEnded, lambda event: event.offer == offer)
    await script.end_leg(contact, offer)
    await becomes(caller.media, MUSIC, heard=True)
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_answer_after_the_offer_was_taken_back(script: Script, caller: Caller, desk: Desk) -> None:
    """The telephone answers although the centre has cancelled: the leg is ended, the citizen hears nothing of it."""
    offer = await reach("offer", script, caller, desk)
    assert offer is not None
    contact = await script.arrival()
    desk.obeys_cancel = False
    await script.end_leg(contact, offer)
    await desk.answer()
    await desk.wait_for("BYE")
    await becomes(caller.media, MUSIC, heard=True)
    await script.end(contact)
    await caller.wait_for("BYE")
    assert not script.of(OfferAnswered)
