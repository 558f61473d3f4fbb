"""What can be found, as the library knows it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import msgspec


class Key(NamedTuple):
    """What an entry is known by."""

    kind: str
    key: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be found. `questions`: one a line; `keywords`: divided by commas; `body`: plain text.

    `filters`: by name, the values under which it is found. Valid on both `valid_from` and `valid_until`.
    """

    kind: str
    key: str
    title: str
    questions: str = ""
    body: str = ""
    keywords: str = ""
    filters: Mapping[str, list[str]] = {}
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def id(self) -> Key:
        return Key(self.kind, self.key)


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: entries of any of `kinds` (none: of all) with every value of `filters`, valid on `at`."""

    text: str
    kinds: list[str] = []
    filters: Mapping[str, str] = {}
    limit: int = 10
    at: date
    meaning: bool = True
    """Whether the embedding is compared, too; without, an answer takes a few milliseconds."""


class Mark(msgspec.Struct, frozen=True):
    """Characters `start` until before `end` of `field`: title, questions or body."""

    field: str
    start: int
    end: int


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that fits. `score`: the higher the better, comparable within one answer.

    `why`: any of `words`, `meaning`, `initials`, `synonym`. `sure`: it has what was asked, not only something like it.
    """

    kind: str
    key: str
    score: float
    marks: list[Mark]
    why: list[str]
    sure: bool


def passages_of(entry: Entry) -> list[str]:
    """What is embedded of an entry: its title with each of its questions, or with the beginning of its body."""
    questions = [line for line in entry.questions.splitlines() if line.strip()][:_MOST_PASSAGES]
    return [f"{entry.title} {line}"[:_LONGEST_PASSAGE] for line in questions or [entry.body]]


_MOST_PASSAGES = 8
_LONGEST_PASSAGE = 300
