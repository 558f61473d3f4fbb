"""The search itself: finds offices by what a citizen says. Pure and in memory; `search` fills it from the database.

A document is a department, a duty or an officer. What is sought is one string without blanks, scored by its pairs of
syllables (BM25, see docs/decisions/0031), by whole words of the document that stand in it, and by the words that the
synonyms add. Initial consonants and digits have their own ways.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from haedap.language import words

LONGEST = 200
"""Characters of a question that are looked at."""
_K1, _B = 1.2, 0.5
_WORD = 1.5
"""A whole word of the document in the question, against one pair of syllables."""
_SYNONYM = 0.8
"""A word that a synonym adds, against one that was said."""
_SHORTEST_WORD, _LONGEST_WORD = 2, 12
_SHORTEST_NUMBER = 3
_EXACT, _BEGINS, _WITHIN = 100.0, 50.0, 25.0
_MOST_SPREAD = 0.25
"""A pair that more of the documents have says nothing."""

Key: TypeAlias = tuple[str, int]
Scores: TypeAlias = npt.NDArray[np.float64]


class _Posting(NamedTuple):
    """The documents that have a term, by number, and its weight in each."""

    numbers: npt.NDArray[np.intp]
    shares: Scores


@dataclass(frozen=True, slots=True)
class Document:
    """Something to be found. `key` names it; `text` and `words` say what it is; `around` is where it belongs.

    `name` is looked up by initial consonants; `numbers` are digits only. Of one `group` only the best is found.
    """

    key: Key
    group: Key
    name: str
    text: str
    words: tuple[str, ...] = ()
    around: str = ""
    numbers: tuple[str, ...] = ()


class Index:
    """Documents, ready to be searched. `synonyms`: compact phrases of citizens, and the compact words they mean."""

    def __init__(self, documents: Iterable[Document], synonyms: Mapping[str, tuple[str, ...]]) -> None:
        self._documents = list(documents)
        self._synonyms = synonyms
        self._initials = [words.initials(document.name) for document in self._documents]
        self._words = _posted(map(_words_of, self._documents))
        counts = [_pairs_of(document) for document in self._documents]
        self._pairs = _posted(map(_damped, counts, _dampings(counts)))

    def find(self, sought: str, limit: int) -> list[Key]:
        """The best document of each group that fits at all, the best first; nothing for a text without a word."""
        sought = sought[:LONGEST]
        digits = "".join(character for character in sought if character.isdigit())
        if initials := words.only_initials(sought):
            scores = self._by_initials(initials)
        elif len(digits) >= _SHORTEST_NUMBER and digits == words.compact(sought).lstrip("+"):
            scores = self._by_number(digits)
        else:
            scores = self._by_words(words.compact(sought))
        return self._best(scores, limit)

    def _best(self, scores: Scores, limit: int) -> list[Key]:
        groups: dict[Key, Key] = {}
        fitting = np.flatnonzero(scores)
        for number in fitting[np.argsort(-scores[fitting], kind="stable")]:
            document = self._documents[number]
            groups.setdefault(document.group, document.key)
            if len(groups) == limit:
                break
        return list(groups.values())

    def _by_words(self, sought: str) -> Scores:
        scores = np.zeros(len(self._documents))
        self._add(scores, sought, 1.0)
        said = {part for part in words.parts(sought, _SHORTEST_WORD, _LONGEST_WORD) if part in self._synonyms}
        added = {word for part in said for word in self._synonyms[part]}
        for word in sorted(added):
            self._add(scores, word, _SYNONYM)
        return scores

    def _add(self, scores: Scores, sought: str, weight: float) -> None:
        for pair in sorted(set(words.pairs(sought)) & self._pairs.keys()):
            found = self._pairs[pair]
            scores[found.numbers] += weight * self._rarity(len(found.numbers)) * found.shares
        for word in sorted(words.parts(sought, _SHORTEST_WORD, _LONGEST_WORD) & self._words.keys()):
            found = self._words[word]
            scores[found.numbers] += weight * _WORD * self._rarity(len(found.numbers)) * math.sqrt(len(word) - 1)

    def _rarity(self, count: int) -> float:
        if count > max(50, _MOST_SPREAD * len(self._documents)):
            return 0.0
        return math.log(1 + (len(self._documents) - count + 0.5) / (count + 0.5))

    def _by_initials(self, sought: str) -> Scores:
        scores = np.zeros(len(self._documents))
        for number, known in enumerate(self._initials):
            if sought in known:
                best = _EXACT if known == sought else _BEGINS if known.startswith(sought) else _WITHIN
                scores[number] = best - len(known) / 100
        return scores

    def _by_number(self, digits: str) -> Scores:
        best = (max((_fits(digits, known) for known in document.numbers), default=0.0) for document in self._documents)
        return np.fromiter(best, float, len(self._documents))


def _posted(weights: Iterable[Mapping[str, float]]) -> dict[str, _Posting]:
    """For each term of the documents, which of them have it and how much it weighs there."""
    numbers: dict[str, list[int]] = defaultdict(list)
    shares: dict[str, list[float]] = defaultdict(list)
    for number, terms in enumerate(weights):
        for term, share in terms.items():
            numbers[term].append(number)
            shares[term].append(share)
    return {term: _Posting(np.array(numbers[term]), np.array(shares[term])) for term in numbers}


def _words_of(document: Document) -> dict[str, float]:
    found = {*document.words, *words.words_of(document.text)}
    return {word: 1.0 for word in found if _SHORTEST_WORD <= len(word) <= _LONGEST_WORD}


def _pairs_of(document: Document) -> Counter[str]:
    texts = [words.compact(document.text), *document.words, words.compact(document.around)]
    return Counter(pair for text in texts for pair in words.pairs(text))


def _dampings(counts: list[Counter[str]]) -> list[float]:
    """BM25: long documents count for less."""
    lengths = [count.total() for count in counts]
    mean = max(1.0, sum(lengths) / max(1, len(lengths)))
    return [_K1 * (1 - _B + _B * length / mean) for length in lengths]


def _damped(count: Counter[str], damping: float) -> dict[str, float]:
    return {pair: often * (_K1 + 1) / (often + damping) for pair, often in count.items()}


def _fits(digits: str, known: str) -> float:
    if digits == known:
        return _EXACT
    if known.startswith(digits):
        return _BEGINS
    return _WITHIN if digits in known else 0.0
