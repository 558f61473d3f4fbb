"""`haedap terms`: what it prints, and the sentence for what it cannot read."""

import json

import pytest

from haedap.flows.errors import ErrorCode
from haedap.operations import OperationsError
from haedap.operations.terms import _SENTENCES, main

RECEIVED = ["--received", "2026-09-23T17:30"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*RECEIVED, *arguments])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_the_end_of_the_term_and_its_days_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(run(capsys, "--term", "5d", "--json"))
    assert told["due"] == "2026-10-02T17:30:00+09:00"
    assert told["unit"] == "hours"
    assert told["counted"] == 40
    assert [day["date"] for day in told["days"] if day["counted"]] == [
        "2026-09-23",
        "2026-09-28",
        "2026-09-29",
        "2026-09-30",
        "2026-10-01",
        "2026-10-02",
    ]
    assert told["days"][2] == {
        "date": "2026-09-25",
        "weekday": "금",
        "counted": 0,
        "reason": "holiday",
        "why": "공휴일: 추석",
    }


def test_the_end_of_the_term_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--term", "고충").endswith("처리기한: 2026-10-06 (화) 18:00\n")


@pytest.mark.parametrize(
    ("arguments", "due"),
    [
        (["--term", "7d", "--extension", "7d"], "2026-10-16"),
        (["--term", "7d", "--extension", "1d", "--extension", "1d", "--consent"], "2026-10-08"),
        (["--term", "7d", "--suspend", "2026-09-28/2026-09-29"], "2026-10-08"),
        (["--term", "7d", "--suspend", "2026-09-28T09:00/2026-09-28T10:00"], "2026-10-07"),
        (["--term", "7d", "--closed", "2026-10-02"], "2026-10-07"),
        (["--term", "law_question"], "2026-10-16"),
    ],
)
def test_what_changes_the_end(capsys: pytest.CaptureFixture[str], arguments: list[str], due: str) -> None:
    assert json.loads(run(capsys, *arguments, "--json"))["due"] == f"{due}T18:00:00+09:00"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "접수 시각과 처리기간을"),
        (["--received", "어제", "--term", "5d"], "시각은 2026-09-23T17:30처럼"),
        (["--received", "1899-01-01", "--term", "5d"], "2000년부터"),
        (["--received", "2099-12-30T10:00", "--term", "5d"], "2099년을 넘어"),
        (["--received", "2099-12-30T10:00", "--term", "1y"], "2099년을 넘어"),
        ([*RECEIVED, "--term", "열흘"], "처리기간은 3h(시간)"),
        ([*RECEIVED, "--term", "9999d"], "너무 깁니다"),
        ([*RECEIVED, "--term", "5d", "--extension", "6d"], "넘을 수 없습니다"),
        ([*RECEIVED, "--term", "5d", "--suspend", "2026-09-25"], "/로 나누어"),
        ([*RECEIVED, "--term", "5d", "--suspend", "2026-09-25/2026-09-24"], "끝이 시작보다"),
        ([*RECEIVED, "--term", "5d", "--hours", "아침부터"], "근무시간은"),
        ([*RECEIVED, "--term", "5d", "--closed", "내일"], "근무하지 않는 날"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(arguments: list[str], said: str) -> None:
    with pytest.raises(OperationsError, match=said.replace("(", r"\(").replace(")", r"\)")):
        main(arguments)


def test_there_is_a_sentence_for_each_mistake_in_a_term() -> None:
    codes = set(ErrorCode)
    assert {code for code in codes if code.startswith(("term", "extension", "suspension"))} == set(_SENTENCES)
