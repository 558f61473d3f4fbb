"""The files that offices send."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.apps.offices.csv_file import MOST_BYTES, MOST_ROWS, read_csv
from haedap.apps.offices.errors import UnreadableError

TABLE = "부서,성명,내선\n세정과,김하늘,1234\n수도과,이바다,2345\n"
ROWS = [
    (2, {"department": "세정과", "name": "김하늘", "extension": "1234"}),
    (3, {"department": "수도과", "name": "이바다", "extension": "2345"}),
]


def taken(data: bytes) -> list[tuple[int, Mapping[str, str]]]:
    return list(read_csv(data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(encoding: str, separator: str, newline: str) -> None:
    assert taken(TABLE.replace(",", separator).replace("\n", newline).encode(encoding)) == ROWS


def test_what_a_spreadsheet_does() -> None:
    data = (
        'sep=;\r\n"부서";"성명";"담당업무";;\r\n"세정과";"김하늘";"재산세; ""부과""\r\n감면";;\r\n;;;;\r\n'
        '"수도과";"이바다";"";;\r\n'
    )
    assert taken(data.encode("utf-8-sig")) == [
        (3, {"department": "세정과", "name": "김하늘", "duties": '재산세; "부과"\r\n감면'}),
        (6, {"department": "수도과", "name": "이바다", "duties": ""}),
    ]


def test_headings_in_other_words_and_order() -> None:
    data = "비고,직원명,소속부서,전화번호 \n없음,김하늘,세정과,02-0000-1234\n"
    assert taken(data.encode()) == [(2, {"name": "김하늘", "department": "세정과", "telephone": "02-0000-1234"})]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "비어 있습니다"),
        (b"\n\n \n", "비어 있습니다"),
        ("이름만\n김하늘\n".encode(), "제목"),
        ("부서,성명,부서명\n".encode(), "두 열"),
        (b"PK\x03\x04rest", "스프레드시트"),
        (b"\xd0\xcf\x11\xe0rest", "스프레드시트"),
        ("부서,성명\n".encode() + b"\xff\xff\x80\n", "글자"),
        ('부서,성명\n"세정과,김하늘\n'.encode() + b"x" * 200_000, "따옴표"),
        (b"x" * (MOST_BYTES + 1), "5MB"),
        ("부서,성명\n".encode() + "가,나\n".encode() * (MOST_ROWS + 1), "20000"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        taken(data)
    assert words.replace(" ", "") in str(caught.value).replace(" ", "")


@given(st.sampled_from([b"", "부서,성명\n".encode()]), st.binary(max_size=300) | st.text('가,\n"').map(str.encode))
def test_any_bytes_are_rows_or_a_sentence(head: bytes, data: bytes) -> None:
    with contextlib.suppress(UnreadableError):
        rows = taken(head + data)
        assert all(values.keys() <= {"department", "name"} for _line, values in rows)
