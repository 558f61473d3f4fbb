"""BM25 over numbered documents that come and go. In memory, NumPy; see docs/decisions/0033.

Documents are kept in segments, as Lucene does it: a new document waits in the last, small one; segments of like size
are merged. So adding costs little, and a question reads few arrays per term. What is dropped is skipped by `alive`,
and leaves with the next merge. Scores depend on the documents alone, never on the order in which they came.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int32]
Counts = npt.NDArray[np.uint16]
Alive = npt.NDArray[np.bool_]

UNIT = 5
"""What counts for one word in the questions; a word of the body counts for less, one of the title for more."""
_K1, _B = 1.6 * UNIT, 0.5
_MOST_COUNTED = 65535
_WAITING = 256
"""Documents that wait until they become a segment."""
_MERGE_RATIO = 4
"""A segment is merged with the one before it unless that is so many times larger."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """Postings by term, in order: those of `terms[n]` lie from `starts[n]` until before `starts[n + 1]`."""

    terms: Numbers
    starts: Numbers
    numbers: Numbers
    counts: Counts
    documents: int

    def found(self, term: int) -> tuple[Numbers, Counts] | None:
        """Documents that have the term, and how often."""
        place = int(np.searchsorted(self.terms, term))
        if place == len(self.terms) or self.terms[place] != term:
            return None
        where = slice(self.starts[place], self.starts[place + 1])
        return self.numbers[where], self.counts[where]


class _Numbering(dict[str, int]):
    """Gives each word that is asked for the next number."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class _Waiting:
    """Postings of the last documents, in the order in which they came."""

    def __init__(self) -> None:
        self.terms, self.numbers, self.counts = array("i"), array("i"), array("H")
        self.documents = 0

    def add(self, number: int, terms: Iterable[int], counts: Iterable[int]) -> None:
        self.terms.extend(terms)
        self.counts.extend([min(count, _MOST_COUNTED) for count in counts])
        self.numbers.extend([number] * (len(self.terms) - len(self.numbers)))
        self.documents += 1

    def arrays(self) -> tuple[Numbers, Numbers, Counts]:
        """Copies, for an array that is looked at cannot grow."""
        return np.array(self.terms, np.int32), np.array(self.numbers, np.int32), np.array(self.counts, np.uint16)


class Postings:
    """`counts` of a term are whole numbers: a term in a title may count for several in the body."""

    def __init__(self) -> None:
        self._terms = _Numbering()
        self._spread: Numbers = np.zeros(1024, np.int32)
        self._segments: list[_Segment] = []
        self._waiting = _Waiting()
        self._lengths: npt.NDArray[np.float32] = np.zeros(1024, np.float32)
        self._whole_length = 0
        self._documents = 0
        self._alive: Alive = np.zeros(1024, np.bool_)

    def add(self, number: int, counts: Mapping[str, int]) -> None:
        """A new document under a number that was never used before."""
        self._make_room(number)
        terms = [self._terms[word] for word in counts]
        while len(self._terms) > len(self._spread):
            self._spread = np.concatenate([self._spread, np.zeros_like(self._spread)])
        self._spread[terms] += 1
        self._waiting.add(number, terms, counts.values())
        length = sum(counts.values())
        self._lengths[number] = length
        self._alive[number] = True
        self._whole_length += length
        self._documents += 1
        if self._waiting.documents >= _WAITING:
            self._close_segment()

    def drop(self, number: int, words: Iterable[str]) -> None:
        """Take a document away; `words`: the terms that it was added with."""
        for word in words:
            self._spread[self._terms[word]] -= 1
        self._alive[number] = False
        self._whole_length -= int(self._lengths[number])
        self._documents -= 1

    def score(self, weights: Mapping[str, float], size: int) -> Scores:
        """The score of each document with a number below `size`; 0 where no term is found. Terms in ordered turn."""
        if not self._whole_length:  # nothing is there, or nothing with a word in it
            return np.zeros(size, np.float32)
        damping = self._lengths[:size] * np.float32(_K1 * _B * self._documents / self._whole_length)
        damping += np.float32(_K1 * (1 - _B))
        waiting = self._waiting.arrays()
        found: list[tuple[Numbers, npt.NDArray[np.floating]]] = []
        for word, weight in sorted(weights.items()):
            term = self._terms.get(word)
            if term is None or not self._spread[term]:
                continue
            worth = np.float32(weight * self._rarity(self._spread[term]) * (_K1 + UNIT) / UNIT)
            for numbers, few in self._found(term, waiting):
                counts = few.astype(np.float32)
                found.append((numbers, worth * counts / (counts + damping.take(numbers))))
        if not found:
            return np.zeros(size, np.float32)
        # One sum over all: twice as quick as adding term by term.
        everywhere, shares = (np.concatenate(parts) for parts in zip(*found, strict=True))
        scores: Scores = np.bincount(everywhere, shares, size).astype(np.float32)
        scores[~self._alive[:size]] = 0.0
        return scores

    def rarity(self, word: str) -> float:
        """How much it says that a document has the word; 0 for a word that none has."""
        term = self._terms.get(word)
        return self._rarity(self._spread[term]) if term is not None and self._spread[term] else 0.0

    def _rarity(self, spread: int | np.int32) -> float:
        return float(np.log1p((self._documents - spread + 0.5) / (spread + 0.5)))

    def _found(self, term: int, waiting: tuple[Numbers, Numbers, Counts]) -> Iterator[tuple[Numbers, Counts]]:
        for segment in self._segments:
            if (found := segment.found(term)) is not None:
                yield found
        terms, numbers, counts = waiting
        places = np.flatnonzero(terms == term)
        if len(places):
            yield numbers[places], counts[places]

    def _make_room(self, number: int) -> None:
        while number >= len(self._lengths):
            self._lengths = np.concatenate([self._lengths, np.zeros_like(self._lengths)])
            self._alive = np.concatenate([self._alive, np.zeros_like(self._alive)])

    def _close_segment(self) -> None:
        self._segments.append(_segment(*self._waiting.arrays(), self._waiting.documents))
        self._waiting = _Waiting()
        while len(self._segments) > 1 and self._segments[-2].documents < _MERGE_RATIO * self._segments[-1].documents:
            second, first = self._segments.pop(), self._segments.pop()
            self._segments.append(self._merged(first, second))

    def _merged(self, first: _Segment, second: _Segment) -> _Segment:
        terms = np.concatenate([_terms_of(first), _terms_of(second)])
        numbers = np.concatenate([first.numbers, second.numbers])
        counts = np.concatenate([first.counts, second.counts])
        kept = self._alive[numbers]
        return _segment(terms[kept], numbers[kept], counts[kept], first.documents + second.documents)

    def renumber(self, kept: Numbers) -> None:
        """Give the documents of `kept` the numbers 0, 1, 2 … in this order; all others must have been dropped."""
        self._close_segment()
        new = np.full(len(self._lengths), -1, np.int32)
        new[kept] = np.arange(len(kept), dtype=np.int32)
        segments, self._segments = self._segments, []
        for segment in segments:
            numbers = new[segment.numbers]
            there = numbers >= 0
            if there.any():
                terms = _terms_of(segment)[there]
                self._segments.append(_segment(terms, numbers[there], segment.counts[there], segment.documents))
        size = max(1024, len(kept))
        self._lengths = np.resize(self._lengths[kept], size) if len(kept) else np.zeros(size, np.float32)
        self._alive = np.arange(size) < len(kept)


def _terms_of(segment: _Segment) -> Numbers:
    return np.repeat(segment.terms, np.diff(segment.starts))


def _segment(terms: Numbers, numbers: Numbers, counts: Counts, documents: int) -> _Segment:
    order = np.argsort(terms, kind="stable")
    found, starts = np.unique(terms[order], return_index=True)
    ends = np.append(starts, len(terms)).astype(np.int32)
    return _Segment(found, ends, numbers[order], counts[order], documents)
