"""Which entries of an edition are printed, in which order, and which must not be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from haedap.analytics.directory.changes import Change, Placed, changes
from haedap.analytics.directory.checking import Line, Problem, check
from haedap.apps.directory import gathering
from haedap.apps.directory.models import DirectoryGroup, Edition, Entry

_LAST = 1 << 30


@dataclass(frozen=True, slots=True)
class Section:
    """A group and its entries in their order; without `group`: those that belong to none."""

    group: DirectoryGroup | None
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Content:
    """An edition as it stands against the tree of today.

    `chosen`: the entries that a person or their rank put in, in the order of their ranks. `problems`: by key, of those
    among them that must not be printed. `spare`: what was found and not chosen.
    """

    edition: Edition
    chosen: list[Entry]
    spare: list[Entry]
    dropped: list[Entry]
    problems: dict[str, Problem]
    changes: list[Change] = field(default_factory=list)

    @property
    def sound(self) -> list[Entry]:
        """What may be printed."""
        return [entry for entry in self.chosen if entry.key not in self.problems]

    @property
    def sections(self) -> list[Section]:
        """All that was chosen, by group."""
        return by_group(self.chosen)

    @property
    def printed(self) -> list[Section]:
        """What may be printed, by group."""
        return by_group(self.sound)


def content_of(edition: Edition) -> Content:
    """Checked against the tree of today, compared with the edition before."""
    tree = gathering.tree_of(edition.of)
    chosen, spare, dropped = choose(_entries(edition), edition.count)
    return Content(edition, chosen, spare, dropped, check(map(_line, chosen), tree), _changes(edition, chosen))


def choose(entries: Iterable[Entry], count: int) -> tuple[list[Entry], list[Entry], list[Entry]]:
    """Chosen, spare and dropped: what a person pinned, and then by rank until there are `count`."""
    by_rank = sorted(entries, key=lambda entry: (entry.rank or _LAST, entry.pk))
    pinned = [entry for entry in by_rank if entry.choice == Entry.Choice.PINNED]
    ranked = [entry for entry in by_rank if entry.choice == Entry.Choice.RANK and entry.rank is not None]
    room = max(0, count - len(pinned))
    chosen = {entry.pk for entry in (*pinned, *ranked[:room])}
    dropped = [entry for entry in by_rank if entry.choice == Entry.Choice.DROPPED]
    return [entry for entry in by_rank if entry.pk in chosen], ranked[room:], dropped


def by_group(entries: Iterable[Entry]) -> list[Section]:
    """In the groups' order, those of no group last; what a person placed first, then by rank."""
    sections: dict[int | None, Section] = {}
    for entry in sorted(entries, key=_place):
        group = entry.group
        sections.setdefault(group.pk if group else None, Section(group, [])).entries.append(entry)
    return list(sections.values())


def _place(entry: Entry) -> tuple[int, int, int, int, int]:
    group, position = entry.group, entry.position
    return (
        group.position if group else _LAST,
        group.pk if group else 0,
        _LAST if position is None else position,
        entry.rank or _LAST,
        entry.pk,
    )


def before(edition: Edition) -> Edition | None:
    """The last earlier edition that citizens have in their hands; when there is none, the last earlier one."""
    earlier = Edition.objects.filter(quarter__lt=edition.quarter)
    return earlier.filter(state=Edition.State.PUBLISHED).first() or earlier.first()


def _changes(edition: Edition, chosen: list[Entry]) -> list[Change]:
    earlier = before(edition)
    if earlier is None:
        return []
    old, _spare, _dropped = choose(_entries(earlier), earlier.count)
    return changes(_placed(old), _placed(chosen))


def _placed(entries: list[Entry]) -> list[Placed]:
    return [Placed(entry.key, entry.name, entry.number, place) for place, entry in enumerate(entries, 1)]


def _entries(edition: Edition) -> list[Entry]:
    return list(edition.entries.select_related("found_group", "own_group"))


def _line(entry: Entry) -> Line:
    return Line(entry.key, entry.number, entry.confirmed)
