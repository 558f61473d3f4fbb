"""The book as pages and documents show it: the same chapters, cells and words for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from haedap.analytics.book import model
from haedap.analytics.book.counting import REST
from haedap.analytics.book.edits import FOREWORD
from haedap.analytics.book.model import Book, ChartKind, Number, Part, Unit
from haedap.analytics.rounding import percent
from haedap.apps.yearbook.opening import address_of
from haedap.web import charts
from haedap.web.charts import Chart

_SHADES = 5
_ON_ONE_PAGE = 20
_WRITTEN: dict[Unit, charts.Write] = {Unit.RATE: percent, Unit.SCORE: "{:.1f}".format}
_LONG, _PICTURE = 24, 9
"""In rows of a table: what takes more than half a page, and what a picture takes."""
NOTHING = "이 기간에는 해당하는 자료가 없음."
"""What stands in a chapter that has nothing to count."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`shade`: 0 to 5, how dark it may be. `address`: where its number is opened, empty where it is not."""

    text: str
    is_number: bool
    shade: int = 0
    address: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`head` names it."""

    head: str
    cells: tuple[Cell, ...]
    is_total: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a column."""

    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be shown."""

    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    note: str
    is_wide: bool

    @property
    def is_short(self) -> bool:
        """Whether it should stand on one page."""
        return len(self.rows) <= _ON_ONE_PAGE


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart to be shown."""

    caption: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class Evidence:
    """A figure, and the number of the chapter that shows it."""

    name: str
    text: str
    chapter: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal to be shown."""

    number: int
    title: str
    lines: tuple[str, ...]
    size: str
    evidence: tuple[Evidence, ...]
    accepted: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of an earlier proposal."""

    title: str
    book: str
    figure_name: str
    before: str
    now: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """`number`: 1, 2 …; empty for what stands before the first."""

    key: str
    number: str
    title: str
    lines: tuple[str, ...]
    blocks: tuple[Table | Picture, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    followed: tuple[Followed, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not (self.lines or self.blocks or self.proposals or self.followed)

    @property
    def is_long(self) -> bool:
        """Whether it begins on a page of its own; others stand below each other, undivided."""
        heights = (_PICTURE if isinstance(block, Picture) else len(block.rows) + 2 for block in self.blocks)
        return bool(self.proposals) or len(self.lines) + sum(heights) > _LONG

    @property
    def heading(self) -> str:
        """Number and title."""
        return f"{self.number}. {self.title}" if self.number else self.title


def chapters(book: Book) -> tuple[Chapter, ...]:
    """All in the order of the book; proposals stand before the definitions, a foreword only if it is written."""
    *shown, last = (section for section in book.sections if section.key != FOREWORD or section.lines)
    numbers = {section.key: str(number) for number, section in enumerate((s for s in shown if s.key != FOREWORD), 1)}
    found = [_chapter(section, numbers.get(section.key, ""), book) for section in shown]
    count = len(numbers)
    found.append(
        Chapter(
            "proposals",
            str(count + 1),
            "개선 제안",
            (),
            proposals=tuple(_proposal(each, place, numbers) for place, each in enumerate(book.proposals, 1)),
        )
    )
    if book.followed:
        followed = tuple(_followed(each) for each in book.followed)
        found.append(Chapter("followed", str(count + 2), "지난 개선 제안의 결과", (), followed=followed))
    found.append(_chapter(last, str(count + (3 if book.followed else 2)), book))
    return tuple(found)


def _chapter(section: model.Section, number: str, book: Book) -> Chapter:
    lines = tuple(line.text for line in section.lines)
    return Chapter(section.key, number, section.title, lines, tuple(_block(block, book) for block in section.blocks))


def _block(block: model.Block, book: Book) -> Table | Picture:
    return Picture(block.caption, drawn(block)) if isinstance(block, model.Chart) else _table(block, book)


def _table(table: model.Table, book: Book) -> Table:
    numeric = [any(isinstance(row[place], Number) for row in table.rows) for place in range(len(table.headings))]
    rows = tuple(
        Row(
            _text(row[0]),
            tuple(
                Cell(_text(part), numeric[place], shade, _address(part, book))
                for place, (part, shade) in enumerate(shaded, start=1)
            ),
            table.total and row is table.rows[-1],
        )
        for row, shaded in zip(table.rows, _shades(table), strict=True)
    )
    headings = tuple(Heading(text, is_number) for text, is_number in zip(table.headings, numeric, strict=True))
    return Table(table.caption, headings, rows, table.note, len(headings) > 7)


def _shades(table: model.Table) -> Iterator[list[tuple[Part, int]]]:
    """The cells after the first of each row, with how dark each is; edges of sums stay white."""
    inner = [row[1:-1] for row in table.rows[:-1]] if table.shaded else []
    numbers = [part for row in inner for part in row if isinstance(part, Number) and not _is_rest(part)]
    most = max((number.value or 0 for number in numbers), default=0)
    for row in table.rows:
        is_inner = table.shaded and row is not table.rows[-1] and most > 0
        yield [
            (part, _shade(part, most) if is_inner and place < len(row) - 2 else 0) for place, part in enumerate(row[1:])
        ]


def _shade(part: Part, most: float) -> int:
    value = part.value if isinstance(part, Number) and not _is_rest(part) else None
    return min(_SHADES, int((value or 0) / most * (_SHADES + 1)))


def _address(part: Part, book: Book) -> str:
    return address_of(part, book) if isinstance(part, Number) else ""


def _is_rest(number: Number) -> bool:
    """Whether it is of several values together, which is no fair comparison."""
    return any(value.startswith(REST) for _dimension, value in number.of)


def _text(part: Part) -> str:
    return part if isinstance(part, str) else part.bare


def _proposal(proposal: model.Proposal, place: int, numbers: dict[str, str]) -> Proposal:
    return Proposal(
        place,
        proposal.title,
        tuple(line.text for line in proposal.lines),
        proposal.size.spoken,
        tuple(Evidence(each.name, each.number.spoken, numbers.get(each.section, "")) for each in proposal.evidence),
        proposal.accepted,
    )


def _followed(followed: model.Followed) -> Followed:
    accepted = followed.accepted
    return Followed(
        accepted.title,
        accepted.book,
        accepted.figure_name,
        accepted.figure.spoken,
        followed.now.spoken,
        followed.outcome,
    )


def drawn(chart: model.Chart) -> Chart:
    """The picture of a chart."""
    write = _WRITTEN.get(chart.unit, charts.thousands)
    match chart.kind:
        case ChartKind.BARS:
            (series,) = chart.series
            items = list(zip(chart.labels, series.values, strict=True))
            return charts.bars(chart.caption, items, write=write)
        case ChartKind.LINES:
            values = {series.name: series.values for series in chart.series}
            aside = {series.name for series in chart.series[1:]} if chart.key == "months" else set()
            return charts.lines(chart.caption, chart.labels, values, write=write, aside=aside)
