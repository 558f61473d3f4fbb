"""Articles out of an HWPX document, the government's own format.

An article is a heading (개요 1), a table of its fields with one label a row, and its answer below. What stands in the
table and below it is what is read; the heading is only for readers.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from lxml.etree import LxmlError

from haedap.apps.knowledge.errors import UnreadableError
from haedap.apps.knowledge.formats import Item, Read
from haedap.apps.knowledge.formats.archive import DAMAGE, open_zip
from haedap.apps.knowledge.formats.table import HEADINGS, content_of

_LABELS = {heading.replace(" ", ""): name for name, heading in HEADINGS.items()}
_OUTLINE = re.compile(r"개요 (\d+)")
_BULLET = re.compile(r"^(\s*)[○●•·▪□ㅇ]\s+")
_GAPS = re.compile(r"\n{3,}")
_MARKS = re.compile(r"([\\`*_\[<])")


def read_document(data: bytes) -> Read:
    """The articles whose tables are there. Raises UnreadableError."""
    from hwpx import HwpxDocument  # here, because it is heavy and a server answers its first page without
    from hwpx.errors import HwpxError
    from hwpx.opc.package import HwpxPackageError
    from hwpx.opc.security import HwpxSecurityError

    if not data.startswith(b"PK\x03\x04"):
        raise UnreadableError(_("This is not an HWPX document. Save it as HWPX (not HWP) and choose that file."))
    open_zip(data)
    try:
        document = HwpxDocument.open(io.BytesIO(data))
        articles = list(_articles(document))
    except (
        HwpxError,
        HwpxPackageError,
        HwpxSecurityError,
        LxmlError,
        KeyError,
        *DAMAGE,
    ) as error:
        raise UnreadableError(
            _("This HWPX document cannot be read. Open it in 한글, save it again and choose it.")
        ) from error
    if not articles:
        raise UnreadableError(_("There is no table of an article in this document: a table whose first row is “코드”."))
    found = Read()
    for number, (fields, lines) in enumerate(articles, 1):
        place = _("article %(number)d of the document") % {"number": number}
        content, problems = content_of({**fields, "answer": _GAPS.sub("\n\n", "\n".join(lines)).strip()}, place)
        found.problems += problems
        if not problems:
            found.items.append(Item(content, place))
    return found


def _articles(document: Any) -> Iterator[tuple[dict[str, str], list[str]]]:
    """The fields of each table of an article, and the lines of Markdown below it."""
    styles = {str(key): style.name for key, style in document.styles.items()}
    current: tuple[dict[str, str], list[str]] | None = None
    for paragraph in document.paragraphs:
        tables = paragraph.tables
        fields = _fields(tables[0]) if tables else {}
        if "code" in fields:
            if current:
                yield current
            current = (fields, [])
        elif current and tables:
            current[1].extend(["", *_table_lines(tables[0]), ""])
        elif current:
            level = _level(styles.get(str(paragraph.style_id_ref), ""))
            if level == 1:
                continue  # the heading of the next article
            current[1].extend(_lines(paragraph, level))
    if current:
        yield current


def _fields(table: Any) -> dict[str, str]:
    """By our names, when the table is that of an article: its first label is 코드."""
    if table.column_count != 2:
        return {}
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    known = {_LABELS.get(re.sub(r"\s", "", row[0]), ""): row[1] for row in rows if len(row) == 2}
    known.pop("", None)
    return known


def _table_lines(table: Any) -> list[str]:
    rows = [[cell.text.replace("\n", " ").replace("|", "\\|") for cell in row.cells] for row in table.rows]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]] if lines else []


def _lines(paragraph: Any, level: int) -> list[str]:
    if level:
        return ["", f"{'#' * (level - 1)} {paragraph.text.strip()}", ""]
    text = "".join(_marked(run) for run in paragraph.runs)
    text = _BULLET.sub(r"\1- ", text)
    item = re.match(r"\s*(?:-|\d+\.)\s", text) or text.startswith("  ")
    return [text] if item else ["", text, ""]


def _marked(run: Any) -> str:
    text = _MARKS.sub(r"\\\1", run.text or "")
    inner = text.strip()
    return text.replace(inner, f"**{inner}**") if run.bold and inner else text


def _level(style: str) -> int:
    match = _OUTLINE.fullmatch(style)
    return int(match[1]) if match else 0
