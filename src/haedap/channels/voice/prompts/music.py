"""Music on hold and a tone, composed here: nobody else's rights, nothing to fetch."""

import numpy as np

from haedap.channels.voice.prompts.audio import RATE, Samples

_BEAT_SECONDS = 0.75
_BEATS_A_CHORD = 4
_CHORDS = (
    ("C3", "E4", "G4", "B4"),
    ("A2", "E4", "G4", "C5"),
    ("F2", "F4", "A4", "C5"),
    ("G2", "D4", "G4", "B4"),
    ("E3", "E4", "G4", "B4"),
    ("A2", "E4", "A4", "C5"),
    ("D3", "F4", "A4", "D5"),
    ("G2", "F4", "G4", "B4"),
    ("C3", "E4", "G4", "C5"),
    ("E3", "G4", "B4", "E5"),
    ("F2", "F4", "A4", "E5"),
    ("G2", "D4", "G4", "D5"),
    ("C3", "E4", "G4", "E5"),
)
_ARPEGGIO = (0, 1, 2, 1)
_SEMITONES = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}
_PARTIALS = ((1, 1.0), (2, 0.35), (3, 0.12), (4, 0.05))
_MUSIC_PEAK = 10 ** (-12 / 20)
"""Well below the prompts: it fills the wait, and nobody has to turn the telephone down."""


def hold_music() -> Samples:
    """A calm progression of 39 s. What rings on at its end is heard at its beginning: it loops without a seam."""
    beat = round(_BEAT_SECONDS * RATE)
    music = np.zeros(len(_CHORDS) * _BEATS_A_CHORD * beat)
    for number, (bass, *upper) in enumerate(_CHORDS):
        begin = number * _BEATS_A_CHORD * beat
        _add(music, begin, _note(_pitch(bass) * 2, 3.4, 0.5))
        for step, voice in enumerate(_ARPEGGIO):
            _add(music, begin + step * beat, _note(_pitch(upper[voice]), 2.6, 0.6 if step else 0.8))
    return music * (_MUSIC_PEAK / float(np.max(np.abs(music))))


def recording_tone() -> Samples:
    """A short double tone, 0.5 s: recording was paused or goes on."""
    tone = np.zeros(round(0.5 * RATE))
    _add(tone, 0, _note(660.0, 0.22, 1.0))
    _add(tone, round(0.24 * RATE), _note(880.0, 0.24, 1.0))
    return tone * (_MUSIC_PEAK / float(np.max(np.abs(tone))))


def _pitch(name: str) -> float:
    """Hertz, A4 = 440."""
    return float(440.0 * 2 ** ((_SEMITONES[name[0]] + 12 * (int(name[1:]) - 4)) / 12))


def _note(hertz: float, seconds: float, loudness: float) -> Samples:
    """A soft plucked sound that begins and ends at zero."""
    moments = np.arange(round(seconds * RATE)) / RATE
    sound: Samples = sum(
        (
            share * np.sin(2 * np.pi * hertz * factor * moments)
            for factor, share in _PARTIALS
            if hertz * factor < RATE / 2
        ),
        np.zeros_like(moments),
    )
    attack = np.minimum(moments / 0.02, 1.0)
    release = np.minimum((seconds - moments) / 0.05, 1.0)
    envelope: Samples = attack * release * np.exp(-moments * 1.6 / seconds)
    return loudness * envelope * sound


def _add(music: Samples, begin: int, note: Samples) -> None:
    """Mix the note in, carrying what goes past the end round to the beginning."""
    places = (begin + np.arange(len(note))) % len(music)
    music[places] += note
