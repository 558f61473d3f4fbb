"""Who may write an archive, and whom it belongs to afterwards."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from haedap.analytics.archive import ArchiveError
from haedap.analytics.archive.manifest import locked

NOBODY = 65534


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The folder around; where this user may, it is of another one, as the centre's is when root runs a command."""
    if os.geteuid() == 0:
        os.chown(tmp_path, NOBODY, NOBODY)
    return tmp_path


def test_what_is_written_belongs_to_whom_the_folder_around_belongs_to(state: Path) -> None:
    archive = state / "archive"
    with pytest.raises(FileNotFoundError), locked(archive):
        _write_a_part_and_fail(archive)
    written = [archive, *archive.rglob("*")]
    assert len(written) == 4
    assert {path.stat().st_uid for path in written} == {state.stat().st_uid}


def _write_a_part_and_fail(archive: Path) -> None:
    (archive / "fact").mkdir()
    (archive / "fact" / "one.parquet").write_bytes(b"")
    (archive / "nowhere" / "two.parquet").write_bytes(b"")


def test_there_is_one_writer_at_a_time(state: Path) -> None:
    with locked(state / "archive"), pytest.raises(ArchiveError, match="이미"), locked(state / "archive"):
        pass
