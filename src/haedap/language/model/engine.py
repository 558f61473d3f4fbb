"""The model in 8-bit integers, run by CTranslate2: a text of 25 pieces costs about 10 ms of processor."""

from __future__ import annotations

import json
from pathlib import Path

import ctranslate2
import numpy as np

from haedap.language.embedding import WIDTH, Vectors
from haedap.language.model.making import CUTTER, TEXT
from haedap.language.model.pieces import Pieces


class Engine:
    """A `Model`. `folder` as made by `making.model_in`.

    Raises OSError, RuntimeError or ValueError when it cannot be run here. One thread computes: two would gain little
    with texts as short as questions, and calls need the other processor.
    """

    def __init__(self, folder: Path) -> None:
        text = json.loads((folder / TEXT).read_bytes())
        self._at_once = int(text["at_once"])
        letters = {int(letter): str(read) for letter, read in text["letters"].items()}
        self._pieces = Pieces((folder / CUTTER).read_bytes(), letters)
        self._encoder = ctranslate2.Encoder(
            str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=1
        )

    def query(self, text: str) -> Vectors:
        """What is sought."""
        return self._vector(f"query: {text}")

    def passage(self, text: str) -> Vectors:
        """What is found."""
        return self._vector(f"passage: {text}")

    def _vector(self, text: str) -> Vectors:
        """The mean over all pieces. A long text is read in stretches, each of which counts by its length."""
        pieces = self._pieces.of(text)
        total = np.zeros(WIDTH, np.float32)
        for begins in range(0, len(pieces), self._at_once):
            stretch = pieces[begins : begins + self._at_once]
            total += len(stretch) * self._mean([self._pieces.begin, *stretch, self._pieces.end])
        return (total / np.linalg.norm(total)).astype(np.float32)

    def _mean(self, pieces: list[int]) -> Vectors:
        states = np.asarray(self._encoder.forward_batch([pieces]).last_hidden_state)
        mean: Vectors = states[0].mean(axis=0)
        return mean
