"""The book as PDF and as HWPX."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from haedap.analytics.book.model import Book
from haedap.apps.yearbook import showing
from haedap.apps.yearbook.showing import Chapter, Picture, Proposal, Table

if TYPE_CHECKING:
    from haedap.web.documents.hwpx import Writer

_FIRST_COLUMN = 2.2
"""How much wider the names are than the numbers."""


def period(book: Book) -> str:
    """`2023. 1. 1. ~ 2023. 12. 31.`, as offices write days."""
    last = date.fromordinal(book.until.toordinal() - 1)
    return f"{_day(book.since)} ~ {_day(last)}"


def _day(day: date) -> str:
    return f"{day.year}. {day.month}. {day.day}."


def as_pdf(book: Book, made: date) -> bytes:
    """Tagged, with a cover and a table of contents. Raises DocumentError."""
    from haedap.web.documents import pdf  # heavy: a server answers its first page without

    context = {
        "book": book,
        "chapters": showing.chapters(book),
        "period": period(book),
        "made": f"{made.year}. {made.month}.",
        "nothing": showing.NOTHING,
    }
    html = render_to_string("yearbook/print.html", context)
    return pdf.render(html, title=f"{book.centre} {book.title}".strip(), styles=render_to_string("yearbook/print.css"))


def as_hwpx(book: Book, made: date) -> bytes:
    """With the styles and headings of Hancom Office."""
    from haedap.web.documents.hwpx import Writer  # heavy, as above

    writer = Writer(f"{book.centre} {book.title}".strip())
    lines = [
        period(book),
        *([_("Synthetic data")] if book.synthetic else []),
        "",
        f"{made.year}. {made.month}.",
        book.centre,
    ]
    writer.cover(book.title, lines)
    for place, chapter in enumerate(showing.chapters(book)):
        writer.heading(chapter.heading, new_page=place == 0 or chapter.is_long)
        _write_chapter(writer, chapter)
    return writer.finished()


def _write_chapter(writer: Writer, chapter: Chapter) -> None:
    if chapter.is_empty:
        writer.paragraph(showing.NOTHING)
    if chapter.number:
        writer.items(chapter.lines)
    else:
        for line in chapter.lines:
            writer.paragraph(line)
    for block in chapter.blocks:
        if isinstance(block, Picture):
            writer.picture(block.chart.png, block.chart.alt, block.caption)
        else:
            _write_table(writer, block)
    for proposal in chapter.proposals:
        _write_proposal(writer, proposal)
    if chapter.followed:
        rows = [
            (each.title, each.book, each.figure_name, each.before, each.now, each.outcome) for each in chapter.followed
        ]
        headings = ("개선 제안", "제안한 책", "지표", "당시", "올해", "결과")
        writer.table("지난 개선 제안의 결과", headings, rows, widths=(3, 2, 2, 1, 1, 1), text_columns=(0, 1, 2))


def _write_table(writer: Writer, table: Table) -> None:
    rows = [(row.head, *(cell.text for cell in row.cells)) for row in table.rows]
    texts = [place for place, heading in enumerate(table.headings) if not heading.is_number]
    widths = [_FIRST_COLUMN if place == 0 else 1.0 for place in range(len(table.headings))]
    if len(texts) == len(table.headings) == 2:
        widths = [1.0, 3.0]
    total = bool(table.rows) and table.rows[-1].is_total
    headings = [heading.text for heading in table.headings]
    writer.table(table.caption, headings, rows, widths=widths, text_columns=texts, total=total)
    if table.note:
        writer.note(f"※ {table.note}")


def _write_proposal(writer: Writer, proposal: Proposal) -> None:
    mark = " (채택)" if proposal.accepted else ""
    writer.heading(f"제안 {proposal.number}. {proposal.title}{mark}", level=2)
    writer.items([*proposal.lines, f"규모: {proposal.size}"])
    evidence = [f"{each.name} {each.text}({each.chapter}장)" for each in proposal.evidence]
    writer.note(f"근거: {', '.join(evidence)}")
