"""What an edition has that the one before did not, and the other way round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How an entry changed; one that moved and has another number is a change of the number."""

    NEW = "new"
    GONE = "gone"
    NUMBER = "number"
    RISEN = "risen"
    FALLEN = "fallen"


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry at its rank: 1 is the most requested."""

    key: str
    name: str
    number: str
    rank: int


@dataclass(frozen=True, slots=True)
class Change:
    """`before`: as it was; None for a new one. `after`: as it is; None for one that is gone."""

    kind: Kind
    before: Placed | None
    after: Placed | None

    @property
    def name(self) -> str:
        """As it is called, or was last."""
        placed = self.after or self.before
        return placed.name if placed else ""

    @property
    def places(self) -> int:
        """By how many ranks it rose or fell; 0 for the other kinds."""
        moved = self.kind in {Kind.RISEN, Kind.FALLEN}
        return abs(self.before.rank - self.after.rank) if moved and self.before and self.after else 0


def changes(before: Iterable[Placed], after: Iterable[Placed]) -> list[Change]:
    """All of them: new ones, changed numbers, risen, fallen, gone; each kind by rank."""
    old = {placed.key: placed for placed in before}
    new = {placed.key: placed for placed in after}
    found = [_change(old.get(key), new.get(key)) for key in old | new]
    order = [Kind.NEW, Kind.NUMBER, Kind.RISEN, Kind.FALLEN, Kind.GONE]
    return sorted((change for change in found if change), key=lambda one: (order.index(one.kind), _rank(one)))


def _change(before: Placed | None, after: Placed | None) -> Change | None:
    if before is None:
        return Change(Kind.NEW, None, after)
    if after is None:
        return Change(Kind.GONE, before, None)
    if before.number != after.number:
        return Change(Kind.NUMBER, before, after)
    if before.rank == after.rank:
        return None
    return Change(Kind.RISEN if after.rank < before.rank else Kind.FALLEN, before, after)


def _rank(change: Change) -> int:
    placed = change.after or change.before
    return placed.rank if placed else 0
