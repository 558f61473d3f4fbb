"""Charts for pages and documents, as accessible SVG and as PNG. What they show is given; nothing is counted here.

A chart has no heading of its own: the page has it, and the chart's name says the same to those who cannot see it.
Colours differ in lightness, lines also in their marks, and values are written beside what they measure, so that
nothing is told by colour alone. Labels may be hostile and long: they are wrapped, never cut and never interpreted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from haedap.analytics.rounding import half_up

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Value: TypeAlias = float | None
"""None: there is nothing to measure, which is not zero."""
Write: TypeAlias = Callable[[float], str]
"""How a value is written beside its mark."""
Series: TypeAlias = tuple[tuple[str, tuple[Value, ...]], ...]
"""Names with values."""

FULL = 7.2
"""Inches: as wide as A4 between its margins."""
HALF = 3.5


def thousands(value: float) -> str:
    """`12,345`; a fraction keeps one digit."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{half_up(value, 1):,.1f}"


_KEPT = 128
"""Drawings of the last pages: who turns back to one, or changes a little of it, need not wait for what is the same."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is drawn, by which function of `chart_drawing`. Equal ones give the same picture."""

    kind: str
    arguments: tuple[Any, ...]

    def __call__(self) -> Figure:
        from haedap.web import chart_drawing

        draw: Callable[..., Figure] = getattr(chart_drawing, self.kind)
        return draw(*self.arguments)


@dataclass(frozen=True, slots=True)
class Chart:
    """`alt` says in words what the picture shows; it is the SVG's name, too. Drawn when it is first asked for."""

    alt: str
    draw: Sketch

    @property
    def svg(self) -> SafeString:
        """An `<svg role="img">` to be put into a page or a document: no styles, no scripts, no ids in common."""
        return mark_safe(_svg(self.draw, self.alt))  # noqa: S308 - its texts are escaped by the writer

    @property
    def png(self) -> bytes:
        """For formats without SVG: 200 dots an inch on white."""
        from haedap.web import chart_drawing

        return chart_drawing.png(self.draw)


@lru_cache(maxsize=_KEPT)
def _svg(draw: Sketch, alt: str) -> str:
    from haedap.web import chart_drawing

    return chart_drawing.svg(draw, alt)


def bars(
    title: str, items: Sequence[tuple[str, Value]], *, write: Write = thousands, width: float = FULL, least: float = 0
) -> Chart:
    """Lying bars, first item on top, each with its value at its end; the axis reaches to `least` at least."""
    numbers = tuple((label, _number(value)) for label, value in items)
    return Chart(_in_words(title, numbers, write), Sketch("bars", (numbers, write, width, least)))


def lines(
    title: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[Value]],
    *,
    write: Write = thousands,
    width: float = FULL,
    aside: Collection[str] = (),
) -> Chart:
    """Lines over `labels`, from zero on. Series named in `aside` are for comparison: grey and dashed."""
    numbers = _columns(labels, series)
    sketch = Sketch("lines", (tuple(labels), numbers, write, width, frozenset(aside)))
    return Chart(_all_in_words(title, labels, numbers, write), sketch)


def heat(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[Value]],
    *,
    write: Write = thousands,
    width: float = FULL,
) -> Chart:
    """A table whose cells are the darker the more they hold; each has its value written in it."""
    cells = tuple(tuple(_number(value) for value in line) for line in values)
    if len(cells) != len(rows) or any(len(line) != len(columns) for line in cells):
        raise ValueError("as many lines and cells as rows and columns")

    named = [
        (f"{row} {column}", value)
        for row, line in zip(rows, cells, strict=True)
        for column, value in zip(columns, line, strict=True)
    ]
    return Chart(_in_words(title, named, write), Sketch("heat", (tuple(rows), tuple(columns), cells, write, width)))


def _number(value: Value) -> Value:
    """What is no number cannot be drawn and counts as nothing."""
    return float(value) if value is not None and math.isfinite(value) else None


def _columns(labels: Sequence[str], series: Mapping[str, Sequence[Value]]) -> Series:
    if any(len(values) != len(labels) for values in series.values()):
        raise ValueError("each series has a value, or none, for each label")
    return tuple((name, tuple(_number(value) for value in values)) for name, values in series.items())


def _all_in_words(title: str, labels: Sequence[str], series: Series, write: Write) -> str:
    """One sentence a series."""
    if len(series) == 1:
        ((_name, values),) = series
        return _in_words(title, list(zip(labels, values, strict=True)), write)
    parts = [_in_words(name, list(zip(labels, values, strict=True)), write) for name, values in series]
    return " ".join([f"{title}.", *parts]) if parts else _in_words(title, [], write)


def _in_words(title: str, items: Sequence[tuple[str, Value]], write: Write) -> str:
    known = [(label, value) for label, value in items if value is not None]
    if not known:
        return _("%(title)s: there is nothing to show.") % {"title": title}
    high, low = max(known, key=lambda item: item[1]), min(known, key=lambda item: item[1])
    words = {"title": title, "high": f"{high[0]} {write(high[1])}", "low": f"{low[0]} {write(low[1])}"}
    if len(known) == 1:
        return f"{title}: {words['high']}."
    return _("%(title)s: highest %(high)s, lowest %(low)s.") % words
