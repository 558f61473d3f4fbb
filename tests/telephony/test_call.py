"""A call from a citizen's telephone to an agent's: sound both ways, hold, mute, keys, the recording."""

from __future__ import annotations

import asyncio
import time

import numpy as np
import pytest

from haedap.channels.voice.recordings import recording_file
from haedap.domain.events import (
    AgentLegEnded,
    CitizenLeft,
    Connected,
    ContactArrived,
    DigitPressed,
    OfferAnswered,
    OfferRinging,
    PlaybackEnded,
)
from haedap.domain.states import Control, EndedBy, PlayOutcome
from haedap.operations.sipp import AGENT, CITIZEN, REGISTER, Sipp, run_sipp
from tests.support.ports import free_ports
from tests.telephony.conftest import admitted, eventually, password, wait_until_idle
from tests.telephony.support.conversation import AGENT_TONE, CITIZEN_TONE, LOUD, QUIET, becomes, fades, hears, talk
from tests.telephony.support.exchange import MUSIC, WELCOME, Exchange, read_wav
from tests.telephony.support.message import description
from tests.telephony.support.script import Script
from tests.telephony.support.sound import RATE, Samples, level, loudness, presence, to_ulaw, tone
from tests.telephony.support.telephone import Caller, Desk

_HALF_A_SECOND = 8000
"""Bytes of a recording."""
_TONES = {"3": (697.0, 1477.0), "#": (941.0, 1477.0)}
"""The keys as the telephone network has them."""
_RINGING = 480.0
"""One of the two tones of it; nobody here speaks at it."""


async def test_call_between_sipp_and_sipp(exchange: Exchange, script: Script) -> None:
    centre = f"{exchange.sip[0]}:{exchange.sip[1]}"
    login = f"[authentication username=desk-1 password={password('desk-1')}]"
    voices = {"citizen": to_ulaw(tone(CITIZEN_TONE, 1)), "agent": to_ulaw(tone(AGENT_TONE, 1))}
    [port] = free_ports(1, "127.0.0.3")
    await admitted(exchange, "desk-1")
    registration = await run_sipp(
        Sipp(scenario=REGISTER, remote=centre, local="127.0.0.3", local_port=port, people=(("desk-1", login),))
    )
    assert registration.ok, registration.errors
    agent = asyncio.create_task(
        run_sipp(Sipp(scenario=AGENT, remote=centre, local="127.0.0.3", local_port=port, voice=voices["agent"]))
    )
    citizen = asyncio.create_task(
        run_sipp(
            Sipp(
                scenario=CITIZEN,
                remote=centre,
                local="127.0.0.2",
                called="0200000120",
                people=(("01000001234", "김민원"),),
                talk_ms=1500,
                voice=voices["citizen"],
            )
        )
    )
    arrived = await script.wait_for(ContactArrived)
    assert (arrived.called, arrived.caller, arrived.caller_name) == ("+82200000120", "+821000001234", "김민원")
    began = time.monotonic()
    offer = await script.offer(arrived.contact, 1)  # the citizen is answered by the agent: all of their stay is talk
    await script.wait_for(OfferRinging)
    await script.wait_for(OfferAnswered)
    await script.connect(arrived.contact, offer)
    await script.wait_for(Connected)
    left = await script.wait_for(CitizenLeft)
    took = time.monotonic() - began
    assert left.by is EndedBy.CITIZEN
    await script.end_leg(arrived.contact, offer)
    assert (await citizen).ok
    assert (await agent).ok
    samples = await read_recording(exchange, arrived)
    # By whole frames, and with what was still on its way: half a second more than the stay at the most, as ever.
    assert 0.5 * RATE < len(samples) < (took + 0.5) * RATE
    # The talk is short: where the machine is busy a good part of the recording is from before and after its tones.
    assert level(samples, CITIZEN_TONE) > 2 * QUIET
    assert level(samples, AGENT_TONE) > 2 * QUIET


async def read_recording(exchange: Exchange, arrived: ContactArrived) -> Samples:
    """The recording of a contact that has ended."""
    await asyncio.to_thread(wait_until_idle, exchange)
    return read_wav(recording_file(exchange.settings, arrived.contact, arrived.at))


async def test_sound_both_ways(script: Script, caller: Caller, desk: Desk) -> None:
    contact, _ = await talk(script, caller, desk)
    await becomes(caller.media, AGENT_TONE, heard=True)
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    await caller.hang_up()
    await script.wait_for(CitizenLeft)
    await script.end(contact)
    await desk.wait_for("BYE")


async def test_who_answers_is_joined_before_the_router_asks(script: Script, caller: Caller, desk: Desk) -> None:
    caller.invite()
    contact = await script.arrival()
    offer = await script.offer(contact)
    await desk.ring()
    await desk.answer()
    await caller.answered()
    await script.wait_for(Connected)
    await becomes(caller.media, AGENT_TONE, heard=True)
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    await script.connect(contact, offer)
    assert (len(script.of(OfferAnswered)), len(script.of(Connected))) == (1, 1)
    await script.end(contact)
    await desk.wait_for("BYE")


@pytest.mark.parametrize("wants", ["nothing", "100rel"])
async def test_who_waits_unanswered_hears_it_ring(wants: str, script: Script, caller: Caller, desk: Desk) -> None:
    """Till then by the network, and never over the talk. A caller may want the ringing told reliably."""
    caller.invite(headers={"Require": "100rel"} if wants == "100rel" else None)
    contact = await script.arrival()
    if wants == "100rel":
        assert (await caller.confirm_ringing()).status == 200
    else:
        await caller.wait_for(180)
    await script.offer(contact)
    await desk.ring()
    await desk.answer()
    await caller.answered()
    await script.wait_for(Connected)
    await hears(caller.media, AGENT_TONE)
    assert level(await caller.media.listen(0.5), _RINGING) < QUIET
    await script.end(contact)
    await desk.wait_for("BYE")


async def test_who_is_only_consulted_is_not_joined(script: Script, caller: Caller, desk: Desk) -> None:
    caller.invite()
    contact = await script.arrival()
    await script.music(contact)
    await caller.answered()
    offer = await script.offer(contact, join=False)
    await desk.ring()
    await desk.answer()
    await script.wait_for(OfferAnswered)
    await becomes(caller.media, MUSIC, heard=True)
    assert not script.of(Connected)
    await script.connect(contact, offer)
    await becomes(caller.media, AGENT_TONE, heard=True)
    await script.end(contact)
    await desk.wait_for("BYE")


async def test_headers_and_caller_reach_the_telephone(script: Script, caller: Caller, desk: Desk) -> None:
    caller.invite()
    contact = await script.arrival()
    offer = await script.offer(contact, auto_answer=True)
    invite = await desk.ring()
    assert invite["X-Haedap-Offer"] == offer
    assert invite["X-Haedap-Auto-Answer"] == "yes"
    assert "answer-after=0" in invite["Call-Info"]
    assert "01000001234" in invite["From"]
    await script.end(contact)
    await caller.acknowledge_refusal()


async def test_prompt_and_music_take_turns(script: Script, caller: Caller) -> None:
    caller.invite()
    contact = await script.arrival()
    first = await script.play(contact, "long")
    await caller.answered()
    await becomes(caller.media, WELCOME, heard=True)
    await script.music(contact)
    await becomes(caller.media, MUSIC, heard=True)
    await fades(caller.media, WELCOME)
    second = await script.play(contact, "welcome")
    ended = await script.wait_for(PlaybackEnded, lambda event: event.request == second)
    assert ended.outcome is PlayOutcome.FINISHED
    assert [event.outcome for event in script.of(PlaybackEnded, request=first)] == [PlayOutcome.REPLACED]
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_prompt_that_is_not_there_fails(script: Script, caller: Caller) -> None:
    caller.invite()
    contact = await script.arrival()
    request = await script.play(contact, "nowhere_to_be_found")
    ended = await script.wait_for(PlaybackEnded)
    assert (ended.request, ended.outcome) == (request, PlayOutcome.FAILED)
    await script.end(contact)
    await caller.final()


async def test_same_decision_twice_is_done_once(script: Script, caller: Caller, desk: Desk) -> None:
    contact, offer = await talk(script, caller, desk)
    await script.offer(contact)
    await script.connect(contact, offer)
    await becomes(caller.media, AGENT_TONE, heard=True)
    assert len([message for message in desk.received if message.method == "INVITE"]) == 1
    await script.end(contact)
    await desk.wait_for("BYE")
    await caller.wait_for("BYE")


async def test_hold_gives_music_and_unhold_the_agent(script: Script, caller: Caller, desk: Desk) -> None:
    contact, offer = await talk(script, caller, desk)
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    await script.control(contact, offer, Control.HOLD)
    await hears(caller.media, MUSIC)
    await fades(desk.media, CITIZEN_TONE)
    await script.control(contact, offer, Control.UNHOLD)
    await hears(caller.media, AGENT_TONE)
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_muted_agent_hears_but_is_not_heard(script: Script, caller: Caller, desk: Desk) -> None:
    contact, offer = await talk(script, caller, desk)
    await becomes(caller.media, AGENT_TONE, heard=True)
    await script.control(contact, offer, Control.MUTE)
    await script.control(contact, offer, Control.MUTE)
    await fades(caller.media, AGENT_TONE)
    await becomes(desk.media, CITIZEN_TONE, heard=True)
    await fades(caller.media, AGENT_TONE)
    await script.control(contact, offer, Control.UNMUTE)
    await becomes(caller.media, AGENT_TONE, heard=True)
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_agent_sends_keys_to_the_citizens_side(script: Script, caller: Caller, desk: Desk) -> None:
    contact, offer = await talk(script, caller, desk)
    await script.control(contact, offer, Control.SEND_DIGITS, "12#")
    await eventually(lambda: caller.media.digits == "12#")
    await script.end(contact)
    await caller.wait_for("BYE")


@pytest.mark.parametrize("way", ["rtp", "info", "sound"])
async def test_keys_of_the_citizen(way: str, script: Script, caller: Caller) -> None:
    caller.invite(body=description(caller.media.address, codecs="0") if way == "sound" else None)
    contact = await script.arrival()
    await script.play(contact, "long")
    await caller.answered()
    await becomes(caller.media, WELCOME, heard=True)
    for digit in "3#":
        if way == "rtp":
            caller.media.press(digit)
        elif way == "sound":
            caller.media.sing(*_TONES[digit])
            await asyncio.sleep(0.2)
            caller.media.whisper()
        else:
            headers = {"Content-Type": "application/dtmf-relay"}
            caller.send(caller.request("INFO", headers=headers, body=f"Signal={digit}\r\nDuration=160\r\n"))
        await script.wait_for(DigitPressed, lambda event, digit=digit: event.digit == digit)  # type: ignore[misc]
    assert [(event.contact, event.digit) for event in script.of(DigitPressed)] == [(contact, "3"), (contact, "#")]
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_paused_part_of_the_recording_is_silence(
    exchange: Exchange, script: Script, caller: Caller, desk: Desk
) -> None:
    contact, offer = await talk(script, caller, desk)
    await becomes(caller.media, AGENT_TONE, heard=True)
    await asyncio.sleep(0.6)
    await script.control(contact, offer, Control.PAUSE_RECORDING)
    await asyncio.sleep(1.0)
    await script.control(contact, offer, Control.RESUME_RECORDING)
    await asyncio.sleep(0.6)
    await script.end(contact)
    await script.wait_for(CitizenLeft)
    samples = await read_recording(exchange, script.of(ContactArrived)[0])
    windows = [samples[start : start + RATE // 10] for start in range(0, len(samples) - RATE // 10, RATE // 10)]
    heard = "".join("s" if loudness(window) < QUIET else "t" for window in windows).strip("s")
    before, _pause, afterwards = heard.partition("s" * 8)
    assert before.count("t") >= 3
    assert afterwards.count("t") >= 3
    speaking = [window for window in windows if loudness(window) > QUIET][1:-1]
    assert np.median([level(window, CITIZEN_TONE) for window in speaking]) > LOUD
    assert np.median([level(window, AGENT_TONE) for window in speaking]) > LOUD


async def test_a_full_disk_breaks_the_recording_off_and_not_the_call(
    exchange: Exchange, script: Script, caller: Caller, desk: Desk
) -> None:
    """What was said before stays in it; both hear each other on; the file can be read."""
    with exchange.no_space_behind(_HALF_A_SECOND):
        caller.invite()
        contact = await script.arrival()
        await script.music(contact)
        await caller.answered()  # and speaks, so that there is something to record from the first moment on
        await script.offer(contact)
        await desk.ring()
        await desk.answer()
        await becomes(caller.media, AGENT_TONE, heard=True)
        await asyncio.sleep(1.0)  # what is not recorded takes time
        await asyncio.gather(
            becomes(caller.media, AGENT_TONE, heard=True), becomes(desk.media, CITIZEN_TONE, heard=True)
        )
        await script.end(contact)
        await script.wait_for(CitizenLeft)
        samples = await read_recording(exchange, script.of(ContactArrived)[0])
    assert 0 < len(samples) <= _HALF_A_SECOND / 2
    assert presence(samples, CITIZEN_TONE) > LOUD


@pytest.mark.parametrize("answered", [False, True])
async def test_a_second_branch_of_one_call_is_no_second_citizen(
    answered: bool, exchange: Exchange, script: Script, caller: Caller
) -> None:
    """RFC 3261, 8.2.2.2: a carrier that forks sends one INVITE by two ways. A 6xx would end the first one, too."""
    recorded = set(exchange.settings.recordings.rglob("*.wav"))
    invite = caller.invite()
    contact = await script.arrival()
    if answered:
        await script.play(contact, "long")
        await caller.answered()
    async with Caller(exchange.sip) as branch:
        branch.fork(invite)
        assert await branch.acknowledge_refusal() == 480
    assert [arrived.contact for arrived in script.of(ContactArrived)] == [contact]
    await eventually(lambda: len(exchange.ask("channels")) == 1)
    await script.play(contact, "long")
    if not answered:
        await caller.answered()
    await becomes(caller.media, WELCOME, heard=True)
    await caller.hang_up()
    await script.wait_for(CitizenLeft)
    await asyncio.to_thread(wait_until_idle, exchange)
    await eventually(lambda: set(exchange.settings.recordings.rglob("*.wav")) <= recorded)


async def test_a_call_that_comes_again_after_its_first_branch_is_a_citizen(
    exchange: Exchange, script: Script, caller: Caller
) -> None:
    invite = caller.invite()
    await script.arrival()
    await caller.cancel()
    async with Caller(exchange.sip) as branch:
        branch.fork(invite)
        again = await script.arrival(after=len(script.events))
        await script.refuse(again)
        assert await branch.acknowledge_refusal() == 404


async def test_contact_without_conversation_leaves_no_recording(
    exchange: Exchange, script: Script, caller: Caller
) -> None:
    caller.invite()
    arrived = await script.wait_for(ContactArrived)
    await script.play(arrived.contact, "long")
    await caller.answered()
    await caller.hang_up()
    await script.wait_for(CitizenLeft)
    await asyncio.to_thread(wait_until_idle, exchange)
    file = recording_file(exchange.settings, arrived.contact, arrived.at)
    await eventually(lambda: not file.exists())
    assert not script.of(AgentLegEnded)
