"""A program that writes an archive and is stopped at its n-th file operation, for greater and greater n.

`stopping.py URL FOLDER kill|fail STRIDE`: it begins at the first operation; when it gets through, it prints how often
it was stopped. After each stop the archive must be whole: whatever its list names is there and can be read.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq

from haedap.analytics.archive.manifest import load
from haedap.analytics.archive.writing import bring_up_to_date
from haedap.analytics.engines.live import export_of
from haedap.analytics.sources import ALL

NOW = datetime(2026, 3, 4, tzinfo=UTC)
OPERATIONS = frozenset({"open", "os.rename", "os.remove", "os.mkdir"})


def main(url: str, folder: Path, how: str, stride: int) -> int:
    for source in ALL:
        export_of(source, None, None)  # compiled before the first fork, for all of them
    for stopped in count():
        step = 1 + stopped * stride
        if not _stopped(url, folder, how, step):
            return stopped
        _check(folder)
        _change(url, step)
    raise AssertionError("it goes on until it gets through")


def _stopped(url: str, folder: Path, how: str, step: int) -> bool:
    child = os.fork()
    if not child:
        _stop_at(folder, how, step)
        try:
            bring_up_to_date(url, folder, centre="가온시", now=NOW)
        except OSError:
            os._exit(3)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) != 0


def _stop_at(folder: Path, how: str, step: int) -> None:
    done = 0

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal done
        if event not in OPERATIONS or not str(arguments[0]).startswith(str(folder)):
            return
        done += 1
        if done == step and how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif done == step:
            raise OSError(errno.ENOSPC, "no space", str(arguments[0]))

    sys.addaudithook(watch)


def _check(folder: Path) -> None:
    for months in load(folder).tables.values():
        for part in (part for parts in months.values() for part in parts):
            assert pq.read_table(folder / part.file).num_rows == part.rows


def _change(url: str, step: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "UPDATE contact SET returned = returned + 1"
            " WHERE id = (SELECT id FROM contact ORDER BY id OFFSET %s LIMIT 1)",
            [step % 50],
        )


if __name__ == "__main__":
    sys.stdout.write(str(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))))
