"""Engine or Asterisk die while an agent consults, a supervisor whispers, a citizen is called or leaves a message."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from haedap.channels.voice.recordings import recording_file
from haedap.clock import wall_time
from haedap.domain.events import (
    ChannelReconciled,
    CitizenLeft,
    CitizenNotReached,
    CitizenReached,
    Connected,
    ContactArrived,
    MessageTaken,
    OfferFailed,
    OfferRinging,
    PlaybackEnded,
)
from haedap.domain.states import AttemptOutcome, OfferOutcome, PlayOutcome, Supervision
from tests.telephony.conftest import at, registered_desk, wait_until_idle
from tests.telephony.support.conversation import (
    AGENT_TONE,
    CITIZEN_TONE,
    OFFICER_TONE,
    SUPERVISOR_TONE,
    becomes,
    fades,
    hears,
    sounded,
    still_answers,
)
from tests.telephony.support.exchange import BEEP, MUSIC, Exchange
from tests.telephony.support.script import MakeScript, Script, succeed
from tests.telephony.support.telephone import Caller, Desk
from tests.telephony.test_callbacks import NUMBER, RINGING_TONE, agent_ready
from tests.telephony.test_messages import after_the_tone
from tests.telephony.test_supervision import watched_talk
from tests.telephony.test_transfers import EXTENSION, consult


async def test_consultation_is_taken_over(
    make_script: MakeScript, script: Script, caller: Caller, desk: Desk, officer: Desk
) -> None:
    contact, agent, target = await consult(script, caller, desk, officer)
    successor, found = await succeed(script, make_script)
    assert found.contacts == (contact,)
    assert set(found.answered) == {agent, target}
    assert found.connected == ()
    await asyncio.gather(hears(caller.media, MUSIC), hears(desk.media, OFFICER_TONE))
    await successor.gather(contact, agent, target, citizen=True)
    await asyncio.gather(hears(caller.media, AGENT_TONE, OFFICER_TONE), hears(officer.media, AGENT_TONE, CITIZEN_TONE))
    third, found = await succeed(successor, make_script)
    assert set(found.connected) == {agent, target}
    await third.gather(contact, target, citizen=True)
    await asyncio.gather(
        hears(caller.media, OFFICER_TONE), hears(officer.media, CITIZEN_TONE), hears(desk.media, MUSIC)
    )
    fourth, found = await succeed(third, make_script)
    assert found.connected == (target,)
    await fourth.end(contact)
    await caller.wait_for("BYE")
    await officer.wait_for("BYE")
    await fourth.stop()


async def test_a_citizen_who_hears_music_is_not_taken_for_one_who_talks(
    make_script: MakeScript, script: Script, caller: Caller, desk: Desk, officer: Desk
) -> None:
    """The engine died as the agent took the citizen back, or put them through: one leg is in the bridge, alone."""
    contact, agent, target = await consult(script, caller, desk, officer)
    await script.gather(contact, agent, citizen=False)
    await hears(caller.media, MUSIC)
    successor, found = await succeed(script, make_script)
    assert (set(found.answered), found.connected) == ({agent, target}, ())
    await successor.connect(contact, agent)
    await asyncio.gather(hears(caller.media, AGENT_TONE), hears(desk.media, CITIZEN_TONE))
    await successor.end(contact)
    await caller.wait_for("BYE")
    await successor.stop()


async def test_announcement_is_taken_over(
    exchange: Exchange, make_script: MakeScript, script: Script, caller: Caller, desk: Desk, officer: Desk
) -> None:
    contact, agent, target = await consult(script, caller, desk, officer)
    await script.gather(contact, agent, citizen=True)
    request = await script.announce(contact, target, "재산세 고지서를 받지 못하신 김민원 님을 연결합니다. " * 3)
    successor, _ = await succeed(script, make_script)
    assert not successor.of(PlaybackEnded)
    await successor.gather(contact, agent, target, citizen=False)
    await hears(officer.media, AGENT_TONE)
    assert [event.outcome for event in successor.of(PlaybackEnded, request=request)] == [PlayOutcome.REPLACED]
    assert not list((exchange.settings.prompts / "announcements").iterdir())
    await successor.end(contact)
    await caller.wait_for("BYE")
    await successor.stop()


async def test_supervision_is_taken_over(
    make_script: MakeScript, script: Script, caller: Caller, desk: Desk, supervisor: Desk
) -> None:
    contact, agent, leg = await watched_talk(script, caller, desk, supervisor)
    await script.supervise(contact, leg, agent, Supervision.WHISPER)
    await becomes(desk.media, SUPERVISOR_TONE, heard=True)
    successor, found = await succeed(script, make_script)
    assert (found.connected, set(found.answered)) == ((agent,), {agent, leg})
    await becomes(desk.media, SUPERVISOR_TONE, heard=True)
    await successor.supervise(contact, leg, agent, Supervision.LISTEN)
    await becomes(desk.media, SUPERVISOR_TONE, heard=False)
    await successor.supervise(contact, leg, agent, Supervision.BARGE)
    await becomes(caller.media, SUPERVISOR_TONE, heard=True)
    third, found = await succeed(successor, make_script)
    assert found.connected == (agent,)
    await third.end(contact)
    await supervisor.wait_for("BYE")
    await caller.wait_for("BYE")
    await third.stop()


@pytest.mark.parametrize("mode", [Supervision.LISTEN, Supervision.BARGE])
async def test_a_supervisor_who_takes_the_talk_over_as_the_engine_dies_has_the_citizen(
    mode: Supervision, make_script: MakeScript, script: Script, caller: Caller, desk: Desk, supervisor: Desk
) -> None:
    contact, agent, leg = await watched_talk(script, caller, desk, supervisor)
    await script.supervise(contact, leg, agent, mode)
    await becomes(supervisor.media, CITIZEN_TONE, heard=True)
    successor, _ = await succeed(script, make_script)
    await successor.connect(contact, leg)
    await successor.end_leg(contact, agent)
    await asyncio.gather(hears(caller.media, SUPERVISOR_TONE), becomes(supervisor.media, CITIZEN_TONE, heard=True))
    third, found = await succeed(successor, make_script)
    assert (found.answered, found.connected) == ((leg,), (leg,))
    await asyncio.gather(becomes(caller.media, SUPERVISOR_TONE, heard=True), hears(supervisor.media, CITIZEN_TONE))
    await third.end(contact)
    await caller.wait_for("BYE")
    await third.stop()


async def test_citizen_who_is_being_called_is_taken_over(
    make_script: MakeScript, script: Script, desk: Desk, citizen: Desk
) -> None:
    contact, offer = await agent_ready(script, desk)
    await script.call_citizen(offer, NUMBER)
    await citizen.ring()
    await becomes(desk.media, RINGING_TONE, heard=True)
    successor, found = await succeed(script, make_script)
    assert (found.contacts, found.uncalled, found.answered) == ((), (contact,), (offer,))
    await citizen.answer()
    assert (await successor.wait_for(CitizenReached)).contact == contact
    await successor.wait_for(Connected)
    await asyncio.gather(hears(desk.media, CITIZEN_TONE), hears(citizen.media, AGENT_TONE))
    third, found = await succeed(successor, make_script)
    assert (found.contacts, found.uncalled, found.connected) == ((contact,), (), (offer,))
    assert [event.contact for event in third.of(CitizenReached)] == [contact]
    assert not third.of(ContactArrived)
    await citizen.hang_up()
    assert (await third.wait_for(CitizenLeft)).contact == contact
    await third.end(contact)
    await desk.wait_for("BYE")
    await third.stop()


async def test_citizen_who_answers_while_no_engine_is_there(
    make_script: MakeScript, script: Script, desk: Desk, citizen: Desk
) -> None:
    contact, offer = await agent_ready(script, desk)
    await script.call_citizen(offer, NUMBER)
    await citizen.ring()
    await script.stop()
    await citizen.answer()
    successor = await make_script()
    assert (await successor.wait_for(CitizenReached)).contact == contact
    await successor.connect(contact, offer)
    await asyncio.gather(hears(desk.media, CITIZEN_TONE), hears(citizen.media, AGENT_TONE))
    await successor.end(contact)
    await desk.wait_for("BYE")
    await successor.stop()


async def test_called_citizen_who_is_busy_after_a_takeover(
    make_script: MakeScript, script: Script, desk: Desk, citizen: Desk
) -> None:
    contact, offer = await agent_ready(script, desk)
    await script.call_citizen(offer, NUMBER)
    await citizen.ring()
    successor, _ = await succeed(script, make_script)
    citizen.refuse("486 Busy Here")
    missed = await successor.wait_for(CitizenNotReached)
    assert (missed.contact, missed.outcome) == (contact, AttemptOutcome.BUSY)
    await successor.end(contact)
    await desk.wait_for("BYE")
    await successor.stop()


async def test_a_telephone_that_rang_by_early_sound_before_a_takeover_was_reached(
    make_script: MakeScript, script: Script, caller: Caller, desk: Desk
) -> None:
    """Whose telephone rings with 183 is in no state that tells; one that is silent still is not taken for it."""
    caller.invite()
    contact = await script.arrival()
    offer = await script.offer(contact)
    await desk.wait_for("INVITE")
    successor, found = await succeed(script, make_script)
    assert found.ringing == (offer,)
    desk.early_sound()
    await successor.wait_for(OfferRinging, lambda event: event.offer == offer)
    third, _ = await succeed(successor, make_script)
    desk.refuse("480 Temporarily Unavailable")
    assert (await third.wait_for(OfferFailed)).outcome is OfferOutcome.NO_ANSWER
    await third.end(contact)
    await caller.acknowledge_refusal()
    await third.stop()


async def test_a_citizen_who_heard_it_ring_by_early_sound_before_a_takeover_declines(
    make_script: MakeScript, script: Script, desk: Desk, citizen: Desk
) -> None:
    contact, offer = await agent_ready(script, desk)
    await script.call_citizen(offer, NUMBER)
    await citizen.wait_for("INVITE")
    await script.stop()
    citizen.early_sound()
    successor = await make_script()
    citizen.refuse("403 Forbidden")
    assert (await successor.wait_for(CitizenNotReached)).outcome is AttemptOutcome.REJECTED
    await successor.end(contact)
    await desk.wait_for("BYE")
    await successor.stop()


@pytest.mark.parametrize("ended", [False, True])
async def test_message_is_taken_over(ended: bool, make_script: MakeScript, script: Script, caller: Caller) -> None:
    contact = await after_the_tone(script, caller)
    await asyncio.sleep(2.0)
    await script.stop()
    if ended:
        await caller.hang_up()
    successor = await make_script()
    if not ended:
        assert not successor.of(MessageTaken)
        await successor.take_message(contact)
        caller.media.press("#")
    taken = await successor.wait_for(MessageTaken)
    assert taken.contact == contact
    assert taken.seconds >= 2
    assert len(successor.of(MessageTaken)) == 1
    if ended:
        # While the citizen is on the line for the router, it is a promise; afterwards it would be a sound of nobody.
        assert successor.events.index(taken) < successor.events.index(successor.of(ChannelReconciled)[0])
    else:
        await successor.end(contact)
        await caller.wait_for("BYE")
    await successor.stop()


async def test_a_message_that_waited_for_days_is_filed_under_its_own(
    make_script: MakeScript, exchange: Exchange, script: Script, caller: Caller
) -> None:
    """Where the record looks for it; the disk may have been full over a weekend."""
    contact = await after_the_tone(script, caller)
    await asyncio.sleep(2.0)
    await script.stop()
    await caller.hang_up()
    await asyncio.to_thread(wait_until_idle, exchange)
    spooled = exchange.settings.state / "asterisk" / "spool" / "recording" / f"{contact}.wav"
    days_ago = wall_time() - timedelta(days=3)
    os.utime(spooled, (days_ago.timestamp(), days_ago.timestamp()))
    successor = await make_script()
    await successor.wait_for(MessageTaken)
    assert recording_file(exchange.settings, contact, days_ago).exists()
    await successor.stop()


async def test_message_whose_tone_still_sounds_is_taken_over(
    make_script: MakeScript, script: Script, caller: Caller
) -> None:
    """Asterisk has been told to record, and there is no file yet."""
    caller.invite()
    contact = await script.arrival()
    await script.play(contact, "welcome")
    await caller.answered()
    before = caller.media.mark()
    await script.take_message(contact)
    successor, _ = await succeed(script, make_script)
    await successor.take_message(contact)
    await sounded(caller.media, BEEP, before)
    await fades(caller.media, BEEP)
    await asyncio.sleep(1.0)
    assert not successor.of(MessageTaken)
    caller.media.press("#")
    assert (await successor.wait_for(MessageTaken)).seconds >= 1
    await successor.end(contact)
    await caller.wait_for("BYE")
    assert len(successor.of(MessageTaken)) == 1
    await successor.stop()


# --- Asterisk itself


async def test_kill_of_asterisk_in_mid_consultation_leaves_nothing(
    mortal_exchange: Exchange, mortal_script: Script
) -> None:
    script, exchange = mortal_script, mortal_exchange
    async with AsyncExitStack() as stack:
        caller = await stack.enter_async_context(Caller(exchange.sip))
        officer = await stack.enter_async_context(at(exchange.settings.exchange_host, exchange, OFFICER_TONE))
        desk = await registered_desk(stack, exchange, script, 7)
        contact, agent, target = await consult(script, caller, desk, officer)
        after = len(script.events)
        exchange.kill()
        await script.gather(contact, agent, target, citizen=True)
        await script.dial(contact, EXTENSION, leg=3)
        exchange.start()
        found = await script.wait_for(ChannelReconciled, after=after)
        assert (found.contacts, found.ringing, found.answered, found.uncalled) == ((), (), (), ())
        assert (exchange.ask("channels"), exchange.ask("bridges")) == ([], [])
        await still_answers(exchange, script)
