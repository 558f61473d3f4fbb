"""Words with a meaning, by kiwi. Loading takes seconds and some hundred megabytes: one process of a centre does it.

kiwi's own repair of typing errors is not used: it took 2.5 times as long and found no more (docs/decisions/0033);
pairs of syllables and embeddings bear them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Protocol

from haedap.language.words import words_of

_NOUNS = ("NN", "NR", "XR", "SL", "SN", "SH")
_JOINED = frozenset({"NNG", "NNP", "XPN", "SL", "SN", "XR"})
_NUMBER = "SN"
_VERBS = ("VV", "VA")
VERB = "-"


class Analyser(Protocol):
    """Takes a text apart into words that mean something; verbs end in `VERB`. The same text gives the same words."""

    def words(self, text: str) -> list[str]: ...

    def words_of_all(self, texts: Iterable[str]) -> Iterator[list[str]]: ...


class Morphemes:
    """kiwi. May be asked by several threads at once."""

    def __init__(self) -> None:
        from kiwipiepy import Kiwi

        self._kiwi = Kiwi(num_workers=1)

    def words(self, text: str) -> list[str]:
        return _meaning(self._kiwi.tokenize(_plain(text)))

    def words_of_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """For each of many texts its words, in order."""
        for tokens in self._kiwi.tokenize(_plain(text) for text in texts):
            yield _meaning(tokens)

    def nouns_of_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """For each of many texts its nouns, and each two that are written as one: a new word is taken apart by kiwi."""
        for tokens in self._kiwi.tokenize(_plain(text) for text in texts):
            nouns = [word for word in _meaning(tokens) if not word.endswith(VERB)]
            yield [*nouns, *_joined(tokens)]


def _plain(text: str) -> str:
    """One written form, so that full-width and decomposed Hangul are read alike."""
    return " ".join(words_of(text))


def _meaning(tokens: object) -> list[str]:
    return [word for token in tokens for word in _word(token.form, token.tag)]  # type: ignore[attr-defined]


def _joined(tokens: Sequence[Any]) -> Iterator[str]:
    for one, other in pairwise(tokens):
        written_as_one = one.start + one.len == other.start
        if written_as_one and one.tag != _NUMBER and {one.tag, other.tag} <= _JOINED:
            yield (one.form + other.form).lower()


def _word(form: str, tag: str) -> list[str]:
    form = form.lower().replace(" ", "")
    if tag.startswith(_NOUNS):
        return [form]
    return [form + VERB] if tag.startswith(_VERBS) else []
