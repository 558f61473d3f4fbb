"""Titles by their initial consonants (초성) and by a last syllable that is still being typed. In memory.

`ㄷㅎㅍㄱㅁ` finds 대형폐기물, and so does `대형폐ㄱ`: a consonant stands for every syllable that begins with it, and
an open last syllable for every one that goes on from it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from haedap.language.words import compact, words_of

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FIRST, _LAST, _PER_INITIAL, _PER_VOWEL = ord("가"), ord("힣"), 588, 28
_LONGEST = 24
_MOST_HITS = 2000
_WHOLE, _BEGINS, _WORD_BEGINS, _WITHIN = 4.0, 3.0, 2.0, 1.0
_END, _WORD = "\n", " "


class TitleIndex:
    """Names by number; those of one number are divided by commas. Rebuilt at the first question after a change."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._text = ""
        self._starts: list[int] = []
        self._numbers: list[int] = []
        self._stale = False

    def put(self, number: int, names: str) -> None:
        self._names[number] = names
        self._stale = True

    def drop(self, number: int) -> None:
        self._stale = self._names.pop(number, None) is not None or self._stale

    def renumber(self, kept: Iterable[int]) -> None:
        """Give the numbers of `kept` the numbers 0, 1, 2 …; all others must have been dropped."""
        self._names = {new: self._names[old] for new, old in enumerate(map(int, kept))}
        self._stale = True

    def find(self, typed: str) -> dict[int, float]:
        """How well the numbers' names fit what was typed: the higher the better. Nothing for what is not a name."""
        sought = compact(typed)[:_LONGEST]
        if not sought:
            return {}
        self._refresh()
        found: dict[int, float] = {}
        for count, hit in enumerate(pattern_of(sought).finditer(self._text)):
            if count == _MOST_HITS:
                break
            number = self._numbers[bisect_right(self._starts, hit.start()) - 1]
            found[number] = max(found.get(number, 0.0), self._fit(hit.start(), hit.end()))
        return found

    def _fit(self, start: int, end: int) -> float:
        before, after = self._text[start - 1], self._text[end]
        rest = self._text.index(_END, end) - end
        if before == _END:
            return (_WHOLE if after == _END else _BEGINS) - rest / 1000
        return (_WORD_BEGINS if before == _WORD else _WITHIN) - rest / 1000

    def _refresh(self) -> None:
        if not self._stale:
            return
        pieces, self._starts, self._numbers, place = [_END], [], [], 1
        for number, names in self._names.items():
            for name in names.split(","):
                piece = _WORD.join(words_of(name)) + _END
                self._starts.append(place)
                self._numbers.append(number)
                pieces.append(piece)
                place += len(piece)
        self._text, self._stale = "".join(pieces), False


def is_typed_by_initials(text: str) -> bool:
    """Whether single consonants stand in the text for syllables."""
    return any(character in _INITIALS for character in compact(text))


def pattern_of(sought: str) -> re.Pattern[str]:
    """What fits a compact text as it is typed; blanks may lie between its syllables."""
    last = len(sought) - 1
    return re.compile(" ?".join(_class(character, open_=place == last) for place, character in enumerate(sought)))


def _class(character: str, *, open_: bool) -> str:
    if character in _INITIALS:
        first = _FIRST + _INITIALS.index(character) * _PER_INITIAL
        return f"[{character}{chr(first)}-{chr(first + _PER_INITIAL - 1)}]"
    code = ord(character)
    if open_ and _FIRST <= code <= _LAST and (code - _FIRST) % _PER_VOWEL == 0:
        return f"[{character}-{chr(code + _PER_VOWEL - 1)}]"
    return re.escape(character)
