"""Whoever speaks with the citizen is recorded, whatever numbers their telephone's packets have; nobody in a pause."""

from __future__ import annotations

import asyncio

from haedap.channels.voice.recordings import recording_file
from haedap.domain.events import CitizenLeft, Connected, ContactArrived, OfferAnswered
from haedap.domain.ids import ContactId, OfferId
from haedap.domain.states import Control
from tests.telephony.conftest import wait_until_idle
from tests.telephony.support.conversation import (
    AGENT_TONE,
    CITIZEN_TONE,
    COLLEAGUE_TONE,
    LOUD,
    OFFICER_TONE,
    QUIET,
    hears,
    talk,
)
from tests.telephony.support.exchange import MUSIC, Exchange, read_wav
from tests.telephony.support.script import MakeScript, Script, succeed
from tests.telephony.support.sound import RATE, Samples, level, peak
from tests.telephony.support.telephone import Caller, Desk
from tests.telephony.test_transfers import ask_officer

LATE = 60_000
"""Asterisk takes this number, after one that is low, for a packet that comes late."""


async def recorded(exchange: Exchange, script: Script, contact: ContactId) -> Samples:
    """The whole recording, after the call's end."""
    await script.end(contact)
    await script.wait_for(CitizenLeft)
    arrived = script.of(ContactArrived)[0]
    await asyncio.to_thread(wait_until_idle, exchange)
    return read_wav(recording_file(exchange.settings, contact, arrived.at))


async def listened(caller: Caller) -> float:
    """A second more of the talk; returns how long it was."""
    mark = caller.media.mark()
    await caller.media.listen(1.0)
    return (caller.media.mark() - mark) / RATE


def seconds_with(samples: Samples, tone: float) -> float:
    """For how long the tone is in it."""
    step = RATE // 10
    parts = [samples[start : start + step] for start in range(0, len(samples) - step + 1, step)]
    return sum(level(part, tone) > LOUD / 2 for part in parts) / 10


async def test_an_officer_after_an_agent(
    exchange: Exchange, script: Script, caller: Caller, desk: Desk, officer: Desk
) -> None:
    officer.media.number_from(LATE)
    contact, agent = await talk(script, caller, desk)
    await hears(caller.media, AGENT_TONE)
    target = await ask_officer(script, contact, agent, officer)
    await script.gather(contact, target, citizen=True)
    await hears(caller.media, OFFICER_TONE)
    heard = await listened(caller)
    samples = await recorded(exchange, script, contact)
    assert seconds_with(samples, OFFICER_TONE) > heard - 0.3
    assert peak(samples, AGENT_TONE) > LOUD < peak(samples, CITIZEN_TONE)


async def test_another_agent_after_the_first(
    exchange: Exchange, script: Script, caller: Caller, desk: Desk, colleague: Desk
) -> None:
    contact, agent = await talk(script, caller, desk)
    await hears(caller.media, AGENT_TONE)
    await script.end_leg(contact, agent)
    await script.music(contact)
    await hears(caller.media, MUSIC)
    await _taken_by(script, contact, colleague)
    await hears(caller.media, COLLEAGUE_TONE)
    await caller.media.listen(0.5)
    samples = await recorded(exchange, script, contact)
    assert seconds_with(samples, COLLEAGUE_TONE) > 0.3
    assert peak(samples, AGENT_TONE) > LOUD


async def test_the_same_agent_after_a_long_hold(exchange: Exchange, script: Script, caller: Caller, desk: Desk) -> None:
    """After eleven minutes the numbers are behind those of before, to whoever did not see them come round."""
    contact, agent = await talk(script, caller, desk)
    await hears(caller.media, AGENT_TONE)
    await script.control(contact, agent, Control.HOLD)
    await hears(caller.media, MUSIC)
    desk.media.number_from(LATE)
    desk.media.sing(COLLEAGUE_TONE)
    await script.control(contact, agent, Control.UNHOLD)
    await hears(caller.media, COLLEAGUE_TONE)
    await caller.media.listen(0.5)
    samples = await recorded(exchange, script, contact)
    assert seconds_with(samples, COLLEAGUE_TONE) > 0.3
    assert peak(samples, AGENT_TONE) > LOUD


async def test_a_pause_outlasts_who_is_joined_and_the_engine(
    exchange: Exchange, script: Script, make_script: MakeScript, caller: Caller, desk: Desk, officer: Desk
) -> None:
    """What is paused is not begun anew, not by an engine either that did not see the pause begin."""
    officer.media.number_from(LATE)
    contact, agent = await talk(script, caller, desk)
    await hears(caller.media, AGENT_TONE)
    target = await ask_officer(script, contact, agent, officer)
    await script.control(contact, agent, Control.PAUSE_RECORDING)
    await script.gather(contact, target, citizen=True)
    await hears(caller.media, OFFICER_TONE)
    script, _ = await succeed(script, make_script)
    await _hold_and_back(script, caller, contact, target)
    caller.media.sing(COLLEAGUE_TONE)
    await hears(officer.media, COLLEAGUE_TONE)
    caller.media.sing(CITIZEN_TONE)
    await hears(officer.media, CITIZEN_TONE)
    await script.control(contact, target, Control.RESUME_RECORDING)
    heard = await listened(caller)
    samples = await recorded(exchange, script, contact)
    assert heard - 0.3 < seconds_with(samples, OFFICER_TONE) < heard + 0.5
    assert peak(samples, COLLEAGUE_TONE) < QUIET


async def _hold_and_back(script: Script, caller: Caller, contact: ContactId, offer: OfferId) -> None:
    await script.control(contact, offer, Control.HOLD)
    await hears(caller.media, MUSIC)
    await script.control(contact, offer, Control.UNHOLD)
    await hears(caller.media, OFFICER_TONE)


async def _taken_by(script: Script, contact: ContactId, desk: Desk) -> None:
    desk.media.number_from(LATE)
    offer = await script.offer(contact, 8, number=2)
    await desk.ring()
    await desk.answer()
    await script.wait_for(OfferAnswered, lambda event: event.offer == offer)
    await script.connect(contact, offer)
    await script.wait_for(Connected, lambda event: event.offer == offer)
