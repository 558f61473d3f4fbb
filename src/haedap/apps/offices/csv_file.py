"""Reads the CSV files that offices send: any of three encodings, any of three separators, Excel's habits."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from haedap.apps.centre import csv_text
from haedap.apps.offices.errors import UnreadableError
from haedap.apps.offices.rows import column_of

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
_SEPARATORS = ",\t;"


def read_csv(data: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows: the line on which each begins, and its values by our columns. Empty rows are left out.

    Raises UnreadableError with one sentence when it is not such a file, also while iterating.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError(_("The file is larger than 5 MB. Leave out columns that are not needed."))
    text = _decode(data)
    first, _line, _rest = text.partition("\n")
    separator = first[4:5] if first.lower().startswith("sep=") and first.strip()[4:] else ""
    start = 1 if separator else 0
    body = text.partition("\n")[2] if separator else text
    return _rows(body, separator or _separator(body), start)


def _decode(data: bytes) -> str:
    try:
        return csv_text.characters(data)
    except csv_text.CsvError as error:
        raise UnreadableError(str(error)) from error


def _separator(text: str) -> str:
    """The one that gives the most columns that we know."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=lambda separator: sum(map(bool, _headings(heading.split(separator)))))


def _headings(cells: list[str]) -> list[str | None]:
    return [column_of(cell.strip().strip('"')) for cell in cells]


def _rows(text: str, separator: str, start: int) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    columns: list[str | None] = []
    number, before = 0, 0
    try:
        for cells in reader:
            line, before = start + before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _known(cells)
                continue
            number += 1
            if number > MOST_ROWS:
                raise UnreadableError(
                    _("The file has more than %(most)d rows. Check that it is the right one.") % {"most": MOST_ROWS}
                )
            yield line, _values(columns, cells)
    except csv.Error as error:
        raise UnreadableError(
            _("Row %(line)d cannot be read: check its quotation marks.") % {"line": start + reader.line_num}
        ) from error
    if not columns:
        raise UnreadableError(_("The file is empty. Choose a list with a row of headings."))


def _known(cells: list[str]) -> list[str | None]:
    columns = _headings(cells)
    if "department" not in columns or "name" not in columns:
        raise UnreadableError(_("The first row must have the headings “부서” and “성명”. See the sample file."))
    named = [column for column in columns if column]
    if len(named) != len(set(named)):
        raise UnreadableError(_("Two columns of the file have the same meaning. Take one of them out."))
    return columns


def _values(columns: list[str | None], cells: list[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(columns, cells, strict=False) if name}
