"""The book as a value: frozen, equal when it says the same, to JSON and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import TypeAlias

import msgspec

from haedap.analytics.rounding import half_up, percent

NOTHING = "–"
"""A share or a mean of nothing."""


class Unit(StrEnum):
    """What a number counts, and so how it is written."""

    CONTACTS = "contacts"
    COUNT = "count"
    RATE = "rate"
    """0 to 1, written as a percentage."""
    CHANGE = "change"
    """Against the year before; 0.1 is written as +10.0%."""
    POINTS = "points"
    """Between two rates; 0.012 is written as +1.2%p."""
    SECONDS = "seconds"
    DAYS = "days"
    WHOLE_DAYS = "whole_days"
    SCORE = "score"
    """0 to 100."""


_DECIMALS = {Unit.RATE: 3, Unit.CHANGE: 3, Unit.POINTS: 3, Unit.SECONDS: 0, Unit.DAYS: 1, Unit.SCORE: 1}
_COUNTERS = {Unit.CONTACTS: "건", Unit.COUNT: "건", Unit.DAYS: "일", Unit.WHOLE_DAYS: "일", Unit.SCORE: "점"}

Slice: TypeAlias = tuple[tuple[str, str], ...]
"""Of which part of the book's contacts: names of dimensions with the value of each, sorted."""


class Number(msgspec.Struct, frozen=True, tag="number"):
    """One figure. Two numbers of one book with the same `key` and `of` are the same figure and have the same value."""

    key: str
    """Of a measure, or `share`, `change` …"""
    value: int | float | None
    unit: Unit
    of: Slice = ()

    @property
    def bare(self) -> str:
        """As it stands in a table."""
        if self.value is None:
            return NOTHING
        match self.unit:
            case Unit.RATE:
                return percent(self.value)
            case Unit.CHANGE:
                return f"{self.value * 100:+,.1f}%"
            case Unit.POINTS:
                return f"{self.value * 100:+.1f}%p"
            case Unit.SECONDS:
                return _duration(round(self.value))
            case Unit.DAYS | Unit.SCORE:
                return f"{self.value:,.1f}"
            case _:
                return f"{self.value:,}"

    @property
    def spoken(self) -> str:
        """As it stands in a sentence."""
        return self.bare if self.value is None else self.bare + _COUNTERS.get(self.unit, "")


def number(key: str, value: float | None, unit: Unit, of: Slice = ()) -> Number:
    """A number as precise as it is written, so that books made by different engines are equal."""
    decimals = _DECIMALS.get(unit)
    rounded = value if value is None or decimals is None else half_up(value, decimals)
    return Number(key, 0 if rounded == 0 else rounded, unit, tuple(sorted(of)))


Part: TypeAlias = str | Number


class Line(msgspec.Struct, frozen=True):
    """One sentence."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """As it is read."""
        return "".join(part if isinstance(part, str) else part.spoken for part in self.parts)


class Table(msgspec.Struct, frozen=True, tag="table"):
    """Rows as wide as `headings`; the first column names them.

    `total`: the last row sums the others up. `shaded`: the more a cell holds, the darker it may be shown.
    """

    key: str
    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Part, ...], ...]
    total: bool = False
    shaded: bool = False
    note: str = ""


class ChartKind(StrEnum):
    """How values are drawn."""

    BARS = "bars"
    LINES = "lines"


class Series(msgspec.Struct, frozen=True):
    """One value for each label of the chart; none where there is nothing to draw."""

    name: str
    values: tuple[int | float | None, ...]


class Chart(msgspec.Struct, frozen=True, tag="chart"):
    """A picture of numbers that a table of the section has, too. Never without a value above 0."""

    key: str
    caption: str
    kind: ChartKind
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Unit


Block: TypeAlias = Table | Chart


class Section(msgspec.Struct, frozen=True):
    """A chapter. Without blocks there was nothing to count, and `lines` is empty, too."""

    key: str
    title: str
    lines: tuple[Line, ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def text(self) -> str:
        """The sentences as somebody edits them, a line each."""
        return "\n".join(line.text for line in self.lines)

    @property
    def numbers(self) -> Iterator[Number]:
        """Every number of the section, in the order of reading."""
        for line in self.lines:
            yield from (part for part in line.parts if isinstance(part, Number))
        for block in self.blocks:
            if isinstance(block, Table):
                yield from (cell for row in block.rows for cell in row if isinstance(cell, Number))


class Evidence(msgspec.Struct, frozen=True):
    """A figure that speaks for a proposal, and the key of the section that shows it."""

    name: str
    number: Number
    section: str


class Proposal(msgspec.Struct, frozen=True):
    """개선 제안. `key` is the same in every year: a rule and its subject. `size`: how many contacts it is about."""

    key: str
    title: str
    lines: tuple[Line, ...]
    size: Number
    figure: Number
    """What is to become better; next year's book shows it again."""
    figure_name: str
    evidence: tuple[Evidence, ...]
    accepted: bool = False

    @property
    def text(self) -> str:
        """The sentences as somebody edits them, a line each."""
        return "\n".join(line.text for line in self.lines)


class Accepted(msgspec.Struct, frozen=True):
    """A proposal of an earlier book that was accepted, as it was published there."""

    key: str
    title: str
    figure_name: str
    figure: Number
    book: str
    """The title of that book."""


class Followed(msgspec.Struct, frozen=True):
    """What became of an accepted proposal. `now` has no value where this year has nothing to count it by."""

    accepted: Accepted
    now: Number

    @property
    def outcome(self) -> str:
        """In one word; every figure that is followed is the better the lower it is."""
        before, now = self.accepted.figure.value, self.now.value
        if before is None or now is None:
            return "확인 불가"
        if now == before:
            return "변동 없음"
        return "개선" if now < before else "악화"


class Book(msgspec.Struct, frozen=True):
    """The whole. [since, until) in Seoul's days."""

    title: str
    centre: str
    since: date
    until: date
    synthetic: str
    """What kind of centre the data were invented for; empty for real data."""
    sections: tuple[Section, ...]
    proposals: tuple[Proposal, ...] = ()
    followed: tuple[Followed, ...] = ()

    def section(self, key: str) -> Section:
        """The chapter of that key. Raises KeyError."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    @property
    def numbers(self) -> Iterator[Number]:
        """Every number of the book."""
        for section in self.sections:
            yield from section.numbers
        for proposal in self.proposals:
            yield from (part for line in proposal.lines for part in line.parts if isinstance(part, Number))
            yield from (proposal.size, proposal.figure)
            yield from (each.number for each in proposal.evidence)
        yield from (each.now for each in self.followed)


_decoder: msgspec.json.Decoder[Book] = msgspec.json.Decoder(Book)


def encode(book: Book) -> bytes:
    """The book as JSON in UTF-8."""
    return msgspec.json.encode(book)


def decode(data: bytes | str) -> Book:
    """The book in `data`. Raises `msgspec.ValidationError` when it is none."""
    return _decoder.decode(data)


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,}시간 {minutes}분"
    return f"{minutes}분 {rest}초" if minutes else f"{rest}초"
