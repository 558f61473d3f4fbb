"""The port: what turns sound into text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

RATE = 8000
"""Samples a second of a telephone's sound."""
SAMPLE_BYTES = 2


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one speaker said between two pauses: signed 16-bit little-endian samples, `start` seconds after the first
    sample of the stream."""

    sound: bytes
    start: float
    rate: int = RATE

    @property
    def seconds(self) -> float:
        return len(self.sound) / SAMPLE_BYTES / self.rate

    @property
    def end(self) -> float:
        return self.start + self.seconds


@dataclass(frozen=True, slots=True)
class Heard:
    """A piece of text, with the seconds of the stream that it was said in. It is final: no adapter takes it back."""

    text: str
    start: float
    end: float


class Transcriber(Protocol):
    """Turns an utterance into text."""

    async def transcribe(self, utterance: Utterance) -> list[Heard]:
        """What was said, in order; nothing for sound without words. Raises SpeechError."""

    async def close(self) -> None:
        """Give back what it holds."""
