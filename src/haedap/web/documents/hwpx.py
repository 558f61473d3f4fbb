"""HWPX, the government's own format: a document that is written from its top to its end, in one manner.

The styles of headings are those that Hancom Office knows, so that its table of contents and its navigation find them.
Tables name their head rows, which are repeated on each page, and pictures carry their description.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _
from hwpx import HwpxDocument

from haedap.apps.centre import api as centre

_PER_MM = 7200 / 25.4
"""HWP's unit is 1/7200 inch."""
_TEXT_MM = 170
"""What A4 has between margins of 20 mm."""
_MOST_ROWS_IN_LINE = 20
"""A longer table flows over pages instead of standing in the line as one letter."""
_NOT_WRITTEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_HEAD_COLOUR, _TOTAL_COLOUR, _BORDER = "#E7EEF9", "#F2F4F6", "#8A949E"


class Writer:
    """One document. Texts may be hostile: they stand in it as they are, without control characters."""

    def __init__(self, title: str) -> None:
        """`title` stands at the head of each page, with the mark of synthetic data when the centre's are."""
        self._document: Any = HwpxDocument.new()
        self._started = False
        self._shapes: dict[tuple[object, ...], str] = {}
        page = self._document.page
        page.setup(
            paper_size="A4",
            margin_left_mm=20,
            margin_right_mm=20,
            margin_top_mm=18,
            margin_bottom_mm=15,
            header_margin_mm=12,
            footer_margin_mm=12,
        )
        marks = [title, _("Synthetic data")] if centre.synthetic() else [title]
        page.set_header(text=_clean(" · ".join(marks)))
        page.set_page_number()
        page.set_visibility(hide_first_header=True, hide_first_footer=True)
        self._document.parts.set_document_metadata(title=_clean(title))
        styles = self._document.styles
        self._runs = {
            "cell": styles.ensure_run(size=9),
            "head": styles.ensure_run(size=9, bold=True),
            "note": styles.ensure_run(size=9, color="#58616A"),
            "body": styles.ensure_run(size=10.5),
            "bold": styles.ensure_run(size=10.5, bold=True),
        }
        self._fills = {
            "cell": styles.ensure_border_fill(border_color=_BORDER),
            "head": styles.ensure_border_fill(border_color=_BORDER, fill_color=_HEAD_COLOUR),
            "total": styles.ensure_border_fill(border_color=_BORDER, fill_color=_TOTAL_COLOUR),
        }

    def cover(self, title: str, lines: Sequence[str]) -> None:
        """A page of its own, which must be the first."""
        for _line in range(9):
            self._paragraph("")
        run = self._document.styles.ensure_run(size=30, bold=True, color="#052B57")
        self._paragraph(title, run=run, alignment="CENTER", spacing_after_pt=24, line_spacing_percent=130)
        run = self._document.styles.ensure_run(size=14)
        for line in lines:
            self._paragraph(line, run=run, alignment="CENTER", spacing_after_pt=6)

    def heading(self, text: str, level: int = 1, *, new_page: bool = False) -> None:
        """A heading of that level, on a page of its own beginning if wanted."""
        size, colour = {1: (18, "#052B57"), 2: (13, "#052B57")}.get(level, (11, "#1E2124"))
        run = self._document.styles.ensure_run(size=size, bold=True, color=colour)
        paragraph = self._document.add_heading(_clean(text), level=level, char_pr_id_ref=run)
        self._document.styles.apply_paragraph_format(
            paragraphs=[paragraph],
            keep_with_next=True,
            page_break_before=new_page,
            spacing_before_pt=0 if new_page else 12,
            spacing_after_pt=6,
            outline_level=level,
        )

    def paragraph(self, text: str, *, bold: bool = False) -> None:
        """A paragraph of text."""
        self._paragraph(text, run=self._runs["bold" if bold else "body"], spacing_after_pt=4, line_spacing_percent=160)

    def items(self, texts: Sequence[str]) -> None:
        """Sentences, each with its mark, as offices write them."""
        for text in texts:
            self._paragraph(
                f"○ {text}",
                run=self._runs["body"],
                indent_left_mm=5,
                first_line_indent_mm=-5,
                spacing_after_pt=3,
                line_spacing_percent=160,
            )

    def note(self, text: str) -> None:
        """Small print below a table or a picture."""
        self._paragraph(text, run=self._runs["note"], spacing_after_pt=8)

    def table(
        self,
        caption: str,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        widths: Sequence[float],
        text_columns: Collection[int] = (0,),
        total: bool = False,
    ) -> None:
        """A head row and rows. `widths`: of the columns, relatively. All but `text_columns` stand at the right."""
        self._paragraph(caption, run=self._runs["bold"], spacing_before_pt=8, spacing_after_pt=2, keep_with_next=True)
        table = self._document.add_table(len(rows) + 1, len(headings), width=round(_TEXT_MM * _PER_MM))
        table.set_column_widths(list(widths))
        table.element.set("repeatHeader", "1")
        if len(rows) >= _MOST_ROWS_IN_LINE:
            table.set_treat_as_char(False)
        for place, (line, texts) in enumerate(zip(table.rows, [headings, *rows], strict=True)):
            kind = "head" if place == 0 else "total" if total and place == len(rows) else "cell"
            for column, (cell, text) in enumerate(zip(line.cells, texts, strict=True)):
                side = "CENTER" if kind == "head" else "LEFT" if column in text_columns else "RIGHT"
                self._fill(cell, text, kind, side)
        self._paragraph("", run=self._runs["note"])

    def _fill(self, cell: Any, text: str, kind: str, side: str) -> None:
        cell.text = _clean(text)
        cell.element.set("borderFillIDRef", self._fills[kind])
        cell.element.set("header", "1" if kind == "head" else "0")
        run = self._runs["cell" if kind == "cell" else "head"]
        for paragraph in cell.paragraphs:
            self._apply(paragraph, {"alignment": side, "line_spacing_percent": 130})
            for part in paragraph.runs:
                part.element.set("charPrIDRef", run)

    def picture(self, png: bytes, alt: str, caption: str) -> None:
        """A picture as wide as the text, with its name above and its description for those who cannot see it."""
        self._paragraph(caption, run=self._runs["bold"], spacing_before_pt=8, spacing_after_pt=2, keep_with_next=True)
        picture = self._document.add_picture(png, "png", width_mm=_TEXT_MM, align="CENTER")
        comment = next(picture.element.iter("{*}shapeComment"))
        comment.text = _clean(alt)
        self._paragraph("", run=self._runs["note"])

    def finished(self) -> bytes:
        """The document as a file."""
        return bytes(self._document.to_bytes())

    def _paragraph(self, text: str, *, run: str | None = None, **shape: object) -> Any:
        if not self._started:
            self._started = True
            paragraph = self._document.paragraphs[0]
            paragraph.text = _clean(text)
        else:
            paragraph = self._document.add_paragraph(_clean(text), inherit_style=False)
        if run is not None:
            for part in paragraph.runs:
                part.element.set("charPrIDRef", run)
        self._apply(paragraph, shape)
        return paragraph

    def _apply(self, paragraph: Any, shape: dict[str, object]) -> None:
        """The same shape is made once."""
        key = tuple(sorted(shape.items()))
        if key in self._shapes:
            paragraph.element.set("paraPrIDRef", self._shapes[key])
        elif shape:
            self._document.styles.apply_paragraph_format(paragraphs=[paragraph], **shape)
            self._shapes[key] = paragraph.element.get("paraPrIDRef")


def _clean(text: str) -> str:
    """What XML can hold."""
    return _NOT_WRITTEN.sub("", text)
