"""The forms in which an edition can be had, by the names of their files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext_lazy as _

from haedap.apps.directory.documents import cards, hangul, leaflet, table
from haedap.apps.directory.documents.sheets import SHEETS
from haedap.apps.directory.paper import Paper

MARKS = "-marks"
"""How the names of files for a printing house end."""
_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Form:
    """`write` may raise `haedap.web.documents.DocumentError`."""

    name: object
    ending: str
    media_type: str
    write: Callable[[Paper], bytes]

    @property
    def on_paper(self) -> bool:
        """Whether there is one with bleed and crop marks, too."""
        return self.ending == "pdf"


FORMS: dict[str, Form] = {
    **{
        f"{key}{marks}": Form(sheet.name, "pdf", _PDF, partial(leaflet.render, sheet=sheet, marks=bool(marks)))
        for marks in ("", MARKS)
        for key, sheet in SHEETS.items()
    },
    "hwpx": Form(_("HWPX (한글)"), "hwpx", "application/hwp+zip", hangul.write),
    "vcard": Form(_("vCard (address book)"), "vcf", "text/vcard; charset=utf-8", cards.write),
    "csv": Form(_("CSV (spreadsheet)"), "csv", "text/csv; charset=utf-8", table.write),
}
"""`leaflet-a4`, `poster-a2-large-marks`, `vcard` …"""


def file_name(quarter: str, key: str) -> str:
    """`directory-2026Q4-leaflet-a4.pdf`"""
    ending = FORMS[key].ending
    return f"directory-{quarter}.{ending}" if ending != "pdf" else f"directory-{quarter}-{key}.pdf"
