"""How charts are drawn, by matplotlib without a screen. One at a time: its fonts are not made for several threads."""

from __future__ import annotations

import io
import os
import threading
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from django.utils.translation import gettext as _

from haedap.config import get_settings
from haedap.web.chart_svg import accessible, plain
from haedap.web.documents import fonts

# It writes down which fonts there are; a service's home may not be writable.
os.environ.setdefault("MPLCONFIGDIR", str(get_settings().cache / "matplotlib"))

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

Value: TypeAlias = float | None
Write: TypeAlias = Callable[[float], str]
Draw: TypeAlias = Callable[[], Figure]

TEXT, MUTED, LINE = "#1e2124", "#58616a", "#d6dae0"
COLOURS = ("#0b50d0", "#e07b00", "#00806b", "#8a3ffc", "#b1cefb", "#7a3d00", "#58616a", "#e5578f")
"""Told apart by who sees red and green alike, and in grey: neighbours differ in lightness."""
_MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")
_HEAT = LinearSegmentedColormap.from_list("haedap", ["#f4f7fe", "#b1cefb", "#4c87f6", "#0b50d0", "#052b57"])
_SIZE = 9.0
"""Points."""
_LABEL_EMS = 15.0
"""Of a bar's label, before it is wrapped."""
_FEW = 14
"""So many values of one line are written beside it; of more the highest and the lowest."""
_DARK = 0.45
"""From this place on in the heat map's colours on, white can be read better than black."""
_DOTS = 200
_lock = threading.Lock()


def svg(draw: Draw, alt: str) -> str:
    """The drawing as an `<svg>` with `alt` for a name."""
    with _drawing():
        figure, out = draw(), io.StringIO()
        FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None, "Type": None, "Format": None})
        return accessible(out.getvalue(), alt)


def png(draw: Draw) -> bytes:
    """The drawing as a PNG on white."""
    with _drawing():
        figure, out = draw(), io.BytesIO()
        figure.set_dpi(_DOTS)
        FigureCanvasAgg(figure).print_png(out, metadata={"Software": None})
        return out.getvalue()


def bars(items: Sequence[tuple[str, Value]], write: Write, width: float, least: float) -> Figure:
    """See `charts.bars`."""
    if not any(value is not None for _label, value in items):
        return _empty(width)
    labels = [_wrapped(label) for label, _value in items]
    figure, axes = _lying(labels, width)
    axes.barh(range(len(items)), [value or 0 for _label, value in items], height=0.62, color=COLOURS[0])
    for place, (_label, value) in enumerate(items):
        text = "–" if value is None else write(value)
        axes.annotate(text, (max(value or 0, 0), place), (4, 0), textcoords="offset points", va="center", color=TEXT)
    values = [value for _label, value in items if value is not None]
    low, high = min(0.0, *values), max([least, *values]) or 1.0
    axes.set_xlim(low, high + (high - low) * _room(max(len(write(value)) for value in values), width))
    return figure


def stacked(labels: Sequence[str], series: Mapping[str, Sequence[Value]], write: Write, width: float) -> Figure:
    """See `charts.stacked`."""
    sums = [sum(values[place] or 0 for values in series.values()) for place in range(len(labels))]
    if not labels or not any(sums):
        return _empty(width)
    figure, axes = _lying([_wrapped(label) for label in labels], width, legend=len(series))
    before = [0.0] * len(labels)
    for number, (name, values) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        parts = [value or 0 for value in values]
        axes.barh(
            range(len(labels)), parts, left=before, height=0.66, color=colour, edgecolor="white", label=plain(name)
        )
        for place, part in enumerate(parts):
            if part >= max(sums) * _room(len(write(part)) + 1, width):
                colour_of_text = "white" if _is_dark(colour) else TEXT
                axes.text(before[place] + part / 2, place, write(part), ha="center", va="center", color=colour_of_text)
        before = [start + part for start, part in zip(before, parts, strict=True)]
    for place, total in enumerate(sums):
        axes.annotate(write(total), (total, place), (4, 0), textcoords="offset points", va="center", color=TEXT)
    axes.set_xlim(0, max(sums) * (1 + _room(max(len(write(total)) for total in sums), width)))
    _legend(figure, axes)
    return figure


def lines(
    labels: Sequence[str], series: Mapping[str, Sequence[Value]], write: Write, width: float, aside: frozenset[str]
) -> Figure:
    """See `charts.lines`."""
    known = [value for values in series.values() for value in values if value is not None]
    if not known:
        return _empty(width)
    figure = _figure(width, min(2.9, width * 0.55))
    axes = figure.add_subplot()
    for number, (name, values) in enumerate(series.items()):
        colour, style = (MUTED, "--") if name in aside else (COLOURS[number % len(COLOURS)], "-")
        points = [float("nan") if value is None else value for value in values]
        marks = {"marker": _MARKS[number % len(_MARKS)], "markersize": 4 if len(labels) <= 2 * _FEW else 0}
        axes.plot(range(len(labels)), points, style, color=colour, linewidth=1.6, label=plain(name), **marks)
    main = [values for name, values in series.items() if name not in aside]
    for values in main[:1]:
        _write_points(axes, values, write)
    axes.set_ylim(min(0.0, *known), (max(known) or 1.0) * 1.18)
    axes.set_xlim(-0.5, max(len(labels) - 0.5, 0.5))
    axes.yaxis.set_major_formatter(lambda value, _place: write(value))
    axes.locator_params(axis="y", nbins=5)
    _label_below(axes, labels, width)
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    _plain(axes)
    if len(series) > 1:
        _legend(figure, axes)
    return figure


def heat(
    rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Value]], write: Write, width: float
) -> Figure:
    """See `charts.heat`."""
    known = [value for line in cells for value in line if value is not None]
    if not known:
        return _empty(width)
    figure = _figure(width, 0.5 + 0.3 * len(rows))
    axes = figure.add_subplot()
    low, high = min(0.0, *known), max(known) or 1.0
    numbers = [[float("nan") if value is None else value for value in line] for line in cells]
    axes.pcolormesh(numbers, cmap=_HEAT, vmin=low, vmax=high, edgecolors="white", linewidth=1.5, snap=True)
    size = min(_SIZE, 72 * (width - 1) / len(columns) / max(len(write(value)) for value in known) / 0.6)
    for row, line in enumerate(cells):
        for column, value in enumerate(line):
            text = "–" if value is None else write(value)
            dark = value is not None and (value - low) / (high - low) > 0.45
            axes.text(
                column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=size, color="white" if dark else TEXT
            )
    axes.set_yticks([row + 0.5 for row in range(len(rows))], [_wrapped(row) for row in rows])
    axes.set_xticks([column + 0.5 for column in range(len(columns))], [plain(column) for column in columns])
    axes.invert_yaxis()
    axes.xaxis.tick_top()
    _plain(axes)
    axes.spines["bottom"].set_visible(False)
    return figure


@contextmanager
def _drawing() -> Iterator[None]:
    """The house's manner, for one drawing at a time."""
    with _lock, warnings.catch_warnings(), mpl.rc_context(_manner()):
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # whoever shows it has other fonts
        yield


def _manner() -> dict[str, object]:
    for path in fonts.files().values():
        if str(path) not in _known_fonts:
            font_manager.fontManager.addfont(path)
            _known_fonts.add(str(path))
    return {
        "font.family": [fonts.FAMILY],
        "font.size": _SIZE,
        "text.color": TEXT,
        "text.parse_math": False,
        "axes.unicode_minus": False,
        "axes.edgecolor": LINE,
        "axes.axisbelow": True,
        "xtick.color": TEXT,
        "ytick.color": TEXT,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "legend.frameon": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "haedap",
    }


_known_fonts: set[str] = set()


def _figure(width: float, height: float) -> Figure:
    return Figure(figsize=(width, height), layout="constrained")


def _empty(width: float) -> Figure:
    figure = _figure(width, 0.8)
    figure.text(0.5, 0.5, _("There is nothing to show."), ha="center", va="center", color=MUTED)
    return figure


def _lying(labels: Sequence[str], width: float, legend: int = 0) -> tuple[Figure, Axes]:
    """Axes for lying bars, as high as their labels ask for."""
    inches = sum(0.13 + 0.16 * (label.count("\n") + 1) for label in labels)
    figure = _figure(width, 0.25 + inches + (0.3 if legend else 0))
    axes = figure.add_subplot()
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xticks([])
    _plain(axes)
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(True)
    return figure, axes


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right", "left"]].set_visible(False)


def _legend(figure: Figure, axes: Axes) -> None:
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper left", ncols=4, fontsize=_SIZE)


def _write_points(axes: Axes, values: Sequence[Value], write: Write) -> None:
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) > _FEW:
        known = [max(known, key=lambda point: point[1]), min(known, key=lambda point: point[1])]
    for place, value in known:
        axes.annotate(write(value), (place, value), (0, 6), textcoords="offset points", ha="center", color=TEXT)


def _label_below(axes: Axes, labels: Sequence[str], width: float) -> None:
    """As many labels as have room side by side."""
    widest = max(_ems(label) for label in labels) * _SIZE / 72 + 0.12
    step = max(1, -(-len(labels) // max(1, int((width - 0.6) / widest))))
    places = range(0, len(labels), step)
    axes.set_xticks(list(places), [plain(labels[place]) for place in places])


def _room(letters: int, width: float) -> float:
    """The share of a chart's width that so many letters need beside a bar."""
    return (letters * 0.6 * _SIZE + 8) / 72 / max(width - 2, 1)


def _is_dark(colour: str) -> bool:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def _ems(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.58 for letter in text)


def _wrapped(text: str, most: float = _LABEL_EMS) -> str:
    """On lines of at most so many ems, broken between words; a longer word is broken where the line ends."""
    lines = [""]
    for word in plain(text).split():
        for piece in _pieces(word, most):
            joined = f"{lines[-1]} {piece}".strip()
            if _ems(joined) <= most:
                lines[-1] = joined
            else:
                lines.append(piece)
    return "\n".join(line for line in lines if line) or " "


def _pieces(word: str, most: float) -> Iterator[str]:
    piece = ""
    for letter in word:
        if _ems(piece + letter) > most:
            yield piece
            piece = ""
        piece += letter
    yield piece
