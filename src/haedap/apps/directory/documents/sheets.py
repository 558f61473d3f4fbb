"""The sheets of paper that an edition is printed on, and the rules that fit it to each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from haedap.apps.directory.documents.looks import LOOKS

BLEED = 10 * 25.4 / 72
"""mm of colour beyond the edge, which the knife may take away: 10 pt, which the PDF then says, a little over 3 mm."""
_MARKS = 10
"""mm beyond the edge that the crop marks need."""
_STYLES = Path(__file__).with_name("paper.css")
_LARGE = Path(__file__).with_name("large.css")
LEAST_LARGE = 18
"""pt: nothing in a large-print edition is smaller."""
_MM = 25.4 / 72
_FOOT, _FOOT_LARGE = 5.2, 3.9
"""How high what stands at the foot of each page is, in its smallest text."""
_BANNER, _BANNER_LARGE = 54, 40
"""From this width on, in the smallest text, title and main number stand side by side."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet upright: mm, and columns of text. Sizes are in pt, of the smallest text on it.

    `sizes`: with which everything may fit on `pages`, the largest first; `several`: of what takes more pages.
    """

    name: object
    width: int
    height: int
    columns: int
    several: float
    sizes: tuple[float, ...] = ()
    pages: int = 1
    large: bool = False

    def styles(self, size: float, *, marks: bool) -> str:
        """The rules for this sheet with text of `size`; `marks`: with bleed and crop marks, for a printing house."""
        margin, out = self.width * 0.06, BLEED if marks else 0
        foot = margin * 0.6 + size * _MM * (_FOOT_LARGE if self.large else _FOOT)
        rules = [
            f"@page {{ size: {self.width}mm {self.height}mm; margin: {margin:.1f}mm {margin:.1f}mm {foot:.1f}mm }}",
            "@page :first { margin-top: 0 }",
            f"html {{ font-size: {size:.2f}pt }}",
            f".band {{ margin: -{out:.1f}mm -{margin + out:.1f}mm 0 }}",
            f".band {{ padding: {margin * 0.8 + out:.1f}mm {margin + out:.1f}mm {margin * 0.6:.1f}mm }}",
            f".columns {{ column-count: {self.columns}; column-gap: {margin * 0.9:.1f}mm }}",
        ]
        if marks:
            rules.append(f"@page {{ bleed: {_MARKS}mm; marks: crop cross }}")
        if self.width - 2 * margin < size * _MM * (_BANNER_LARGE if self.large else _BANNER):
            rules.append(".banner, .banner > * { display: block } .call { width: auto; margin-top: 0.7rem }")
            rules.append(".foot .address { display: none } .web { display: block }" if self.large else "")
        own = _LARGE.read_text(encoding="utf-8") if self.large else _signs()
        return "\n".join([_STYLES.read_text(encoding="utf-8"), own, *rules])


def _steps(largest: float, smallest: float, count: int = 14) -> tuple[float, ...]:
    ratio = (smallest / largest) ** (1 / (count - 1))
    return tuple(largest * ratio**step for step in range(count))


SHEETS: dict[str, Sheet] = {
    "leaflet-a4": Sheet(_("Leaflet A4"), 210, 297, 2, 8, _steps(10.5, 6.8)),
    "leaflet-a5": Sheet(_("Leaflet A5 (A4 folded)"), 148, 210, 1, 8, _steps(11.5, 7), pages=4),
    "poster-a3": Sheet(_("Poster A3"), 297, 420, 2, 9, _steps(15, 7)),
    "poster-a2": Sheet(_("Poster A2"), 420, 594, 2, 12, _steps(21, 8)),
    "leaflet-a4-large": Sheet(_("Leaflet A4, large print"), 210, 297, 1, LEAST_LARGE, large=True),
    "leaflet-a5-large": Sheet(_("Leaflet A5, large print"), 148, 210, 1, LEAST_LARGE, large=True),
    "poster-a3-large": Sheet(_("Poster A3, large print"), 297, 420, 2, 18, _steps(22, LEAST_LARGE, 4), large=True),
    "poster-a2-large": Sheet(_("Poster A2, large print"), 420, 594, 2, 24, _steps(32, LEAST_LARGE), large=True),
}
"""By the name of the file."""


def _signs() -> str:
    return "\n".join(
        f".{icon} h2 {{ color: {look.colour} }} .{icon} h2 .sign {{ background-color: {look.colour};"
        f" background-image: {look.picture('#ffffff')} }} .{icon} {{ border-color: {look.colour} }}"
        for icon, look in LOOKS.items()
    )
