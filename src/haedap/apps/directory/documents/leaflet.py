"""Leaflets and posters as PDF, as large as the sheet allows. The printer of pages is loaded when one is asked for."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from haedap.apps.directory.documents.sheets import Sheet
from haedap.apps.directory.paper import Paper

_UNLEVEL = "\n.columns { column-fill: auto }"
"""Columns that are filled one after another are laid out once; to make them level takes many attempts."""


def render(paper: Paper, sheet: Sheet, *, marks: bool = False) -> bytes:
    """The PDF. `marks`: with 3 mm of bleed and crop marks. Raises `haedap.web.documents.DocumentError`."""
    from haedap.web.documents import pdf

    html = html_of(paper)
    size = _largest(html, paper.title, sheet)
    styles = sheet.styles(size or sheet.several, marks=marks)
    return pdf.render(html, title=paper.title, styles=styles if size else styles + _UNLEVEL)


def html_of(paper: Paper) -> str:
    """The contents of the sheet, which are the same on each."""
    return render_to_string("directory/paper.html", {"paper": paper, "urgent": urgent_numbers()})


def urgent_numbers() -> list[tuple[str, str]]:
    """What everybody must find on a sheet beside a telephone."""
    return [
        ("119", _("fire, rescue")),
        ("112", _("police")),
        ("110", _("questions to any authority")),
    ]


def _largest(html: str, title: str, sheet: Sheet) -> float | None:
    """The largest text with which everything fits on the sheet's pages; None when nothing does."""
    largest, none_fits = 0, len(sheet.sizes)
    while largest < none_fits:
        middle = (largest + none_fits) // 2
        if _pages(html, title, sheet, sheet.sizes[middle]) <= sheet.pages:
            none_fits = middle
        else:
            largest = middle + 1
    return sheet.sizes[largest] if largest < len(sheet.sizes) else None


def _pages(html: str, title: str, sheet: Sheet, size: float) -> int:
    from haedap.web.documents import pdf

    return pdf.page_count(html, title=title, styles=sheet.styles(size, marks=False) + _UNLEVEL)
