"""An analyser and an embedder that need no model: quick, and the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from haedap.language.embedding import WIDTH, Vectors
from haedap.language.words import words_of


class PlainWords:
    """Every written word means something."""

    def words(self, text: str) -> list[str]:
        return words_of(text)

    def words_of_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        return map(words_of, texts)


class HashedWords:
    """Texts are as alike as they have words in common."""

    def question(self, text: str) -> Vectors:
        vector = np.zeros(WIDTH, np.float32)
        for word in words_of(text):
            vector[int(hashlib.sha256(word.encode()).hexdigest(), 16) % WIDTH] += 1
        return vector / max(1.0, float(np.linalg.norm(vector)))

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.array([self.question(text) for text in texts], np.float32)
