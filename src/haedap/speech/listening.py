"""Keeps a tap on each side of each talk that may be written down, and on nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import psycopg
import structlog

from haedap.channels.voice.ari import AriLostError, AriRefusedError, ari_connection
from haedap.channels.voice.wire import AnyWireEvent, StasisStart
from haedap.clock import centre_time
from haedap.config import Settings
from haedap.language.speech.cutting import Cutter
from haedap.speech.audiosocket import Streams, listening
from haedap.speech.scribe import Scribe, Stream
from haedap.speech.talks import Connection, connect, read_talks
from haedap.speech.taps import APP, Source, Taps, new_stream, sources_of

_AGAIN_SECONDS = 1.0
_LOOK_SECONDS = 1.0
"""How often the talks are looked at when nobody says that they have changed."""
_REST_SECONDS = 0.1
"""Between two looks, however much changes."""
_log = structlog.get_logger(__name__)
Clock = Callable[[], datetime]


class _Ear:
    """What one tap brings, cut into utterances."""

    def __init__(self, source: Source, stream: UUID, scribe: Scribe, clock: Clock) -> None:
        self.stream = stream
        self._source, self._scribe, self._clock = source, scribe, clock
        self._cutter = Cutter()
        self._began: Stream | None = None

    def take(self, sound: bytes) -> None:
        """The next samples; the first tell when the stream began."""
        if self._began is None:
            self._began = Stream(self._source.contact, self._source.side, self._clock())
        for utterance in self._cutter.feed(sound):
            self._scribe.put(self._began, utterance)

    def finish(self) -> None:
        """What was said until now is written down, too."""
        if self._began is not None:
            for utterance in self._cutter.finish():
                self._scribe.put(self._began, utterance)


class Listening:
    """`run` it for ever. PostgreSQL and Asterisk may go away and come back: without both, nobody is heard."""

    def __init__(self, settings: Settings, scribe: Scribe, clock: Clock = centre_time) -> None:
        self._settings, self._scribe, self._clock = settings, scribe, clock
        self._streams: Streams = {}
        self._ears: dict[Source, _Ear] = {}
        self._events: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until cancelled."""
        async with listening(self._streams) as port:
            while True:
                try:
                    await self._connected(port)
                except (psycopg.Error, AriLostError, AriRefusedError) as error:
                    _log.info("speech: waits for PostgreSQL and Asterisk", error=type(error).__name__)
                await asyncio.sleep(_AGAIN_SECONDS)

    async def _connected(self, port: int) -> None:
        settings, lost = self._settings, asyncio.Event()
        taps: Taps | None = None

        def hear(event: AnyWireEvent) -> None:
            if taps is not None and isinstance(event, StasisStart):
                task = asyncio.create_task(taps.ready(event))
                self._events.add(task)
                task.add_done_callback(self._heard)

        async with (
            await connect(settings.database_url) as connection,
            ari_connection(
                settings.ari_url, settings.ari_user, settings.ari_password, {APP: ("StasisStart",)}, hear, lost
            ) as ari,
        ):
            taps = Taps(ari, port)
            await taps.end_leftovers()
            try:
                while not lost.is_set():
                    await self._look(connection, taps)
                    await asyncio.sleep(_REST_SECONDS)
                    async for _ in connection.notifies(timeout=_LOOK_SECONDS, stop_after=1):
                        pass
            finally:
                await self._end_all(taps)

    async def _look(self, connection: Connection, taps: Taps) -> None:
        talks = await read_talks(connection)
        wanted = sources_of(talks, await taps.bridges()) if talks else set()
        for source in [source for source in self._ears if source not in wanted]:
            await self._end(source, taps)
        for source in wanted - self._ears.keys():
            await self._begin(source, taps)

    async def _begin(self, source: Source, taps: Taps) -> None:
        ear = _Ear(source, new_stream(), self._scribe, self._clock)
        self._ears[source], self._streams[ear.stream] = ear, ear.take
        try:
            await taps.begin(source, ear.stream)
        except AriRefusedError as error:
            self._forget(source)
            _log.info("speech: a leg could not be heard", status=error.status)

    async def _end(self, source: Source, taps: Taps) -> None:
        """From the first statement on, nothing that arrives is taken."""
        ear = self._forget(source)
        ear.finish()
        await taps.end(ear.stream)

    def _forget(self, source: Source) -> _Ear:
        ear = self._ears.pop(source)
        self._streams.pop(ear.stream, None)
        return ear

    async def _end_all(self, taps: Taps) -> None:
        """All are deaf at once; what of them stands in Asterisk is ended as far as it can be."""
        ears = [self._forget(source) for source in list(self._ears)]
        for ear in ears:
            ear.finish()
        try:
            for ear in ears:
                await taps.end(ear.stream)
        except AriLostError:
            return

    def _heard(self, task: asyncio.Task[None]) -> None:
        self._events.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, AriLostError):
            _log.warning("speech: an ear could not be joined", error=type(error).__name__)
