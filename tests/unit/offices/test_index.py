"""The search in memory, on a handful of documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.apps.offices.index import Document, Index, Key

WATER, ROADS, LIGHTS, SWEEP, PERSON = [("department", number) for number in range(4)] + [("officer", 9)]


def document(key: Key, name: str, text: str, *words: str, numbers: tuple[str, ...] = ()) -> Document:
    return Document(key, key, name, text, words, "", numbers)


DOCUMENTS = [
    document(WATER, "수도과", "상하수도 요금 부과", "물값"),
    document(ROADS, "도로과", "도로 파손 보수"),
    document(LIGHTS, "조명팀", "가로등 보안등 고장 보수"),
    document(SWEEP, "청소팀", "생활폐기물 수거"),
    document(PERSON, "김하늘", "김하늘 주무관", "김하늘", numbers=("1234", "0200001234")),
]
INDEX = Index(DOCUMENTS, {"쓰레기": ("생활폐기물",), "전등": ("가로등",)})


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("가로등이 안 켜져요", LIGHTS),
        ("가 로 등", LIGHTS),
        ("물값이 비싸요", WATER),
        ("쓰레기가 쌓였어요", SWEEP),
        ("전등 나갔어요", LIGHTS),
        ("김하늘 씨 바꿔 주세요", PERSON),
        ("ㄷㄹㄱ", ROADS),
        ("1234", PERSON),
        ("02-0000-1234", PERSON),
        ("0000-12", PERSON),
    ],
)
def test_the_best(said: str, key: Key) -> None:
    assert INDEX.find(said, 1) == [key]


@pytest.mark.parametrize("said", ["", " ", "?", "ㅋㅋㅋ", "9999", "안녕히 계세요"])
def test_nothing_fits(said: str) -> None:
    assert INDEX.find(said, 5) == []


def test_a_group_is_found_once_by_its_best() -> None:
    team = ("department", 1)
    index = Index(
        [
            Document(("duty", 1), team, "가로등 설치", "가로등 설치"),
            Document(("duty", 2), team, "가로등 고장 보수", "가로등 고장 보수"),
            Document(("duty", 3), ("department", 2), "도서 대출", "도서 대출"),
        ],
        {},
    )
    assert index.find("가로등 고장", 5) == [("duty", 2)]


def test_an_empty_index_finds_nothing() -> None:
    assert Index([], {}).find("가로등", 5) == []


@given(st.text(max_size=300), st.integers(1, 5))
def test_any_text_is_answered_within_the_limit(said: str, limit: int) -> None:
    found = INDEX.find(said, limit)
    assert len(found) <= limit
    assert len(set(found)) == len(found)
    assert found == INDEX.find(said, limit)
