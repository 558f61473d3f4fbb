"""Articles as an HWPX document, to read, to print, and to be brought back; its form is told in `document`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from markdown_it.token import Token

from haedap.apps.knowledge.content import Content
from haedap.apps.knowledge.errors import RefusedError
from haedap.apps.knowledge.formats.table import HEADINGS, cell
from haedap.apps.knowledge.markdown import tokens_of

MOST_ARTICLES = 50
_WIDTH = 42_000
"""Of a table: what A4 has between its margins, in HWP's unit of 1/7200 inch."""
_LOWEST = 10
"""HWPX has so many levels of headings."""


def write_document(contents: Iterable[Content]) -> bytes:
    """The document. Raises RefusedError when there are more articles than one document should have."""
    from hwpx import HwpxDocument  # here, because it is heavy and a server answers its first page without

    document = HwpxDocument.new()
    document.paragraphs[0].text = _("Knowledge of the call centre")
    for number, content in enumerate(contents):
        if number == MOST_ARTICLES:
            raise RefusedError(
                _("More than %(most)d articles do not fit into one document. Choose fewer.") % {"most": MOST_ARTICLES}
            )
        document.add_heading(content.title, level=1)
        _write_table(
            document, [[heading, cell(content, name)] for name, heading in HEADINGS.items() if name != "answer"]
        )
        _AnswerWriter(document).write(tokens_of(content.answer))
    return bytes(document.to_bytes())


class _AnswerWriter:
    """Paragraphs, headings and tables of an answer; entries of lists keep the marks that they have in Markdown."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._marks: list[str] = []
        self._prefix = ""
        self._heading = 0
        self._rows: list[list[str]] = []

    def write(self, tokens: list[Token]) -> None:
        """Each kind of token has its own method; the others say nothing that a reader sees."""
        for token in tokens:
            method = getattr(self, f"_{token.type}", None)
            if method is not None:
                method(token)

    def _bullet_list_open(self, _token: Token) -> None:
        self._marks.append("- ")

    def _ordered_list_open(self, _token: Token) -> None:
        self._marks.append("1. ")

    def _bullet_list_close(self, _token: Token) -> None:
        self._marks.pop()

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, token: Token) -> None:
        own = f"{token.info}. " if token.info else self._marks[-1]
        self._prefix = "".join(" " * len(mark) for mark in self._marks[:-1]) + own

    def _list_item_close(self, _token: Token) -> None:
        self._prefix = ""

    def _heading_open(self, token: Token) -> None:
        self._heading = int(token.tag[1])

    def _tr_open(self, _token: Token) -> None:
        self._rows.append([])

    def _table_close(self, _token: Token) -> None:
        _write_table(self._document, self._rows)
        self._rows = []

    def _fence(self, token: Token) -> None:
        self._document.add_paragraph(token.content.strip(), inherit_style=False)

    _code_block = _fence

    def _inline(self, token: Token) -> None:
        if self._rows:
            self._rows[-1].append(_plain(token))
        elif self._heading:
            self._document.add_heading(_plain(token), level=min(self._heading + 1, _LOWEST))
            self._heading = 0
        else:
            _write_runs(self._document.add_paragraph("", inherit_style=False), self._prefix, token)
            self._prefix = " " * len(self._prefix)


def _write_table(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), max(map(len, rows)), width=_WIDTH)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(number, column).text = text


def _write_runs(paragraph: Any, prefix: str, token: Token) -> None:
    bold, address = False, ""
    if prefix:
        paragraph.add_run(prefix)
    for child in token.children or []:
        match child.type:
            case "strong_open" | "strong_close":
                bold = child.type == "strong_open"
            case "link_open":
                address = str(child.attrGet("href") or "")
            case "link_close":
                paragraph.add_run(f" ({address})")
            case "softbreak" | "hardbreak":
                paragraph.add_run("\n")
            case "text" | "code_inline":
                paragraph.add_run(child.content, bold=bold)


def _plain(token: Token) -> str:
    return "".join(child.content or (" " if child.type.endswith("break") else "") for child in token.children or [])
