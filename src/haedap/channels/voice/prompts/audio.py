"""Sound as the telephone network carries it: 8 kHz, mono, 16 bit, level, with a short silence at both ends."""

import io
import subprocess
import wave

import numpy as np
import numpy.typing as npt
import soundfile

from haedap.channels.voice.prompts.errors import PromptError, PromptErrorCode, UploadRefused

Samples = npt.NDArray[np.float64]
"""Mono, -1.0 to 1.0."""

RATE = 8000
PEAK = 10 ** (-3 / 20)
"""-3 dBFS: loud, and no codec clips it."""
MOST_BYTES = 10 * 1024 * 1024
MOST_SECONDS = 300
_EDGE_SECONDS = 0.12
_FADE_SECONDS = 0.005
_QUIET = 10 ** (-45 / 20)
"""Below this, against the loudest moment, nothing is said."""
_SILENT_PEAK = 10 ** (-60 / 20)
_SHORTEST_SECONDS = 0.1
_RATES = range(4000, 192_001)
_MOST_CHANNELS = 8
_MOST_FRAMES = MOST_SECONDS * 48_000
"""A small file of a strong compression that says it is very fast would fill the memory."""
_CANCELLED = 0.2
"""A mix of channels that is so much quieter than the loudest of them, by mean amplitude, is no mix."""
_LOUDEST = float(np.finfo(np.float32).max)
_PATIENCE_SECONDS = 30


def level(samples: Samples) -> Samples:
    """Speech from its first to its last sound, peak at -3 dBFS, with 0.12 s of silence before and after."""
    peak = float(np.max(np.abs(samples), initial=0.0))
    if peak < _SILENT_PEAK:
        raise PromptError(PromptErrorCode.SILENT)
    loud = np.flatnonzero(np.abs(samples) > peak * _QUIET)
    margin = int(_FADE_SECONDS * RATE)
    spoken = samples[max(0, int(loud[0]) - margin) : int(loud[-1]) + margin] * (PEAK / peak)
    ramp = np.linspace(0.0, 1.0, min(margin, len(spoken)))
    spoken[: len(ramp)] *= ramp
    spoken[len(spoken) - len(ramp) :] *= ramp[::-1]
    edge = np.zeros(int(_EDGE_SECONDS * RATE))
    return np.concatenate((edge, spoken, edge))


def to_wav(samples: Samples) -> bytes:
    """A WAV file of 8 kHz mono 16-bit samples. Never wraps round: what is too loud is cut at full scale."""
    whole = np.clip(np.round(samples * 32767), -32768, 32767).astype("<i2")
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(whole.tobytes())
    return target.getvalue()


def read_wav(data: bytes) -> Samples:
    """What is in a WAV file of any rate, depth and channels, at 8 kHz mono.

    Raises `UploadRefused`, and another `PromptError` where sox is missing.
    """
    if not data:
        raise UploadRefused(PromptErrorCode.EMPTY)
    if len(data) > MOST_BYTES:
        raise UploadRefused(PromptErrorCode.TOO_LARGE)
    if data[:4] not in (b"RIFF", b"RIFX", b"RF64") or data[8:12] != b"WAVE":
        raise UploadRefused(PromptErrorCode.NOT_WAV)
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            _refuse_odd(file)
            found = file.read(file.frames, dtype="float64", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError, ValueError, MemoryError) as error:
        raise UploadRefused(PromptErrorCode.BROKEN, type(error).__name__) from None
    if not (np.abs(found) <= _LOUDEST).all():
        raise UploadRefused(PromptErrorCode.BROKEN, "not a number")
    try:
        return resample(_one_channel(found), file.samplerate)
    except PromptError as error:
        if error.code is PromptErrorCode.NO_PROGRAM:
            raise
        raise UploadRefused(PromptErrorCode.BROKEN, str(error)) from None


def _one_channel(found: Samples) -> Samples:
    """All channels mixed; the loudest alone where they cancel each other, as by a cable that swaps the poles."""
    mixed: Samples = found.mean(axis=1)
    amplitudes = np.abs(found).mean(axis=0)
    loudest: Samples = found[:, int(np.argmax(amplitudes))]
    return mixed if float(np.abs(mixed).mean()) > _CANCELLED * float(amplitudes.max()) else loudest


def resample(samples: Samples, rate: int) -> Samples:
    """The same sound at 8 kHz, by sox."""
    if rate == RATE:
        return samples
    raw = ["-t", "raw", "-e", "floating-point", "-b", "32", "-c", "1"]
    # sox cuts what exceeds full scale, and resampling can raise a peak: leave room.
    peak = max(1.0, float(np.max(np.abs(samples), initial=0.0)))
    quieter = (samples / (2 * peak)).astype("<f4").tobytes()
    command = ["sox", "-V1", *raw, "-r", str(rate), "-", *raw, "-r", str(RATE), "-"]
    output = run_program(command, quieter)
    found: Samples = np.frombuffer(output, dtype="<f4").astype(np.float64) * (2 * peak)
    return found


def run_program(command: list[str], given: bytes) -> bytes:
    """The output of a program that reads its standard input. Raises `PromptError` when it is missing or fails."""
    try:
        done = subprocess.run(command, input=given, capture_output=True, check=True, timeout=_PATIENCE_SECONDS)
    except FileNotFoundError:
        raise PromptError(PromptErrorCode.NO_PROGRAM, command[0]) from None
    except (subprocess.SubprocessError, OSError) as error:
        raise PromptError(PromptErrorCode.VOICE_FAILED, f"{command[0]}: {type(error).__name__}") from None
    return done.stdout


def _refuse_odd(file: soundfile.SoundFile) -> None:
    if file.samplerate not in _RATES or not 1 <= file.channels <= _MOST_CHANNELS:
        raise UploadRefused(PromptErrorCode.BROKEN, f"{file.samplerate} Hz, {file.channels} channels")
    if file.frames < _SHORTEST_SECONDS * file.samplerate:
        raise UploadRefused(PromptErrorCode.EMPTY)
    if file.frames > min(MOST_SECONDS * file.samplerate, _MOST_FRAMES):
        raise UploadRefused(PromptErrorCode.TOO_LONG)
