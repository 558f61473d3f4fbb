"""Utterances become kept texts; what fails, is refused, or is too much is left out, and nothing of it is in the log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from structlog.testing import capture_logs

from haedap.channels.voice.wire import WireBridge
from haedap.language.speech import Garbled, NotKept, Refused, SpeechError
from haedap.language.speech.port import Heard, Utterance
from haedap.speech.scribe import Said, Scribe, Stream
from haedap.speech.talks import Talk
from haedap.speech.taps import Side, Source, sources_of
from tests.support.patience import PATIENCE

BEGAN = datetime(2026, 9, 23, 8, 0, tzinfo=UTC)
CONTACT = UUID("00000000-0000-4000-8000-00000000000a")
STREAM = Stream(CONTACT, Side.CITIZEN, BEGAN)


class Ears:
    """A transcriber whose answers the test gives: texts or errors."""

    def __init__(self, *answers: str | SpeechError) -> None:
        self.answers = list(answers)

    async def transcribe(self, utterance: Utterance) -> list[Heard]:
        answer = self.answers.pop(0)
        if isinstance(answer, SpeechError):
            raise answer
        return [Heard(answer, utterance.start, utterance.start + 1)]

    async def close(self) -> None:
        """It holds nothing."""


class Shelf:
    """Keeps, or does not."""

    def __init__(self) -> None:
        self.kept: list[Said] = []
        self.away = False

    async def keep(self, said: Said) -> None:
        if self.away:
            raise NotKept("OperationalError")
        self.kept.append(said)


@asynccontextmanager
async def running(scribe: Scribe) -> AsyncIterator[None]:
    task = asyncio.create_task(scribe.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.001)


async def test_times_are_those_of_the_day() -> None:
    shelf = Shelf()
    scribe = Scribe(Ears("네"), shelf.keep)
    async with running(scribe):
        scribe.put(STREAM, Utterance(b"", 7.0))
        await until(lambda: bool(shelf.kept))
    assert shelf.kept == [Said(STREAM, "네", BEGAN + timedelta(seconds=7), BEGAN + timedelta(seconds=8))]


async def test_what_fails_is_left_out_and_the_next_is_kept() -> None:
    shelf, ears = Shelf(), Ears(Garbled("the answer is not of the form"), "가", "나")
    scribe = Scribe(ears, shelf.keep)
    with capture_logs() as logs:
        async with running(scribe):
            scribe.put(STREAM, Utterance(b"", 0.0))
            await until(lambda: len(logs) == 1)
            shelf.away = True
            scribe.put(STREAM, Utterance(b"", 0.0))
            await until(lambda: len(logs) == 2)
            shelf.away = False
            scribe.put(STREAM, Utterance(b"", 0.0))
            await until(lambda: bool(shelf.kept))
    assert [said.text for said in shelf.kept] == ["나"]
    assert "가" not in str(logs)


async def test_who_refuses_is_left_alone_for_a_while() -> None:
    now = 100.0
    shelf, ears = Shelf(), Ears(Refused("status 401"), "다음")
    scribe = Scribe(ears, shelf.keep, lambda: now)
    with capture_logs() as logs:
        async with running(scribe):
            scribe.put(STREAM, Utterance(b"", 0.0))
            await until(lambda: len(logs) == 1)
            scribe.put(STREAM, Utterance(b"", 0.0))
            await asyncio.sleep(0)
            await until(lambda: scribe.idle)
            assert len(ears.answers) == 1
            now = 131.0
            scribe.put(STREAM, Utterance(b"", 0.0))
            await until(lambda: bool(shelf.kept))


async def test_too_much_is_left_out() -> None:
    scribe = Scribe(Ears(), Shelf().keep)
    with capture_logs() as logs:
        for _ in range(205):
            scribe.put(STREAM, Utterance(b"", 0.0))
    assert len(logs) == 5


OFFER = f"{CONTACT}.1"
OFFICER = f"{CONTACT}.2"


def test_only_citizen_and_agent_in_their_own_bridge_are_heard() -> None:
    both = {Source(CONTACT, Side.CITIZEN, "1790000000.1"), Source(CONTACT, Side.AGENT, OFFER)}

    def heard(*channels: str, muted: bool = False) -> set[Source]:
        return sources_of([Talk(CONTACT, OFFER, muted)], [WireBridge(f"talk-{CONTACT}", channels)])

    assert heard("1790000000.1", OFFER) == heard("1790000000.1", OFFER, OFFICER) == both
    assert heard("1790000000.1", OFFER, muted=True) == {Source(CONTACT, Side.CITIZEN, "1790000000.1")}
    # On hold, consulting an officer, passed on to one, not there yet.
    assert heard(OFFER) == heard(OFFER, OFFICER) == heard("1790000000.1", OFFICER) == heard() == set()
    assert sources_of([Talk(CONTACT, OFFER, muted=False)], []) == set()
