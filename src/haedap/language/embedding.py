"""Meaning as numbers: multilingual-e5-small, offline. What computes them is chosen in `haedap.language.model`."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from haedap.language.entries import Entry, passages_of

Vectors = npt.NDArray[np.float32]
WIDTH = 384
RECIPE = "e5s/2"
"""Changes whenever the same text would get another vector, or other texts are embedded. The two engines share it: their
vectors of a text are at least .998 alike."""
_KEPT_QUESTIONS = 2000


class Embedder(Protocol):
    """Makes vectors of length one. `question` for what is sought, `passages` for what is found."""

    def question(self, text: str) -> Vectors: ...

    def passages(self, texts: Sequence[str]) -> Vectors: ...


class Model(Protocol):
    """Computes the vector of one text, of length one: of what is sought, and of what is found."""

    def query(self, text: str) -> Vectors: ...

    def passage(self, text: str) -> Vectors: ...


class E5:
    """An embedder. One text at a time is computed, whoever asks; questions asked lately are remembered."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._turn = threading.Lock()
        self._questions: OrderedDict[str, Vectors] = OrderedDict()

    def question(self, text: str) -> Vectors:
        with self._turn:
            found = self._questions.pop(text, None)
            if found is None:
                found = np.asarray(self._model.query(text), np.float32)
            self._questions[text] = found
            if len(self._questions) > _KEPT_QUESTIONS:
                self._questions.popitem(last=False)
            return found

    def passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), WIDTH), np.float32)
        for place, text in enumerate(texts):
            with self._turn:
                vectors[place] = self._model.passage(text)
        return vectors


def mark_of(texts: Sequence[str]) -> str:
    """What the vectors of these texts are known by: how they are made, and of what."""
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    return f"{RECIPE}:{digest[:40]}"


def mark_for(entry: Entry) -> str:
    """What the vectors of an entry as it is now are known by."""
    return mark_of(passages_of(entry))


def packed(vectors: Vectors) -> bytes:
    """The vectors as they are kept: half as exact, which no ranking notices."""
    return vectors.astype("<f2").tobytes()


def unpacked(kept: bytes) -> Vectors:
    """What was packed. Raises ValueError when it is no such thing."""
    vectors = np.frombuffer(kept, "<f2").reshape(-1, WIDTH).astype(np.float32)
    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-6)).astype(np.float32)
