"""Telephone numbers in any written form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.apps.contacts.numbers import dialled, masked, read_sought, to_e164


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


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    read_sought(text)
    to_e164(text)
    dialled(text)
    masked(text)
