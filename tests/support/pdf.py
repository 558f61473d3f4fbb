"""What can be checked of a PDF for people who cannot see it (PDF/UA-1), and of its Korean words."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pikepdf
import pypdfium2

_KOREAN = re.compile("[\uac00-\ud7a3]")
_HEADING = re.compile(r"/H([1-6])\Z")
_EMBEDDED = ("/FontFile", "/FontFile2", "/FontFile3")


@dataclass
class Faults:
    """What is wrong, in words; nothing is right."""

    found: list[str] = field(default_factory=list)

    def unless(self, right: object, fault: str) -> None:
        if not right:
            self.found.append(fault)


def faults_of(data: bytes, title: str) -> list[str]:
    """What PDF/UA-1 forbids and a program can see; `title` is what the document should be called."""
    faults = Faults()
    with pikepdf.open(io.BytesIO(data)) as document:
        _check_catalogue(document, title, faults)
        elements = list(_elements(document.Root.StructTreeRoot.K))
        _check_figures(elements, faults)
        _check_headings(elements, faults)
        _check_tables(elements, faults)
        _check_content(document, faults)
        for name, font in _fonts(document).items():
            _check_font(name, font, faults)
    return faults.found


def pages_of(data: bytes) -> list[str]:
    """The text of each page, as a reader copies it out."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [_text(page) for page in document]
    finally:
        document.close()


def broken_words(data: bytes, html: str) -> list[str]:
    """Korean words of `html` that the document has less often in one piece than the text has them."""
    wanted = Counter(word for word in _words(html) if len(_KOREAN.findall(word)) > 1)
    there = Counter(" ".join(pages_of(data)).split())
    return sorted(word for word, times in wanted.items() if there[word] < times)


def fonts_of(data: bytes) -> set[str]:
    """Names of the fonts, without what tells the subset."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return {name.lstrip("/").split("+")[-1] for name in _fonts(document)}


def _text(page: pypdfium2.PdfPage) -> str:
    reader = page.get_textpage()
    try:
        return str(reader.get_text_bounded())
    finally:
        reader.close()


def _check_catalogue(document: pikepdf.Pdf, title: str, faults: Faults) -> None:
    root = document.Root
    faults.unless(root.MarkInfo.get("/Marked"), "the document is not marked as tagged")
    faults.unless(str(root.get("/Lang", "")) == "ko", "its language is not Korean")
    shown = root.ViewerPreferences.get("/DisplayDocTitle")
    faults.unless(shown, "readers show its file's name, not its title")
    faults.unless(str(document.docinfo.get("/Title", "")) == title, "its title is another")
    with document.open_metadata() as metadata:
        faults.unless(metadata.get("pdfuaid:part") == "1", "it does not say that it is PDF/UA-1")
        faults.unless(metadata.get("dc:title") == title, "its metadata have another title")


def _elements(kid: Any) -> Iterator[Any]:
    """Every structure element, each before those in it."""
    kids = list(kid) if isinstance(kid, pikepdf.Array) else [kid]
    for one in kids:
        if isinstance(one, pikepdf.Dictionary) and "/S" in one:
            yield one
            if "/K" in one:
                yield from _elements(one.K)


def _check_figures(elements: list[Any], faults: Faults) -> None:
    for element in elements:
        if element.S == "/Figure":
            faults.unless(str(element.get("/Alt", "")).strip(), "a picture has no name")


def _check_headings(elements: list[Any], faults: Faults) -> None:
    levels = [int(found[1]) for element in elements if (found := _HEADING.match(str(element.S)))]
    faults.unless(levels[:1] == [1], "the first heading is not of the first level")
    for before, after in pairwise(levels):
        faults.unless(after <= before + 1, f"a heading of level {after} follows one of level {before}")


def _check_tables(elements: list[Any], faults: Faults) -> None:
    for table in (element for element in elements if element.S == "/Table"):
        inside = list(_elements(table.K))
        faults.unless(any(element.S == "/TH" for element in inside), "a table has no head")
        for cell in (element for element in inside if element.S == "/TD"):
            attributes = cell.get("/A", {})
            faults.unless(len(attributes.get("/Headers", [])), "a cell does not name its heads")


def _check_content(document: pikepdf.Pdf, faults: Faults) -> None:
    """Whatever a page shows is either tagged or marked as decoration."""
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    mapped = {int(numbers[place]): numbers[place + 1] for place in range(0, len(numbers), 2)}
    for number, page in enumerate(document.pages, start=1):
        open_marks: list[str] = []
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            if operator in {"BDC", "BMC"}:
                open_marks.append(_mark(instruction, mapped.get(int(page.obj.get("/StructParents", -1)), []), faults))
            elif operator == "EMC":
                open_marks.pop()
            elif operator in {"Tj", "TJ", "Do"}:
                faults.unless(open_marks, f"page {number} shows something that is neither tagged nor decoration")


def _mark(instruction: Any, parents: Any, faults: Faults) -> str:
    operands = list(instruction.operands)
    if str(operands[0]) != "/Artifact" and len(operands) > 1 and "/MCID" in operands[1]:
        faults.unless(int(operands[1].MCID) < len(parents), "something is tagged as part of nothing")
    return str(operands[0])


def _fonts(document: pikepdf.Pdf) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for candidate in document.objects:
        if isinstance(candidate, pikepdf.Dictionary) and candidate.get("/Type") == "/Font" and "/BaseFont" in candidate:
            found[str(candidate.BaseFont)] = candidate
    return found


def _check_font(name: str, font: Any, faults: Faults) -> None:
    described = font.get("/FontDescriptor")
    if described is None and "/DescendantFonts" in font:
        described = font.DescendantFonts[0].get("/FontDescriptor")
    embedded = described is not None and any(key in described for key in _EMBEDDED)
    faults.unless(embedded, f"the font {name} is not in the document")
    if "/DescendantFonts" in font:
        faults.unless("/ToUnicode" in font, f"nothing tells the letters of the font {name}")


def _words(html: str) -> list[str]:
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.text).split()


class _Text(HTMLParser):
    """The words between the tags; pictures and styles say nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"svg", "style", "title"}
        if tag not in {"span", "b", "strong", "em", "i", "a", "sup", "sub"}:
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"svg", "style", "title"}
        if tag not in {"span", "b", "strong", "em", "i", "a", "sup", "sub"}:
            self.text.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text.append(data)
