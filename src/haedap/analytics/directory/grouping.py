"""To which part of daily life an entry belongs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from haedap.language.words import compact

_NAME, _MATTER = 4, 1
"""An office is called after what it does; of its many duties each says less."""


@dataclass(frozen=True, slots=True)
class Group:
    """A part of daily life, and the words by which offices belong to it."""

    key: str
    words: tuple[str, ...]


def group_of(name: str, matters: Iterable[str], groups: Sequence[Group]) -> str:
    """The key of the group whose words fit best, the first of equals; '' when none fits.

    A word in the name counts four times a word in a matter, and a long word more than a short one.
    """
    told = [(compact(name), _NAME), *((compact(matter), _MATTER) for matter in matters)]
    best, most = "", 0
    for group in groups:
        words = {compact(word) for word in group.words} - {""}
        points = sum(weight * len(word) for text, weight in told for word in words if word in text)
        if points > most:
            best, most = group.key, points
    return best
