"""Numbers out of tallies, and the tables and charts that most chapters have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from haedap.analytics.book.korean import IS, Particle, line
from haedap.analytics.book.model import Chart, ChartKind, Line, Number, Part, Series, Slice, Table, Unit, number
from haedap.analytics.cube import Tally
from haedap.analytics.dimensions import Value

_UNITS = {
    "answer_rate": Unit.RATE,
    "abandonment": Unit.RATE,
    "service_level": Unit.RATE,
    "transfer_rate": Unit.RATE,
    "self_handled": Unit.RATE,
    "fcr": Unit.RATE,
    "asa_seconds": Unit.SECONDS,
    "aht_seconds": Unit.SECONDS,
    "survey": Unit.SCORE,
}
REST = "+"
"""Begins the key of values that share a row or column."""
TOTAL = "계"

Fill: TypeAlias = Callable[[Tally, Slice], Number]
"""What stands in a cell, by the tally of its row and what that is of."""


def contacts(tally: Tally, of: Slice = ()) -> Number:
    """How many contacts the tally has."""
    return number("contacts", tally.contacts, Unit.CONTACTS, of)


def measured(key: str) -> Fill:
    """A measure of the tally."""
    return lambda tally, of: number(key, tally.value(key), _UNITS.get(key, Unit.CONTACTS), of)


def hits(key: str, name: str) -> Fill:
    """How many contacts a share counts, under a name of its own."""
    return lambda tally, of: number(name, tally.hits(key), Unit.CONTACTS, of)


def share_of(whole: Tally) -> Fill:
    """The tally's share of all contacts."""
    return lambda tally, of: number("share", tally.contacts / whole.contacts if whole.contacts else None, Unit.RATE, of)


def change(now: float | None, then: float | None, of: Slice = (), key: str = "contacts") -> Number:
    """How much more than then; nothing to say when there was nothing then."""
    value = now / then - 1 if now is not None and then else None
    return number(f"change_of_{key}", value, Unit.CHANGE, of)


def grown(now: Tally, before: Tally, of: Slice = ()) -> tuple[Number, str]:
    """`3.2%` and ` 증가` or ` 감소`, for a sentence; only where there was something before."""
    value = abs(now.contacts / before.contacts - 1)
    return number("size_of_change", value, Unit.RATE, of), " 증가" if now.contacts >= before.contacts else " 감소"


def ranking(
    what: str, dimension: str, first: Sequence[Value], tallies: Mapping[Value, Tally], total: Tally
) -> tuple[Line, ...]:
    """`상담유형은 가 3건(50.0%), 나 2건(33.3%) 순으로 많음.` Nothing without names."""
    if not first:
        return ()
    parts: list[Part | Particle] = [what, IS, " "]
    for place, value in enumerate(first):
        of = ((dimension, str(value)),)
        parts += [", "] if place else []
        parts += [f"{value} ", contacts(tallies[value], of), "(", share_of(total)(tallies[value], of), ")"]
    parts.append(" 순으로 많음." if len(first) > 1 else "임.")
    return (line(*parts),)


@dataclass(frozen=True)
class Axis:
    """The rows or the columns of a table. Values beyond the first ones share one key, which stands last.

    `names`: what is shown, by key, in order. `keys`: the key of each value.
    """

    dimension: str
    names: Mapping[str, str]
    keys: Mapping[Value, str]

    def of(self, key: str) -> Slice:
        """Of which part of the contacts a row or column is."""
        return ((self.dimension, key),)

    def folded(self, tallies: Mapping[Value, Tally]) -> dict[str, Tally]:
        """The tallies by key; values that the axis does not know are left out."""
        found: dict[str, Tally] = {}
        for value, tally in tallies.items():
            key = self.keys.get(value)
            if key is not None:
                found[key] = found[key] + tally if key in found else tally
        return found


def axis(
    dimension: str, values: Iterable[Value], name: Callable[[Value], str], most: int | None = None, counter: str = "개"
) -> Axis:
    """The first `most` values with their names, and the others as one; never just one other."""
    kept = list(values)
    rest = kept[most:] if most is not None and len(kept) > most + 1 else []
    shown = kept[: len(kept) - len(rest)]
    names = {str("" if value is None else value): name(value) for value in shown}
    keys = {value: str("" if value is None else value) for value in shown}
    if rest:
        key = f"{REST}{len(rest)}"
        names[key] = f"그 밖 {len(rest)}{counter}"
        keys |= dict.fromkeys(rest, key)
    return Axis(dimension, names, keys)


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and what stands under it."""

    heading: str
    fill: Fill


def table(
    key: str,
    caption: str,
    corner: str,
    rows: Axis,
    tallies: Mapping[Value, Tally],
    columns: Sequence[Column],
    total: Tally,
) -> Table:
    """A row for each key of the axis that has contacts, and the total."""
    folded = rows.folded(tallies)
    lines: list[tuple[Part, ...]] = [
        (name, *(column.fill(folded[row], rows.of(row)) for column in columns))
        for row, name in rows.names.items()
        if row in folded
    ]
    lines.append((TOTAL, *(column.fill(total, ()) for column in columns)))
    return Table(key, caption, (corner, *(column.heading for column in columns)), tuple(lines), total=True)


def matrix(
    key: str, caption: str, corner: str, rows: Axis, columns: Axis, cells: Mapping[tuple[Value, ...], Tally]
) -> Table:
    """The contacts of each row in each column, with the sums at both edges."""
    counts: Counter[tuple[str, str]] = Counter()
    for (row, column), tally in cells.items():
        counts[rows.keys[row], columns.keys[column]] += tally.contacts

    def cells_of(shown: Sequence[str], of: Slice) -> list[Part]:
        """Of the rows that are `shown` together, each column and their sum."""
        added = {column: sum(counts[row, column] for row in shown) for column in columns.names}
        inner = [number("contacts", added[column], Unit.CONTACTS, of + columns.of(column)) for column in columns.names]
        return [*inner, number("contacts", sum(added.values()), Unit.CONTACTS, of)]

    lines: list[tuple[Part, ...]] = [(name, *cells_of([row], rows.of(row))) for row, name in rows.names.items()]
    lines.append((TOTAL, *cells_of(list(rows.names), ())))
    headings = (corner, *columns.names.values(), TOTAL)
    return Table(key, caption, headings, tuple(lines), total=True, shaded=True)


def bars(key: str, caption: str, items: Iterable[tuple[str, Number]]) -> tuple[Chart, ...]:
    """A bar for each number; none when all of them are nothing."""
    kept = [(name, each) for name, each in items if each.value is not None]
    if not any(each.value for _name, each in kept):
        return ()
    series = Series(caption, tuple(each.value for _name, each in kept))
    return (Chart(key, caption, ChartKind.BARS, tuple(name for name, _each in kept), (series,), kept[0][1].unit),)


def curves(key: str, caption: str, labels: Sequence[str], series: Mapping[str, Sequence[Number]]) -> tuple[Chart, ...]:
    """A line for each series that has a value above nothing; none when none has, or for a single label."""
    kept = {name: numbers for name, numbers in series.items() if any(each.value for each in numbers)}
    if not kept or len(labels) < 2:
        return ()
    drawn = tuple(Series(name, tuple(each.value for each in numbers)) for name, numbers in kept.items())
    unit = next(iter(kept.values()))[0].unit
    return (Chart(key, caption, ChartKind.LINES, tuple(labels), drawn, unit),)
