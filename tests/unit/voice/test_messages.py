"""A message on its way from Asterisk's spool to the recordings."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from haedap.channels.voice import messages
from haedap.recording_files import samples_of


def _speak(file: Path, seconds: int, seed: int) -> None:
    """Noise as loud as a voice: no second of it is like another."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(np.random.default_rng(seed).normal(0, 3000, 8000 * seconds).astype("<i2").tobytes())


def test_a_message_that_cannot_be_taken_out_of_the_spool_is_kept_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the engine dies just before it is: it was put behind itself at each further try."""
    spooled, target = tmp_path / "spool" / "c.wav", tmp_path / "c.wav"
    _speak(target, 2, seed=1)
    _speak(spooled, 3, seed=2)
    whole = samples_of(target) + samples_of(spooled)
    with monkeypatch.context() as stuck:
        stuck.setattr(Path, "unlink", _refuse)
        for _ in range(2):
            assert messages._keep(spooled, target) == (3, False)
            assert samples_of(target) == whole
    assert messages._keep(spooled, target) == (3, True)
    assert (samples_of(target), spooled.exists()) == (whole, False)


def _refuse(_file: Path, missing_ok: bool = False) -> None:
    del missing_ok
    raise PermissionError(13, "Permission denied")
