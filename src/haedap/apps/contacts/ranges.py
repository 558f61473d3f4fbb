"""Byte ranges of a file, as RFC 9110 wants them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")
_MOST_DIGITS = 18


class RangeUnsatisfiableError(ValueError):
    """The file has no such bytes: 416."""


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes from `start` up to, not including, `stop`."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        return self.stop - self.start


def read_range(header: str | None, size: int) -> Span | None:
    """The part that `header` asks for; None for the whole file.

    What is not one well-formed range of bytes is ignored, as the RFC allows. Raises RangeUnsatisfiableError.
    """
    match = _ONE_RANGE.match((header or "").strip())
    if match is None or match.group(1) == match.group(2) == "" or max(map(len, match.groups())) > _MOST_DIGITS:
        return None
    first, last = match.groups()
    if not first:
        return _suffix(int(last), size)
    start, stop = int(first), min(int(last) + 1 if last else size, size)
    if last and int(last) < start:
        return None
    if start >= size:
        raise RangeUnsatisfiableError(header)
    return Span(start, stop)


def _suffix(length: int, size: int) -> Span:
    if length == 0 or size == 0:
        raise RangeUnsatisfiableError(length)
    return Span(max(0, size - length), size)
