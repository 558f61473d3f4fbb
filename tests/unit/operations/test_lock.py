"""The lock of a state folder, and the memory of processes for the start after a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from haedap.operations import OperationsError
from haedap.operations.lock import Remembered, only_one, running_pid, start_time
from tests.support.patience import PATIENCE


def test_a_second_holder_is_told_who_runs(tmp_path: Path) -> None:
    path = tmp_path / "haedap.lock"
    with (
        only_one(path),
        pytest.raises(OperationsError, match=f"이미 돌고 있습니다.*{os.getpid()}"),
        only_one(path),
    ):
        pass
    assert not path.exists()


def test_the_lock_says_who_holds_it_only_while_held(tmp_path: Path) -> None:
    path = tmp_path / "haedap.lock"
    assert running_pid(path) is None
    with only_one(path):
        assert running_pid(path) == os.getpid()
    path.write_text("4242\n")
    assert running_pid(path) is None


def test_what_an_earlier_start_left_is_ended(tmp_path: Path) -> None:
    with subprocess.Popen((sys.executable, "-c", "input()"), stdin=subprocess.PIPE) as left:
        remembered = Remembered(tmp_path / "processes.json")
        remembered.write({"engine": left.pid})
        assert remembered.end_leftovers() == ["engine"]
        assert left.wait(PATIENCE) != 0
    assert not (tmp_path / "processes.json").exists()


def test_a_process_with_a_reused_id_is_spared(tmp_path: Path) -> None:
    path = tmp_path / "processes.json"
    with subprocess.Popen((sys.executable, "-c", "input()"), stdin=subprocess.PIPE) as other:
        path.write_text(f'{{"web": [{other.pid}, {start_time(other.pid) + 1}]}}')
        assert Remembered(path).end_leftovers() == []
        assert other.poll() is None
        other.terminate()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"web": 1}', '{"web": ["x", 1]}', "null"])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, text: str) -> None:
    path = tmp_path / "processes.json"
    path.write_text(text)
    assert Remembered(path).end_leftovers() == []


def test_no_process_has_no_start_time() -> None:
    assert start_time(2**22 + 1) == 0
    assert start_time(os.getpid()) > 0
