"""Consult and conference in real sound: each party speaks a tone of its own, and everybody's ear is looked into."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from haedap.channels.voice.prompts import EspeakVoice
from haedap.channels.voice.prompts.audio import read_wav
from haedap.channels.voice.recordings import recording_file
from haedap.domain.events import (
    AgentLegEnded,
    CitizenLeft,
    Connected,
    ConnectFailed,
    ContactArrived,
    OfferAnswered,
    OfferFailed,
    OfferRinging,
    PlaybackEnded,
)
from haedap.domain.ids import ContactId, OfferId
from haedap.domain.states import Control, EndedBy, OfferOutcome, PlayOutcome
from tests.support.patience import PATIENCE
from tests.telephony.conftest import at, eventually, wait_until_idle
from tests.telephony.support.conversation import (
    AGENT_TONE,
    CITIZEN_TONE,
    COLLEAGUE_TONE,
    LOUD,
    OFFICER_TONE,
    QUIET,
    becomes,
    hears,
    still_answers,
    talk,
)
from tests.telephony.support.exchange import MUSIC, Exchange
from tests.telephony.support.exchange import read_wav as read_recording
from tests.telephony.support.media import Media
from tests.telephony.support.script import Script
from tests.telephony.support.sound import RATE, Samples, level, peak
from tests.telephony.support.telephone import Caller, Desk

EXTENSION = "4321"


async def consult(
    script: Script, caller: Caller, desk: Desk, officer: Desk, announcement: str = ""
) -> tuple[ContactId, OfferId, OfferId]:
    """A citizen with music, and an agent who talks to an officer."""
    contact, agent = await talk(script, caller, desk)
    return contact, agent, await ask_officer(script, contact, agent, officer, announcement)


async def ask_officer(
    script: Script, contact: ContactId, agent: OfferId, officer: Desk, announcement: str = ""
) -> OfferId:
    """From now on the citizen has music, and the agent talks to an officer."""
    await script.gather(contact, agent, citizen=False)
    target = await script.dial(contact, EXTENSION, caller="+821000001234")
    await officer.ring()
    await script.wait_for(OfferRinging, lambda event: event.offer == target)
    await officer.answer()
    await script.wait_for(OfferAnswered, lambda event: event.offer == target)
    if announcement:
        request = await script.announce(contact, target, announcement)
        await script.wait_for(PlaybackEnded, lambda event: event.request == request)
    await script.gather(contact, agent, target, citizen=False)
    await script.wait_for(Connected, lambda event: event.offer == target)
    return target


async def test_warm_transfer(exchange: Exchange, script: Script, caller: Caller, desk: Desk, officer: Desk) -> None:
    """The officer hears the brief, then the agent, never the citizen before the hand-over; the citizen hears music."""
    brief = "김민원 님, 재산세 고지서를 못 받으셨습니다."
    contact, agent, target = await consult(script, caller, desk, officer, brief)
    assert script.of(PlaybackEnded)[0].outcome is PlayOutcome.FINISHED
    assert says(officer.media.since(0), brief)
    await asyncio.gather(hears(officer.media, AGENT_TONE), hears(desk.media, OFFICER_TONE), hears(caller.media, MUSIC))
    assert level(officer.media.since(0), CITIZEN_TONE) < QUIET
    assert level(officer.media.since(0), MUSIC) < QUIET
    await script.gather(contact, target, citizen=True)
    await asyncio.gather(
        hears(officer.media, CITIZEN_TONE), hears(caller.media, OFFICER_TONE), hears(desk.media, MUSIC)
    )
    await script.end_leg(contact, agent)
    await desk.wait_for("BYE")
    await asyncio.gather(hears(officer.media, CITIZEN_TONE), hears(caller.media, OFFICER_TONE))
    await script.end(contact)
    await officer.wait_for("BYE")
    await caller.wait_for("BYE")
    assert (await script.wait_for(CitizenLeft)).by is EndedBy.CENTRE
    await still_answers(exchange, script)


def says(heard: Samples, text: str) -> bool:
    """Whether the spoken text is in what was heard, by correlation."""
    spoken = read_wav(EspeakVoice().speak(text))
    spoken, heard = spoken - spoken.mean(), heard - heard.mean()
    size = 1 << (len(spoken) + len(heard)).bit_length()
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(spoken, size)), size)
    at_best = int(np.argmax(product))
    part = heard[at_best : at_best + len(spoken)]
    similarity = product[at_best] / (np.linalg.norm(part) * np.linalg.norm(spoken))
    return bool(similarity > 0.9)


async def test_what_agent_and_officer_say_alone_is_not_recorded(
    exchange: Exchange, script: Script, caller: Caller, desk: Desk, officer: Desk
) -> None:
    contact, agent = await talk(script, caller, desk)
    await hears(caller.media, AGENT_TONE)
    await script.gather(contact, agent, citizen=False)
    apart = caller.media.mark()
    target = await ask_officer(script, contact, agent, officer)
    await asyncio.gather(hears(officer.media, AGENT_TONE), hears(caller.media, MUSIC))
    await asyncio.sleep(0.5)
    joined = caller.media.mark()
    await script.gather(contact, target, citizen=True)
    await hears(caller.media, OFFICER_TONE)
    await caller.media.listen(0.5)
    await script.end(contact)
    await script.wait_for(CitizenLeft)
    talked = caller.media.mark() - (joined - apart)
    arrived = script.of(ContactArrived)[0]
    await asyncio.to_thread(wait_until_idle, exchange)
    samples = read_recording(recording_file(exchange.settings, contact, arrived.at))
    assert peak(samples, AGENT_TONE) > LOUD < peak(samples, OFFICER_TONE)
    assert together(samples, AGENT_TONE, OFFICER_TONE) < LOUD * 1.2
    assert len(samples) < talked + 1.0 * RATE


def together(samples: Samples, one: float, other: float) -> float:
    """How loud the weaker of two tones is in the fiftieth of a second in which both are loudest.

    Where one ends and the other begins each has a share of the window, so that the weaker one has half of its loudness
    at most; who is mixed with the other has all of it.
    """
    size = RATE // 50
    bell = 2 * np.hanning(size)
    parts = [samples[start : start + size] * bell for start in range(0, len(samples) - size, size // 2)]
    return max(min(level(part, one), level(part, other)) for part in parts)


async def test_conference_and_back(script: Script, caller: Caller, desk: Desk, officer: Desk) -> None:
    contact, agent, target = await consult(script, caller, desk, officer)
    await script.gather(contact, agent, target, citizen=True)
    await asyncio.gather(
        hears(caller.media, AGENT_TONE, OFFICER_TONE),
        hears(desk.media, CITIZEN_TONE, OFFICER_TONE),
        hears(officer.media, CITIZEN_TONE, AGENT_TONE),
    )
    await script.gather(contact, agent, citizen=True)
    await asyncio.gather(hears(caller.media, AGENT_TONE), hears(desk.media, CITIZEN_TONE), hears(officer.media, MUSIC))
    await script.gather(contact, agent, target, citizen=False)
    await asyncio.gather(hears(caller.media, MUSIC), hears(desk.media, OFFICER_TONE), hears(officer.media, AGENT_TONE))
    await script.gather(contact, agent, target, citizen=False)
    await hears(desk.media, OFFICER_TONE)
    await script.end_leg(contact, target)
    await officer.wait_for("BYE")
    await script.gather(contact, agent, citizen=True)
    await asyncio.gather(hears(caller.media, AGENT_TONE), hears(desk.media, CITIZEN_TONE))
    await script.control(contact, agent, Control.HOLD)
    await hears(caller.media, MUSIC)
    await script.control(contact, agent, Control.UNHOLD)
    await hears(caller.media, AGENT_TONE)
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_consult_with_a_colleague(script: Script, caller: Caller, desk: Desk, colleague: Desk) -> None:
    """A colleague who answers is not joined with the citizen by that alone."""
    contact, agent = await talk(script, caller, desk)
    await script.gather(contact, agent, citizen=False)
    target = await script.offer(contact, 8, number=2, join=False)
    await colleague.ring()
    await colleague.answer()
    await script.wait_for(OfferAnswered, lambda event: event.offer == target)
    await hears(caller.media, MUSIC)
    assert level(colleague.media.since(0), CITIZEN_TONE) < QUIET
    await script.gather(contact, agent, target, citizen=False)
    await asyncio.gather(hears(colleague.media, AGENT_TONE), hears(desk.media, COLLEAGUE_TONE))
    await desk.hang_up()
    assert (await script.wait_for(AgentLegEnded)).offer == agent
    await script.gather(contact, target, citizen=True)
    await asyncio.gather(hears(colleague.media, CITIZEN_TONE), hears(caller.media, COLLEAGUE_TONE))
    await script.end(contact)
    await colleague.wait_for("BYE")


async def test_officer_hangs_up_and_the_citizen_is_back_with_the_agent(
    script: Script, caller: Caller, desk: Desk, officer: Desk
) -> None:
    contact, agent, target = await consult(script, caller, desk, officer)
    await officer.hang_up()
    ended = await script.wait_for(AgentLegEnded)
    assert (ended.offer, ended.by) == (target, EndedBy.AGENT)
    await script.gather(contact, agent, citizen=True)
    await asyncio.gather(hears(caller.media, AGENT_TONE), hears(desk.media, CITIZEN_TONE))
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_citizen_hangs_up_while_the_agent_consults(
    script: Script, caller: Caller, desk: Desk, officer: Desk
) -> None:
    contact, _, _ = await consult(script, caller, desk, officer)
    await caller.hang_up()
    assert (await script.wait_for(CitizenLeft)).by is EndedBy.CITIZEN
    await script.end(contact)
    await officer.wait_for("BYE")
    await desk.wait_for("BYE")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("486 Busy Here", OfferOutcome.REJECTED),
        ("404 Not Found", OfferOutcome.UNREACHABLE),
        ("480 Temporarily Unavailable", OfferOutcome.UNREACHABLE),
        ("503 Service Unavailable", OfferOutcome.FAILED),
    ],
)
async def test_officer_who_cannot_be_reached(
    status: str, outcome: OfferOutcome, script: Script, caller: Caller, desk: Desk, officer: Desk
) -> None:
    contact, agent = await talk(script, caller, desk)
    await script.gather(contact, agent, citizen=False)
    target = await script.dial(contact, EXTENSION)
    await officer.wait_for("INVITE")
    officer.refuse(status)
    failed = await script.wait_for(OfferFailed)
    assert (failed.offer, failed.outcome) == (target, outcome)
    await script.gather(contact, agent, citizen=True)
    await asyncio.gather(hears(caller.media, AGENT_TONE), hears(desk.media, CITIZEN_TONE))
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_officer_does_not_answer_in_time(script: Script, caller: Caller, desk: Desk, officer: Desk) -> None:
    contact, agent = await talk(script, caller, desk)
    await script.gather(contact, agent, citizen=False)
    target = await script.dial(contact, EXTENSION, ring_seconds=4)
    await officer.ring()
    failed = await script.wait_for(OfferFailed)
    assert (failed.offer, failed.outcome) == (target, OfferOutcome.NO_ANSWER)
    await officer.wait_for("CANCEL")
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_transfer_taken_back_while_it_rings(script: Script, caller: Caller, desk: Desk, officer: Desk) -> None:
    contact, agent = await talk(script, caller, desk)
    await script.gather(contact, agent, citizen=False)
    target = await script.dial(contact, EXTENSION)
    await officer.ring()
    await script.wait_for(OfferRinging, lambda event: event.offer == target)
    await script.end_leg(contact, target)
    await officer.wait_for("CANCEL")
    await script.gather(contact, agent, citizen=True)
    await hears(caller.media, AGENT_TONE)
    assert not script.of(OfferFailed)
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_what_the_called_telephone_shows(exchange: Exchange, script: Script, caller: Caller, desk: Desk) -> None:
    """The city's own exchange may see the citizen's number; the public network sees the centre's, and nothing else."""
    contact, _ = await talk(script, caller, desk)
    async with (
        at(exchange.settings.exchange_host, exchange, OFFICER_TONE) as inside,
        at(exchange.settings.trunk_host, exchange, OFFICER_TONE) as outside,
    ):
        await script.dial(contact, EXTENSION, leg=2, caller="+821000001234")
        await script.dial(contact, "+82200009012", leg=3, caller="+821000001234")
        first, second = await inside.ring(), await outside.ring()
        assert first.first.startswith(f"INVITE sip:{EXTENSION}@")
        assert second.first.startswith("INVITE sip:0200009012@")
        assert "sip:01000001234@" in first["From"]
        assert "sip:0200000120@" in second["From"]
        assert "01000001234" not in second.encode().decode()
        await script.end(contact)
        await inside.wait_for("CANCEL")
        await outside.wait_for("CANCEL")


@pytest.mark.parametrize(
    "number",
    [
        "",
        "1",
        "123456789",
        "0212345678",
        "+821",
        "+82600001234",
        "+12025550100",
        "12@evil",
        "+8220000;x=1",
        "114,1",
    ],
)
async def test_numbers_that_are_not_dialled(
    number: str, exchange: Exchange, script: Script, caller: Caller, desk: Desk
) -> None:
    contact, _ = await talk(script, caller, desk)
    target = await script.dial(contact, number)
    assert [event.outcome for event in script.of(OfferFailed, offer=target)] == [OfferOutcome.UNREACHABLE]
    channels = [channel["name"] for channel in exchange.ask("channels")]
    assert len(channels) == 2, (channels, script.of(ContactArrived))
    await script.end(contact)
    await caller.wait_for("BYE")


async def test_gathering_who_is_not_there_fails(script: Script, caller: Caller, desk: Desk) -> None:
    contact, agent = await talk(script, caller, desk)
    ghost = OfferId(f"{contact}.9")
    await script.gather(contact, agent, ghost, citizen=True)
    assert len(script.of(ConnectFailed, offer=ghost)) == 1
    await asyncio.gather(hears(caller.media, AGENT_TONE), hears(desk.media, CITIZEN_TONE))
    request = await script.announce(contact, ghost, "아무도 듣지 않습니다.")
    assert [event.outcome for event in script.of(PlaybackEnded, request=request)] == [PlayOutcome.FAILED]
    await caller.hang_up()
    await script.wait_for(CitizenLeft)
    await script.gather(contact, agent, citizen=True)
    assert len(script.of(ConnectFailed, offer=agent)) == 1
    await script.end(contact)
    await desk.wait_for("BYE")


async def test_hostile_announcement_is_only_read_out(
    exchange: Exchange, script: Script, caller: Caller, desk: Desk, officer: Desk
) -> None:
    contact, agent = await talk(script, caller, desk)
    target = await script.dial(contact, EXTENSION)
    await officer.ring()
    await officer.answer()
    await script.wait_for(OfferAnswered, lambda event: event.offer == target)
    text = '"; rm -rf / | [[a]] <voice name="en"> $(id)\n\0 & ,sound:/etc/passwd ' + "가" * 5000
    request = await script.announce(contact, target, text)
    await becomes_loud(officer.media)
    await script.gather(contact, agent, target, citizen=False)
    assert [event.outcome for event in script.of(PlaybackEnded, request=request)] == [PlayOutcome.REPLACED]
    await hears(officer.media, AGENT_TONE)
    nothing = await script.announce(contact, target, "\u202e \0")
    assert [event.outcome for event in script.of(PlaybackEnded, request=nothing)] == [PlayOutcome.FAILED]
    await script.end(contact)
    await caller.wait_for("BYE")
    assert not list((exchange.settings.prompts / "announcements").iterdir())


async def becomes_loud(media: Media) -> None:
    async with asyncio.timeout(PATIENCE):
        while np.abs(await media.listen(0.1)).max() < QUIET:
            pass


async def test_keys_go_to_whom_the_agent_speaks_with(script: Script, caller: Caller, desk: Desk, officer: Desk) -> None:
    contact, agent, _ = await consult(script, caller, desk, officer)
    await script.control(contact, agent, Control.SEND_DIGITS, "12")
    await eventually(lambda: officer.media.digits == "12")
    assert caller.media.digits == ""
    await becomes(caller.media, MUSIC, heard=True)
    await script.end(contact)
    await caller.wait_for("BYE")
