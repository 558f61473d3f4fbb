"""Whichever comes first, the answer to a request or the event of what it caused, it ends the same."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from haedap.channels.voice import legs
from haedap.channels.voice.announcing import Announcements
from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.ending import LONGEST_CALL, end_endless
from haedap.channels.voice.hearing import Hearing
from haedap.channels.voice.line import Line
from haedap.channels.voice.messages import Messages
from haedap.channels.voice.outside import Outside
from haedap.channels.voice.performing import Performing
from haedap.channels.voice.recordings import Recordings, recording_file
from haedap.channels.voice.telephones import Telephones
from haedap.channels.voice.wire import RecordingFinished, WireRecording
from haedap.config import load_settings
from haedap.domain.decisions import (
    Announce,
    AnyDecision,
    Connect,
    EndLeg,
    Gather,
    Play,
    PlayMusic,
    Saying,
    Supervise,
    TakeMessage,
)
from haedap.domain.events import (
    AgentLegEnded,
    AnyEvent,
    CitizenLeft,
    Connected,
    ConnectFailed,
    ContactArrived,
    MessageTaken,
    PlaybackEnded,
)
from haedap.domain.ids import ContactId, OfferId, PromptKey, RequestId
from haedap.domain.states import EndedBy, PlayOutcome, Supervision
from tests.support.offers import an_offer
from tests.support.patience import PATIENCE
from tests.unit.voice.exchange import MUSIC, NOW, SOUND, Exchange

CONTACT = ContactId("6a8b054e-01dc-4243-8d41-d6a35d3690cd")
CITIZEN = "1700000000.1"
CALL_ID = "3848276298220188511@192.0.2.10"
AGENT, OTHER = OfferId(f"{CONTACT}.1"), OfferId(f"{CONTACT}.2")
SUPERVISOR = OTHER
E = TypeVar("E")


class _Prompts:
    async def files(self, sayings: Sequence[Saying]) -> tuple[Path, ...]:
        return tuple(Path(f"{saying.prompt}.wav") for saying in sayings)


class _Unrecorded(Recordings):
    async def stop(self, channel_name: str) -> None:
        """Nothing is recorded."""

    async def go_on_anew(self, channel_name: str, contact: ContactId, arrived_at: datetime) -> None:
        """Nothing is recorded."""


class Talk:
    """One contact. Decisions, requests, answers and events each wait for the test."""

    def __init__(self, folder: Path) -> None:
        self.settings = settings = load_settings({"HAEDAP_STATE": str(folder)})
        self.spool = settings.state / "asterisk" / "spool" / "recording"
        self.exchange = Exchange()
        self.posted: list[AnyEvent] = []
        telephones, recordings = Telephones(settings), _Unrecorded(settings)
        self.line = Line(self.exchange, [self.exchange], self.posted.append, lambda: NOW, recordings)
        messages = Messages(settings)
        self._hearing = Hearing(telephones, messages)
        self._performing = Performing(
            _Prompts(), telephones, Outside(settings, telephones), messages, Announcements(settings)
        )
        self.doing: list[asyncio.Task[None]] = []

    async def begin(self, decision: AnyDecision) -> None:
        """The decision is being performed: its first request has been made."""
        self.start(decision)
        await self.settle()

    def start(self, decision: AnyDecision) -> None:
        """The decision is the next that something is done for."""
        self.doing.append(asyncio.create_task(self._do(decision)))

    async def do(self, decision: AnyDecision) -> None:
        """The decision is performed, and all that it causes has been heard."""
        await self.begin(decision)
        await self.all()

    async def settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    def hear(self) -> None:
        """All events arrive at once."""
        while self.exchange.events:
            self._hearing.take(self.exchange.events.popleft(), self.line)

    async def all(self) -> None:
        """Everything that is to follow has followed."""
        exchange = self.exchange
        await self.settle()
        while exchange.requests or exchange.answers or exchange.events:
            while exchange.requests:
                exchange.do_next()
            while exchange.answers:
                exchange.answer_next()
                await self.settle()
            self.hear()
            await self.settle()

    async def arrives(self) -> None:
        self.exchange.calls(CITIZEN, CONTACT, CALL_ID)
        await self.all()

    async def offered(self) -> None:
        """The agent's telephone rings."""
        await self.do(an_offer("o", CONTACT))

    async def answered(self) -> None:
        """The agent has the citizen, and the router has said so."""
        await self.offered()
        self.exchange.picks_up(AGENT)
        await self.all()
        await self.do(CONNECT)

    async def consulted(self) -> None:
        """The agent is apart from the citizen, and somebody else has just answered."""
        await self.answered()
        await self.do(gather(AGENT, citizen=False))
        await self.do(msgspec.structs.replace(an_offer("c", CONTACT, 2, agent=8), join=False))
        self.exchange.picks_up(OTHER)
        await self.all()

    async def supervised(self) -> None:
        """As above, and a supervisor has answered."""
        await self.answered()
        await self.do(msgspec.structs.replace(an_offer("s", CONTACT, 2, agent=9), join=False))
        self.exchange.picks_up(SUPERVISOR)
        await self.all()

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.posted if isinstance(event, kind)]

    async def _do(self, decision: AnyDecision) -> None:
        with suppress(AriRefusedError):
            await self._performing.do(decision, self.line)


def gather(*offers: OfferId, citizen: bool) -> Gather:
    return Gather(id=RequestId(f"{CONTACT}-8"), contact=CONTACT, offers=offers, citizen=citizen)


MUSIC_PLEASE = PlayMusic(id=RequestId(f"{CONTACT}-1"), contact=CONTACT)
WELCOME = Play(id=RequestId(f"{CONTACT}-2"), contact=CONTACT, sayings=(Saying(PromptKey("welcome")),))
CONNECT = Connect(id=RequestId(f"{CONTACT}-3"), contact=CONTACT, offer=AGENT)
LISTEN, BARGE = (
    Supervise(id=RequestId(f"{CONTACT}-{mode}-4"), contact=CONTACT, offer=SUPERVISOR, watched=AGENT, mode=mode)
    for mode in (Supervision.LISTEN, Supervision.BARGE)
)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = Talk(tmp_path)
    await talk.arrives()
    yield talk
    await talk.line.close()
    assert all(task.done() for task in talk.doing)


@pytest.mark.parametrize(
    ("heard", "follows"), [(WELCOME, MUSIC_PLEASE), (MUSIC_PLEASE, WELCOME)], ids=["music", "play"]
)
async def test_who_answers_while_one_sound_takes_the_place_of_another_is_heard(
    heard: AnyDecision, follows: AnyDecision, talk: Talk
) -> None:
    """It was put on when they were together already, and the agent spoke to somebody who heard music."""
    await talk.do(heard)
    await talk.offered()
    await talk.begin(follows)
    talk.exchange.picks_up(AGENT)
    talk.hear()
    await talk.settle()
    await talk.all()
    await talk.do(CONNECT)
    assert talk.exchange.hears(CITIZEN) == {AGENT}
    assert talk.exchange.hears(AGENT) == {CITIZEN}
    assert [event.outcome for event in talk.of(PlaybackEnded)] == [PlayOutcome.REPLACED]


async def test_who_is_joined_by_the_answer_and_by_the_router_at_once_is_joined_once(talk: Talk) -> None:
    await talk.offered()
    talk.exchange.picks_up(AGENT)
    talk.start(CONNECT)
    talk.hear()
    await talk.all()
    assert len(talk.of(Connected)) == 1
    assert talk.exchange.hears(CITIZEN) == {AGENT}


async def test_a_citizen_who_hangs_up_as_the_agent_answers_leaves_no_bridge(talk: Talk) -> None:
    """Their end was dealt with before the bridge had been asked for."""
    await talk.do(MUSIC_PLEASE)
    await talk.offered()
    talk.exchange.picks_up(AGENT)
    talk.exchange.goes(CITIZEN)
    talk.hear()
    await talk.all()
    assert talk.exchange.bridges == {}
    assert len(talk.of(CitizenLeft)) == len(talk.of(ConnectFailed)) == 1
    assert talk.of(Connected) == []


@pytest.mark.parametrize("told_first", [True, False], ids=["event", "answer"])
async def test_an_agent_who_answered_too_late_leaves_the_music_as_it_was(told_first: bool, talk: Talk) -> None:
    await talk.do(MUSIC_PLEASE)
    await talk.offered()
    talk.exchange.picks_up(AGENT)
    talk.hear()
    await talk.begin(EndLeg(id=RequestId(f"{CONTACT}-5"), contact=CONTACT, offer=AGENT))
    if told_first:
        talk.exchange.goes(AGENT)
        talk.hear()
        await talk.settle()
    await talk.all()
    assert talk.exchange.hears(CITIZEN) == MUSIC
    assert talk.exchange.channels.keys() == {CITIZEN}


async def test_a_supervisor_who_hangs_up_keeps_nobody_out_of_the_talk(talk: Talk) -> None:
    """All were let in by one request, which is refused when one of them is gone: the agent was taken for lost."""
    await talk.supervised()
    await talk.do(BARGE)
    await talk.do(WELCOME)
    assert talk.exchange.hears(CITIZEN) == SOUND
    talk.exchange.goes(SUPERVISOR)
    await talk.do(CONNECT)
    assert talk.of(ConnectFailed) == []
    assert talk.exchange.hears(CITIZEN) == {AGENT}


@pytest.mark.parametrize("done", range(5))
async def test_a_supervisor_who_hangs_up_at_once_leaves_nothing(done: int, talk: Talk) -> None:
    """After so many requests."""
    await talk.supervised()
    await talk.begin(LISTEN)
    for _ in range(done):
        talk.exchange.do_next()
        talk.exchange.answer_next()
        await talk.settle()
    talk.exchange.goes(SUPERVISOR)
    talk.hear()
    await talk.all()
    assert talk.exchange.channels.keys() == {CITIZEN, AGENT}
    assert len(talk.exchange.bridges) == 1
    assert "None" not in " ".join(talk.exchange.log)
    assert talk.exchange.hears(CITIZEN) == {AGENT}


@pytest.mark.parametrize(
    ("gone", "heard"),
    [(AGENT, True), (AGENT, False), (OTHER, False), (CITIZEN, False)],
    ids=["agent", "unheard agent", "unheard officer", "unheard citizen"],
)
async def test_who_hangs_up_as_all_are_brought_together_is_no_failure_to_join(
    gone: str, heard: bool, talk: Talk
) -> None:
    """Before their own end, or after the agent's, it was the officer's failure, who was hung up on."""
    await talk.consulted()
    talk.exchange.goes(gone)
    if heard:
        talk.hear()
    await talk.do(gather(AGENT, OTHER, citizen=True))
    assert len(talk.of(CitizenLeft if gone == CITIZEN else AgentLegEnded)) == 1
    assert talk.of(ConnectFailed) == []


async def test_a_citizen_who_hangs_up_as_the_router_joins_them_is_no_line_that_the_agent_lost(talk: Talk) -> None:
    """The agent was rung again, for a citizen whose end came a moment later."""
    await talk.answered()
    await talk.do(MUSIC_PLEASE)
    talk.exchange.goes(CITIZEN)
    await talk.do(CONNECT)
    assert len(talk.of(CitizenLeft)) == 1
    assert talk.of(ConnectFailed) == []


async def test_an_agent_who_has_left_leaves_two_who_hear_each_other(talk: Talk) -> None:
    await talk.consulted()
    talk.exchange.goes(AGENT)
    talk.hear()
    await talk.do(gather(AGENT, OTHER, citizen=False))
    await talk.do(gather(OTHER, citizen=True))
    assert talk.exchange.hears(CITIZEN) == {OTHER}
    assert talk.of(Connected)[-1].offer == OTHER


async def test_a_call_that_nobody_ends_ends_by_the_even_clock(talk: Talk) -> None:
    """Asterisk's own limit was a date: who set the machine's clock ahead ended all calls, told as theirs."""
    await talk.answered()
    now = NOW
    talk.line.now = lambda: now
    talk.line.spawn(end_endless(talk.line, every=0))
    await talk.all()
    now += LONGEST_CALL - timedelta(seconds=1)
    await talk.all()
    assert talk.exchange.channels.keys() == {CITIZEN, AGENT}
    now += timedelta(seconds=1)
    await talk.all()
    assert talk.exchange.channels == {}
    assert [event.by for event in talk.of(CitizenLeft)] == [EndedBy.CENTRE]


async def test_what_cannot_be_announced_to_who_hangs_up_ends_once(talk: Talk, tmp_path: Path) -> None:
    """They are gone, and the request is refused: each was told."""
    await talk.answered()
    told = Announce(id=RequestId(f"{CONTACT}-7"), contact=CONTACT, offer=AGENT, text="안내")
    saying = legs.announce(talk.line, talk.line.calls.legs[AGENT], told, tmp_path / "told.wav")
    talk.doing.append(asyncio.create_task(saying))
    await talk.settle()
    talk.exchange.goes(AGENT)
    talk.hear()
    await talk.all()
    assert [(event.request, event.outcome) for event in talk.of(PlaybackEnded)] == [(told.id, PlayOutcome.FAILED)]


async def test_a_message_is_told_before_the_citizen_who_hung_up_on_it(talk: Talk) -> None:
    """Its end and theirs are a few milliseconds apart, and to keep it takes longer: nobody was owed a call for it."""
    await talk.do(TakeMessage(id=RequestId(f"{CONTACT}-6"), contact=CONTACT, most_seconds=120))
    _speak(talk.spool / f"{CONTACT}.wav", seconds=2)
    talk.exchange.events.append(RecordingFinished(recording=WireRecording(name=CONTACT)))
    talk.exchange.goes(CITIZEN)
    talk.hear()
    while not talk.of(CitizenLeft):
        await asyncio.sleep(0.001)
    await talk.all()
    _arrived, taken, left = talk.posted
    assert isinstance(taken, MessageTaken)
    assert isinstance(left, CitizenLeft)
    assert taken.seconds == 2


async def test_a_call_that_is_tried_again_while_its_first_leg_is_on_its_way_out_is_a_citizen(talk: Talk) -> None:
    """The network was told already that the first one is over: both were ended, and nobody rang for the citizen."""
    again, contact = "1700000000.2", ContactId("b0c4f2a2-7f0b-4d8a-9d0f-1c86a3a1f6b7")
    talk.exchange.calls(again, contact, CALL_ID)
    await talk.all()
    talk.exchange.goes(CITIZEN)
    async with asyncio.timeout(PATIENCE):
        while len(talk.of(ContactArrived)) < 2:
            await asyncio.sleep(0.01)
            await talk.all()
    assert [arrived.contact for arrived in talk.of(ContactArrived)] == [CONTACT, contact]
    assert talk.exchange.channels.keys() == {again}


async def test_a_talk_that_is_over_before_asterisk_has_answered_keeps_its_recording(talk: Talk) -> None:
    """Nobody had spoken, by what was known, and the sound was removed for a file that holds none."""
    await talk.offered()
    talk.exchange.picks_up(AGENT)
    talk.hear()
    await talk.settle()
    while talk.exchange.requests:
        talk.exchange.do_next()
    assert talk.exchange.hears(CITIZEN) == {AGENT}
    file = recording_file(talk.settings, CONTACT, NOW)
    _speak(file, seconds=3)
    talk.exchange.goes(CITIZEN)
    talk.hear()
    await talk.all()
    assert len(talk.of(CitizenLeft)) == len(talk.of(Connected)) == 1
    assert talk.exchange.bridges == {}
    assert file.exists()


def _speak(file: Path, seconds: int) -> None:
    file.parent.mkdir(parents=True)
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\x00\x20\x00\xe0" * 4000 * seconds)
