"""The last panel of the start fits the terminal."""

from __future__ import annotations

import asyncio
import errno
from io import StringIO
from pathlib import Path
from typing import TextIO, cast

import pytest
from rich.cells import cell_len
from rich.console import Console

from haedap.apps.demo.people import ACCOUNTS
from haedap.config import load_settings
from haedap.operations.console import StartScreen, Unfailing, show_ready


@pytest.mark.parametrize("columns", [80, 120])
def test_no_account_and_no_step_is_broken_over_two_lines(columns: int, tmp_path: Path) -> None:
    out = StringIO()
    settings = load_settings({"HAEDAP_STATE": str(tmp_path / "state"), "HAEDAP_CACHE": str(tmp_path / "cache")})
    assert settings.demo
    show_ready(Console(file=out, width=columns), settings)
    lines = out.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= columns
    shown = [line.strip("│ ") for line in lines]
    for account in ACCOUNTS:
        (line,) = [line for line in shown if f"{account.username} / " in line]
        assert line.endswith(f"{account.username} / {account.password}")
    steps = [line for line in shown if line.endswith("니다.")]
    assert [step.removeprefix("첫 전화").lstrip()[0] for step in steps] == list("12345")


def test_an_address_of_ipv6_is_shown_as_it_is(tmp_path: Path) -> None:
    out = StringIO()
    show_ready(Console(file=out, width=80), load_settings({"HAEDAP_STATE": str(tmp_path), "HAEDAP_WEB_HOST": "::1"}))
    assert "http://[::1]:8000/ " in out.getvalue()


@pytest.mark.parametrize("begun", [True, False])
def test_a_centre_without_an_administrator_says_how_to_make_one(begun: bool, tmp_path: Path) -> None:
    out = StringIO()
    folders = {"HAEDAP_STATE": str(tmp_path / "state"), "HAEDAP_CACHE": str(tmp_path / "cache")}
    settings = load_settings({**folders, "HAEDAP_ENVIRONMENT": "production"})
    show_ready(Console(file=out, width=80), settings, begun=begun)
    assert (".venv/bin/haedap manage make_administrator chief" in out.getvalue()) is not begun


class _Full(StringIO):
    """A file on a disk that is full."""

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_screen_that_takes_nothing_more_ends_no_start() -> None:
    async def work() -> None:
        pass

    screen = StartScreen(Console(file=cast("TextIO", Unfailing(_Full()))))
    screen.begin()
    asyncio.run(screen.step("PostgreSQL", work()))
    screen.end()
