"""From utterances to kept text: a few at a time, in no call's way; what is too much or fails is left out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from haedap.language.speech import Refused, SpeechError
from haedap.language.speech.port import Heard, Transcriber, Utterance
from haedap.speech.taps import Side

AT_ONCE = 4
_MOST_WAITING = 200
"""Utterances of at most 15 seconds: some 50 MB. Later ones are left out."""
_REST_SECONDS = 30.0
"""How long a transcriber that refuses is left alone: it would refuse again."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stream:
    """One side of a talk, from `began_at` on."""

    contact: UUID
    side: Side
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """A text with its times."""

    stream: Stream
    text: str
    started_at: datetime
    ended_at: datetime


Keep = Callable[[Said], Awaitable[None]]


class Scribe:
    """`run` it for ever. `keep` stores one piece, or raises SpeechError."""

    def __init__(self, transcriber: Transcriber, keep: Keep, clock: Callable[[], float] = time.monotonic) -> None:
        self._transcriber, self._keep, self._clock = transcriber, keep, clock
        self._waiting: asyncio.Queue[tuple[Stream, Utterance]] = asyncio.Queue(_MOST_WAITING)
        self._rests_until = 0.0

    def put(self, stream: Stream, utterance: Utterance) -> None:
        """Write this down when its turn comes."""
        try:
            self._waiting.put_nowait((stream, utterance))
        except asyncio.QueueFull:
            _log.warning("speech: too much at once, an utterance is left out")

    @property
    def idle(self) -> bool:
        """Whether nothing waits for its turn."""
        return self._waiting.empty()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            stream, utterance = await self._waiting.get()
            if self._clock() < self._rests_until:
                continue
            try:
                for heard in await self._transcriber.transcribe(utterance):
                    await self._keep(_said(stream, heard))
            except SpeechError as error:
                self._failed(error)

    def _failed(self, error: SpeechError) -> None:
        if isinstance(error, Refused):
            self._rests_until = self._clock() + _REST_SECONDS
        _log.warning("speech: an utterance is left out", why=str(error), kind=type(error).__name__)


def _said(stream: Stream, heard: Heard) -> Said:
    start, end = (stream.began_at + timedelta(seconds=seconds) for seconds in (heard.start, heard.end))
    return Said(stream, heard.text, start, end)
