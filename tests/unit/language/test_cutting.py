"""Sound is cut at its pauses, nothing that was said is lost, and no memory grows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haedap.language.speech.cutting import LONGEST_SECONDS, Cutter
from haedap.language.speech.port import RATE, Utterance


def voice(seconds: float, loudness: float = 0.3) -> bytes:
    moments = np.arange(round(RATE * seconds)) / RATE
    return bytes((loudness * 32767 * np.sin(2 * np.pi * 440 * moments)).astype("<i2").tobytes())


def silence(seconds: float) -> bytes:
    return bytes(2 * round(RATE * seconds))


def cut(sound: bytes, chunk: int = 320) -> list[Utterance]:
    cutter = Cutter()
    pieces = (sound[start : start + chunk] for start in range(0, len(sound), chunk))
    return [*itertools.chain.from_iterable(map(cutter.feed, pieces)), *cutter.finish()]


def test_two_sentences_are_two_utterances_at_their_times() -> None:
    first, second = cut(silence(2) + voice(1) + silence(1) + voice(2) + silence(1))
    assert (first.start, first.end) == pytest.approx((1.8, 3.6), abs=0.05)
    assert (second.start, second.end) == pytest.approx((3.8, 6.6), abs=0.25)


def test_a_breath_does_not_cut() -> None:
    assert len(cut(voice(1) + silence(0.3) + voice(1) + silence(1))) == 1


@pytest.mark.parametrize("sound", [b"", b"\0", silence(30), voice(0.05) + silence(2), voice(5, 0.001)])
def test_where_nobody_speaks_there_is_nothing(sound: bytes) -> None:
    assert cut(sound) == []


def test_who_never_pauses_is_cut_at_the_quietest_place() -> None:
    sound = voice(13.5) + voice(0.1, 0.02) + voice(20)
    utterances = cut(sound)
    assert utterances[0].end == pytest.approx(13.6, abs=0.1)
    assert all(utterance.seconds <= LONGEST_SECONDS for utterance in utterances)
    assert b"".join(utterance.sound for utterance in utterances) == sound


@settings(max_examples=25)
@given(st.lists(st.tuples(st.booleans(), st.floats(0.05, 2)), max_size=6), st.integers(1, 4000))
def test_chunks_of_any_size_give_the_same(parts: list[tuple[bool, float]], chunk: int) -> None:
    sound = b"".join(voice(seconds) if speaks else silence(seconds) for speaks, seconds in parts)
    utterances = cut(sound, chunk)
    assert utterances == cut(sound)
    for utterance in utterances:
        start = round(utterance.start * RATE) * 2
        assert sound[start : start + len(utterance.sound)] == utterance.sound
