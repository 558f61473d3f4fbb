"""Notes of each recording, once its contact is over, whether its file is there and how long it is."""

import asyncio
import wave
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from haedap.store import StoreUnavailableError
from haedap.store.connection import Connection, connected
from haedap.store.recordings import EndedRecording, ended_recordings, recording_missing, recording_ready

_LOOK_EVERY = 3.0
_SETTLED = timedelta(seconds=2)
"""The exchange closes the file at the end of the call, which may be a moment after the end of the contact."""
_GIVEN_UP = timedelta(seconds=60)

_log = structlog.get_logger()


async def keep_recordings(url: str, folder: Path, now: Callable[[], datetime]) -> None:
    """Look at ended recordings in `folder` every few seconds until cancelled."""
    while True:
        try:
            async with connected(url, "recordings") as connection:
                await note_recordings(connection, folder, now())
        except StoreUnavailableError:
            pass  # the next look comes soon enough
        await asyncio.sleep(_LOOK_EVERY)


async def note_recordings(connection: Connection, folder: Path, now: datetime) -> None:
    """Look once. Raises StoreUnavailableError."""
    for recording in await ended_recordings(connection):
        age = now - recording.ended_at
        if age < _SETTLED:
            continue
        found = await asyncio.to_thread(_measure, folder / recording.file)
        if found is not None:
            await recording_ready(connection, recording.contact, *found)
        elif age > _GIVEN_UP:
            await _miss(connection, recording)


async def _miss(connection: Connection, recording: EndedRecording) -> None:
    _log.warning("a contact was recorded but there is no sound file", contact=recording.contact)
    await recording_missing(connection, recording.contact)


def _measure(path: Path) -> tuple[float, int] | None:
    """Seconds and bytes of a WAV file; None when it is not there or holds no sound (yet)."""
    try:
        with wave.open(str(path), "rb") as sound:
            seconds = sound.getnframes() / sound.getframerate()
        return (seconds, path.stat().st_size) if seconds > 0 else None
    except (OSError, EOFError, wave.Error, ZeroDivisionError):
        return None
