"""Where commands are to write what cannot be written: said in a sentence, and before the work for it is done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.centre import Centre, a_centre


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    """Which is not started: whoever did the work first would miss its database."""
    with a_centre() as made:
        yield made


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("yearbook --year 2023 --out {file}", "--out에 다른 폴더를 주십시오."),
        ("directory --out {file}/below", "--out에 다른 폴더를 주십시오."),
        ("directory --out /proc/{name}", "--out에 다른 폴더를 주십시오."),
        ("directory --quarter 2099Q4", "아직 오지 않은 분기입니다."),
        ("prompts say 안녕하십니까 {folder}", "경로를 확인하십시오."),
    ],
)
def test_what_cannot_be_written_is_said_at_once(centre: Centre, tmp_path: Path, line: str, sentence: str) -> None:
    file = tmp_path / "taken"
    file.touch()
    done = centre.command(*line.format(file=file, folder=tmp_path, name=tmp_path.name).split())
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("해답: ")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
