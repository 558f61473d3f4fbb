"""`make setup` on a machine that has everything, and the command's sentences for what is wrong."""

from __future__ import annotations

import subprocess
import sys

from tests.support.centre import CHECKOUT, a_centre
from tests.support.effort import processor_seconds
from tests.support.patience import LONG_PATIENCE


def test_a_set_up_machine_is_left_alone_in_seconds() -> None:
    def setup() -> subprocess.CompletedProcess[str]:
        python = sys._base_executable  # type: ignore[attr-defined]
        return subprocess.run(
            (python, "-m", "setup", "--tests"),
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=LONG_PATIENCE,
            check=False,
        )

    first = setup()
    assert first.returncode == 0, first.stdout + first.stderr
    began = processor_seconds()
    second = setup()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert processor_seconds() - began < 5  # less than one where nothing else runs


def test_a_management_command_without_a_database_says_so() -> None:
    with a_centre() as centre:
        done = centre.command("manage", "migrate")
    assert done.returncode == 1
    assert "데이터베이스가 응답하지 않습니다" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_measurement_that_does_not_exist_is_told_the_ones_that_do() -> None:
    with a_centre() as centre:
        done = centre.command("bench", "../secrets")
    assert done.returncode == 1
    assert "routing" in done.stderr
    assert done.stderr.count("\n") == 1
