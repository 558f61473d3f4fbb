"""Leaflets and posters as PDF, as large as the sheet allows. The printer of pages is loaded when one is asked for."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from haedap.apps.directory.documents.sheets import Sheet
from haedap.apps.directory.paper import Paper


def render(paper: Paper, sheet: Sheet, *, marks: bool = False) -> bytes:
    """The PDF. `marks`: with 3 mm of bleed and crop marks. Raises `haedap.web.documents.DocumentError`."""
    from haedap.web.documents import pdf

    html = html_of(paper)
    return pdf.render(html, title=paper.title, styles=sheet.styles(_size(html, paper.title, sheet), marks=marks))


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


def _size(html: str, title: str, sheet: Sheet) -> float:
    """The largest text with which the sheet has as few pages as with its smallest."""
    sizes = sheet.sizes
    if len(sizes) == 1:
        return sizes[0]
    fewest = _pages(html, title, sheet, sizes[-1])
    fits, too_large = len(sizes) - 1, -1
    while fits - too_large > 1:
        middle = (fits + too_large) // 2
        if _pages(html, title, sheet, sizes[middle]) <= fewest:
            fits = middle
        else:
            too_large = middle
    return sizes[fits]


def _pages(html: str, title: str, sheet: Sheet, size: float) -> int:
    from haedap.web.documents import pdf

    return pdf.page_count(html, title=title, styles=sheet.styles(size, marks=False))
