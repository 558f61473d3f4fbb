"""The measurement of the search: its files, its noise, its figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import noise
from bench.search import Asked, quality, read_rows, times, told
from haedap.language.entries import Entry
from haedap.language.index import Index
from haedap.operations import OperationsError
from tests.unit.language.fakes import PlainWords

COLUMNS = ("programme", "question")
QUESTIONS = ["소파를 버리려면 어떻게 해야 하나요", "여권", "", "수도 요금 자동 이체 신청", "주차 과태료 a1?"]


def test_columns_are_read_by_name_whatever_else_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text('\ufeffid,question,extra,programme\n1,"여권,\n사진", x ,여권\n2,,,여권\n', encoding="utf-8")
    assert read_rows(path, COLUMNS) == [{"programme": "여권", "question": "여권,\n사진"}]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "programme, question 열이 없습니다"),
        (b"programme,answer\na,b\n", "question 열이 없습니다"),
        (b"programme,question\n", "적힌 줄이 없습니다"),
        (b"programme,question\n,a\nb\n", "적힌 줄이 없습니다"),
        ("programme,question\n여권,사진\n".encode("utf-16"), "UTF-8도 CP949도 아닙니다"),
        (b'programme,question\n"a,b', "올바른 CSV가 아닙니다"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "q.csv"
    path.write_bytes(content)
    with pytest.raises(OperationsError, match=says):
        read_rows(path, COLUMNS)


def test_a_file_of_windows_with_other_columns_and_repeated_rows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_bytes("번호,Question ,PROGRAMME\r\n1,사진,여권\r\n1,사진,여권,surplus\r\n".encode("cp949"))
    assert read_rows(path, COLUMNS) == [{"programme": "여권", "question": "사진"}] * 2


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(OperationsError, match="읽을 수 없습니다"):
        read_rows(tmp_path / "nowhere.csv", COLUMNS)


def test_the_same_seed_gives_the_same_noise_and_each_kind_in_turn() -> None:
    made = noise.noisy(QUESTIONS, 1)
    assert made == noise.noisy(QUESTIONS, 1)
    assert made != noise.noisy(QUESTIONS, 2)
    assert made[0] == "소파를버리려면어떻게해야하나요"
    assert made[1] != "여권"
    assert len(noise.noisy([QUESTIONS[0]] * 3, 1)[2].split()) == 3


def test_programmes_are_ranked_by_their_best_entry() -> None:
    index = Index(PlainWords())
    rows = [("여권", "여권 사진"), ("여권", "여권 수수료"), ("주차", "주차 요금"), ("수도", "수도 요금")]
    index.put_all(
        Entry(kind="article", key=str(number), title=name, questions=text) for number, (name, text) in enumerate(rows)
    )
    programmes = {str(number): name for number, (name, _) in enumerate(rows)}
    asked = [Asked("여권", "여권 사진 수수료"), Asked("수도", "주차 요금"), Asked("없음", "여권")]
    figures = quality(index, programmes, asked, 1)
    assert (figures["r1"], figures["r5"], figures["mrr10"]) == (0.3333, 0.6667, 0.5)
    assert (figures["questions"], figures["unknown"]) == (3, 1)
    took = times(index, asked)
    assert took["p95_ms"] >= took["p50_ms"] > 0
    assert took["p95_cpu_ms"] >= took["p50_cpu_ms"] >= 0


def test_progress_goes_to_stderr_alone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.search._TELL_AFTER", -1.0)
    assert list(told("ab", "글자", 2)) == ["a", "b"]
    assert capsys.readouterr() == ("", "글자 1/2\n글자 2/2\n")
