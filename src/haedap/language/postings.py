"""BM25 over numbered documents that come and go. In memory, NumPy; see docs/decisions/0033.

Documents are kept in segments, as Lucene does it: a new document waits in the last, small one; segments of like size
are merged. So adding costs little, and a question reads few arrays per term. What is dropped is skipped by `alive`,
and leaves with the next merge. Scores depend on the documents alone, never on the order in which they came.

A term that many documents of a segment have lies there as a row, one count for each document: adding a whole row to
the scores is a dozen times quicker than adding to places that are picked out, and frequent terms are most of the work.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int32]
Counts = npt.NDArray[np.uint16]
Alive = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

UNIT = 5
"""What counts for one word in the questions; a word of the body counts for less, one of the title for more."""
_K1, _B = 1.6 * UNIT, 0.5
_MOST_COUNTED = 65535
_WAITING = 256
"""Documents that wait until they become a segment."""
_MERGE_RATIO = 4
"""A segment is merged with the one before it unless that is so many times larger."""


_FREQUENT, _FEWEST = 8, 256
"""A term of a segment lies as a row when at least one document in so many has it, and as many at the least."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """Postings by term, in order: those of `terms[n]` lie from `starts[n]` until before `starts[n + 1]`.

    `rows`, for a frequent term: how often each document has it, the one with the number `first` and all after it.
    """

    terms: Numbers
    starts: Numbers
    numbers: Numbers
    counts: Counts
    documents: int
    first: int
    rows: Mapping[int, Counts]

    def found(self, sought: Numbers) -> tuple[Places, Numbers, Counts]:
        """The postings of some terms, each with the place of its term in `sought`; none of one that lies as a row."""
        places = np.searchsorted(self.terms, sought)
        there = np.flatnonzero(self.terms.take(places, mode="clip") == sought) if len(self.terms) else places[:0]
        starts, ends = self.starts[places[there]], self.starts[places[there] + 1]
        slices = [slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        numbers = [self.numbers[:0], *(self.numbers[where] for where in slices)]
        counts = [self.counts[:0], *(self.counts[where] for where in slices)]
        return np.repeat(there, ends - starts), np.concatenate(numbers), np.concatenate(counts)

    def postings(self) -> tuple[Numbers, Numbers, Counts]:
        """All of them, each with its term, those of a term in the order of their numbers."""
        places = [np.flatnonzero(row) for row in self.rows.values()]
        spread = np.fromiter(map(len, places), np.int32, len(places))
        terms = np.repeat(np.fromiter(self.rows, np.int32, len(self.rows)), spread)
        numbers = [(there + self.first).astype(np.int32) for there in places]
        counts = [row[there] for row, there in zip(self.rows.values(), places, strict=True)]
        return (
            np.concatenate([np.repeat(self.terms, np.diff(self.starts)), terms]),
            np.concatenate([self.numbers, *numbers]),
            np.concatenate([self.counts, *counts]),
        )


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
        """The score of each document with a number below `size`; 0 where no term is found."""
        worths = self._worths(weights)
        if not worths:
            return np.zeros(size, np.float32)
        damping = self._lengths[:size] * np.float32(_K1 * _B * self._documents / self._whole_length)
        damping += np.float32(_K1 * (1 - _B))
        scores = self._score_of_few(worths, damping)
        for segment in self._segments:
            near = damping[segment.first :]
            for term in worths.keys() & segment.rows.keys():
                counts = segment.rows[term].astype(np.float32)
                place = slice(segment.first, segment.first + len(counts))
                scores[place] += worths[term] * counts / (counts + near[: len(counts)])
        scores[~self._alive[:size]] = 0.0
        return scores.astype(np.float32)

    def _worths(self, weights: Mapping[str, float]) -> dict[int, np.float32]:
        """What having each term is worth to a document, without those that none has."""
        found = {}
        for word, weight in weights.items():
            term = self._terms.get(word)
            if term is not None and self._spread[term]:
                found[term] = np.float32(weight * self._rarity(self._spread[term]) * (_K1 + UNIT) / UNIT)
        return found

    def _score_of_few(self, worths: Mapping[int, np.float32], damping: Scores) -> npt.NDArray[np.float64]:
        """By the terms that lie as postings. One sum over all, in double: its order must not matter."""
        sought = np.fromiter(sorted(worths), np.int32, len(worths))
        worth = np.array([worths[term] for term in sought.tolist()], np.float32)
        terms, numbers, counts = self._waiting.arrays()
        there = np.isin(terms, sought)
        found: list[tuple[Places, Numbers, Counts]] = [
            (np.searchsorted(sought, terms[there]), numbers[there], counts[there])
        ]
        found += [segment.found(sought) for segment in self._segments]
        which, everywhere, often = (np.concatenate(parts) for parts in zip(*found, strict=True))
        frequent = often.astype(np.float32)
        gained = worth.take(which) * frequent / (frequent + damping.take(everywhere))
        return np.asarray(np.bincount(everywhere, gained, len(damping)), np.float64)

    def rarity(self, word: str) -> float:
        """How much it says that a document has the word; 0 for a word that none has."""
        term = self._terms.get(word)
        return self._rarity(self._spread[term]) if term is not None and self._spread[term] else 0.0

    def _rarity(self, spread: int | np.int32) -> float:
        return float(np.log1p((self._documents - spread + 0.5) / (spread + 0.5)))

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
        (terms, numbers, counts), (more_terms, more_numbers, more_counts) = first.postings(), second.postings()
        terms, numbers = np.concatenate([terms, more_terms]), np.concatenate([numbers, more_numbers])
        counts = np.concatenate([counts, more_counts])
        kept = self._alive[numbers]
        return _segment(terms[kept], numbers[kept], counts[kept], first.documents + second.documents)

    def renumber(self, kept: Numbers) -> None:
        """Give the documents of `kept` the numbers 0, 1, 2 … in this order; all others must have been dropped."""
        self._close_segment()
        new = np.full(len(self._lengths), -1, np.int32)
        new[kept] = np.arange(len(kept), dtype=np.int32)
        segments, self._segments = self._segments, []
        for segment in segments:
            terms, numbers, counts = segment.postings()
            numbers = new[numbers]
            there = numbers >= 0
            if there.any():
                self._segments.append(_segment(terms[there], numbers[there], counts[there], segment.documents))
        size = max(1024, len(kept))
        self._lengths = np.resize(self._lengths[kept], size) if len(kept) else np.zeros(size, np.float32)
        self._alive = np.arange(size) < len(kept)


def _segment(terms: Numbers, numbers: Numbers, counts: Counts, documents: int) -> _Segment:
    order = np.argsort(terms, kind="stable")
    terms, numbers, counts = terms[order], numbers[order], counts[order]
    found, starts, spread = np.unique(terms, return_index=True, return_counts=True)
    first = int(numbers.min()) if len(numbers) else 0
    size = int(numbers.max()) + 1 - first if len(numbers) else 0
    frequent = spread >= max(_FEWEST, size / _FREQUENT)
    rows = {}
    for term, start, often in zip(found[frequent].tolist(), starts[frequent], spread[frequent], strict=True):
        row = rows[term] = np.zeros(size, np.uint16)
        row[numbers[start : start + often] - first] = counts[start : start + often]
    few = np.repeat(~frequent, spread)
    ends = np.append(0, np.cumsum(spread[~frequent])).astype(np.int32)
    return _Segment(found[~frequent], ends, numbers[few], counts[few], documents, first, rows)
