"""Figures as they are said in Korean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.channels.voice.prompts.numbers import read_figures, read_native, read_sino


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("대기 순번은 3번입니다.", "대기 순번은 삼번입니다."),
        ("상담사 연결은 0번", "상담사 연결은 영번"),
        ("약 12분", "약 십이분"),
        ("오전 8시 30분부터 오후 6시", "오전 여덟 시 삼십분부터 오후 여섯 시"),
        ("09:00~18:30", "아홉 시에서 십팔 시 삼십분"),
        ("24시간", "이십사 시간"),
        ("2 시간", "두 시간"),
        ("02-0000-0120으로", "공이, 공공공공, 공일이공으로"),
        ("0200000120", "공이공공공공공일이공"),
        ("1588-0000", "일오팔팔, 공공공공"),
        ("120번", "백이십번"),
        ("급하시면 119로 전화하거나 112에 신고", "급하시면 일일구로 전화하거나 일일이에 신고"),
        ("국번 없이 120, 1330번으로 문의", "국번 없이 일이공, 일삼삼공번으로 문의"),
        ("119건 가운데 112건에 연락", "백십구 건 가운데 백십이 건에 연락"),
        ("6월 10월 12월 3개월", "유월 시월 십이월 삼개월"),
        ("20명, 21개, 1번째", "스무 명, 스물한 개, 첫 번째"),
        ("1,234,500원", "백이십삼만사천오백원"),
        ("10000원 110000원 100000000원", "만원 십일만원 일억원"),
        ("3.5%", "삼 점 오 퍼센트"),
        ("15대기", "십오대기"),
        ("*표 #", "별표표 우물 정자"),
        ("숫자 없음", "숫자 없음"),
    ],
)
def test_in_context(written: str, spoken: str) -> None:
    assert read_figures(written) == spoken


@pytest.mark.parametrize(
    ("number", "sino"),
    [
        (0, "영"),
        (10, "십"),
        (11, "십일"),
        (100, "백"),
        (105, "백오"),
        (1111, "천백십일"),
        (20_000, "이만"),
        (10**12, "일조"),
    ],
)
def test_sino(number: int, sino: str) -> None:
    assert read_sino(number) == sino


@pytest.mark.parametrize(
    ("number", "native"), [(1, "한"), (4, "네"), (10, "열"), (20, "스무"), (99, "아흔아홉"), (100, "백")]
)
def test_native(number: int, native: str) -> None:
    assert read_native(number) == native


@given(st.integers(0, 10**18))
def test_different_numbers_sound_different(number: int) -> None:
    assert read_sino(number) != read_sino(number + 1)


@given(st.text(max_size=40))
def test_no_ascii_figure_is_left(text: str) -> None:
    assert not set("0123456789") & set(read_figures(text))
