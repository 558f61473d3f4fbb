"""Numbers as they are written: groups of digits, and what stands between the groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from haedap.language.masking.compiled import Pattern
from haedap.language.masking.cues import Before
from haedap.language.masking.view import FILLER

_GROUP = Pattern(rf"[0-9][0-9{FILLER}]*")
_GAP = rf"[ ]{{0,2}}{FILLER}*[ ]{{0,2}}"
_JOINT = Pattern(rf"{_GAP}[-.,/)(_~+]?{_GAP}")
_SHORTEST, _LONGEST = 7, 20
_BEFORE = 36
_AFTER = 16


@dataclass(frozen=True, slots=True)
class Number:
    """Some neighbouring groups of digits, read as one number."""

    view: str
    before: Before
    digits: str
    groups: tuple[str, ...]
    joints: tuple[str, ...]
    start: int
    end: int

    @property
    def shape(self) -> tuple[int, ...]:
        """How many digits each group has."""
        return tuple(map(len, self.groups))

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
        start = self.places[first][0]
        before = Before(self.view[max(0, start - _BEFORE) : start].rpartition("\n")[2])
        found: list[Number] = []
        groups: list[str] = []
        joints: list[str] = []
        for index in range(first, len(self.places)):
            groups.append(self._group(index))
            digits = "".join(groups)
            if len(digits) > _LONGEST:
                break
            joint = self._joint(index) if index + 1 < len(self.places) else ""
            if joint != "-" and len(digits) >= _SHORTEST:
                end = self.places[index][1]
                found.append(Number(self.view, before, digits, tuple(groups), tuple(joints), start, end))
            joints.append(joint)
        yield from reversed(found)

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
