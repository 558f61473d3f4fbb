"""Korean words for looking things up."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.language import words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("자동차 등록, 어디?", ["자동차", "등록", "어디"]),
        ("ＣＣＴＶ（영상）", ["cctv", "영상"]),
        (unicodedata.normalize("NFD", "가로등"), ["가로등"]),
        ("ㅈㅅㄱ", ["ㅈㅅㄱ"]),
        ("  \t", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words.words_of(text) == found


def test_initials() -> None:
    assert words.initials("자원순환과 까치 1팀") == "ㅈㅇㅅㅎㄱㄲㅊ1ㅌ"
    assert words.only_initials("ㅈ ㅅㄱ") == "ㅈㅅㄱ"
    assert words.only_initials("ㅈ") == ""
    assert words.only_initials("ㅈ산") == ""


def test_pairs_and_parts() -> None:
    assert words.pairs("가로등") == ["가로", "로등"]
    assert words.pairs("가") == ["가"]
    assert words.pairs("") == []
    assert words.parts("가로등", 2, 3) == {"가로", "로등", "가로등"}


@given(st.text(max_size=60))
def test_any_text_gives_words_without_blanks_and_marks(text: str) -> None:
    plain = words.compact(text)
    assert words.compact(plain) == plain
    assert len(words.initials(text)) == len(plain)
