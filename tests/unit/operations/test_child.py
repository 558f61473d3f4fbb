"""How often a dying process is started again, and where its words go."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from haedap.operations.child import Deaths
from haedap.operations.logs import RotatingLog, keep, masked


def test_the_first_death_costs_no_time() -> None:
    assert Deaths().pause(100.0) == 0.0


def test_pauses_grow_and_end() -> None:
    deaths = Deaths()
    pauses = [deaths.pause(float(second)) for second in range(5)]
    assert pauses[0] == 0.0
    assert pauses[1:4] == sorted(pauses[1:4], key=lambda pause: pause or 0.0)
    assert all(pause for pause in pauses[1:4])
    assert pauses[4] is None


def test_rare_deaths_never_end_the_centre() -> None:
    deaths = Deaths()
    assert all(deaths.pause(61.0 * number) == 0.0 for number in range(50))


def test_a_full_log_moves_on_and_old_ones_go(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "web.log", largest=10)
    for number in range(9):
        log.write(f"line {number:04}\n".encode())
    log.close()
    assert (tmp_path / "web.log").read_bytes() == b""
    assert (tmp_path / "web.log.1").read_bytes() == b"line 0008\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "web.log", "web.log.1", "web.log.2", "web.log.3", "web.log.4", "web.log.5",
    ]  # fmt: skip


def test_a_disk_that_is_full_to_the_end_keeps_no_process_from_ending_in_order() -> None:
    log = RotatingLog(Path("/dev/full"))
    with pytest.raises(OSError, match="No space"):
        log.write(b"a line\n")
    log.close()


async def test_a_folder_that_was_taken_away_costs_lines_and_never_the_one_who_says_them(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    log, words = RotatingLog(folder / "web.log", largest=10), asyncio.StreamReader()
    keeping = asyncio.create_task(keep(words, log))
    shutil.rmtree(folder)
    for number in range(3):
        await said(words, f"line {number:04}\n")
    folder.mkdir()
    await said(words, "there again\n")
    words.feed_eof()
    await keeping
    log.close()
    assert (folder / "web.log.1").read_bytes() == b"there again\n"


async def test_a_name_in_another_encoding_is_not_kept(tmp_path: Path) -> None:
    log, words = RotatingLog(tmp_path / "asterisk.log"), asyncio.StreamReader()
    words.feed_data(b"called by '" + "김민원".encode("euc-kr") + b"', 01000001234\n")
    words.feed_eof()
    await keep(words, log)
    log.close()
    kept = (tmp_path / "asterisk.log").read_bytes()
    assert "김민원" not in kept.decode("euc-kr", "replace")
    assert b"01000001234" not in kept
    assert kept.startswith(b"called by '")


async def said(words: asyncio.StreamReader, line: str) -> None:
    """Each word is read before the next one comes."""
    words.feed_data(line.encode())
    for _ in range(3):
        await asyncio.sleep(0)


def test_what_a_database_refuses_is_told_without_whose_it_is() -> None:
    refused = "duplicate key value\nDETAIL:  Key (number)=(010-0000-1234) already exists.\n"
    assert "1234" not in masked(refused.encode())
    assert masked(refused.encode()).startswith("duplicate key value\nDETAIL:  Key (number)=(")
