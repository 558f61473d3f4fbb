"""Notes of each recording, once its contact is over, whether its file is there and how long it is."""

import asyncio
import contextlib
import itertools
import wave
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import psycopg
import structlog

from haedap.recording_files import finish, recording_file
from haedap.store import StoreUnavailableError
from haedap.store.connection import Connection, connected
from haedap.store.recordings import (
    EndedRecording,
    FoundRecording,
    ended_recordings,
    late_recordings,
    recording_empty,
    recording_missing,
    recording_ready,
)

_LOOK_EVERY = 3.0
_LOOKS_FOR_LATE = 20
"""Of so many looks, one is at what comes late: a message waits for space on the disk before it lies in its place."""
_LATE_LOOKED_FOR = timedelta(days=7)
_SETTLED = timedelta(seconds=2)
"""The exchange closes the file at the end of the call, which may be a moment after the end of the contact."""
_ARRIVAL = timedelta(seconds=30)
"""More than lies between the arrival of a call and that of its contact."""
_GIVEN_UP = timedelta(seconds=60)
_NO_TALK = timedelta(seconds=1)
"""Who hangs up as the other side answers is gone before the exchange has anything to write down."""

_log = structlog.get_logger()


class RecordingFolder(NamedTuple):
    """Where recordings lie: folders for each day of `zone`, below `path`."""

    path: Path
    zone: ZoneInfo


async def keep_recordings(url: str, folder: RecordingFolder, now: Callable[[], datetime]) -> None:
    """Look at ended recordings every few seconds until cancelled."""
    for look in itertools.count():
        try:
            async with connected(url, "recordings") as connection:
                await note_recordings(connection, folder, now())
                if look % _LOOKS_FOR_LATE == 0:
                    await note_found(connection, folder, now())
        except (StoreUnavailableError, psycopg.Error, OSError) as error:
            _log.info("recordings are looked at later", why=type(error).__name__)
        await asyncio.sleep(_LOOK_EVERY)


async def note_recordings(connection: Connection, folder: RecordingFolder, now: datetime) -> None:
    """Look once. Raises StoreUnavailableError."""
    for recording in await ended_recordings(connection):
        age = now - recording.ended_at
        if age < _SETTLED:
            continue
        found = await asyncio.to_thread(_measure, folder, recording)
        if found is not None:
            await recording_ready(connection, recording.contact, found)
        elif age > _GIVEN_UP:
            await _give_up(connection, folder, recording)


async def note_found(connection: Connection, folder: RecordingFolder, now: datetime) -> None:
    """What was missing and is there now, and what has grown by a message. Raises StoreUnavailableError."""
    for recording in await late_recordings(connection, now - _LATE_LOOKED_FOR):
        found = await asyncio.to_thread(_measure, folder, recording)
        if found is not None and found.size != recording.size:
            _log.info("a recording has come, or grown, since it was noted", contact=recording.contact)
            await recording_ready(connection, recording.contact, found)


async def _give_up(connection: Connection, folder: RecordingFolder, recording: EndedRecording) -> None:
    """Unless it lies under another day: the exchange goes by the wall clock, which may have been set. Or the exchange
    died in mid-call, and it was never closed.
    """
    found = await asyncio.to_thread(_under_any_day, folder, recording)
    if found is not None:
        await recording_ready(connection, recording.contact, found)
        return
    if recording.answered_at is not None and recording.ended_at - recording.answered_at < _NO_TALK:
        await asyncio.to_thread(_remove, folder.path / recording.file)
        await recording_empty(connection, recording.contact)
        return
    _log.warning("a contact was recorded but there is no sound file", contact=recording.contact)
    await recording_missing(connection, recording.contact)


def _remove(file: Path) -> None:
    """One that cannot be deleted stays: nobody is shown it."""
    with contextlib.suppress(OSError):
        file.unlink()


def _measure(folder: RecordingFolder, recording: EndedRecording) -> FoundRecording | None:
    """None when there is no file with sound in it (yet)."""
    # A call that came just before midnight may be filed under the day before its contact's.
    earlier = recording_file(recording.contact, recording.started_at - _ARRIVAL, folder.zone)
    return next(filter(None, (_sound(folder, file) for file in dict.fromkeys((recording.file, earlier)))), None)


def _under_any_day(folder: RecordingFolder, recording: EndedRecording) -> FoundRecording | None:
    files = list(folder.path.glob(f"*/*/*/{recording.contact}.wav"))
    for file in files:
        finish(file)
    return next(filter(None, (_sound(folder, str(file.relative_to(folder.path))) for file in files)), None)


def _sound(folder: RecordingFolder, file: str) -> FoundRecording | None:
    """The file, if there is sound in it."""
    path = folder.path / file
    try:
        with wave.open(str(path), "rb") as sound:
            seconds = sound.getnframes() / sound.getframerate()
        return FoundRecording(file, seconds, path.stat().st_size) if seconds > 0 else None
    except (OSError, EOFError, wave.Error, ZeroDivisionError):
        return None
