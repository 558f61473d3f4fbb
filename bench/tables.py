"""Files that a measurement is given: opened, or told in one Korean sentence what is wrong with them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from haedap.operations import OperationsError


class TableError(OperationsError):
    """A file cannot be used; the message says in Korean what to do."""


@contextmanager
def opened(path: Path, newline: str | None = None) -> Iterator[TextIO]:
    """The text of a file, to be read inside. Raises TableError."""
    try:
        with path.open(encoding="utf-8-sig", newline=newline) as file:
            yield file
    except OSError as error:
        raise TableError(f"{path} 파일을 열 수 없습니다. 경로를 확인해 주십시오.") from error
    except UnicodeDecodeError as error:
        raise TableError(f"{path.name} 파일이 UTF-8이 아닙니다. UTF-8로 저장해 주십시오.") from error
    except csv.Error as error:
        raise TableError(f"{path.name} 파일은 올바른 CSV가 아닙니다: {error}") from error


@contextmanager
def opened_table(path: Path, columns: Sequence[str], *, strict: bool) -> Iterator[csv.DictReader[str]]:
    """The rows of a CSV that has these columns, to be read inside. Raises TableError."""
    with opened(path, newline="") as file:
        table = csv.DictReader(file, strict=strict)
        missing = [name for name in columns if name not in (table.fieldnames or ())]
        if missing:
            raise TableError(f"{path.name} 첫 줄에 {', '.join(missing)} 열이 없습니다. 열 이름을 확인해 주십시오.")
        yield table
