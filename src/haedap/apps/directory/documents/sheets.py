"""The sheets of paper that an edition is printed on, and the rules that fit it to each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from haedap.apps.directory.documents.looks import LOOKS

BLEED = 3
"""mm of colour beyond the edge, which the knife may take away."""
_STYLES = Path(__file__).with_name("paper.css")
_LARGE = Path(__file__).with_name("large.css")
LEAST_LARGE = 18
"""pt: nothing in a large-print edition is smaller."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet upright: mm, columns of text, and the sizes in pt that its smallest text may have.

    `one_page`: everything must stand on one, as small as `sizes` allow; else it takes the pages that it needs.
    """

    name: object
    width: int
    height: int
    columns: int
    sizes: tuple[float, ...]
    one_page: bool = False
    large: bool = False

    @property
    def margin(self) -> float:
        """mm at each side."""
        return self.width * 0.065

    def styles(self, size: float, *, marks: bool) -> str:
        """The rules for this sheet with text of `size`; `marks`: with bleed and crop marks, for a printing house."""
        margin, out = self.margin, BLEED if marks else 0
        page = (
            f"@page {{ size: {self.width}mm {self.height}mm; "
            f"margin: {margin:.1f}mm {margin:.1f}mm {margin * 1.7:.1f}mm;"
            f"{f' bleed: {BLEED}mm; marks: crop cross;' if marks else ''} }}\n"
            f"@page :first {{ margin-top: 0 }}\n"
            f"html {{ font-size: {size:.2f}pt }}\n"
            f".band {{ margin: -{out}mm -{margin + out:.1f}mm 0;"
            f" padding: {margin * 0.9 + out:.1f}mm {margin + out:.1f}mm {margin * 0.6:.1f}mm }}\n"
            f".columns {{ column-count: {self.columns}; column-gap: {margin * 0.9:.1f}mm }}\n"
        )
        own = _LARGE.read_text(encoding="utf-8") if self.large else _signs()
        return _STYLES.read_text(encoding="utf-8") + page + own


def _steps(largest: float, smallest: float, count: int = 12) -> tuple[float, ...]:
    ratio = (smallest / largest) ** (1 / (count - 1))
    return tuple(largest * ratio**step for step in range(count))


SHEETS: dict[str, Sheet] = {
    "leaflet-a4": Sheet(_("Leaflet A4"), 210, 297, 2, _steps(9.5, 6.6)),
    "leaflet-a5": Sheet(_("Leaflet A5"), 148, 210, 1, (7.0,)),
    "poster-a3": Sheet(_("Poster A3"), 297, 420, 2, _steps(14, 5), one_page=True),
    "poster-a2": Sheet(_("Poster A2"), 420, 594, 2, _steps(20, 6), one_page=True),
    "leaflet-a4-large": Sheet(_("Leaflet A4, large print"), 210, 297, 1, (LEAST_LARGE,), large=True),
    "leaflet-a5-large": Sheet(_("Leaflet A5, large print"), 148, 210, 1, (LEAST_LARGE,), large=True),
    "poster-a3-large": Sheet(_("Poster A3, large print"), 297, 420, 1, _steps(30, LEAST_LARGE), large=True),
    "poster-a2-large": Sheet(_("Poster A2, large print"), 420, 594, 2, _steps(34, LEAST_LARGE), large=True),
}
"""By the name of the file. What does not fit at the smallest size takes a second sheet, in large print as elsewhere."""


def _signs() -> str:
    return "\n".join(
        f".{icon} h2 {{ color: {look.colour} }} .{icon} h2 .sign {{ background-color: {look.colour};"
        f" background-image: {look.picture('#ffffff')} }} .{icon} {{ border-color: {look.colour} }}"
        for icon, look in LOOKS.items()
    )
