"""Where in a text something is found."""

from __future__ import annotations

import unicodedata

import pytest

from haedap.language.marks import common_parts, spans_of


@pytest.mark.parametrize(
    ("words", "text", "marked"),
    [
        (["대형폐기물"], "대형 폐기물 신고", ["대형 폐기물"]),
        (["폐기물", "대형"], "대형 폐기물 신고", ["대형 폐기물"]),
        (["여권"], unicodedata.normalize("NFD", "새 여권 신청"), [unicodedata.normalize("NFD", "여권")]),
        (["abc"], "ＡＢＣ 주차장", ["ＡＢＣ"]),
        (["없음"], "대형 폐기물", []),
        ([], "대형 폐기물", []),
        ([""], "대형 폐기물", []),
    ],
)
def test_words_are_marked_as_they_are_written(words: list[str], text: str, marked: list[str]) -> None:
    assert [text[span.start : span.end] for span in spans_of(words, text)] == marked


def test_common_parts_are_as_long_as_they_can_be() -> None:
    assert common_parts("소파버리려면돈내요", "큰 소파 버리려면 신고", 3) == ["소파버리려면"]
    assert common_parts("가나", "가나다", 3) == []
