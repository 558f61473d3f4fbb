"""The word lists behind the rules: `words.txt`, `nouns.txt`, `not_names.txt` (what looks like a name and is none)."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_SECTION = re.compile(r"^\[(\w+)\]$", re.MULTILINE)


def any_of(*sections: str) -> str:
    """A pattern for any word of these sections, the longest first; `_` is a blank that may be there."""
    words = sorted({word for section in sections for word in words_of(section)}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace("_", "[ ]?") for word in words) + ")"


def words_of(section: str) -> frozenset[str]:
    """The words of one section. Raises KeyError for one that there is not."""
    return _sections("words.txt")[section]


@cache
def common_words() -> frozenset[str]:
    """Words that begin like a name and are none."""
    return frozenset(word for line in _read("not_names.txt") if not line.startswith("#") for word in line.split())


@cache
def nouns() -> dict[str, frozenset[str]]:
    """The words of the language by `frequent` and `rare`."""
    return _sections("nouns.txt")


@cache
def _sections(name: str) -> dict[str, frozenset[str]]:
    text = "\n".join(line for line in _read(name) if not line.startswith("#"))
    _, *parts = _SECTION.split(text)
    return {name: frozenset(body.split()) for name, body in zip(parts[::2], parts[1::2], strict=True)}


def _read(name: str) -> list[str]:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()
