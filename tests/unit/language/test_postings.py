"""Scores of many documents against the formula, whatever the order in which they came and went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log1p
from random import Random

import numpy as np
import pytest

from haedap.language.postings import UNIT, Postings

_WORDS = [f"w{number}" for number in range(60)]
_K1, _B = 1.6 * UNIT, 0.5


def _documents(seed: int, count: int) -> list[dict[str, int]]:
    """Words from one that nearly every document has to one that hardly any has."""
    random = Random(seed)
    return [
        {word: random.randint(1, 3) * UNIT for place, word in enumerate(_WORDS) if random.random() < 0.95**place}
        or {"none": 1}
        for _ in range(count)
    ]


def _expected(documents: Sequence[Mapping[str, int]], weights: Mapping[str, float]) -> list[float]:
    average = sum(sum(one.values()) for one in documents) / len(documents)
    spread = {word: sum(word in one for one in documents) for word in weights}
    scores = []
    for one in documents:
        damping = _K1 * (1 - _B + _B * sum(one.values()) / average)
        scores.append(
            sum(
                weight
                * log1p((len(documents) - spread[word] + 0.5) / (spread[word] + 0.5))
                * (_K1 + UNIT)
                / UNIT
                * one[word]
                / (one[word] + damping)
                for word, weight in weights.items()
                if word in one
            )
        )
    return scores


@pytest.mark.parametrize("count", [1, 40, 900])
def test_scores_are_those_of_the_formula(count: int) -> None:
    documents, weights = _documents(1, count), {"w0": 1.0, "w3": 0.5, "w20": 2.0, "w59": 1.0, "unknown": 1.0}
    postings = Postings()
    for number, words in enumerate(documents):
        postings.add(number, words)
    np.testing.assert_allclose(postings.score(weights, count), _expected(documents, weights), rtol=1e-4)


def test_what_was_dropped_and_renumbered_leaves_no_trace() -> None:
    documents, others, weights = _documents(2, 700), _documents(3, 700), dict.fromkeys(_WORDS, 1.0)
    postings, alone = Postings(), Postings()
    for number, (words, other) in enumerate(zip(documents, others, strict=True)):
        postings.add(2 * number, words)
        postings.add(2 * number + 1, other)
        alone.add(number, words)
    for number, other in enumerate(others):
        postings.drop(2 * number + 1, other)
    expected = alone.score(weights, 700)
    there = postings.score(weights, 1400)
    np.testing.assert_array_equal(there[::2], expected)
    assert not there[1::2].any()
    postings.renumber(np.arange(0, 1400, 2, dtype=np.int32))
    np.testing.assert_array_equal(postings.score(weights, 700), expected)


def test_nothing_is_found_where_nothing_is() -> None:
    postings = Postings()
    assert not postings.score({"w0": 1.0}, 3).any()
    postings.add(0, {"w0": UNIT})
    postings.drop(0, {"w0": UNIT})
    assert not postings.score({"w0": 1.0}, 1).any()
