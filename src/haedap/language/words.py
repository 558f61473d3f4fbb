"""Korean words for looking things up: one written form, initial consonants, pairs of syllables. Pure."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[0-9a-z가-힣ㄱ-ㅎ]+")
"""A word of a text in its one written form."""
_NOT_WORDS = re.compile(r"[^0-9a-z가-힣ㄱ-ㅎ]+")
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_ONLY_INITIALS = re.compile(r"[ㄱ-ㅎ]+")
_FIRST, _LAST, _PER_INITIAL = ord("가"), ord("힣"), 588


def words_of(text: str) -> list[str]:
    """Words in small letters, composed (NFKC, so that full-width and decomposed text match), without marks."""
    # NFKC would turn the consonants that a keyboard gives (ㄱ) into parts of decomposed syllables.
    composed = "".join(
        piece if _ONLY_INITIALS.fullmatch(piece) else unicodedata.normalize("NFKC", piece)
        for piece in re.split(r"([ㄱ-ㅎ]+)", text)
    )
    return [word for word in _NOT_WORDS.split(composed.lower()) if word]


def compact(text: str) -> str:
    """The words without the blanks between them: people put blanks where they like."""
    return "".join(words_of(text))


def pairs(text: str) -> list[str]:
    """Neighbouring syllables of a compact text, each as often as it comes; a single syllable stands for itself."""
    return [text[place : place + 2] for place in range(len(text) - 1)] or ([text] if text else [])


def parts(text: str, shortest: int, longest: int) -> set[str]:
    """Every piece of a compact text that has `shortest` to `longest` characters."""
    return {
        text[start:end]
        for start in range(len(text))
        for end in range(start + shortest, min(start + longest, len(text)) + 1)
    }


def initials(text: str) -> str:
    """`자원순환과` to `ㅈㅇㅅㅎㄱ`; what is not Hangul stays."""
    return "".join(_initial(character) for character in compact(text))


def only_initials(text: str) -> str:
    """The initial consonants in `text` when it has nothing else, else empty."""
    plain = compact(text)
    return plain if len(plain) > 1 and _ONLY_INITIALS.fullmatch(plain) else ""


def _initial(character: str) -> str:
    code = ord(character)
    return _INITIALS[(code - _FIRST) // _PER_INITIAL] if _FIRST <= code <= _LAST else character
