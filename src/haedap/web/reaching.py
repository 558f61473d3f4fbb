"""Rows that lead to one another: what is below a place in a tree, what was joined with something, however far."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

_Key = TypeVar("_Key")


def reached(start: _Key, onward: Callable[[set[_Key]], Iterable[_Key]]) -> set[_Key]:
    """`start`, and all that is reached from it; `onward` gives the next step from some. Each is gone from once."""
    found, new = {start}, {start}
    while new:
        new = set(onward(new)) - found
        found |= new
    return found
