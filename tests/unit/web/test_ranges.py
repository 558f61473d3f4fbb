"""Byte ranges as RFC 9110 wants them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.apps.contacts.ranges import RangeUnsatisfiableError, Span, read_range


@pytest.mark.parametrize(
    ("header", "size", "expected"),
    [
        (None, 100, None),
        ("", 100, None),
        ("bytes=0-", 100, Span(0, 100)),
        ("bytes=0-0", 100, Span(0, 1)),
        ("bytes=10-19", 100, Span(10, 20)),
        ("bytes=90-200", 100, Span(90, 100)),
        ("bytes=-10", 100, Span(90, 100)),
        ("bytes=-1000", 100, Span(0, 100)),
        ("bytes=20-10", 100, None),
        ("bytes=-", 100, None),
        ("bytes=a-b", 100, None),
        ("bytes=0-1,5-6", 100, None),
        ("items=0-1", 100, None),
        ("bytes=0-" + "9" * 400, 100, None),
        ("bytes=٣-٤", 100, Span(3, 5)),
    ],
)
def test_ranges(header: str | None, size: int, expected: Span | None) -> None:
    assert read_range(header, size) == expected


@pytest.mark.parametrize(("header", "size"), [("bytes=100-", 100), ("bytes=0-", 0), ("bytes=-0", 5), ("bytes=-5", 0)])
def test_no_such_bytes(header: str, size: int) -> None:
    with pytest.raises(RangeUnsatisfiableError):
        read_range(header, size)


@given(st.text(max_size=40) | st.from_regex(r"bytes=\d{0,20}-\d{0,20}", fullmatch=True), st.integers(0, 10**12))
def test_any_header_gives_bytes_that_are_there(header: str, size: int) -> None:
    try:
        span = read_range(header, size)
    except RangeUnsatisfiableError:
        return
    assert span is None or 0 <= span.start < span.stop <= size
