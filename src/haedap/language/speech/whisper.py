"""Adapter: faster-whisper on this machine. The library is not part of the centre: see docs/howto/speech.md."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from haedap.language.speech import SpeechError
from haedap.language.speech.port import Heard, Utterance

LIBRARY = "faster_whisper"
_RATE = 16_000


def installed() -> bool:
    """Whether the library is there."""
    return importlib.util.find_spec(LIBRARY) is not None


class Whisper:
    """One utterance after the other, on the processor. Raises SpeechError when library or model cannot be loaded."""

    def __init__(self, model: Path, threads: int = 2) -> None:
        try:
            library: Any = importlib.import_module(LIBRARY)
            self._model = library.WhisperModel(
                str(model), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            raise SpeechError(f"faster-whisper cannot be loaded: {type(error).__name__}") from None
        self._turn = asyncio.Lock()

    async def transcribe(self, utterance: Utterance) -> list[Heard]:
        async with self._turn:
            return await asyncio.to_thread(self._transcribe, utterance)

    async def close(self) -> None:
        """The model goes with the process."""

    def _transcribe(self, utterance: Utterance) -> list[Heard]:
        try:
            found, _ = self._model.transcribe(_at_16_khz(utterance), language="ko", condition_on_previous_text=False)
            pieces = [(str(piece.text).strip(), float(piece.start), float(piece.end)) for piece in found]
        except (RuntimeError, ValueError) as error:
            raise SpeechError(f"faster-whisper failed: {type(error).__name__}") from None
        return [Heard(text, utterance.start + start, utterance.start + end) for text, start, end in pieces if text]


def _at_16_khz(utterance: Utterance) -> np.ndarray[Any, np.dtype[np.float32]]:
    samples = np.frombuffer(utterance.sound, "<i2").astype(np.float32) / 32768
    number = round(len(samples) * _RATE / utterance.rate)
    places = np.arange(number) * utterance.rate / _RATE
    return np.interp(places, np.arange(len(samples)), samples).astype(np.float32)
