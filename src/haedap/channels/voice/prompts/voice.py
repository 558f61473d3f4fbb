"""Voices: whatever can speak Korean text. The default is espeak-ng, offline and everywhere."""

import io
from dataclasses import dataclass
from typing import Protocol

import soundfile

from haedap.channels.voice.prompts.audio import Samples, level, resample, run_program, to_wav
from haedap.channels.voice.prompts.errors import PromptErrorCode, VoiceFailed
from haedap.channels.voice.prompts.numbers import read_figures
from haedap.channels.voice.prompts.pronunciation import respell

LONGEST_TEXT = 2000
_PROGRAM = "espeak-ng"


class Voice(Protocol):
    """Speaks Korean. Two voices of the same `name` say the same text with the same sound."""

    @property
    def name(self) -> str:
        """The voice, its settings and the version of what prepares its text: a part of each prompt's hash."""
        ...

    def speak(self, text: str) -> bytes:
        """A WAV file, 8 kHz mono 16 bit. Raises `PromptError`. May be called from several threads."""
        ...


@dataclass(frozen=True, slots=True)
class EspeakVoice:
    """espeak-ng with its Korean voice, its text respelt as it sounds. `speed` in words a minute, `pitch` 0-99."""

    speed: int = 180
    pitch: int = 50

    @property
    def name(self) -> str:
        return f"espeak-ng ko {self.speed} {self.pitch} 1"

    def speak(self, text: str) -> bytes:
        spoken = sounding(text)
        command = [_PROGRAM, "-v", "ko", "-s", str(self.speed), "-p", str(self.pitch), "-b", "1", "--stdin", "--stdout"]
        samples, rate = _samples(run_program(command, spoken.encode()))
        return to_wav(level(resample(samples, rate)))


def sounding(text: str) -> str:
    """The text as espeak-ng is given it: figures in words, Hangul as it sounds, nothing that is a command to it."""
    # "[[" would begin phoneme names and "<" could begin markup.
    plain = "".join(" " if character in "[]<>{}|\\" or not character.isprintable() else character for character in text)
    plain = " ".join(plain.split())
    if not any(character.isalnum() for character in plain):
        raise VoiceFailed(PromptErrorCode.NOTHING_TO_SAY)
    if len(plain) > LONGEST_TEXT:
        raise VoiceFailed(PromptErrorCode.TEXT_TOO_LONG)
    return respell(read_figures(plain))


def _samples(data: bytes) -> tuple[Samples, int]:
    """What espeak-ng wrote. As it writes to a pipe, its header does not know the length."""
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            found = file.read(dtype="float64", always_2d=True)
            return found.mean(axis=1), file.samplerate
    except (soundfile.SoundFileError, RuntimeError) as error:
        raise VoiceFailed(PromptErrorCode.VOICE_FAILED, type(error).__name__) from None
