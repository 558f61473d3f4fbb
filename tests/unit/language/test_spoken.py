"""What people say without meaning anything by it."""

from __future__ import annotations

import pytest

from haedap.language.spoken import without_fillers


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("저기요 그 뭐냐 여권 그 재발급이요", "여권 재발급이요"),
        ("어, 음… 수도요금 좀 알려 주세요", "수도요금 좀"),
        ("아니 그게 대형폐기물 그런 거 있잖아요", "대형폐기물"),
        ("저기요", "저기요"),
        ("네", "네"),
        ("저수지 어린이집 그늘막", "저수지 어린이집 그늘막"),
        ("", ""),
    ],
)
def test_only_what_means_something_is_left(said: str, meant: str) -> None:
    assert without_fillers(said) == meant
