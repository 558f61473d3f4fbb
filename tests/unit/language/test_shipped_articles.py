"""The articles that ship answer what citizens say, by their words alone: `haedap bench spoken` has more."""

from __future__ import annotations

from bench.spoken import measure, questions, shipped


def test_the_shipped_articles_are_found_by_spoken_questions() -> None:
    figures = measure(shipped(None), questions())
    assert (figures["answered"], figures["unanswered"]) == (76, 40)
    assert figures["hit1"] >= 0.82
    assert figures["hit5"] >= 0.96
    assert figures["sure"] >= 0.84
    assert figures["missed"] >= 0.72
