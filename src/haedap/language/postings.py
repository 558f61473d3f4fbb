"""BM25 over numbered documents that come and go. In memory, NumPy; see docs/decisions/0033.

Documents are kept in segments, as Lucene does it: a new document waits in the last, small one; segments of like size
are merged. So adding costs little, and a question reads few arrays per term. What is dropped is skipped by `alive`,
and leaves with the next merge. Scores depend on the documents alone, never on the order in which they came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int32]
Alive = npt.NDArray[np.bool_]

UNIT = 5
"""What counts for one word in the questions; a word of the body counts for less, one of the title for more."""
_K1, _B = 1.6 * UNIT, 0.5
_WAITING = 256
"""Documents that wait until they become a segment."""
_MERGE_RATIO = 4
"""A segment is merged with the one before it unless that is so many times larger."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """For each term where its postings lie: document numbers, and how often it stands there."""

    places: dict[int, tuple[int, int]]
    numbers: Numbers
    counts: npt.NDArray[np.uint16]
    documents: int


class Postings:
    """`counts` of a term are whole numbers: a term in a title may count for several in the body."""

    def __init__(self) -> None:
        self._terms: dict[str, int] = {}
        self._spread: list[int] = []
        self._segments: list[_Segment] = []
        self._waiting: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._waiting_documents = 0
        self._lengths: npt.NDArray[np.float32] = np.zeros(1024, np.float32)
        self._whole_length = 0
        self._documents = 0
        self._alive: Alive = np.zeros(1024, np.bool_)

    def add(self, number: int, counts: Mapping[str, int]) -> None:
        """A new document under a number that was never used before."""
        self._make_room(number)
        for word, count in counts.items():
            term = self._terms.setdefault(word, len(self._spread))
            if term == len(self._spread):
                self._spread.append(0)
            self._spread[term] += 1
            self._waiting[term].append((number, min(count, 65535)))
        length = sum(counts.values())
        self._lengths[number] = length
        self._alive[number] = True
        self._whole_length += length
        self._documents += 1
        self._waiting_documents += 1
        if self._waiting_documents >= _WAITING:
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
        scores = np.zeros(size, np.float32)
        if not self._documents:
            return scores
        mean = self._whole_length / self._documents
        for word, weight in sorted(weights.items()):
            term = self._terms.get(word)
            if term is None or not self._spread[term]:
                continue
            worth = weight * self._rarity(self._spread[term])
            for numbers, counts in self._found(term):
                damping = _K1 * (1 - _B + _B * self._lengths[numbers] / mean)
                scores[numbers] += worth * (_K1 + UNIT) / UNIT * counts / (counts + damping)
        scores[~self._alive[:size]] = 0.0
        return scores

    def rarity(self, word: str) -> float:
        """How much it says that a document has the word; 0 for a word that none has."""
        term = self._terms.get(word)
        return self._rarity(self._spread[term]) if term is not None and self._spread[term] else 0.0

    def _rarity(self, spread: int) -> float:
        return float(np.log1p((self._documents - spread + 0.5) / (spread + 0.5)))

    def _found(self, term: int) -> Iterable[tuple[Numbers, npt.NDArray[np.float32]]]:
        for segment in self._segments:
            if term in segment.places:
                start, end = segment.places[term]
                yield segment.numbers[start:end], segment.counts[start:end].astype(np.float32)
        if term in self._waiting:
            rows = np.array(self._waiting[term], np.int32)
            yield rows[:, 0], rows[:, 1].astype(np.float32)

    def _make_room(self, number: int) -> None:
        while number >= len(self._lengths):
            self._lengths = np.concatenate([self._lengths, np.zeros_like(self._lengths)])
            self._alive = np.concatenate([self._alive, np.zeros_like(self._alive)])

    def _close_segment(self) -> None:
        terms = np.array([term for term, rows in self._waiting.items() for _ in rows], np.int32)
        rows = np.array([row for rows in self._waiting.values() for row in rows], np.int32).reshape(-1, 2)
        self._segments.append(_segment(terms, rows[:, 0], rows[:, 1].astype(np.uint16), self._waiting_documents))
        self._waiting.clear()
        self._waiting_documents = 0
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
    terms = np.fromiter(segment.places, np.int32, len(segment.places))
    return np.repeat(terms, [end - start for start, end in segment.places.values()])


def _segment(terms: Numbers, numbers: Numbers, counts: npt.NDArray[np.uint16], documents: int) -> _Segment:
    order = np.argsort(terms, kind="stable")
    found, starts = np.unique(terms[order], return_index=True)
    ends = np.append(starts[1:], len(terms))[: len(found)]
    places = {int(term): (int(start), int(end)) for term, start, end in zip(found, starts, ends, strict=True)}
    return _Segment(places, numbers[order].astype(np.int32), counts[order], documents)
