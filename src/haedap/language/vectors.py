"""Exact search over embeddings: one row of a matrix for each passage. In memory, NumPy.

At 100,000 rows of 384 numbers a question costs one pass over 154 MB, some 15 ms: an approximate index is not worth
its errors.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
_SMALLEST = 256
_DIGITS = 5
"""So that a likeness does not depend on the row where a vector lies."""


class VectorTable:
    """Vectors of length one, several of which may belong to one number."""

    def __init__(self, width: int) -> None:
        self._rows: Vectors = np.zeros((_SMALLEST, width), np.float32)
        self._numbers: npt.NDArray[np.int32] = np.zeros(_SMALLEST, np.int32)
        self._used = 0
        self._of: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return len(self._of)

    def __contains__(self, number: int) -> bool:
        return number in self._of

    def put(self, number: int, vectors: Vectors) -> None:
        """The vectors of a number that has none yet."""
        while self._used + len(vectors) > len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
            self._numbers = np.concatenate([self._numbers, np.zeros_like(self._numbers)])
        places = range(self._used, self._used + len(vectors))
        self._rows[places.start : places.stop] = vectors
        self._numbers[places.start : places.stop] = number
        self._of[number] = list(places)
        self._used = places.stop

    def drop(self, number: int) -> None:
        """Each hole is filled with the last row."""
        for place in sorted(self._of.pop(number, ()), reverse=True):
            last = self._used - 1
            if place != last:
                self._rows[place] = self._rows[last]
                owner = int(self._numbers[last])
                self._numbers[place] = owner
                places = self._of[owner]
                places[places.index(last)] = place
            self._used = last

    def score(self, sought: Vectors, size: int) -> Vectors:
        """For each number below `size` the likeness of its most alike vector; -1 for one that has none."""
        scores = np.full(size, -1.0, np.float32)
        if self._used:
            alike = np.round(self._rows[: self._used] @ sought, _DIGITS)
            np.maximum.at(scores, self._numbers[: self._used], alike)
        return scores

    def renumber(self, kept: npt.NDArray[np.int32]) -> None:
        """Give the numbers of `kept` the numbers 0, 1, 2 …; all others must have been dropped."""
        new = {int(old): number for number, old in enumerate(kept)}
        self._of = {new[old]: places for old, places in self._of.items()}
        for number, places in self._of.items():
            self._numbers[places] = number
