"""Titles by their initial consonants (초성) and by a last syllable that is still being typed. In memory.

`ㄷㅎㅍㄱㅁ` finds 대형폐기물, and so does `대형폐ㄱ`: a consonant stands for every syllable that begins with it, and
an open last syllable for every one that goes on from it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import islice

from haedap.language.words import compact, words_of

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FIRST, _LAST, _PER_INITIAL, _PER_VOWEL = ord("가"), ord("힣"), 588, 28
_LONGEST = 24
_MOST_HITS = 2000
_WHOLE, _BEGINS, _WORD_BEGINS, _WITHIN = 4.0, 3.0, 2.0, 1.0
_END, _WORD = "\n", " "


class TitleIndex:
    """Names by number; those of one number are divided by commas. A name is looked at once, whoever bears it."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._clear()

    def _clear(self) -> None:
        self._places: dict[str, int] = {}
        self._starts: list[int] = []
        self._bearers: list[set[int]] = []
        self._text = _END
        self._added: list[str] = []
        self._length = len(_END)

    def put(self, number: int, names: str) -> None:
        """The names of a number that has none yet."""
        self._names[number] = names
        for line in _lines(names):
            if line not in self._places:
                self._places[line] = len(self._starts)
                self._starts.append(self._length)
                self._bearers.append(set())
                self._added.append(line)
                self._length += len(line)
            self._bearers[self._places[line]].add(number)

    def drop(self, number: int) -> None:
        for line in _lines(self._names.pop(number, "")):
            self._bearers[self._places[line]].discard(number)

    def renumber(self, kept: Iterable[int]) -> None:
        """Give the numbers of `kept` the numbers 0, 1, 2 …; all others must have been dropped."""
        names = [self._names[old] for old in map(int, kept)]
        self._names = {}
        self._clear()
        for number, name in enumerate(names):
            self.put(number, name)

    def find(self, typed: str) -> dict[int, float]:
        """How well the numbers' names fit what was typed: the higher the better. Nothing for what is not a name."""
        sought = compact(typed)[:_LONGEST]
        if not sought:
            return {}
        self._text += "".join(self._added)
        self._added.clear()
        fits: dict[int, float] = {}
        for hit in islice(pattern_of(sought).finditer(self._text), _MOST_HITS):
            place = bisect_right(self._starts, hit.start()) - 1
            fits[place] = max(fits.get(place, 0.0), self._fit(hit.start(), hit.end()))
        found: dict[int, float] = {}
        for place, fit in sorted(fits.items(), key=lambda item: -item[1]):
            for number in sorted(self._bearers[place])[: _MOST_HITS - len(found)]:
                found.setdefault(number, fit)
        return found

    def _fit(self, start: int, end: int) -> float:
        before, after = self._text[start - 1], self._text[end]
        rest = self._text.index(_END, end) - end
        if before == _END:
            return (_WHOLE if after == _END else _BEGINS) - rest / 1000
        return (_WORD_BEGINS if before == _WORD else _WITHIN) - rest / 1000


def _lines(names: str) -> dict[str, None]:
    """Each name once in its one written form, with the mark of its end."""
    return dict.fromkeys(_WORD.join(words_of(name)) + _END for name in names.split(",")) if names else {}


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
