"""What a note speaks of."""

from __future__ import annotations

import pytest

from haedap.analytics.directory.finding import Source
from haedap.analytics.directory.notes import Duty, NoteReader, phrases
from haedap.analytics.directory.tree import Office, ToNumber, ToOffice, Tree

TREE = Tree(
    [
        Office(1, "교통과", "+82200001500"),
        Office(2, "주차관리팀", "", 1),
        Office(3, "행복동 행정복지센터", "+82200002800"),
        Office(4, "자원순환과", "+82200001400"),
        Office(5, "민원팀", "", 1),
        Office(6, "민원팀", "", 4),
        Office(7, "도로과", "+82200001700", active=False),
    ]
)
DUTIES = [
    Duty(2, "불법주정차 단속 및 과태료", ("주차딱지",)),
    Duty(4, "대형폐기물 배출 신고 및 수거", ("소파",)),
    Duty(1, "버스 노선 안내; 시설 관리"),
    Duty(4, "공원 청소; 시설 관리"),
]
READER = NoteReader(TREE, DUTIES, lambda text: "+82" + text.replace("-", "")[1:] if text.startswith("02") else None)


def told(text: str) -> set[tuple[str, object]]:
    found = set()
    for mention in READER.read(text):
        target = mention.target
        found.add((mention.source.value, target.id if isinstance(target, ToOffice) else getattr(target, "number", "")))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("교통과로 연결", {("named", 1)}),
        ("교통과 안내함", {("named", 1)}),
        ("교통과태료 문의", set()),
        ("대중교통과 관련 문의", set()),
        ("행복동행정복지센터에 가시라고 함", {("named", 3)}),
        ("행복동 행정복지센터(02-0000-2800) 안내", {("named", 3), ("given", "+82200002800")}),
        ("대형 폐기물 배출신고 방법", {("named", 4)}),
        ("소파를 버리려고 함", {("named", 4)}),
        ("주차딱지 이의 신청", {("named", 2)}),
        ("민원팀 문의", set()),
        ("시설 관리 문의", set()),
        ("도로과 문의", {("named", 7)}),
        ("[전화번호]로 회신", set()),
        ("02-0000-1500 02-0000-1500", {("given", "+82200001500")}),
        ("계좌 1102-0000-1500-1", set()),
        ("", set()),
    ],
)
def test_what_a_note_speaks_of(text: str, expected: set[tuple[str, object]]) -> None:
    assert told(text) == expected


def test_a_duty_says_what_it_was_about() -> None:
    (mention,) = READER.read("대형폐기물 배출 신고")
    assert (mention.source, mention.target, mention.about) == (
        Source.NAMED,
        ToOffice(4),
        "대형폐기물 배출 신고 및 수거",
    )


def test_hostile_notes_are_read_to_their_end() -> None:
    hostile = "교통과" * 5000 + "\x00<script>" + "0" * 5000 + " 02-0000-1500"
    assert Source.GIVEN in {mention.source for mention in READER.read(hostile)}
    assert ToNumber("+82200001500") in {mention.target for mention in READER.read(hostile)}


def test_parts_of_a_duty() -> None:
    assert phrases("여권 접수 및 교부(평일), 사진 규격; 안내") == ["여권 접수", "사진 규격"]
