"""How charts are drawn, by matplotlib without a screen. One at a time: its fonts are not made for several threads."""

from __future__ import annotations

import io
import os
import threading
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

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
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure

Value: TypeAlias = float | None
Write: TypeAlias = Callable[[float], str]
Series: TypeAlias = Sequence[tuple[str, Sequence[Value]]]
"""Names with values."""
Draw: TypeAlias = Callable[[], Figure]

TEXT, MUTED, LINE = "#1e2124", "#58616a", "#d6dae0"
COLOURS = ("#0b50d0", "#b85a00", "#00806b", "#8a3ffc", "#b1cefb", "#7a3d00", "#58616a", "#e5578f")
"""Told apart by who sees red and green alike, and in grey: neighbours differ in lightness."""
_MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")
_HEAT = LinearSegmentedColormap.from_list("haedap", ["#f4f7fe", "#b1cefb", "#4c87f6", "#0b50d0", "#052b57"])
_SIZE = 9.0
"""Points."""
_LABEL_EMS = 15.0
"""Of a bar's label, before it is wrapped."""
_FEW = 14
"""So many values of one line are written beside it; of more the highest and the lowest."""
_NARROW = 0.62
"""Ems of a digit."""
_LEGEND = 0.38
"""Inches above the axes."""
_HALO: Any = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8}
"""Behind a value, so that it can be read where another line passes."""
_DOTS = 200
_lock = threading.Lock()


def svg(draw: Draw, alt: str) -> str:
    """The drawing as an `<svg>` with `alt` for a name."""
    with _drawing():
        figure, out = draw(), io.StringIO()
        FigureCanvasSVG(figure).print_svg(  # type: ignore[no-untyped-call] # has no types
            out, metadata={"Date": None, "Creator": None, "Type": None, "Format": None}
        )
        return accessible(out.getvalue(), alt)


def png(draw: Draw) -> bytes:
    """The drawing as a PNG on white."""
    with _drawing():
        figure, out = draw(), io.BytesIO()
        figure.set_dpi(_DOTS)
        FigureCanvasAgg(figure).print_png(  # type: ignore[no-untyped-call] # has no types
            out, metadata={"Software": None}
        )
        return out.getvalue()


def bars(items: Sequence[tuple[str, Value]], write: Write, width: float, least: float) -> Figure:
    """See `charts.bars`."""
    if not any(value is not None for _label, value in items):
        return _empty(width)
    figure, axes = _lying([label for label, _value in items], width)
    axes.barh(range(len(items)), [value or 0 for _label, value in items], height=0.62, color=COLOURS[0])
    for place, (_label, value) in enumerate(items):
        text = "–" if value is None else write(value)
        axes.annotate(text, (max(value or 0, 0), place), (4, 0), textcoords="offset points", va="center", color=TEXT)
    values = [value for _label, value in items if value is not None]
    low, high = min(0.0, *values), max([least, *values]) or 1.0
    axes.set_xlim(low, high + (high - low) * _room(max(len(write(value)) for value in values), width))
    return figure


def lines(labels: Sequence[str], series: Series, write: Write, width: float, aside: frozenset[str]) -> Figure:
    """See `charts.lines`."""
    known = [value for _name, values in series for value in values if value is not None]
    if not known:
        return _empty(width)
    low, high = min(0.0, *known), (max(known) or 1.0) * 1.18
    ticks = max(_inches(write(value)) for value in (low, high, (low + high) / 3))
    figure, axes = _placed(width, min(2.9, width * 0.55), ticks, top=_LEGEND if len(series) > 1 else 0.1, bottom=0.28)
    for number, (name, values) in enumerate(series):
        colour, style = (MUTED, "--") if name in aside else (COLOURS[number % len(COLOURS)], "-")
        points = [float("nan") if value is None else value for value in values]
        marks: Any = {"marker": _MARKS[number % len(_MARKS)], "markersize": 4 if len(labels) <= 2 * _FEW else 0}
        axes.plot(range(len(labels)), points, style, color=colour, linewidth=1.6, label=plain(name), **marks)
    for values in [values for name, values in series if name not in aside][:1]:
        _write_points(axes, values, write, _HALO if len(series) > 1 else None)
    axes.set_ylim(low, high)
    edge = max(0.5, 0.04 * len(labels))
    axes.set_xlim(-edge, len(labels) - 1 + edge)
    axes.yaxis.set_major_formatter(lambda value, _place: write(value))
    axes.locator_params(axis="y", nbins=5)
    _label_below(axes, labels, width)
    axes.grid(axis="y", color=LINE, linewidth=0.6)
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
    names = [_wrapped(row) for row in rows]
    height = 0.35 + sum(0.14 + 0.16 * (name.count("\n") + 1) for name in names)
    figure, axes = _placed(width, height, max(_inches(name) for name in names), top=0.3)
    low, high = min(0.0, *known), max(known) or 1.0
    numbers = [[float("nan") if value is None else value for value in line] for line in cells]
    axes.pcolormesh(numbers, cmap=_HEAT, vmin=low, vmax=high, edgecolors="white", linewidth=1.5, snap=True)
    size = min(_SIZE, _SIZE * (width - 1) / len(columns) / max(_inches(write(value)) for value in known))
    for row, line in enumerate(cells):
        for column, value in enumerate(line):
            text = "–" if value is None else write(value)
            colour = TEXT if value is None else _ink(_HEAT((value - low) / (high - low))[:3])
            axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=size, color=colour)
    axes.set_yticks([row + 0.5 for row in range(len(rows))], names)
    axes.set_xticks([column + 0.5 for column in range(len(columns))], [plain(column) for column in columns])
    axes.invert_yaxis()
    axes.xaxis.tick_top()
    axes.spines["bottom"].set_visible(False)
    return figure


@contextmanager
def _drawing() -> Iterator[None]:
    """The house's manner, for one drawing at a time."""
    with _lock, warnings.catch_warnings(), mpl.rc_context(_manner()):
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # whoever shows it has other fonts
        yield


def _manner() -> Any:
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


def _placed(
    width: float, height: float, left: float, *, top: float = 0.08, bottom: float = 0.08
) -> tuple[Figure, Axes]:
    """Axes with so many inches for what stands around them. Measuring what was drawn would take as long as drawing."""
    figure = Figure(figsize=(width, height))
    inner = (width - left - 0.15, height - top - bottom)
    axes = figure.add_axes((left / width, bottom / height, inner[0] / width, inner[1] / height))
    axes.spines[["top", "right", "left"]].set_visible(False)
    return figure, axes


def _empty(width: float) -> Figure:
    figure = Figure(figsize=(width, 0.8))
    figure.text(0.5, 0.5, _("There is nothing to show."), ha="center", va="center", color=MUTED)
    return figure


def _lying(labels: Sequence[str], width: float) -> tuple[Figure, Axes]:
    """Axes for lying bars, as high as their labels ask for."""
    names = [_wrapped(label) for label in labels]
    height = 0.18 + sum(0.13 + 0.16 * (name.count("\n") + 1) for name in names)
    figure, axes = _placed(width, height, max(_inches(name) for name in names))
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(True)
    return figure, axes


def _legend(figure: Figure, axes: Axes) -> None:
    figure.legend(*axes.get_legend_handles_labels(), loc="upper left", ncols=4, borderpad=0.2)


def _write_points(axes: Axes, values: Sequence[Value], write: Write, behind: Any) -> None:
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) > _FEW:
        ends = [max(known, key=lambda point: point[1]), min(known, key=lambda point: point[1])]
        known = [point for point in ends if point[1]]  # a closed day is seen without a 0 on the axis
    for place, value in known:
        look: Any = {"ha": "center", "color": TEXT, "bbox": behind}
        axes.annotate(write(value), (place, value), (0, 6), textcoords="offset points", **look)


def _label_below(axes: Axes, labels: Sequence[str], width: float) -> None:
    """As many labels as have room side by side."""
    widest = max(_inches(label) for label in labels)
    step = max(1, -(-len(labels) // max(1, int((width - 0.6) / widest))))
    places = range(0, len(labels), step)
    axes.set_xticks(list(places), [plain(labels[place]) for place in places])


def _room(letters: int, width: float) -> float:
    """The share of a chart's width that so many letters need beside a bar."""
    return (letters * _NARROW * _SIZE + 8) / 72 / max(width - 2, 1)


def _ink(colour: Sequence[float]) -> str:
    """What can be read better on the colour (red, green, blue from 0 to 1): white, or the text's own colour."""
    light = _luminance(colour)
    return "white" if 1.05 / (light + 0.05) >= (light + 0.05) / (_luminance(to_rgb(TEXT)) + 0.05) else TEXT


def _luminance(colour: Sequence[float]) -> float:
    """As the web's rules for contrast define it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _inches(text: str) -> float:
    """How wide the widest line of the text is, with some air."""
    return max(_ems(line) for line in text.split("\n")) * _SIZE / 72 + 0.12


def _ems(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else _NARROW for letter in text)


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
