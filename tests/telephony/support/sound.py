"""Sound as numbers: G.711 mu-law, tones, and which tones are in a piece of sound."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]
"""Samples at 8 kHz between -1 and 1."""

RATE = 8000
_BIAS, _LARGEST = 132, 32635


def tone(frequency: float, seconds: float, loudness: float = 0.4) -> Samples:
    """A sine."""
    return loudness * np.sin(2 * np.pi * frequency * np.arange(round(RATE * seconds)) / RATE)


def to_ulaw(samples: Samples) -> bytes:
    """G.711 mu-law, one byte a sample."""
    linear = np.clip(np.round(samples * 32767), -_LARGEST, _LARGEST).astype(np.int32)
    sign = np.where(linear < 0, 0x80, 0)
    magnitude = np.abs(linear) + _BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    coded: npt.NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return coded.tobytes()


def from_ulaw(data: bytes) -> Samples:
    """The reverse of `to_ulaw`, with its rounding."""
    byte = ~np.frombuffer(data, np.uint8).astype(np.int32)
    magnitude = (((byte & 0x0F) << 3) + _BIAS << ((byte >> 4) & 0x07)) - _BIAS
    return np.where(byte & 0x80, -magnitude, magnitude) / 32768.0


def level(samples: Samples, frequency: float) -> float:
    """How loud the tone of `frequency` is in `samples`: the amplitude of its sine, 0 when there is nothing."""
    if not len(samples):
        return 0.0
    turns = np.exp(-2j * np.pi * frequency * np.arange(len(samples)) / RATE)
    return float(2 * np.abs(np.mean(samples * turns)))


def presence(samples: Samples, frequency: float) -> float:
    """As `level`, in the louder quarter of the tenths of a second.

    Where the processor was taken from who speaks, who listens or Asterisk, a recording has gaps and jumps: over the
    whole of it the tone before a jump and the tone after it cancel each other out.
    """
    step = RATE // 10
    tenths = [level(samples[start : start + step], frequency) for start in range(0, len(samples) - step + 1, step)]
    return float(np.quantile(tenths, 0.75)) if tenths else 0.0


def loudness(samples: Samples) -> float:
    """The root of the mean square."""
    return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0


def peak(samples: Samples, frequency: float) -> float:
    """How loud the tone is in the tenth of a second in which it is loudest."""
    step = RATE // 10
    return max((level(samples[start : start + step], frequency) for start in range(0, len(samples), step)), default=0.0)
