"""The search over entries: what is found, why, and what filters keep out."""

from __future__ import annotations

from datetime import date

import pytest

from haedap.language.entries import Entry, Hit, Key, Question, passages_of
from haedap.language.index import Index
from tests.unit.language.fakes import HashedWords, PlainWords

TODAY = date(2026, 11, 22)
BULKY = Entry(
    kind="article",
    key="bulky",
    title="대형폐기물 배출",
    questions="소파 버리려면 어떻게 해요\n장롱 내놓고 싶어요",
    body="대형 폐기물은 스티커를 붙여 배출합니다.",
    keywords="딱지, 폐가구",
    filters={"topic": ["1", "4"], "office": ["7"]},
)
PASSPORT = Entry(
    kind="article",
    key="passport",
    title="여권 재발급",
    questions="여권 잃어버렸어요",
    filters={"topic": ["2"]},
    valid_from=date(2026, 1, 1),
    valid_until=TODAY,
)
CALL = Entry(kind="contact", key="1", title="대형폐기물", body="소파 배출 문의")


@pytest.fixture
def index() -> Index:
    made = Index(PlainWords(), HashedWords())
    made.put_all([BULKY, PASSPORT, CALL])
    for entry in (BULKY, PASSPORT, CALL):
        made.put_vectors(entry, HashedWords().passages(passages_of(entry)))
    return made


def found(index: Index, text: str, **options: object) -> list[Hit]:
    return index.search(Question(**{"text": text, "at": TODAY, **options}))  # type: ignore[arg-type]


def keys(index: Index, text: str, **options: object) -> list[str]:
    return [hit.key for hit in found(index, text, **options)]


def test_words_find_and_the_title_counts_most(index: Index) -> None:
    assert keys(index, "여권 재발급")[0] == "passport"
    assert keys(index, "소파 배출", kinds=["article"])[0] == "bulky"


@pytest.mark.parametrize("text", ["", "   ", "?!…", "\0", "😀", "저기요 어 음"])
def test_a_text_without_a_word_finds_nothing_or_only_what_it_says(index: Index, text: str) -> None:
    assert [hit for hit in found(index, text) if hit.sure] == []


@pytest.mark.parametrize("text", ["ㅇㄱ", "ㅇㄱㅈㅂㄱ", "여ㄱ", "여궈", "여권 ㅈ"])
def test_initials_and_a_syllable_that_is_being_typed(index: Index, text: str) -> None:
    hit = found(index, text)[0]
    assert hit.key == "passport"
    assert hit.sure


def test_initials_are_marked_in_the_title(index: Index) -> None:
    hit = found(index, "ㅈㅂㄱ")[0]
    assert hit.why == ["initials"]
    assert [PASSPORT.title[mark.start : mark.end] for mark in hit.marks] == ["재발급"]


def test_marks_show_the_words_whatever_their_blanks(index: Index) -> None:
    hit = next(hit for hit in found(index, "소파 대형폐기물") if hit.key == "bulky")
    shown = {mark.field: getattr(BULKY, mark.field)[mark.start : mark.end] for mark in hit.marks}
    assert shown == {"title": "대형폐기물", "questions": "소파", "body": "대형 폐기물"}
    assert "words" in hit.why


def test_a_question_without_blanks_finds_by_pairs_of_syllables(index: Index) -> None:
    assert keys(index, "소파버리려면어떻게해요")[0] == "bulky"


def test_synonyms_add_what_the_office_says(index: Index) -> None:
    assert "passport" not in keys(index, "해외증명서")
    index.set_synonyms({"해외 증명서": ["여권"]})
    hit = found(index, "해외증명서 주세요")[0]
    assert (hit.key, hit.sure) == ("passport", True)
    assert "synonym" in hit.why
    index.set_synonyms({})
    assert "passport" not in keys(index, "해외증명서")


def test_filters_kinds_and_validity(index: Index) -> None:
    assert keys(index, "대형폐기물 여권", filters={"topic": "4"}) == ["bulky"]
    assert keys(index, "대형폐기물 여권", filters={"topic": "4", "office": "8"}) == []
    assert keys(index, "대형폐기물 여권", kinds=["contact"]) == ["1"]
    assert "passport" not in keys(index, "여권", at=date(2026, 11, 23))
    assert "passport" not in keys(index, "ㅇㄱ", at=date(2025, 12, 31))
    assert keys(index, "여권", kinds=["nothing"]) == []


def test_what_is_put_again_takes_the_place_of_the_old(index: Index) -> None:
    index.put_all([Entry(kind="article", key="passport", title="전입 신고")])
    assert "passport" not in keys(index, "여권 재발급")
    assert keys(index, "전입 신고")[0] == "passport"
    index.drop(Key("article", "passport"))
    index.drop(Key("article", "passport"))
    assert keys(index, "전입 신고") == []
    assert len(index) == 2


def test_an_entry_that_is_not_embedded_yet_is_not_put_back(index: Index) -> None:
    index.put_all([Entry(kind="article", key="new", title="주차 요금", questions="주차 요금 얼마예요")])
    assert [entry.key for entry in index.without_vectors()] == ["new"]
    assert keys(index, "주차 요금 여권")[0] == "new"


def test_vectors_of_another_text_are_not_taken(index: Index) -> None:
    changed = Entry(kind="article", key="bulky", title="전혀 다른 것")
    index.put_all([changed])
    index.put_vectors(BULKY, HashedWords().passages(passages_of(BULKY)))
    assert index.embedded == 2
    assert [entry.key for entry in index.without_vectors()] == ["bulky"]


def test_what_nothing_has_is_not_sure(index: Index) -> None:
    assert [hit.key for hit in found(index, "블록체인 가상자산 투자 상담") if hit.sure] == []
