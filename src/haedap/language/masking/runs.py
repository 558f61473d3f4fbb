"""Numbers as they are written: groups of digits, and what stands between the groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from haedap.language.masking.view import FILLER

_GROUP = re.compile(rf"[0-9][0-9{FILLER}]*")
_JOINT = re.compile(rf"[ {FILLER}]{{0,2}}[-.,/)(_~]?[ {FILLER}]{{0,2}}")
_LONGEST = 20
_BEFORE = 28
_AFTER = 16


@dataclass(frozen=True, slots=True)
class Number:
    """Some neighbouring groups of digits, read as one number."""

    view: str
    groups: tuple[str, ...]
    joints: tuple[str, ...]
    start: int
    end: int

    @property
    def digits(self) -> str:
        return "".join(self.groups)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many digits each group has."""
        return tuple(map(len, self.groups))

    @property
    def before(self) -> str:
        """What the line says just before the number."""
        return self.view[max(0, self.start - _BEFORE) : self.start].rpartition("\n")[2]

    @property
    def after(self) -> str:
        """What the line says just after it."""
        return self.view[self.end : self.end + _AFTER].partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Run:
    """Groups of digits with nothing but blanks and one mark between each two."""

    view: str
    places: tuple[tuple[int, int], ...]

    def numbers_from(self, first: int) -> Iterator[Number]:
        """All readings that begin with the group `first`, the longest first; none breaks off at a hyphen."""
        if first and self._joint(first - 1) == "-":
            return
        found: list[Number] = []
        groups: list[str] = []
        joints: list[str] = []
        for index in range(first, len(self.places)):
            groups.append(self._group(index))
            if sum(map(len, groups)) > _LONGEST:
                break
            joint = self._joint(index) if index + 1 < len(self.places) else ""
            if joint != "-":
                found.append(self._number(first, index, groups, joints))
            joints.append(joint)
        yield from reversed(found)

    def _number(self, first: int, last: int, groups: list[str], joints: list[str]) -> Number:
        return Number(self.view, tuple(groups), tuple(joints), self.places[first][0], self.places[last][1])

    def _group(self, index: int) -> str:
        start, end = self.places[index]
        return self.view[start:end].replace(FILLER, "")

    def _joint(self, index: int) -> str:
        return self.view[self.places[index][1] : self.places[index + 1][0]].replace(FILLER, "").strip() or " "


def runs_in(view: str) -> Iterator[Run]:
    """The runs of a view, in order."""
    places: list[tuple[int, int]] = []
    for found in _GROUP.finditer(view):
        if places and not _JOINT.fullmatch(view, places[-1][1], found.start()):
            yield Run(view, tuple(places))
            places = []
        places.append(found.span())
    if places:
        yield Run(view, tuple(places))
