"""What a row of an import means, and what is wrong with it."""

from __future__ import annotations

import pytest

from haedap.apps.offices.rows import Entry, read

GOOD = {"department": "경제국 > 세정과", "name": "김하늘"}


def one(**values: str) -> Entry:
    found = read([(2, GOOD | values)])
    assert found.problems == []
    return found.entries[0]


def refused(**values: str) -> str:
    found = read([(7, GOOD | values)])
    assert found.entries == []
    assert [problem.line for problem in found.problems] == [7]
    return found.problems[0].sentence.replace(" ", "")


def test_a_whole_row() -> None:
    entry = one(
        code=" H001 ",
        title="주무관",
        telephone="02-0000-1234",
        extension="1234",
        email="h@haedap.example",
        duties="- 재산세 부과; · 감면\n3) 이의신청;;재산세 부과",
        deputies="이바다, H003;이바다",
    )
    assert entry == Entry(
        department=("경제국", "세정과"),
        name="김하늘",
        code="H001",
        title="주무관",
        telephone="+82200001234",
        extension="1234",
        email="h@haedap.example",
        duties=("재산세 부과", "감면", "이의신청"),
        deputies=("이바다", "H003"),
    )


@pytest.mark.parametrize("written", ['="1234"', "'1234", "1234.0", " 12-34 ", "1234\u00a0"])
def test_what_spreadsheets_make_of_an_extension(written: str) -> None:
    assert one(extension=written).extension == "1234"


def test_an_extension_may_stand_behind_the_number() -> None:
    entry = one(telephone="02-0000-1234 (내선 56)")
    assert (entry.telephone, entry.extension) == ("+82200001234", "56")
    assert one(telephone="02-0000-1234 (내선 56)", extension="56") == entry
    assert "내선" in refused(telephone="02-0000-1234 (내선 56)", extension="57")
    assert "내선" in refused(telephone="02-0000-1234 (내선 5)")


@pytest.mark.parametrize("path", ["경제국>세정과", "경제국/세정과", " 경제국 > 세정과 > "])
def test_paths(path: str) -> None:
    assert one(department=path).department == ("경제국", "세정과")


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("department", "", "부서"),
        ("department", ">".join("가나다라마바사아자"), "단계"),
        ("department", "가" * 61, "이름"),
        ("telephone", "전화없음", "전화번호"),
        ("telephone", "12", "전화번호"),
        ("extension", "12a", "내선"),
        ("extension", "1", "내선"),
        ("email", "h@", "메일"),
        ("name", "가" * 61, "60자"),
        ("duties", "가" * 201, "200자"),
        ("duties", ";".join(f"업무 {number}" for number in range(31)), "30"),
    ],
)
def test_what_is_wrong_is_said_with_the_line(column: str, value: str, words: str) -> None:
    assert words in refused(**{column: value})


def test_a_row_without_a_name_is_only_the_department() -> None:
    assert one(name="", department_telephone="02-0000-1000").department_telephone == "+82200001000"
    assert "성명" in refused(name="", extension="1234")


def test_the_same_person_twice() -> None:
    found = read([(2, GOOD), (3, GOOD), (4, GOOD | {"code": "H1"}), (5, GOOD | {"code": "H1", "name": "이바다"})])
    assert [entry.code for entry in found.entries] == ["", "H1"]
    assert [(problem.line, "2" in problem.sentence) for problem in found.problems] == [(3, True), (5, False)]


def test_columns_that_were_given_are_known() -> None:
    assert read([(2, GOOD | {"email": ""})]).columns == {"department", "name", "email"}
