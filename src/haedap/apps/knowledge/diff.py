"""What differs between two texts, line by line and in words: Korean readers think in words, not in letters. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import zip_longest

_WORDS = re.compile(r"\S+|\s+")
_ALIKE = 0.3
"""Two lines that share less than this are not one line changed, but one gone and one new."""


class Kind(Enum):
    """What became of a piece."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a line."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line before and after. A side without the line is empty; `inline` is both in one."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    inline: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """Whether the two sides differ."""
        return any(piece.kind is not Kind.SAME for piece in self.inline)


def compare(before: str, after: str) -> list[Row]:
    """The lines of both texts side by side."""
    old, new = before.splitlines(), after.splitlines()
    rows: list[Row] = []
    for step, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if step == "equal":
            rows += [_same(line) for line in old[a:b]]
        else:
            for left, right in zip_longest(old[a:b], new[c:d]):
                rows += _changed(left, right)
    return rows


def _same(line: str) -> Row:
    pieces = (Piece(Kind.SAME, line),)
    return Row(pieces, pieces, pieces)


def _changed(left: str | None, right: str | None) -> Iterator[Row]:
    if left is None or right is None:
        yield _alone(left, right)
        return
    words, others = _WORDS.findall(left), _WORDS.findall(right)
    matcher = SequenceMatcher(None, words, others)
    if matcher.ratio() < _ALIKE:
        yield _alone(left, None)
        yield _alone(None, right)
        return
    inline: list[Piece] = []
    for step, a, b, c, d in matcher.get_opcodes():
        if step == "equal":
            inline.append(Piece(Kind.SAME, "".join(words[a:b])))
            continue
        if a < b:
            inline.append(Piece(Kind.GONE, "".join(words[a:b])))
        if c < d:
            inline.append(Piece(Kind.NEW, "".join(others[c:d])))
    yield Row(
        tuple(piece for piece in inline if piece.kind is not Kind.NEW),
        tuple(piece for piece in inline if piece.kind is not Kind.GONE),
        tuple(inline),
    )


def _alone(left: str | None, right: str | None) -> Row:
    gone = (Piece(Kind.GONE, left),) if left is not None else ()
    new = (Piece(Kind.NEW, right),) if right is not None else ()
    return Row(gone, new, gone + new)
