"""Where in a text something is found, whatever its blanks, its case and its way of writing Hangul. Pure."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

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
    plain, starts, ends = _compacted(text[:_LONGEST])
    return _joined([Span(starts[hit.start()], ends[hit.end() - 1]) for hit in pattern.finditer(plain) if hit[0]], text)[
        :_MOST
    ]


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


def _compacted(text: str) -> tuple[str, array[int], array[int]]:
    """The compact text, and for each of its characters where in `text` it begins and ends."""
    pieces: list[str] = []
    starts, ends = array("l"), array("l")
    lower = text.lower()
    if len(lower) == len(text) and unicodedata.is_normalized("NFKC", lower):  # nearly every text, and much quicker
        for word in WORD.finditer(lower):
            pieces.append(word[0])
            starts.extend(range(word.start(), word.end()))
            ends.extend(range(word.start() + 1, word.end() + 1))
        return "".join(pieces), starts, ends
    for cluster in _CLUSTER.finditer(text):
        piece = compact(cluster[0])
        pieces.append(piece)
        for _ in piece:
            starts.append(cluster.start())
            ends.append(cluster.end())
    return "".join(pieces), starts, ends


def _joined(spans: list[Span], text: str) -> list[Span]:
    """Neighbours with nothing but blanks between them become one."""
    joined: list[Span] = []
    for span in spans:
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined
