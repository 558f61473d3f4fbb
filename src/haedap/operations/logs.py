"""What a child process says, kept in files that do not grow for ever."""

from __future__ import annotations

import asyncio
import contextlib
from io import FileIO
from pathlib import Path

from haedap.language.masking.logs import mask_line

_LARGEST = 10_000_000
_KEPT = 5
_CHUNK = 65_536


class RotatingLog:
    """Appends bytes to `path`; a full file becomes `path.1`, the one before it `path.2`, up to five."""

    def __init__(self, path: Path, largest: int = _LARGEST) -> None:
        self._path = path
        self._largest = largest
        self._file = self._open()

    def write(self, data: bytes) -> None:
        """Raises OSError when the disk does not take it; what comes later may find room again."""
        if self._file.closed:  # no new file could be begun
            self._file = self._open()
        self._file.write(data)
        if self._file.tell() >= self._largest:
            self._rotate()

    def close(self) -> None:
        self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        try:
            for number in range(_KEPT - 1, 0, -1):
                older = self._numbered(number)
                if older.exists():
                    older.replace(self._numbered(number + 1))
            self._path.replace(self._numbered(1))
        finally:
            self._file = self._open()

    def _open(self) -> FileIO:
        # Without a buffer: what the disk did not take would be in the way again when the file is closed.
        return self._path.open("ab", buffering=0)

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


async def keep(stream: asyncio.StreamReader, log: RotatingLog) -> None:
    """Copy the stream to the log until it ends, line by line, without personal data.

    A full disk loses log lines, never the process that says them.
    """
    rest = b""
    while data := await stream.read(_CHUNK):
        lines, rest = _whole_lines(rest + data)
        _write(log, lines)
    _write(log, rest)


def _whole_lines(data: bytes) -> tuple[bytes, bytes]:
    """What can be written, and the beginning of a line that goes on; one without an end is cut."""
    lines, newline, rest = data.rpartition(b"\n")
    return (data, b"") if len(rest) > _CHUNK else (lines + newline, rest)


def masked(data: bytes) -> str:
    """What a process said, without personal data."""
    # What is no UTF-8 is replaced: it may be somebody's name in another encoding.
    text = data.decode("utf-8", "replace")
    return "".join(mask_line(line) for line in text.splitlines(keepends=True))


def _write(log: RotatingLog, data: bytes) -> None:
    with contextlib.suppress(OSError):
        log.write(masked(data).encode())
