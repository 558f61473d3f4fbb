"""Telephone numbers in any written form."""

from __future__ import annotations

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from hypothesis import given
from hypothesis import strategies as st

from haedap.apps.centre.forms import NumberForm
from haedap.apps.contacts.numbers import (
    ALONE,
    SEVERAL,
    dialled,
    is_several,
    masked,
    read_sought,
    to_e164,
    why_none,
    with_extension,
)
from haedap.apps.directory.forms import AddForm
from haedap.apps.offices.forms import TelephoneField
from haedap.apps.offices.rows import read
from haedap.apps.promises.message_forms import MessageForm
from haedap.apps.supervision.forms import FlagForm


@pytest.mark.parametrize(
    "text",
    [
        "010-0000-1234",
        "01000001234",
        "+82 10 0000 1234",
        "+821000001234",
        "010.0000.1234",
        "０１０-００００-１２３４",
        "０１０－００００－１２３４",
        "010\u20130000\u20111234",
        "\u202d010-0000-1234\u202c",
        "☎010·0000·1234",
        "010ㆍ0000ㆍ1234",
        "tel:+82-10-0000-1234",
        "Tel. 010-0000-1234",
        "<010-0000-1234>,",
        "010~0000~1234",
        "010～0000∼1234",
    ],
)
def test_whole_numbers_in_any_form(text: str) -> None:
    sought = read_sought(text)
    assert sought is not None
    assert sought.exact == "+821000001234"


@pytest.mark.parametrize(("text", "part"), [("0000-1234", "00001234"), ("1234", "1234"), ("010-00", "+821000")])
def test_parts(text: str, part: str) -> None:
    sought = read_sought(text)
    assert sought is not None
    assert part in sought.parts


@pytest.mark.parametrize("text", ["홍길동", "재산세 2024년", "", "12", "010-abc", "+", "1" * 30])
def test_what_is_no_number(text: str) -> None:
    assert read_sought(text) is None


@pytest.mark.parametrize(
    ("number", "shown", "hidden"),
    [
        ("+821000001234", "010-0000-1234", "010-****-1234"),
        ("+82200000120", "02-0000-0120", "02-****-0120"),
        ("+8250700001234", "0507-0000-1234", "0507-****-1234"),
        ("+825050001234", "0505-000-1234", "0505-***-1234"),
        ("+8230300001234", "0303-0000-1234", "0303-****-1234"),
        ("112", "112", "*12"),
        ("anonymous", "anonymous", "*******us"),
    ],
)
def test_shown_and_masked(number: str, shown: str, hidden: str) -> None:
    assert dialled(number) == shown
    assert masked(number) == hidden


@pytest.mark.parametrize("text", ["00012025550100", "+820012025550100", "+82-00-607001234", "0000000000"])
def test_a_number_abroad_in_the_guise_of_one_of_korea_is_none(text: str) -> None:
    assert to_e164(text) is None


@pytest.mark.parametrize("text", ["2000-0000", "2000 0000", "３１００－００００", "90000000"])
def test_a_number_without_its_area_code_is_nobodys(text: str) -> None:
    assert to_e164(text) is None
    assert to_e164(f"02-{text}") is not None


def test_the_dots_of_newspapers_stand_between_digits() -> None:
    assert to_e164("☎ 031·000·1234") == "+82310001234"


def test_a_nationwide_number_has_no_area_code() -> None:
    assert to_e164("1588-0000") == "+8215880000"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("02-0000-5678/5679", "+82200005678"),
        ("02-0000-5678~9", "+82200005678"),
        ("02-0000-5678 ~ 5680", "+82200005678"),
        ("02-000-4567/8", "+8220004567"),
        ("02-000-4567-8", "+8220004567"),
        ("02.000.4567·8", "+8220004567"),
        ("0200005678, 0200005679", "+82200005678"),
        ("02-0000-5678 또는 5679", "+82200005678"),
        ("+82 2 0000 5678 / 5679", "+82200005678"),
        ("０２－００００－５６７８～９", "+82200005678"),
        ("010-0000-5678 010-0000-5679", "+821000005678"),
        ("1588-0000/1", "+8215880000"),
    ],
)
def test_several_numbers_are_none_and_the_first_is_looked_for(text: str, first: str) -> None:
    assert is_several(text)
    assert to_e164(text) is None
    assert why_none(text, "otherwise") != "otherwise"
    sought = read_sought(text)
    assert sought is not None
    assert sought.exact == first


@pytest.mark.parametrize(
    ("typed", "why"),
    [("02-0000-5678/5679", SEVERAL), ("02-0000-5678 (내선 12)", ALONE % {"number": "02-0000-5678"})],
)
def test_whoever_types_more_than_one_number_is_told_so_wherever_one_is_typed(typed: str, why: str) -> None:
    forms: list[BaseForm] = [
        FlagForm({"number": typed}),
        AddForm({"number": typed}),
        MessageForm({"number": typed}),
        NumberForm({"number": typed}),
    ]
    for form in forms:
        form.fields = {"number": form.fields["number"]}
        assert form.errors["number"] == [str(why)], form
    with pytest.raises(ValidationError) as refused:
        TelephoneField().clean(typed)
    assert refused.value.messages == [str(why)]
    row = {"department": "세정과", "department_telephone": typed}
    assert [problem.sentence for problem in read([(2, row)]).problems] == [f"{typed}: {why}"]


@pytest.mark.parametrize("text", ["02-000-0000 세정과 02-000-0001", "재산세, 010-0000-1234 010-0000-1235"])
def test_words_with_several_numbers_among_them_are_looked_for_as_words(text: str) -> None:
    assert read_sought(text) is None


@pytest.mark.parametrize("text", ["0507-0000-1234", "+82 (0)507-0000-1234", "001-1-202-555-0100", "+49 30 901820 123"])
def test_long_numbers_are_one(text: str) -> None:
    assert not is_several(text)
    assert to_e164(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "02-0000-5678 (내선 12)",
        "02-0000-5678(내선12)",
        "02-0000-5678 내선번호: 12",
        "02-0000-5678, 내선 12번",
        "０２－００００－５６７８ （내선 １２）",
        unicodedata.normalize("NFD", "02-0000-5678 구내 12"),
        "02.0000.5678 교환 12",
        "02-0000-5678 ext. 12",
        "02-0000-5678 Extension 12",
        "02-0000-5678 x12",
        "02-0000-5678 #12",
        "02-0000-5678*12",
        "tel:+82-2-0000-5678;ext=12",
    ],
)
def test_an_extension_is_not_dialled_and_not_lost(text: str) -> None:
    assert with_extension(text) == ("+82200005678", "12")
    assert to_e164(text) is None
    assert "02-0000-5678" in why_none(text, "otherwise")
    sought = read_sought(text)
    assert sought is not None
    assert sought.exact == "+82200005678"


@pytest.mark.parametrize("text", ["내선 12", "02-0000-5678 내선 12~14", "02-0000-5678/5679 내선 12"])
def test_what_has_no_number_or_several_extensions(text: str) -> None:
    assert with_extension(text) is None


@pytest.mark.parametrize("text", ["02-0000-5678 (팩스)", "02-0000-5678 abc", "☎ 02-0000-5678(대표)", "02-0000-5678번"])
def test_whoever_writes_something_behind_a_number_is_told_to_write_it_alone(text: str) -> None:
    assert with_extension(text) is None
    assert "02-0000-5678" in why_none(text, "otherwise")


@pytest.mark.parametrize("text", ["0200001234abc", "010-00C0-1234", "02-0000-123T"])
def test_letters_are_not_the_keys_they_are_on(text: str) -> None:
    assert to_e164(text) is None
    assert why_none(text, "otherwise") == "otherwise"


@pytest.mark.parametrize("text", ["02-0000-1234-56789", "010000012345678"])
def test_no_number_of_korea_is_longer_than_twelve_digits(text: str) -> None:
    assert to_e164(text) is None


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    read_sought(text)
    to_e164(text)
    with_extension(text)
    why_none(text, "")
    dialled(text)
    masked(text)
