"""Asking the language process, and the database alone while that does not answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from haedap.apps.search.client import language
from haedap.apps.search.trigrams import find_by_trigrams
from haedap.language.entries import Hit as Answer
from haedap.language.entries import Question

LONGEST = 300
"""Characters of a text that are looked at: of a note its beginning."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where it matched: `field` is title, questions or body of the entry as published; characters start to end."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that fits. `score`: the higher the better, comparable within one search only.

    `why`: any of words, meaning, initials, synonym; letters for the simple search. `sure`: it has what was asked, not
    only something like it.
    """

    kind: str
    key: str
    score: float
    marks: tuple[Mark, ...]
    why: tuple[str, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The best first. `simple`: the language process did not answer, so only the letters were compared."""

    hits: list[Hit]
    simple: bool


def search(
    text: str,
    *,
    kinds: Sequence[str] = (),
    filters: Mapping[str, int | str] | None = None,
    limit: int = 10,
    at: date,
) -> Found:
    """What fits `text`, of any of `kinds` (none: of all), that has every value of `filters` and is valid on `at`.

    Nothing for a text without a word. Never raises for want of the language process.
    """
    text = text.replace("\0", " ")
    asked = {name: str(value) for name, value in (filters or {}).items()}
    question = Question(text=text[:LONGEST], kinds=list(kinds), filters=asked, limit=limit, at=at)
    answer = language().ask("search", question, list[Answer])
    if answer is not None:
        return Found([_hit(one) for one in answer], simple=False)
    rows = find_by_trigrams(text, kinds, asked, limit, at)
    return Found([Hit(kind, key, alike, (), ("letters",), sure=True) for kind, key, alike in rows], simple=True)


def _hit(answer: Answer) -> Hit:
    marks = tuple(Mark(mark.field, mark.start, mark.end) for mark in answer.marks)
    return Hit(answer.kind, answer.key, answer.score, marks, tuple(answer.why), answer.sure)
