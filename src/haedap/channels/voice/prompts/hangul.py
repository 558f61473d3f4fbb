"""Hangul syllables taken apart into initial, medial and final, and put together again."""

from typing import NamedTuple

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
MEDIALS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_FIRST, _LAST = ord("가"), ord("힣")


class Syllable(NamedTuple):
    """One syllable; `final` is empty when it ends in its vowel."""

    initial: str
    medial: str
    final: str


def is_syllable(character: str) -> bool:
    """Whether it is a composed Hangul syllable."""
    return _FIRST <= ord(character) <= _LAST


def take_apart(character: str) -> Syllable:
    """The parts of a composed syllable."""
    index = ord(character) - _FIRST
    return Syllable(INITIALS[index // 588], MEDIALS[index % 588 // 28], FINALS[index % 28])


def put_together(syllable: Syllable) -> str:
    """The composed syllable of these parts."""
    initial, medial = INITIALS.index(syllable.initial), MEDIALS.index(syllable.medial)
    return chr(_FIRST + (initial * 21 + medial) * 28 + FINALS.index(syllable.final))
