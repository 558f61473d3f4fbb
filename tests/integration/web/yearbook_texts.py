"""What a yearbook says in each of its forms, chapter by chapter, as plain text."""

from __future__ import annotations

import io
import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from hwpx import HwpxDocument

from haedap.analytics.book.edits import FOREWORD
from haedap.analytics.book.model import Book, Number, Section, Table
from haedap.apps.yearbook import showing
from haedap.apps.yearbook.showing import Picture
from tests.support.pdf import pages_of

_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_PAGE_NUMBER = re.compile(r"\d+ / \d+")


def figures_of(text: str) -> Counter[str]:
    """Every figure, and how often it stands there."""
    return Counter(found.strip(",") for found in _FIGURE.findall(text))


def book_texts(book: Book) -> dict[str, str]:
    """What the book itself says, by the key of the chapter: told from its figures, not from what is shown."""
    sections = [each for each in book.sections if each.key != FOREWORD or each.lines]
    numbered = [each.key for each in sections if each.key != FOREWORD]
    order = [*numbered[:-1], "proposals", *(["followed"] if book.followed else []), numbered[-1]]
    places = {key: place for place, key in enumerate(order, 1)}
    found = {each.key: f"{places.get(each.key, '')} {_section_text(each)}" for each in sections}
    said = []
    for place, each in enumerate(book.proposals, 1):
        evidence = " ".join(f"{it.name} {it.number.spoken} {places[it.section]}" for it in each.evidence)
        said.append(f"{place} {each.title} {each.text} {each.size.spoken} {evidence}")
    found["proposals"] = " ".join([str(places["proposals"]), *said])
    for one in book.followed:
        was = one.accepted
        text = f"{was.title} {was.book} {was.figure_name} {was.figure.spoken} {one.now.spoken} {one.outcome}"
        found["followed"] = f"{found.get('followed', places['followed'])} {text}"
    return found


def _section_text(section: Section) -> str:
    parts = [section.title, section.text]
    for block in section.blocks:
        parts.append(block.caption)
        if isinstance(block, Table):
            parts += [*block.headings, block.note]
            parts += [part.bare if isinstance(part, Number) else part for row in block.rows for part in row]
    return " ".join(parts)


def page_texts(html: str) -> dict[str, str]:
    """Of the book's page, by the key of the chapter; drawings say nothing."""
    reader = _Chapters()
    reader.feed(html)
    return {key: " ".join(parts) for key, parts in reader.found.items()}


class _Chapters(HTMLParser):
    """Gathers the text below each heading of a chapter."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._key = ""
        self._depth = 0
        self._drawing = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "section" and "hd-book" in (values.get("class") or ""):
            self._depth = 1
        elif tag == "section" and self._depth:
            self._depth += 1
        elif tag == "h2" and self._depth:
            self._key = values.get("id") or ""
            self.found[self._key] = []
        self._drawing += tag == "svg"

    def handle_endtag(self, tag: str) -> None:
        self._drawing -= tag == "svg"
        if tag == "section" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth and not self._drawing and self._key:
            self.found[self._key].append(data.strip())


def pdf_figures(data: bytes, book: Book) -> Counter[str]:
    """The figures of all chapters of the PDF: without cover, contents, running heads, page numbers and charts."""
    text = " ".join(_PAGE_NUMBER.sub(" ", page) for page in pages_of(data)[2:])
    heads = figures_of(book.title)
    figures = figures_of(text)
    for head, times in heads.items():
        figures[head] -= times * (len(pages_of(data)) - 2)
    for chapter in showing.chapters(book):
        for block in chapter.blocks:
            if isinstance(block, Picture):
                figures.subtract(figures_of(_drawn_text(block.chart.svg)))
    return +figures


def _drawn_text(svg: str) -> str:
    """The words in a drawing."""
    return " ".join(re.findall(r"<(?:text|tspan)\b[^>]*>([^<]+)<", svg))


def hwpx_texts(data: bytes, titles: dict[str, str]) -> dict[str, str]:
    """By the key of the chapter, whose heading is its title with a number."""
    found: dict[str, str] = {}
    key = ""
    for text, is_heading in _hwpx_paragraphs(data):
        named = [
            each for each, title in titles.items() if is_heading and re.fullmatch(rf"(\d+\. )?{re.escape(title)}", text)
        ]
        key = named[0] if named else key
        if key:
            found[key] = f"{found.get(key, '')} {text}"
    return found


def _hwpx_paragraphs(data: bytes) -> list[tuple[str, bool]]:
    """Text of each paragraph of the body in its order, also of those in tables; whether it is a chapter's heading."""
    document: Any = HwpxDocument.open(io.BytesIO(data))
    headings = {str(document.styles.resolve("개요 1").id)}
    section = document.sections[0].element
    paragraphs = []
    for paragraph in section.iter("{*}p"):
        own = [part for run in paragraph.findall("{*}run") for part in run.findall("{*}t")]
        text = "".join("".join(part.itertext()) for part in own)
        if text.strip() and not any(above.tag.endswith(("}header", "}footer")) for above in paragraph.iterancestors()):
            paragraphs.append((text.strip(), paragraph.get("styleIDRef") in headings))
    return paragraphs
