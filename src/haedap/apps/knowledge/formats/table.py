"""Articles as a table: one row an article, lists with one entry a line in their cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from haedap.apps.centre import csv_text
from haedap.apps.knowledge.content import Content
from haedap.apps.knowledge.errors import UnreadableError
from haedap.apps.knowledge.formats import Item, Problem, Read

HEADINGS = {
    "code": "코드",
    "title": "제목",
    "topics": "상담유형",
    "office": "담당부서",
    "questions": "질문",
    "keywords": "검색어",
    "documents": "구비서류",
    "fee": "수수료",
    "law": "근거 법령",
    "valid_from": "시행일",
    "valid_until": "종료일",
    "review_by": "재검토일",
    "script": "안내 문장",
    "answer": "답변",
}
"""How a file heads our fields; the field's own name is read as well."""
LISTS = frozenset({"topics", "questions", "keywords", "documents", "law"})
DATES = frozenset({"valid_from", "valid_until", "review_by"})
_BREAK = re.compile(r"\s*(?:\n|\s\|\s)\s*")
_DAYS = ("%Y-%m-%d", "%Y.%m.%d", "%Y. %m. %d.", "%Y/%m/%d", "%Y%m%d")


def read_table(data: bytes) -> Read:
    """The articles of a CSV file in any of its usual encodings. Raises UnreadableError."""
    columns = {heading: name for name, heading in HEADINGS.items()} | {name: name for name in HEADINGS}
    try:
        text = csv_text.characters(data)
        if "\x00" in text:
            raise UnreadableError(_("The characters of this file cannot be read. Save it as “CSV UTF-8”."))
        lines = csv_text.read(text, columns, ("code", "title"))
    except csv_text.CsvError as error:
        raise UnreadableError(str(error)) from error
    found = Read()
    for line in lines:
        place = _("row %(line)d") % {"line": line.number}
        content, problems = content_of(line.cells, place)
        found.problems += problems
        if not problems:
            found.items.append(Item(content, place))
    if not lines:
        raise UnreadableError(_("The file is empty. Choose a file with articles."))
    return found


def write_table(contents: Iterable[Content]) -> bytes:
    """CSV that spreadsheets open, and that `read_table` reads as the same articles."""
    return csv_text.write(HEADINGS.values(), ([cell(content, name) for name in HEADINGS] for content in contents))


def cell(content: Content, name: str) -> str:
    """A field as one text."""
    value = getattr(content, name)
    return "\n".join(value) if isinstance(value, tuple) else str(value or "")


def content_of(cells: Mapping[str, str], place: str) -> tuple[Content, list[Problem]]:
    """The article of a row by our names of the columns, and what is wrong with its dates."""
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for name, text in cells.items():
        plain = text.replace("\r\n", "\n").strip()
        if name in LISTS:
            values[name] = tuple(part for part in _BREAK.split(plain) if part)
        elif name in DATES:
            day = _day(plain)
            if plain and day is None:
                sentence = _("“%(value)s” is not a day. Write it as 2026-01-31.") % {"value": plain[:40]}
                problems.append(Problem(place, sentence))
            values[name] = day
        else:
            values[name] = plain
    return Content(**{"code": "", **values}), problems  # type: ignore[arg-type]


def _day(text: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
