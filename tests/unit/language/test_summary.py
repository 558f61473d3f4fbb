"""The summary: what leaves has no personal data in it, and what comes back is at most five plain lines."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.language import summary
from haedap.language.masking import find
from haedap.language.summary import (
    LONGEST_LINE,
    LONGEST_SENT,
    Summarizer,
    SummaryError,
    SummaryGarbledError,
    SummaryRefusedError,
    SummaryUnreachableError,
)
from tests.support.machines import Machines, Reply
from tests.support.patience import PATIENCE


def summarizer(machines: Machines, seconds: float = PATIENCE) -> Summarizer:
    return Summarizer(machines.address, "invented-key", "small", seconds=seconds)


async def test_a_summary_is_lines(machines: Machines) -> None:
    assert await summarizer(machines).summarize("메모") == ["수도요금 문의", "고지서 재발송 안내"]
    [asked] = machines.asked
    assert asked.key == "Bearer invented-key"
    body = json.loads(asked.text)
    assert (body["model"], body["messages"][1]) == ("small", {"role": "user", "content": "메모"})


async def test_what_comes_back_is_cut_cleaned_and_masked(machines: Machines) -> None:
    lines = ["1. 연락처 010-0000-1234", "", "* 둘\x1b[31m", "셋" * 500, "넷", "다섯", "여섯"]
    machines.summary = "\n".join(lines)
    first, second, third, *rest = await summarizer(machines).summarize("메모")
    assert (first, second, third, rest) == ("연락처 [전화번호]", "둘[31m", "셋" * LONGEST_LINE, ["넷", "다섯"])


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(401), SummaryRefusedError),
        (Reply(302, headers={"Location": "http://127.0.0.1:1/"}), SummaryRefusedError),
        (Reply(429), SummaryUnreachableError),
        (Reply(502, b"<html>"), SummaryUnreachableError),
        (Reply(seconds=PATIENCE), SummaryUnreachableError),
        (Reply(), SummaryGarbledError),
        (Reply(body=b"\xff"), SummaryGarbledError),
        (Reply(body=b'{"choices": []}'), SummaryGarbledError),
        (Reply(body=b'{"choices": [{"message": {"content": null}}]}'), SummaryGarbledError),
        (Reply(body=b'{"choices": [{"message": {"content": " \\n\\u0000"}}]}'), SummaryGarbledError),
        (Reply(body=b" " * 65536, endless=True), SummaryGarbledError),
    ],
)
async def test_bad_answers_are_errors_without_content(
    machines: Machines, reply: Reply, error: type[SummaryError]
) -> None:
    machines.replies = [reply]
    with pytest.raises(error) as raised:
        await summarizer(machines, 0.5 if reply.seconds else PATIENCE).summarize("비밀 메모")
    assert "비밀" not in str(raised.value)
    assert len(machines.asked) == 1


def digits(*lengths: int) -> st.SearchStrategy[str]:
    return st.tuples(*(st.text("0123456789", min_size=n, max_size=n) for n in lengths)).map("-".join)


PERSONAL = st.one_of(
    digits(4).map("010-0000-{}".format),
    digits(4).map("0100000{}".format),
    st.just("900101-1000000"),
    st.just("hong@city.example"),
    st.just("9999-0000-1111-2222").map("카드번호 {}".format),
)
AROUND = st.sampled_from(
    ["", " ", "\n", "수도요금 ", "연락처 ", "로 전화 요망 ", "성함은 홍길동님 ", "1234 ", "[전화번호]"]
)


@given(st.lists(st.tuples(AROUND, PERSONAL, AROUND), min_size=1, max_size=6), st.booleans())
def test_nothing_personal_leaves(parts: list[tuple[str, str, str]], spoken: bool) -> None:
    text = " ".join(before + personal + after for before, personal, after in parts)
    sent = summary.prepared("" if spoken else text, text if spoken else "")
    assert find(sent) == []
    for _, personal, _ in parts:
        assert personal.removeprefix("카드번호 ") not in sent


def test_names_of_the_record_do_not_leave() -> None:
    assert "홍길동" not in summary.prepared("홍길동 씨 문의", "홍길동 맞습니다", ["홍길동"])


def test_of_too_much_the_latest_leaves() -> None:
    sent = summary.prepared("처음 " * 9000, "끝")
    assert (len(sent), sent[-1]) == (LONGEST_SENT, "끝")
