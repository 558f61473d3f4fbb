"""The search: entries come and go, questions are answered. In memory; may be used by several threads.

Three ways to an entry are fused (docs/decisions/0033): its words, morphemes with pairs of syllables beside them; its
meaning, an embedding; and its title as it is typed, initial consonants included.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from haedap.language import initials, marks, terms
from haedap.language.embedding import WIDTH, Embedder, Vectors
from haedap.language.entries import Entry, Hit, Key, Mark, Question, passages_of
from haedap.language.filters import FilterIndex
from haedap.language.fusion import best_of, shares
from haedap.language.morphemes import VERB, Analyser
from haedap.language.postings import Postings
from haedap.language.spoken import without_fillers
from haedap.language.terms import Terms
from haedap.language.vectors import VectorTable
from haedap.language.words import compact, pairs, parts

LONGEST_QUESTION = 300
"""Characters of a question that are looked at: of a note its beginning."""
_PAIRS = 0.3
"""Pairs of syllables against words."""
_SYNONYM = 0.8
"""A word that a synonym adds, against one that was said."""
_SHORTEST_SAID, _LONGEST_SAID = 2, 16
_LONGEST_NAME = 24
_LEAST_ALIKE = 0.80
"""What is less alike has nothing to do with the question: with this model everything is somewhat alike."""
_SURELY_ALIKE = 0.8875
_FAR = 0.8635
"""Whatever words an entry shares with the question, what is less alike than this is not sure to have what was asked.
Both by `haedap bench spoken`: the right article is at least .88 alike, the best for a question without one seldom."""
_SURELY_COVERED = 0.5
"""Of what the question's words say, how much an entry must have for a sure answer."""
_SHORTEST_PART = 3
_ROOM = 1024
_LONE_LETTERS = re.compile("[ㄱ-ㅣ]+")


@dataclass(frozen=True, slots=True)
class _Synonym:
    """What a phrase of citizens means, ready to be looked for."""

    phrases: tuple[str, ...]
    words: tuple[str, ...]
    pairs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, ready to be answered. `words`, `added`: said, and added by synonyms, with their weights."""

    typed: str
    meant: str
    words: dict[str, float]
    added: dict[str, float]
    pairs: dict[str, float]
    vector: Vectors | None


class _Kept(NamedTuple):
    """An entry, and its terms as they are packed."""

    key: Key
    entry: Entry
    packed: str


@dataclass(frozen=True, slots=True)
class _Rankings:
    words: dict[int, float]
    meaning: dict[int, float]
    names: dict[int, float]


class Index:
    """Entries by kind and key. Without an embedder, only words and titles are compared."""

    def __init__(self, analyser: Analyser, embedder: Embedder | None = None) -> None:
        self._analyser, self._embedder = analyser, embedder
        self._synonyms: dict[str, _Synonym] = {}
        self._turn = threading.Lock()
        self._numbers: dict[Key, int] = {}
        self._entries: list[_Kept | None] = []
        self._words, self._pairs = Postings(), Postings()
        self._titles = initials.TitleIndex()
        self._filters = FilterIndex()
        self._vectors = VectorTable(WIDTH)

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, key: Key) -> bool:
        return key in self._numbers

    def put_all(self, entries: Iterable[Entry]) -> None:
        """Add entries, or put them in the place of those with their keys."""
        batch = list(entries)
        for entry, found in zip(batch, terms.terms_of(batch, self._analyser), strict=True):
            self.put(entry, found)

    def put(self, entry: Entry, found: Terms) -> None:
        """Add an entry whose terms are known, or put it in the place of the one with its key."""
        packed, pairs_found = found.packed(), terms.pairs_of(entry)
        with self._turn:
            self._drop(entry.id)
            number = len(self._entries)
            self._entries.append(_Kept(entry.id, entry, packed))
            self._numbers[entry.id] = number
            self._words.add(number, found.words())
            self._pairs.add(number, pairs_found)
            self._titles.put(number, ",".join(filter(None, (entry.title, entry.keywords))))
            self._filters.put(number, entry)

    def drop(self, key: Key) -> None:
        """Let it be found no more; nothing happens when it is not there."""
        with self._turn:
            self._drop(key)
            if len(self._entries) > 2 * len(self._numbers) + _ROOM:
                self._renumber()

    @property
    def embedded(self) -> int:
        """How many entries have their embeddings."""
        return len(self._vectors)

    def put_vectors(self, entry: Entry, vectors: Vectors) -> None:
        """The embeddings of an entry, see `entries.passages_of`; nothing happens when it is not there as it is here."""
        with self._turn:
            number = self._numbers.get(entry.id)
            if number is None or number in self._vectors:
                return
            if passages_of(self._entry(number).entry) == passages_of(entry):
                self._vectors.put(number, vectors)

    def without_vectors(self) -> Iterator[Entry]:
        """The entries that are still compared by their words alone."""
        with self._turn:
            numbers = [number for number in self._numbers.values() if number not in self._vectors]
        for number in numbers:
            found = self._entries[number] if number < len(self._entries) else None
            if found is not None:
                yield found.entry

    def set_synonyms(self, synonyms: Mapping[str, Iterable[str]]) -> None:
        """What citizens say, and the words that it means; in the place of all that were set before."""
        self._synonyms = {
            compact(said): self._synonym(tuple(phrases)) for said, phrases in synonyms.items() if compact(said)
        }

    def words(self, text: str) -> list[str]:
        """The words that mean something in a text; verbs bear a mark at their end."""
        return self._analyser.words(text)

    def search(self, question: Question) -> list[Hit]:
        """The entries that fit best, the best first; nothing for a text without a word."""
        asked = self._asked(question)
        with self._turn:
            rankings = self._rankings(asked, question)
            least = self._least_covered(asked)
            best = self._best(rankings)[: max(0, question.limit)]
            return [self._hit(number, score, asked, rankings, least) for score, number in best]

    def ranked(self, question: Question) -> list[Key]:
        """The keys of all entries that fit, the best first, without looking at why."""
        asked = self._asked(question)
        with self._turn:
            return [self._entry(number).key for _score, number in self._best(self._rankings(asked, question))]

    def _best(self, rankings: _Rankings) -> list[tuple[float, int]]:
        words, meaning, names = shares(rankings.words), shares(rankings.meaning), shares(rankings.names)
        total = dict.fromkeys((*words, *meaning, *names), 0.0)
        for number in total:
            total[number] = words.get(number, 0.0) + meaning.get(number, 0.0) + names.get(number, 0.0)
            if meaning and number not in self._vectors:  # it is still to be embedded: that must not put it back
                total[number] += words.get(number, 0.0)
        ordered = sorted((-score, self._entry(number).key, number) for number, score in total.items())
        return [(-score, number) for score, _key, number in ordered]

    def _synonym(self, phrases: tuple[str, ...]) -> _Synonym:
        words = tuple(word for phrase in phrases for word in self._analyser.words(phrase))
        return _Synonym(phrases, words, tuple(pair for phrase in phrases for pair in pairs(compact(phrase))))

    def _asked(self, question: Question) -> _Asked:
        typed = question.text[:LONGEST_QUESTION]
        meant = without_fillers(_LONE_LETTERS.sub(" ", typed))
        plain = compact(meant)
        said = [
            self._synonyms[part] for part in sorted(parts(plain, _SHORTEST_SAID, _LONGEST_SAID) & self._synonyms.keys())
        ]
        words = terms.weights_of(self._analyser.words(meant)) if plain else {}
        added = terms.weights_of(word for synonym in said for word in synonym.words)
        said_pairs = terms.weights_of(pairs(plain))
        added_pairs = terms.weights_of(pair for synonym in said for pair in synonym.pairs)
        vector = None
        if self._embedder is not None and question.meaning and len(plain) > 1 and len(self._numbers):
            vector = self._embedder.question(" ".join([meant, *(phrase for one in said for phrase in one.phrases)]))
        return _Asked(typed, meant, words, added, terms.merged((said_pairs, 1.0), (added_pairs, _SYNONYM)), vector)

    def _rankings(self, asked: _Asked, question: Question) -> _Rankings:
        size = len(self._entries)
        allowed = self._filters.allowed(question, size)
        scores = self._words.score(terms.merged((asked.words, 1.0), (asked.added, _SYNONYM)), size)
        scores += _PAIRS * self._pairs.score(asked.pairs, size)
        scores[~allowed] = 0.0
        meaning: dict[int, float] = {}
        if asked.vector is not None:
            alike = self._vectors.score(asked.vector, size)
            alike[~allowed] = -1.0
            meaning = best_of(alike, _LEAST_ALIKE)
        typed = asked.typed.strip()
        names = self._titles.find(typed) if len(compact(typed)) <= _LONGEST_NAME else {}
        return _Rankings(best_of(scores, 0.0), meaning, {name: fit for name, fit in names.items() if allowed[name]})

    def _hit(self, number: int, score: float, asked: _Asked, rankings: _Rankings, least: float) -> Hit:
        _key, entry, packed = self._entry(number)
        there = set(packed.split())
        matched = {word for word in asked.words if word in there}
        added = {word for word in asked.added if word in there}
        alike = rankings.meaning.get(number, 0.0)
        by_name = number in rankings.names
        why = {
            "words": bool(matched) or (number in rankings.words and not added),
            "synonym": bool(added - matched),
            "initials": by_name and initials.is_typed_by_initials(asked.typed),
            "meaning": alike > 0,
        }
        covered = sum(self._worth(word) for word in matched | added)
        far = asked.vector is not None and number in self._vectors and alike < _FAR
        sure = by_name or alike >= _SURELY_ALIKE or bool(added) or (not far and 0 < least <= covered)
        return Hit(
            kind=entry.kind,
            key=entry.key,
            score=round(score, 6),
            marks=_marks(entry, asked, matched | added, by_initials=why["initials"]),
            why=[reason for reason, holds in why.items() if holds],
            sure=sure,
        )

    def _least_covered(self, asked: _Asked) -> float:
        """How much the words of a sure answer must say together."""
        return _SURELY_COVERED * sum(self._worth(word) for word in asked.words)

    def _worth(self, word: str) -> float:
        """Of a word that no entry has, as much as of the rarest."""
        return 0.0 if word.endswith(VERB) else self._words.rarity(word) or float(np.log1p(2 * len(self._numbers)))

    def _entry(self, number: int) -> _Kept:
        found = self._entries[number]
        if found is None:
            raise AssertionError("what was dropped is not ranked")
        return found

    def _drop(self, key: Key) -> None:
        number = self._numbers.pop(key, None)
        if number is None:
            return
        _key, entry, packed = self._entry(number)
        self._entries[number] = None
        self._words.drop(number, terms.unpacked(packed).words())
        self._pairs.drop(number, terms.pairs_of(entry))
        self._titles.drop(number)
        self._filters.drop(number, entry)
        self._vectors.drop(number)

    def _renumber(self) -> None:
        """Close the gaps that dropped entries left."""
        kept = np.fromiter(sorted(self._numbers.values()), np.int32, len(self._numbers))
        self._entries = [self._entries[number] for number in kept]
        self._numbers = {found.key: number for number, found in enumerate(self._entries) if found is not None}
        for part in (self._words, self._pairs, self._titles, self._filters, self._vectors):
            part.renumber(kept)


def _marks(entry: Entry, asked: _Asked, matched: set[str], *, by_initials: bool) -> list[Mark]:
    sought = {word for word in matched if len(word) > 1 and not word.endswith(VERB)}
    found = []
    for field, text in (("title", entry.title), ("questions", entry.questions), ("body", entry.body)):
        if by_initials:
            spans = marks.spans_of_pattern(initials.pattern_of(compact(asked.typed)), text) if field == "title" else []
        else:
            wanted = sought or set(marks.common_parts(compact(asked.meant), text, _SHORTEST_PART))
            spans = marks.spans_of(wanted, text)
        found += [Mark(field, span.start, span.end) for span in spans]
    return found
