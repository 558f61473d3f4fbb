"""What a citizen leaves after the tone: recorded by Asterisk itself, then kept with the recordings of conversations."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
import wave
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import structlog

from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.calls import Call
from haedap.channels.voice.line import Line
from haedap.channels.voice.recordings import recording_file
from haedap.channels.voice.sounds import answer, silence
from haedap.channels.voice.wire import WireRecording
from haedap.config import Settings
from haedap.domain.decisions import TakeMessage
from haedap.domain.events import MessageTaken
from haedap.domain.ids import ContactId
from haedap.recording_files import samples_of

_SILENCE_SECONDS = 5
_RATE = 8000
_KEEP_AGAIN_SECONDS = 20.0
_FORMAT = "wav"
_PIECE = _RATE // 50
_QUIET = 300
"""The loudness of a quiet line, of 32767: -41 dBFS."""
_log = structlog.get_logger()


class Messages:
    """Recordings in the making lie in Asterisk's spool, named by their contact, so that any engine finds them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tone = settings.prompts / "tone"
        self._spool = settings.state / "asterisk" / "spool" / "recording"

    async def take(self, line: Line, call: Call, decision: TakeMessage) -> None:
        """The tone, then record until silence, `#` or `most_seconds`. Reports `MessageTaken` when it is over."""
        if call.message:
            return
        # From now on the file is looked after here: it goes when nothing was said.
        call.message = call.spoke = True
        if await self._is_recorded(line, call):
            return
        await silence(line, call)
        await line.recordings.stop(call.name)
        try:
            await answer(line, call)
            # The leg does one thing after the other: it records when the tone is over.
            await line.try_ask(
                "POST", f"channels/{call.channel}/play", {"media": f"sound:{self._tone}"}, contact=call.contact
            )
            await line.lane(call.contact).ask(
                "POST", f"channels/{call.channel}/record", _how(call.contact, decision.most_seconds)
            )
        except AriRefusedError:
            await self._finish(line, call.contact, call)

    def finished(self, line: Line, recording: WireRecording) -> None:
        """Asterisk has closed the file."""
        contact = ContactId(recording.name)
        call = line.calls.by_contact.get(contact)
        line.spawn_in_turn(contact, lambda: self._finish(line, contact, call))

    async def stop(self, line: Line, call: Call) -> None:
        """Something else is to be heard: what was said so far is kept."""
        if call.message:
            await line.try_ask("POST", f"recordings/live/{call.contact}/stop", contact=call.contact)

    async def take_over(self, line: Line) -> list[MessageTaken]:
        """Messages that were begun before this connection: those that are over are kept, and returned."""
        over = []
        for contact in await asyncio.to_thread(self._begun):
            call = line.calls.by_contact.get(contact)
            if call is not None and await self._is_recorded(line, call):
                call.message = call.spoke = True
            else:
                over.append(await self._taken(line, contact, call))
        return over

    async def _is_recorded(self, line: Line, call: Call) -> bool:
        """Whether the engine before this one had it begun: recorded, or to be when the tone is over."""
        return await line.try_ask("GET", f"recordings/live/{call.contact}", contact=call.contact)

    def _begun(self) -> list[ContactId]:
        return [ContactId(file.stem) for file in self._spool.glob(f"*.{_FORMAT}")] if self._spool.is_dir() else []

    async def _finish(self, line: Line, contact: ContactId, call: Call | None) -> None:
        line.post(await self._taken(line, contact, call))

    async def _taken(self, line: Line, contact: ContactId, call: Call | None) -> MessageTaken:
        kept = await self._try_to_keep(line, contact, call)
        if call is not None:
            call.message = False
        if not kept.whole:
            line.spawn(self._keep_later(line, contact, call))
        return MessageTaken(at=line.now(), contact=contact, seconds=kept.seconds)

    async def _try_to_keep(self, line: Line, contact: ContactId, call: Call | None) -> _Kept:
        spooled = self._spool / f"{contact}.{_FORMAT}"
        # Of who is gone: it may have waited for days, and is looked for under its own.
        created = _written_at(spooled, line.now()) if call is None else call.created
        return await asyncio.to_thread(_keep, spooled, recording_file(self._settings, contact, created))

    async def _keep_later(self, line: Line, contact: ContactId, call: Call | None) -> None:
        """Until the disk takes it, or another message of this citizen is being recorded behind it."""
        while call is None or not call.message:
            await asyncio.sleep(_KEEP_AGAIN_SECONDS)
            async with line.turn(contact):
                if call is not None and call.message:
                    return
                if (await self._try_to_keep(line, contact, call)).whole:
                    _log.info("voice: a message that could not be kept is kept")
                    return


def _how(contact: ContactId, most_seconds: int) -> dict[str, str | int]:
    return {
        "name": contact,
        "format": _FORMAT,
        "maxDurationSeconds": most_seconds,
        "maxSilenceSeconds": _SILENCE_SECONDS,
        "terminateOn": "#",
        # What could not be kept of an earlier one waits there.
        "ifExists": "append",
    }


class _Kept(NamedTuple):
    """What was said, in seconds (0: nothing), and whether it lies where it belongs."""

    seconds: int
    whole: bool


def _keep(spooled: Path, target: Path) -> _Kept:
    """Move what was said behind what was recorded of this contact before.

    It may stand there already: the last try may have ended, or the engine died, before it was out of the spool.
    """
    sound = b""
    try:
        sound, before = _said(samples_of(spooled)), samples_of(target)
        if sound and not before.endswith(sound):
            target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            _write(target, before + sound)
        elif not before:
            target.unlink(missing_ok=True)
        spooled.unlink(missing_ok=True)
    except OSError as error:
        # It stays in the spool. It was said all the same: the citizen is owed a call.
        _log.error("voice: a message could not be kept; it waits, and is tried again", why=error.strerror)
        return _Kept(_seconds(sound), whole=False)
    return _Kept(_seconds(sound), whole=True)


def _written_at(file: Path, otherwise: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return otherwise


def _seconds(sound: bytes) -> int:
    return -(-len(sound) // (2 * _RATE))


def _said(sound: bytes) -> bytes:
    """The sound, if anything was said, for a fifth of a second in all; else nothing."""
    samples = np.frombuffer(sound, "<i2").astype(np.float64)
    pieces = samples[: len(samples) // _PIECE * _PIECE].reshape(-1, _PIECE)
    loud = np.sqrt(np.mean(pieces**2, axis=1)) > _QUIET
    return sound if int(loud.sum()) * _PIECE >= _RATE // 5 else b""


def _write(target: Path, samples: bytes) -> None:
    """All or nothing: who listens meanwhile hears what was there before."""
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file, wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(_RATE)
            sound.writeframes(samples)
        Path(temporary).chmod(0o640)
        Path(temporary).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
