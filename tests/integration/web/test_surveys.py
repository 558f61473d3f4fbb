"""Answers of a survey out of a file: all of it, or nothing with the reasons."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from haedap.apps.contacts.models import Contact
from haedap.apps.surveys import csv_file
from haedap.apps.surveys.models import Survey, SurveyAnswer

HEAD = "상담번호,요청일시,응답일시,처리,만족,친절,품질\n"


@pytest.fixture
def contact(db: None) -> uuid.UUID:
    return Contact.objects.create(id=uuid.uuid4(), channel="voice", state="ended", arrived_at=timezone.now(), seq=1).pk


def points() -> dict[str, int]:
    return dict(SurveyAnswer.objects.values_list("item", "points"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_a_file_of_any_spreadsheet_is_taken(contact: uuid.UUID, encoding: str) -> None:
    text = f"{HEAD}{contact},2026-11-18 09:30,2026-11-18 10:00,100,80,,0\n"
    assert csv_file.take(text.encode(encoding)) == 1
    assert points() == {"handling": 100, "satisfaction": 80, "quality": 0}
    assert timezone.localtime(Survey.objects.get().asked_at).hour == 9


def test_the_same_again_changes_nothing_and_a_later_word_counts(contact: uuid.UUID) -> None:
    for rest in ("100,80,,0", "100,80,,0", ",,70,"):
        csv_file.take(f"{HEAD}{contact},2026-11-18 09:30,2026-11-18 10:00,{rest}\n".encode())
    assert points() == {"kindness": 70}
    csv_file.take(f"{HEAD}{contact},2026-11-18 09:30,,,,,\n".encode())
    assert (points(), Survey.objects.get().answered_at) == ({}, None)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("no-number,2026-11-18 09:30,,,,,", "상담"),
        ("{contact},yesterday,,,,,", "2026-11-18 09:30"),
        ("{contact},2026-13-45 09:30,,,,,", "2026-11-18 09:30"),
        ("{contact},2026-11-18 09:30,2026-11-18 10:00,101,,,", "100"),
        ("{contact},2026-11-18 09:30,2026-11-18 10:00,-1,,,", "100"),
        ("{contact},2026-11-18 09:30,2026-11-18 10:00,=1+1,,,", "100"),
        ("{contact},2026-11-18 09:30,,50,,,", "응답"),
        ("{contact},2026-11-18 09:30,2026-11-18 09:00,50,,,", "응답"),
        ("{stranger},2026-11-18 09:30,,,,,", "상담"),
    ],
)
def test_a_wrong_line_is_said_and_nothing_is_taken(contact: uuid.UUID, row: str, sentence: str) -> None:
    good = f"{contact},2026-11-18 09:30,2026-11-18 10:00,50,,,"
    wrong = row.format(contact=contact, stranger=uuid.UUID(int=1))
    rows = [wrong] if str(contact) in wrong else [good, wrong]
    with pytest.raises(csv_file.RefusedError, match=sentence) as refused:
        csv_file.take((HEAD + "\n".join(rows)).encode())
    assert str(len(rows) + 1) in refused.value.problems[0]
    assert not Survey.objects.exists()


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02\xff\xff", b"PK\x03\x04 a spreadsheet", b"a,b\n1,2\n"])
def test_what_is_no_such_list_is_refused(db: None, data: bytes) -> None:
    with pytest.raises(csv_file.RefusedError):
        csv_file.take(data)


def test_the_command_says_what_it_did(contact: uuid.UUID, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "survey.csv"
    file.write_text(f"{HEAD}{contact},2026-11-18 09:30,,,,,\n{contact},2026-11-18 09:30,,,,,\n")
    with pytest.raises(CommandError, match="아무것도 읽어 들이지 않았습니다"):
        call_command("import_surveys", str(file))
    file.write_text(f"{HEAD}{contact},2026-11-18 09:30,,,,,\n")
    call_command("import_surveys", str(file))
    assert "1건" in capsys.readouterr().out
    with pytest.raises(CommandError, match="경로"):
        call_command("import_surveys", str(tmp_path / "none.csv"))


def test_no_more_is_read_than_a_list_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, read = tmp_path / "long.csv", list[int]()
    file.touch()
    os.truncate(file, csv_file.MOST_BYTES + 100)
    monkeypatch.setattr(csv_file, "take", lambda data: read.append(len(data)))
    call_command("import_surveys", str(file))
    assert read == [csv_file.MOST_BYTES + 1]
