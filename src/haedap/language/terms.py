"""The words of an entry's fields, and of a question, as they are indexed. Pure but for the analyser."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from haedap.language.entries import Entry
from haedap.language.morphemes import VERB, Analyser
from haedap.language.words import compact, pairs

RECIPE = "kiwi/1"
"""Changes whenever the same entry would get other words."""
_TITLE, _KEYWORDS, _QUESTIONS, _BODY = 15, 10, 5, 3
"""What a word counts for in each field, in fifths of one in the questions. Measured on classes of questions."""
_LONGEST_BODY = 4000
_VERB = 0.15
"""A verb against a noun: nearly everybody asks how to do, to get, to know."""
_OFTEN = 2
_SEPARATOR, _FIELD = " ", "\n"


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of each field, in order, with repetitions."""

    title: list[str]
    keywords: list[str]
    questions: list[str]
    body: list[str]

    def words(self) -> dict[str, int]:
        """Every word with what it counts for."""
        return _counted(self.title, self.keywords, self.questions, self.body)

    def packed(self) -> str:
        return _FIELD.join(_SEPARATOR.join(field) for field in (self.title, self.keywords, self.questions, self.body))


def unpacked(kept: str) -> Terms:
    """What was packed. Raises ValueError when it is no such thing."""
    title, keywords, questions, body = ([*filter(None, field.split(_SEPARATOR))] for field in kept.split(_FIELD))
    return Terms(title, keywords, questions, body)


def terms_of(entries: Iterable[Entry], analyser: Analyser) -> Iterator[Terms]:
    """For each entry its terms, in order."""
    texts = (text for entry in entries for text in _fields_of(entry))
    for title, keywords, questions, body in zip(*[analyser.words_of_all(texts)] * 4, strict=True):
        yield Terms(title, keywords, questions, body)


def mark_of(entry: Entry) -> str:
    """What the terms of an entry are known by: how they are made, and of what."""
    digest = hashlib.sha256("\0".join(_fields_of(entry)).encode()).hexdigest()
    return f"{RECIPE}:{digest[:40]}"


def pairs_of(entry: Entry) -> dict[str, int]:
    """Neighbouring syllables of an entry, with what each counts for."""
    return _counted(*(pairs(compact(text)) for text in _fields_of(entry)))


def weights_of(words: Iterable[str]) -> dict[str, float]:
    """How much each word of a question weighs."""
    return {
        word: min(often, _OFTEN) * (_VERB if word.endswith(VERB) else 1.0) for word, often in Counter(words).items()
    }


def merged(*weights: tuple[Mapping[str, float], float]) -> dict[str, float]:
    """Weights of several sources, each times its own; of what stands in several the heaviest counts."""
    found: dict[str, float] = {}
    for mapping, factor in weights:
        for word, weight in mapping.items():
            found[word] = max(found.get(word, 0.0), weight * factor)
    return found


def _fields_of(entry: Entry) -> tuple[str, str, str, str]:
    return entry.title, entry.keywords, entry.questions, entry.body[:_LONGEST_BODY]


def _counted(title: list[str], keywords: list[str], questions: list[str], body: list[str]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for terms, weight in ((title, _TITLE), (keywords, _KEYWORDS), (questions, _QUESTIONS), (body, _BODY)):
        for term in terms:
            counts[term] += weight
    return dict(counts)
