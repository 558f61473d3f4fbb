"""CSV as spreadsheets write it: UTF-8 with or without a mark, or CP949; comma, semicolon or tab."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

MOST_BYTES = 256 * 1024
MOST_ROWS = 2000
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_FORMULA = ("=", "+", "-", "@", "\t")


class CsvError(Exception):
    """The file cannot be read as such a list; the message is for the person who chose it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row: the line of the file on which it ends, and its cells by column, without spaces at their ends."""

    number: int
    cells: Mapping[str, str]


def decode(data: bytes) -> str:
    """The text of a file. Raises CsvError."""
    if len(data) > MOST_BYTES:
        raise CsvError(_("The file is larger than %(most)d KB. Divide it.") % {"most": MOST_BYTES // 1024})
    text = characters(data)
    if "\x00" in text:
        raise _unreadable()
    return text


def characters(data: bytes) -> str:
    """The characters of a file of any size, in whichever encoding it came. Raises CsvError."""
    if data.startswith(_SPREADSHEETS):
        raise CsvError(_("This is a spreadsheet, not CSV. Save it as “CSV UTF-8” and choose that file."))
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable()


def _unreadable() -> CsvError:
    return CsvError(_("The characters of this file cannot be read. Save it as “CSV UTF-8” and choose it again."))


def read(text: str, columns: Mapping[str, str], required: Iterable[str], most: int = MOST_ROWS) -> list[Line]:
    """The rows that are not empty. `columns`: our name of a column by each heading that a file may have for it.

    Raises CsvError, also when there are more than `most` rows.
    """
    head = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise CsvError(
            _("Row %(line)d cannot be read: check its quotation marks.") % {"line": reader.line_num}
        ) from error
    rows = [(line, row) for line, row in rows if any(row)]
    names = [columns.get(cell.lower(), "") for cell in rows[0][1]] if rows else []
    missing = [name for name in required if name not in names]
    if missing:
        heading = next(heading for heading, name in columns.items() if name == missing[0])
        raise CsvError(_("The first row must have the heading “%(heading)s”.") % {"heading": heading})
    if len(rows) - 1 > most:
        raise CsvError(_("The file has more than %(most)d rows. Divide it.") % {"most": most})
    return [Line(line, _by_column(names, row)) for line, row in rows[1:]]


def write(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """A file that spreadsheets open as it is; a cell that would be a formula there begins with an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def download(data: bytes, name: str) -> HttpResponse:
    """The answer that hands over a file of `write`; `name` in ASCII, without its ending."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=headers)


def _by_column(names: list[str], row: list[str]) -> dict[str, str]:
    return {name: _plain(cell) for name, cell in zip(names, row, strict=False) if name}


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
