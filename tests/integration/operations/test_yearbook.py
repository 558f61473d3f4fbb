"""`haedap yearbook` as whoever types it: the whole way from the database to the files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.patience import LONG_PATIENCE

HAEDAP = (sys.executable, "-m", "haedap", "yearbook")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (*HAEDAP, *arguments),
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=LONG_PATIENCE,
        check=False,
    )


def test_a_year_without_contacts_is_a_book_with_its_files(database: str, tmp_path: Path) -> None:
    done = run(
        "--year", "2023", "--out", str(tmp_path / "out"), "--json",
        DATABASE_URL=database, HAEDAP_STATE=str(tmp_path / "state"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["since"], found["until"], found["contacts"]) == ("2023-01-01", "2023-12-31", 0)
    assert found["proposals"] == []
    files = {Path(each).suffix: Path(each).read_bytes() for each in found["files"]}
    assert files[".pdf"].startswith(b"%PDF-")
    assert files[".hwpx"].startswith(b"PK\x03\x04")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--year", "1"),
        ("--since", "2023-01-01"),
        ("--since", "2023-12-31", "--until", "2023-01-01"),
        ("--since", "어제", "--until", "오늘"),
        ("--since", "2000-01-01", "--until", "9999-12-31"),
    ],
)
def test_what_is_no_year_is_said_in_a_sentence(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("해답: ")
    assert "Traceback" not in done.stderr
