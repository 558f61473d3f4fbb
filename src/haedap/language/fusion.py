"""Several rankings made into one. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]

_K = 10
"""Reciprocal rank fusion: how little the first places stand out. Measured, see docs/decisions/0033."""
_MOST = 150
"""Places of each ranking that count."""


def best_of(scores: Scores, least: float) -> dict[int, float]:
    """The numbers with the best scores above `least`, and those scores."""
    fitting = np.flatnonzero(scores > least)
    if len(fitting) > _MOST:
        edge = np.partition(scores[fitting], -_MOST)[-_MOST]
        fitting = fitting[scores[fitting] >= edge]
    return {int(number): float(scores[number]) for number in fitting}


def shares(ranking: Mapping[int, float]) -> dict[int, float]:
    """What each place of a ranking adds to the fused score; who stands alike stands at the same place."""
    found: dict[int, float] = {}
    place, before = 0, None
    for count, (number, score) in enumerate(sorted(ranking.items(), key=lambda item: -item[1])):
        if score != before:
            place, before = count, score
        found[number] = 1 / (_K + 1 + place)
    return found
