"""Which words of a note are counted: real kiwi, loaded once."""

from __future__ import annotations

import pytest

from haedap.language.morphemes import Morphemes
from haedap.language.telling import telling_words


@pytest.fixture(scope="module")
def morphemes() -> Morphemes:
    return Morphemes()


@pytest.mark.parametrize(
    ("text", "there", "gone"),
    [
        ("신천지로 인한 전파를 막아 주세요", {"신천지", "전파"}, {"막-", "인하-"}),
        ("상수도관이 터져 단수됐다고 하심", {"상수도관", "단수"}, {"터지-"}),
        ("[전화번호] 로 [이름] 님께 연락, 2026년 3월 4일 10시", {"연락"}, {"전화번호", "이름", "전화", "2026", "3월"}),
        ("물 물 물", set(), {"물"}),
        ("마스크 마스크 마스크", {"마스크"}, set()),
        ("", set(), set()),
        ("\x00�…!?", set(), set()),
    ],
)
def test_nouns_and_new_names_without_numbers_and_labels(
    morphemes: Morphemes, text: str, there: set[str], gone: set[str]
) -> None:
    (words,) = telling_words([text], morphemes)
    assert there <= set(words)
    assert not gone & set(words)
    assert words == sorted(set(words))
