"""Where in a text something is found, whatever its blanks, its case and its way of writing Hangul. Pure."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from haedap.language.words import WORD, compact

_LONGEST = 8000
"""Characters of a text that are looked at."""
_MOST = 40
"""Marks in one text: more would say nothing."""
# A syllable may be written as a base and what is composed with it; such a cluster is one place.
_CLUSTER = re.compile("[\u1100-\u115f\ua960-\ua97f]+[\u1160-\u11ff\ud7b0-\ud7ff]*|.[\u0300-\u036f]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters from `start` until before `end`."""

    start: int
    end: int


def spans_of(words: Iterable[str], text: str) -> list[Span]:
    """Where the compact `words` stand in `text`, in order, none touching another; the longer words win."""
    sought = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
    if not sought:
        return []
    return spans_of_pattern(re.compile("|".join(map(re.escape, sought))), text)


def spans_of_pattern(pattern: re.Pattern[str], text: str) -> list[Span]:
    """Where a pattern for compact text fits in `text`, in order; neighbours are made one."""
    plain, places = _compacted(text[:_LONGEST])
    found = [Span(places.start(hit.start()), places.end(hit.end() - 1)) for hit in pattern.finditer(plain) if hit[0]]
    return _joined(found, text)[:_MOST]


def common_parts(sought: str, text: str, shortest: int) -> list[str]:
    """The longest pieces of the compact `sought`, at least `shortest` long, that stand in `text` without its blanks."""
    plain = compact(text[:_LONGEST])
    found, place = [], 0
    while place + shortest <= len(sought):
        length = shortest
        if sought[place : place + length] not in plain:
            place += 1
            continue
        while place + length < len(sought) and sought[place : place + length + 1] in plain:
            length += 1
        found.append(sought[place : place + length])
        place += length
    return found


class _Places(Protocol):
    """Where in a text the characters of its compact form come from."""

    def start(self, place: int) -> int: ...

    def end(self, place: int) -> int: ...


@dataclass(frozen=True, slots=True)
class _ByWord:
    """Of each word its place in the compact form, and in the text: nearly every text, and much quicker."""

    compact: Sequence[int]
    text: Sequence[int]

    def start(self, place: int) -> int:
        word = bisect_right(self.compact, place) - 1
        return self.text[word] + place - self.compact[word]

    def end(self, place: int) -> int:
        return self.start(place) + 1


@dataclass(frozen=True, slots=True)
class _ByCharacter:
    """Of each character of the compact form where it begins and ends in the text."""

    starts: Sequence[int]
    ends: Sequence[int]

    def start(self, place: int) -> int:
        return self.starts[place]

    def end(self, place: int) -> int:
        return self.ends[place]


def _compacted(text: str) -> tuple[str, _Places]:
    """The compact text, and where its characters come from."""
    lower = text.lower()
    if len(lower) == len(text) and unicodedata.is_normalized("NFKC", lower):
        words = [(word.start(), word[0]) for word in WORD.finditer(lower)]
        lengths = accumulate((len(word) for _, word in words), initial=0)
        return "".join(word for _, word in words), _ByWord(list(lengths), [start for start, _ in words])
    pieces: list[str] = []
    starts, ends = array("l"), array("l")
    for cluster in _CLUSTER.finditer(text):
        piece = compact(cluster[0])
        pieces.append(piece)
        for _ in piece:
            starts.append(cluster.start())
            ends.append(cluster.end())
    return "".join(pieces), _ByCharacter(starts, ends)


def _joined(spans: list[Span], text: str) -> list[Span]:
    """Neighbours with nothing but blanks between them become one."""
    joined: list[Span] = []
    for span in spans:
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined
