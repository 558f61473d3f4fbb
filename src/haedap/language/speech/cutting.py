"""Cuts the sound of one speaker at its pauses, by loudness."""

from __future__ import annotations

import numpy as np

from haedap.language.speech.port import RATE, SAMPLE_BYTES, Utterance

LONGEST_SECONDS = 15.0
"""An utterance without a pause is cut here, at its quietest place of late."""
_FRAME_SECONDS = 0.02
_LOUD = 300.0
"""The loudness of a voice, of 32767; below is a quiet line: -41 dBFS."""
_BEFORE = 10
"""Frames before the first loud one that are kept: consonants begin softly."""
_PAUSE = 30
_SHORTEST_VOICE = 8
"""Frames that have to be loud in all: less is a click."""
_LATE = 150


class Cutter:
    """Feed it the stream of one speaker; it gives each utterance when it is over. Holds `LONGEST_SECONDS` at most."""

    def __init__(self, rate: int = RATE) -> None:
        self._rate = rate
        self._bytes = round(rate * _FRAME_SECONDS) * SAMPLE_BYTES
        self._most = round(LONGEST_SECONDS / _FRAME_SECONDS)
        self._rest = b""
        self._frames: list[bytes] = []
        self._loudness: list[float] = []
        self._first = 0
        """The number in the stream of the first frame that is kept."""

    def feed(self, chunk: bytes) -> list[Utterance]:
        """The utterances that are over with `chunk`; a chunk may have any length."""
        sound = self._rest + chunk
        whole = len(sound) // self._bytes * self._bytes
        self._rest = sound[whole:]
        frames = (sound[start : start + self._bytes] for start in range(0, whole, self._bytes))
        return [over for frame in frames for over in self._take(frame)]

    def finish(self) -> list[Utterance]:
        """What was being said when the stream ended."""
        return self._give(len(self._frames))

    def _take(self, frame: bytes) -> list[Utterance]:
        samples = np.frombuffer(frame, "<i2").astype(np.float64)
        self._frames.append(frame)
        self._loudness.append(float(np.sqrt(np.mean(samples**2))))
        if not any(loud > _LOUD for loud in self._loudness):
            self._forget(len(self._frames) - _BEFORE)
            return []
        if all(loud <= _LOUD for loud in self._loudness[-_PAUSE:]):
            return self._give(len(self._frames))
        if len(self._frames) >= self._most:
            quietest = int(np.argmin(self._loudness[-_LATE:])) + len(self._frames) - _LATE
            return self._give(quietest + 1)
        return []

    def _give(self, number: int) -> list[Utterance]:
        """The first `number` frames as an utterance, if there is a voice in them."""
        voiced = sum(loud > _LOUD for loud in self._loudness[:number])
        start = self._first * _FRAME_SECONDS
        sound = b"".join(self._frames[:number])
        self._forget(number)
        return [Utterance(sound, start, self._rate)] if voiced >= _SHORTEST_VOICE else []

    def _forget(self, number: int) -> None:
        if number > 0:
            del self._frames[:number], self._loudness[:number]
            self._first += number
