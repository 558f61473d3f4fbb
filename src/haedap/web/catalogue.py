"""`python -m haedap.web.catalogue`: brings the Korean catalogue up to date with the texts in code and templates.

New texts come in untranslated, texts that are gone go. Nothing is guessed: there are no fuzzy entries.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
CATALOGUE = PACKAGE / "locale/ko/LC_MESSAGES/django.po"
_SOURCES = ("apps", "web", "flows", "analytics", "worker")
_KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
_WIDTH = 120


def wanted() -> Catalog:
    """Every text that the code and the templates ask for, without translations."""
    catalogue = Catalog(locale="ko", project="Haedap", charset="utf-8")
    for path in _files():
        for _line, message, comments, context in extract("python", _source(path), _KEYWORDS):
            catalogue.add(message, auto_comments=comments, context=context)
    return catalogue


def kept() -> Catalog:
    """The catalogue as it stands in the file."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="ko")


def update() -> None:
    """Write the file anew: today's texts, with the translations that it had."""
    catalogue = kept()
    catalogue.update(wanted(), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalogue.obsolete.clear()
    write(catalogue)


def write(catalogue: Catalog) -> None:
    """The file in its one form: sorted, no places in the code, so that a diff shows texts only."""
    catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = ""
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=_WIDTH, no_location=True, sort_output=True)


def _files() -> Iterator[Path]:
    for name in _SOURCES:
        folder = PACKAGE / name
        yield from sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)
        yield from sorted(folder.rglob("templates/**/*.html"))


def _source(path: Path) -> io.BytesIO:
    """Python text: a template's texts become calls of gettext, on unindented lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    return io.BytesIO(text.encode("utf-8"))


if __name__ == "__main__":
    update()
