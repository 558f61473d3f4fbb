"""What citizens leave after the tone: recorded, kept with the recordings, and nothing when nothing was said."""

from __future__ import annotations

import asyncio
import errno
from pathlib import Path

import pytest

from haedap.channels.voice import messages
from haedap.channels.voice.recordings import recording_file
from haedap.domain.events import CitizenLeft, ContactArrived, MessageTaken
from haedap.domain.ids import ContactId
from tests.telephony.conftest import eventually, wait_until_idle
from tests.telephony.support.conversation import AGENT_TONE, CITIZEN_TONE, LOUD, QUIET, becomes, fades, sounded, talk
from tests.telephony.support.exchange import BEEP, WELCOME, Exchange, read_wav
from tests.telephony.support.script import Script
from tests.telephony.support.sound import RATE, Samples, level, presence
from tests.telephony.support.telephone import Caller, Desk


async def after_the_tone(script: Script, caller: Caller, most_seconds: int = 30) -> ContactId:
    """A citizen who has heard the prompt and the tone."""
    before = caller.media.mark()
    caller.invite()
    contact = await script.arrival()
    await script.play(contact, "welcome")
    await caller.answered()
    await sounded(caller.media, WELCOME, before)
    await script.take_message(contact, most_seconds)
    await sounded(caller.media, BEEP, before)
    await fades(caller.media, BEEP)
    return contact


async def kept(exchange: Exchange, script: Script, contact: ContactId) -> Samples:
    """What lies among the recordings when the call is over."""
    arrived = script.of(ContactArrived, contact=contact)[0]
    await asyncio.to_thread(wait_until_idle, exchange)
    return read_wav(recording_file(exchange.settings, contact, arrived.at))


def spool(exchange: Exchange) -> list[str]:
    folder = exchange.settings.state / "asterisk" / "spool" / "recording"
    return [file.name for file in folder.iterdir()] if folder.is_dir() else []


@pytest.mark.parametrize("end", ["key", "hang_up", "longest", "silence"])
async def test_message_is_recorded_and_kept(end: str, exchange: Exchange, script: Script, caller: Caller) -> None:
    contact = await after_the_tone(script, caller, 2 if end == "longest" else 30)
    loop = asyncio.get_running_loop()
    begin = loop.time()
    await asyncio.sleep(2.0)
    if end == "key":
        caller.media.press("#")
    elif end == "silence":
        caller.media.whisper()
    elif end == "hang_up":
        await caller.hang_up()
    most = loop.time() - begin + 1.8
    taken = await script.wait_for(MessageTaken)
    assert taken.contact == contact
    if end == "hang_up":
        left = await script.wait_for(CitizenLeft)
        assert script.events.index(taken) < script.events.index(left), "the contact would be closed before the promise"
    assert 1 <= taken.seconds <= most
    if end != "hang_up":
        await script.end(contact)
        await caller.wait_for("BYE")
    await script.wait_for(CitizenLeft)
    samples = await kept(exchange, script, contact)
    assert 0.9 * RATE < len(samples) < (most + 0.2) * RATE
    assert presence(samples[:RATE], CITIZEN_TONE) > LOUD
    assert level(samples, BEEP) < QUIET
    assert spool(exchange) == []


async def test_nothing_said_is_nothing_kept(exchange: Exchange, script: Script, caller: Caller) -> None:
    caller.media.whisper()
    contact = await after_the_tone(script, caller)
    taken = await script.wait_for(MessageTaken)
    assert taken.seconds == 0
    await script.end(contact)
    await caller.wait_for("BYE")
    arrived = script.of(ContactArrived)[0]
    await asyncio.to_thread(wait_until_idle, exchange)
    assert not recording_file(exchange.settings, contact, arrived.at).exists()
    assert spool(exchange) == []


async def test_message_after_a_talk_stands_behind_it(
    exchange: Exchange, script: Script, caller: Caller, desk: Desk
) -> None:
    contact, _ = await talk(script, caller, desk)
    await becomes(caller.media, AGENT_TONE, heard=True)
    await asyncio.sleep(0.5)
    await desk.hang_up()
    before = caller.media.mark()
    await script.take_message(contact)
    await sounded(caller.media, BEEP, before)
    await asyncio.sleep(2.0)
    caller.media.press("#")
    await script.wait_for(MessageTaken)
    await script.end(contact)
    await caller.wait_for("BYE")
    samples = await kept(exchange, script, contact)
    assert presence(samples[: RATE // 2], AGENT_TONE) > LOUD
    assert level(samples[-RATE // 2 :], AGENT_TONE) < QUIET
    assert presence(samples[-RATE // 2 :], CITIZEN_TONE) > LOUD


async def test_what_the_disk_does_not_take_waits_and_is_not_overwritten(
    exchange: Exchange, script: Script, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The citizen has said something, and is owed a call: that it cannot be kept yet is no reason to ask them anew."""
    monkeypatch.setattr(messages, "_KEEP_AGAIN_SECONDS", 0.2)
    write, full = messages._write, True

    def fill(target: Path, samples: bytes) -> None:
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(target, samples)

    monkeypatch.setattr(messages, "_write", fill)
    contact = await after_the_tone(script, caller)
    await asyncio.sleep(2.0)
    caller.media.press("#")
    assert (await script.wait_for(MessageTaken)).seconds >= 2
    before, after = caller.media.mark(), len(script.events)
    await script.take_message(contact)
    await sounded(caller.media, BEEP, before)
    await fades(caller.media, BEEP)
    await asyncio.sleep(2.0)
    caller.media.press("#")
    assert (await script.wait_for(MessageTaken, after=after)).seconds >= 4
    await script.end(contact)
    await caller.wait_for("BYE")
    await script.wait_for(CitizenLeft)
    assert spool(exchange) == [f"{contact}.wav"]
    full = False
    await eventually(lambda: spool(exchange) == [])
    samples = await kept(exchange, script, contact)
    assert len(samples) > 3.5 * RATE
    for part in (samples[:RATE], samples[-RATE // 2 :]):
        assert presence(part, CITIZEN_TONE) > LOUD


async def test_prompt_ends_the_message(exchange: Exchange, script: Script, caller: Caller) -> None:
    contact = await after_the_tone(script, caller)
    await asyncio.sleep(2.0)
    await script.play(contact, "long")
    taken = await script.wait_for(MessageTaken)
    assert taken.seconds >= 1
    await becomes(caller.media, WELCOME, heard=True)
    await script.end(contact)
    await caller.wait_for("BYE")
    assert presence(await kept(exchange, script, contact), CITIZEN_TONE) > LOUD
