"""Every form of an edition, read again by a program that others wrote."""

from __future__ import annotations

import csv
import io
import zipfile
from ctypes import c_float
from dataclasses import replace
from functools import cache

import pikepdf
import pypdfium2
import pypdfium2.raw as raw
import pytest
import vobject
from hwpx import HwpxDocument

from haedap.apps.directory.documents.sheets import BLEED, LEAST_LARGE, SHEETS
from haedap.apps.directory.files import FORMS
from haedap.apps.directory.models import Icon
from haedap.apps.directory.paper import Paper, PaperGroup, PaperLine

pytestmark = pytest.mark.usefixtures("db")
HOSTILE = '<script>alert(1)</script> =HYPERLINK("x") & "; DROP'
MM = 72 / 25.4


def line(number: int, name: str = "", what: str = "이사정산 · 누수 감면") -> PaperLine:
    return PaperLine(
        f"office:{number}", name or f"행복{number}과", what, f"+8220000{number:04}", f"02-0000-{number:04}", number == 1
    )


def paper(count: int = 20, *, name: str = "", what: str = "이사정산 · 누수 감면") -> Paper:
    icons = list(Icon)
    lines = [line(number, name and f"{name} {number}", what) for number in range(1, count + 1)]
    groups = [
        PaperGroup(f"생활 분야 {place}", icon.value, tuple(lines[place :: len(icons)]))
        for place, icon in enumerate(icons)
    ]
    return Paper(
        title="생활 안내 전화번호부",
        quarter="2026년 4분기",
        centre="행복시 민원콜센터",
        main_number="02-0000-0120",
        main_e164="+82200000120",
        groups=tuple(group for group in groups if group.lines),
        day="2026. 12. 1.",
        address="",
        proof=False,
        synthetic=False,
    )


@cache
def twenty(form: str) -> bytes:
    return FORMS[form].write(paper())


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join("\n".join(page.get_textpage().get_text_range() for page in document).split())


@pytest.mark.parametrize("form", SHEETS)
def test_sheets_hold_every_number_and_break_no_word(form: str, db: None) -> None:
    text = text_of(twenty(form))
    for one in paper().lines:
        assert one.name in text
        assert one.dialled in text
    assert text.count("이사정산") == 20
    assert "02-0000-0120" in text
    assert "119" in text


@pytest.mark.parametrize("form", SHEETS)
def test_sheets_have_their_size_and_are_tagged(form: str) -> None:
    with pikepdf.open(io.BytesIO(twenty(form))) as document:
        sheet = SHEETS[form]
        width, height = (float(side) for side in document.pages[0].mediabox[2:])
        assert (round(width / MM), round(height / MM)) == (sheet.width, sheet.height)
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "ko"
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert len(document.pages) <= (1 if form in {"leaflet-a4", "poster-a3", "poster-a2"} else 6)


def test_bleed_and_crop_marks() -> None:
    with pikepdf.open(io.BytesIO(twenty("leaflet-a4-marks"))) as document:
        page = document.pages[0]
        trim, bleed = (list(map(float, box)) for box in (page.trimbox, page.bleedbox))
        assert (round((trim[2] - trim[0]) / MM), round((trim[3] - trim[1]) / MM)) == (210, 297)
        beyond = [abs(inner - outer) / MM for inner, outer in zip(trim, bleed, strict=True)]
        assert beyond == pytest.approx([BLEED] * 4, abs=0.1)
        assert all(side >= 3 for side in beyond)
        assert float(page.mediabox[2]) > bleed[2]  # the marks stand outside


@pytest.mark.parametrize("form", [form for form, sheet in SHEETS.items() if sheet.large])
def test_nothing_in_large_print_is_small(form: str) -> None:
    sizes = {size for page in pypdfium2.PdfDocument(twenty(form)) for size in font_sizes(page)}
    assert sizes
    assert min(sizes) >= LEAST_LARGE - 0.01


def font_sizes(page: pypdfium2.PdfPage) -> list[float]:
    """In pt, as they stand on the paper."""
    found = []
    for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        size = c_float()
        assert raw.FPDFTextObj_GetFontSize(one, size)
        found.append(size.value * one.get_matrix().a)
    return found


@pytest.mark.parametrize(
    ("form", "made"),
    [
        ("poster-a3", paper(0)),
        ("leaflet-a4-large", paper(100)),
        ("leaflet-a4-large", paper(5, name="아주긴이름의부서" * 7, what="길고긴 설명 " * 12)),
        ("leaflet-a4", paper(3, name=HOSTILE, what=HOSTILE)),
    ],
    ids=["empty", "a hundred", "long", "hostile"],
)
def test_whatever_is_printed_stands_on_the_paper(form: str, made: Paper) -> None:
    data = FORMS[form].write(made)
    text = text_of(data)
    assert "생활 안내 전화번호부" in text
    assert all(one.dialled in text for one in made.lines)
    written = text.replace(" ", "").count("<script>alert(1)</script>")
    assert written == 2 * sum(HOSTILE in one.name for one in made.lines)
    assert ("아직 실린 번호가 없습니다" in text) is (not made.lines)
    with pikepdf.open(io.BytesIO(data)) as document:
        assert len(document.pages) < 40


def test_a_proof_says_so() -> None:
    text = text_of(FORMS["leaflet-a4-large"].write(replace(paper(1), proof=True, synthetic=True)))
    assert "교정본" in text
    assert "가상 자료" in text


def test_synthetic_numbers_and_proofs_are_marked_on_every_page() -> None:
    document = pypdfium2.PdfDocument(FORMS["leaflet-a5-large"].write(replace(paper(20), synthetic=True, proof=True)))
    assert len(document) > 1
    for page in document:
        text = page.get_textpage().get_text_range()
        assert "가상 자료" in text
        assert "교정본" in text


def test_cards_are_read_by_an_address_book() -> None:
    made = replace(
        paper(3), groups=(PaperGroup("수도; 하수, 물", "water", (line(1, HOSTILE, "한\n줄; 둘,셋"), line(2))),)
    )
    cards = list(vobject.readComponents(FORMS["vcard"].write(made).decode()))
    assert [card.fn.value for card in cards] == [HOSTILE, "행복2과"]
    assert [card.tel.value for card in cards] == ["+82200000001", "+82200000002"]
    assert cards[0].note.value == "한\n줄; 둘,셋"
    assert cards[0].categories.value[1] == "수도; 하수, 물"
    assert cards[0].tel.params["TYPE"] == ["WORK", "VOICE"]
    again = list(vobject.readComponents(FORMS["vcard"].write(made).decode()))
    assert [card.uid.value for card in again] == [card.uid.value for card in cards]


def test_the_table_is_no_formula() -> None:
    made = replace(paper(0), groups=(PaperGroup("수도", "water", (line(1, '=HYPERLINK("x")'),)),), synthetic=True)
    rows = list(csv.reader(io.StringIO(FORMS["csv"].write(made).decode("utf-8-sig"))))
    assert rows[1] == ["수도", '\'=HYPERLINK("x")', "02-0000-0001", "이사정산 · 누수 감면", "'+82200000001"]
    assert rows[2] == ["가상 자료"]


@pytest.mark.parametrize("made", [paper(20), paper(0), paper(3, name=HOSTILE + "\x07", what="\ud800")])
def test_hwpx_is_valid_and_holds_every_number(made: Paper) -> None:
    data = FORMS["hwpx"].write(made)
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    document = HwpxDocument.open(io.BytesIO(data))
    assert document.validate().ok
    cells = [
        cell.text for part in document.paragraphs for table in part.tables for row in table.rows for cell in row.cells
    ]
    assert all(one.dialled in cells for one in made.lines)
