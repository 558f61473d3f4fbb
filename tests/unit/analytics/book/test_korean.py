"""Particles."""

from __future__ import annotations

import pytest

from haedap.analytics.book.korean import BY, IS, line, particle
from haedap.analytics.book.model import Unit, number


@pytest.mark.parametrize(
    ("word", "name", "fits"),
    [
        ("수도과", "은", "는"),
        ("세정팀", "은", "은"),
        ("8월", "으로", "로"),
        ("12월", "이", "이"),
        ("수도과", "으로", "로"),
        ("세정팀", "으로", "으로"),
        ("'수도과'", "을", "를"),
        ("3", "이", "이"),
        ("2", "이", "가"),
        ("79.2%", "으로", "로"),
        ("LH", "은", "는"),
        ("SGL", "은", "은"),
        ("", "은", "는"),
        ("<b>", "은", "는"),
    ],
)
def test_a_particle_fits_the_word_before_it(word: str, name: str, fits: str) -> None:
    assert particle(word, name) == fits


def test_a_line_reads_as_one_sentence() -> None:
    said = line("서비스레벨", IS, " ", number("service_level", 0.9, Unit.RATE), BY, " 올라감.")
    assert said.text == "서비스레벨은 90.0%로 올라감."


def test_text_that_looks_like_a_particle_stays_text() -> None:
    assert line("~은", IS, " 그대로").text == "~은은 그대로"
