"""Free text that is spoken once to one leg: made by the centre's own voice, and gone when it has been said."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Collection
from pathlib import Path

import structlog

from haedap.channels.voice.calls import Leg
from haedap.channels.voice.prompts import EspeakVoice, PromptError, Voice
from haedap.config import Settings
from haedap.domain.ids import RequestId

MOST_CHARACTERS = 300
_NAME = re.compile(r"[0-9A-Za-z-]{1,100}")
_log = structlog.get_logger()


class Announcements:
    """Sound files by request. A text may name a citizen, so no file outlives its use."""

    def __init__(self, settings: Settings, voice: Voice | None = None) -> None:
        self._folder = settings.prompts / "announcements"
        self._voice = voice or EspeakVoice()

    async def make(self, request: RequestId, text: str) -> Path | None:
        """The WAV file that says the first 300 characters of `text`; None when it cannot be said.

        Whatever is in the text is read out: nothing in it is a command to the voice, nor part of a path.
        """
        if not _NAME.fullmatch(request):
            return None
        return await asyncio.to_thread(self._make, self._file_of(request), text[:MOST_CHARACTERS])

    def take_over(self, legs: Collection[Leg]) -> None:
        """Drop what an earlier engine left behind, but for what is being heard."""
        for leg in legs:
            leg.announced = self._file_of(leg.announcement) if leg.announcement else None
        heard = {leg.announced for leg in legs}
        with contextlib.suppress(FileNotFoundError):
            for file in set(self._folder.iterdir()) - heard:
                file.unlink(missing_ok=True)

    def _file_of(self, request: RequestId) -> Path:
        return self._folder / f"{request}.wav"

    def _make(self, file: Path, text: str) -> Path | None:
        try:
            sound = self._voice.speak(text)
            self._folder.mkdir(mode=0o755, parents=True, exist_ok=True)
            file.write_bytes(sound)
        except (PromptError, OSError) as error:
            _log.warning("voice: a text could not be spoken", why=str(error) or type(error).__name__)
            return None
        return file
