"""Whether what is to be printed is so: each entry against the organisation tree of today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from haedap.analytics.directory.tree import OFFICE, ToNumber, Tree


class Problem(StrEnum):
    """Why an entry must not be printed as it stands."""

    GONE = "gone"
    """The office is not in the tree any more."""
    CLOSED = "closed"
    """The office is closed."""
    NO_NUMBER = "no_number"
    """Neither the office nor any above it has a number."""
    CHANGED = "changed"
    """The office has another number now."""
    OUTSIDE = "outside"
    """No office of the tree has the number, and nobody has confirmed it."""
    TAKEN = "taken"
    """An office of the tree has the number by now, under another name."""
    TWICE = "twice"
    """Another entry has the same number."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it would be printed. `confirmed`: a person has tried the number."""

    key: str
    number: str
    confirmed: bool = False


def check(lines: Iterable[Line], tree: Tree) -> dict[str, Problem]:
    """The problem of each line that has one, by its key. Of lines with one number, the first is right."""
    problems: dict[str, Problem] = {}
    printed: set[str] = set()
    for line in lines:
        problem = _problem(line, tree)
        if problem is None and line.number in printed:
            problem = Problem.TWICE
        if problem is None:
            printed.add(line.number)
        else:
            problems[line.key] = problem
    return problems


def _problem(line: Line, tree: Tree) -> Problem | None:
    if not line.key.startswith(OFFICE):
        if tree.office(tree.key_of(ToNumber(line.number)) or ""):
            return Problem.TAKEN
        return None if line.confirmed else Problem.OUTSIDE
    office = tree.office(line.key)
    if office is None:
        return Problem.GONE
    if not office.active:
        return Problem.CLOSED
    if not office.telephone:
        return Problem.NO_NUMBER
    return None if office.telephone == line.number else Problem.CHANGED
