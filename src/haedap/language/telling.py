"""The words of a text that tell what it is about, for counting how often they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from haedap.language.masking import LABELS
from haedap.language.morphemes import Morphemes

_SHORTEST = 2


def telling_words(texts: Iterable[str], morphemes: Morphemes) -> Iterator[list[str]]:
    """For each of many masked texts its nouns, each once, sorted: no numbers, no single letters, no labels."""
    for nouns in morphemes.nouns_of_all(map(_unlabelled, texts)):
        yield sorted({noun for noun in nouns if len(noun) >= _SHORTEST and not noun.isdecimal()})


def _unlabelled(text: str) -> str:
    for label in LABELS.values():
        text = text.replace(label, " ")
    return text
