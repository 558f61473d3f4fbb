"""The yearbook: its forms say the same, its texts outlive it, and nobody breaks it."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import msgspec
import pytest
from django.db import connection
from django.utils import timezone
from hwpx import HwpxDocument
from hwpx.tools.package_validator import validate_editor_open_safety
from msgspec.structs import replace

from haedap.analytics.book import model, proposals
from haedap.analytics.book.edits import Decision, Edit, published
from haedap.analytics.book.material import Span
from haedap.analytics.book.model import Accepted, Book, Line
from haedap.analytics.book.writing import written
from haedap.apps.accounts.models import Account
from haedap.apps.contacts.models import AccessLog
from haedap.apps.yearbook import documents, editions, making
from haedap.apps.yearbook.errors import YearbookError
from haedap.apps.yearbook.models import Edition, EditionFile
from tests.support.pdf import broken_words, faults_of
from tests.unit.analytics.book import year
from tests.unit.analytics.book.year import a_book, a_material

from .pages import Browser
from .yearbook_texts import book_texts, figures_of, hwpx_texts, page_texts, pdf_figures

MADE = date(2024, 2, 1)
HOSTILE = "<script>alert(1)</script>=HYPERLINK(1)\x07"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A year with everything in it, with what became of last year's proposals, and with edited texts."""
    tables = year.rows(year.facts(2022, every=2), year.facts(), year.burst())
    now = a_material(tmp_path_factory.mktemp("year"), tables)
    generated = written(now)
    material = a_material(tmp_path_factory.mktemp("earlier"), year.rows(year.facts(2022, every=2)), Span.of_year(2022))
    earlier = [
        Accepted(each.key, each.title, each.figure_name, each.figure, "2022년 운영 연감")
        for each in proposals.proposals_of(material)
    ]
    generated = msgspec.structs.replace(generated, followed=proposals.followed(now, earlier))
    texts = {
        "section:foreword": Edit("", f"시민 여러분께 드립니다.\n{HOSTILE}"),
        "section:glance": Edit("", "우리 센터의 한 해임."),
    }
    return published(generated, texts, {generated.proposals[0].key: Decision.ACCEPTED})


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    """The forms of `book` that a test has had made; the next takes them from here."""
    return {}


@pytest.fixture
def pdf(book: Book, printed: dict[str, bytes], db: None) -> bytes:
    if "pdf" not in printed:
        printed["pdf"] = documents.as_pdf(book, MADE)
    return printed["pdf"]


@pytest.fixture
def hwpx(book: Book, printed: dict[str, bytes], db: None) -> bytes:
    if "hwpx" not in printed:
        printed["hwpx"] = documents.as_hwpx(book, MADE)
    return printed["hwpx"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book of 2023 as it was generated."""
    return a_book(tmp_path_factory.mktemp("made"), year.rows(year.facts(every=3), year.burst()))


@pytest.fixture
def edition(people: dict[str, Account], made: Book) -> Edition:
    """The same, finished."""
    now = timezone.now()
    row = Edition.objects.create(
        since=date(2023, 1, 1),
        until=date(2024, 1, 1),
        state=Edition.State.DONE,
        book=model.encode(made).decode(),
        generated_at=now,
        rendered_at=now,
    )
    EditionFile.objects.create(edition=row, form="pdf", content=b"%PDF-1.7 made")
    return row


def test_the_book_of_an_invented_year_is_marked_when_the_year_is_gone(edition: Edition, logged_in: Browser) -> None:
    pages, client = (f"/yearbook/{edition.pk}/", f"/yearbook/{edition.pk}/book/"), logged_in("supervisor")
    assert not any("hd-synthetic" in client.get(page).content.decode() for page in pages)
    edition.book = model.encode(replace(model.decode(edition.book), synthetic="icheon")).decode()
    edition.save()
    assert all("hd-synthetic" in client.get(page).content.decode() for page in pages)


def test_every_form_has_the_figures_of_the_book(book: Book, pdf: bytes, hwpx: bytes, logged_in: Browser) -> None:
    """No figure that two pages disagree on: page, PDF and HWPX have those of the book, chapter by chapter."""
    wanted = {key: figures_of(text) for key, text in book_texts(book).items()}
    row = Edition.objects.create(since=book.since, until=book.until, book=model.encode(book).decode(), state="done")
    html = logged_in("supervisor").get(f"/yearbook/{row.pk}/book/").content.decode()
    titles = {section.key: section.title for section in book.sections}
    titles |= {"proposals": "개선 제안", "followed": "지난 개선 제안의 결과"}

    assert {key: figures_of(text) for key, text in page_texts(html).items()} == wanted
    assert {key: figures_of(text) for key, text in hwpx_texts(hwpx, titles).items()} == wanted
    assert pdf_figures(pdf, book) == sum(wanted.values(), start=figures_of(""))


def test_the_pdf_is_for_everybody_and_breaks_no_word(book: Book, pdf: bytes) -> None:
    assert faults_of(pdf, f"{book.centre} {book.title}") == []
    assert broken_words(pdf, " ".join(section.text for section in book.sections)) == []


def test_the_hwpx_keeps_to_its_schema(hwpx: bytes) -> None:
    report = validate_editor_open_safety(hwpx)
    assert report.validate_document is not None
    assert report.validate_document.issues == ()
    assert [issue for issue in report.validate_package.issues if issue.level != "warning"] == []
    section = HwpxDocument.open(io.BytesIO(hwpx)).sections[0].element
    for table in section.iter("{*}tbl"):
        assert table.get("repeatHeader") == "1"
        rows = [[cell.get("header") for cell in row.findall("{*}tc")] for row in table.findall("{*}tr")]
        assert set(rows[0]) == {"1"}
        assert {mark for row in rows[1:] for mark in row} == {"0"}
    pictures = list(section.iter("{*}pic"))
    assert len(pictures) > 5
    assert all("".join(next(each.iter("{*}shapeComment")).itertext()).strip() for each in pictures)


@pytest.mark.django_db
def test_a_year_of_one_contact_is_a_book_too(tmp_path: Path) -> None:
    """The command's test has the book of a year without any."""
    small = a_book(tmp_path, {"fact": [year.one_contact(HOSTILE)]})
    assert documents.as_pdf(small, MADE).startswith(b"%PDF-")
    assert validate_editor_open_safety(documents.as_hwpx(small, MADE)).reopen_ok


def test_names_are_never_markup(tmp_path: Path, logged_in: Browser) -> None:
    hostile = a_book(tmp_path, {"fact": [year.one_contact(HOSTILE)]})
    row = Edition.objects.create(
        since=hostile.since, until=hostile.until, book=model.encode(hostile).decode(), state="done"
    )
    html = logged_in("supervisor").get(f"/yearbook/{row.pk}/book/").content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html


def test_a_number_leads_to_its_formula_and_contacts(edition: Edition, logged_in: Browser) -> None:
    """The whole book's, a month's, a topic's, an office's in a district; not those of several values together."""
    browser = logged_in("supervisor")
    html = browser.get(f"/yearbook/{edition.pk}/book/").content.decode()
    addresses = set(re.findall(r'href="(/reports/figures/[^"]+)"', html))
    for named in ("district=", "office=", "topic=", "hour=", "weekday=", "since=2023-02-01&amp;until=2023-02-28"):
        found = min(address for address in addresses if named in address)
        assert browser.get(found.replace("&amp;", "&")).status_code == 200, found
    assert not [address for address in addresses if "%2B" in address]


def test_who_may_not_see_it(edition: Edition, logged_in: Browser) -> None:
    for path in ("", f"{edition.pk}/", f"{edition.pk}/book/", f"{edition.pk}/pdf"):
        assert logged_in("agent1").get(f"/yearbook/{path}").status_code == 403


def test_a_year_is_ordered_and_shows_how_far_it_is(logged_in: Browser) -> None:
    browser = logged_in("supervisor")
    answer = browser.post("/yearbook/", {"year": "2023"})
    row = Edition.objects.get()
    assert answer.headers["Location"] == f"/yearbook/{row.pk}/"
    assert (row.state, row.since, row.until) == ("waiting", date(2023, 1, 1), date(2024, 1, 1))
    Edition.objects.update(state="working", percent=20, step="통계를 셉니다.")
    page = browser.get(f"/yearbook/{row.pk}/").content.decode()
    assert 'value="20"' in page
    assert "통계를 셉니다." in page
    browser.post("/yearbook/", {"year": "2023"})
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"year": "0"},
        {"year": "99999999999"},
        {"year": "=1+1"},
        {"year": "2998"},
        {"since": "2023-01-01"},
        {"since": "2023-12-31", "until": "2023-01-01"},
        {"since": "0001-01-01", "until": "9999-12-31"},
    ],
)
def test_days_of_which_no_book_can_be_made(data: dict[str, str], logged_in: Browser) -> None:
    answer = logged_in("supervisor").post("/yearbook/", data)
    assert answer.status_code == 400
    assert not Edition.objects.exists()


def test_an_edited_text_outlives_the_book_and_a_changed_ground_is_shown(
    edition: Edition, made: Book, logged_in: Browser
) -> None:
    browser = logged_in("supervisor")
    browser.post(f"/yearbook/{edition.pk}/text", {"key": "section:glance", "text": "우리의 글임. 77,777건"})
    sections = [msgspec.structs.replace(each, lines=(Line((f"새로 센 {each.title}임.",)),)) for each in made.sections]
    again = msgspec.structs.replace(made, sections=tuple(sections))
    Edition.objects.update(book=model.encode(again).decode())
    page = browser.get(f"/yearbook/{edition.pk}/").content.decode()
    assert "우리의 글임." in page
    assert "77,777" in page
    assert again.section("glance").text.splitlines()[0] in page
    assert "우리의 글임." in browser.get(f"/yearbook/{edition.pk}/book/").content.decode()
    edition.refresh_from_db()
    assert edition.files_are_behind

    browser.post(f"/yearbook/{edition.pk}/text", {"key": "section:glance", "generated": "1", "text": "x"})
    assert not edition.edits.exists()


def test_who_writes_a_text_second_is_told_and_loses_nothing(edition: Edition, logged_in: Browser) -> None:
    browser, address = logged_in("supervisor"), f"/yearbook/{edition.pk}/text"

    def seen(page: str) -> str:
        return page.partition('value="section:glance"')[2].partition('name="seen" value="')[2].partition('"')[0]

    first = {"key": "section:glance", "seen": seen(browser.get(f"/yearbook/{edition.pk}/").content.decode())}
    assert browser.post(address, first | {"text": "첫째의 글임."}).status_code == 302
    for taken_back in ({}, {"generated": "1"}):
        refused = browser.post(address, first | {"text": "둘째의 글임."} | taken_back)
        assert refused.status_code == 409
        page = refused.content.decode()
        assert "그사이 다른 사람이" in page
        assert "둘째의 글임." in page
        assert edition.edits.get().text == "첫째의 글임."
    assert browser.post(address, first | {"text": "둘째의 글임.", "seen": seen(page)}).status_code == 302
    assert edition.edits.get().text == "둘째의 글임."


def test_what_is_accepted_is_followed_up_and_what_is_dropped_is_gone(edition: Edition, logged_in: Browser) -> None:
    browser = logged_in("supervisor")
    first, second, *_others = model.decode(edition.book).proposals
    browser.post(f"/yearbook/{edition.pk}/proposal", {"key": first.key, "decision": "accepted"})
    browser.post(f"/yearbook/{edition.pk}/proposal", {"key": second.key, "decision": "dropped"})
    text = {"key": f"proposal:{first.key}", "text": "고친 제목\n고친 글."}
    browser.post(f"/yearbook/{edition.pk}/text", text)
    html = browser.get(f"/yearbook/{edition.pk}/book/").content.decode()
    assert "고친 제목" in html
    assert second.title not in html
    (accepted,) = editions.accepted_before(Span.of_year(2024))
    assert (accepted.key, accepted.title, accepted.figure) == (first.key, "고친 제목", first.figure)
    assert editions.accepted_before(Span.of_year(2023)) == ()

    empty = msgspec.structs.replace(model.decode(edition.book), proposals=())
    Edition.objects.update(book=model.encode(empty).decode())
    assert [each.key for each in editions.accepted_before(Span.of_year(2024))] == [first.key]


@pytest.mark.parametrize(
    ("path", "data", "says"),
    [
        ("text", {"key": "section:none", "text": "x"}, "다시 여십시오"),
        ("text", {"key": "section:glance", "text": "가" * 4001}, "줄이십시오"),
        ("proposal", {"key": "none:x", "decision": "accepted"}, "다시 여십시오"),
        ("proposal", {"key": "none:x", "decision": "perhaps"}, "고르십시오"),
        ("text", {}, "다시 여십시오"),
    ],
)
def test_what_cannot_be_written_is_said(
    path: str, data: dict[str, str], says: str, edition: Edition, logged_in: Browser
) -> None:
    answer = logged_in("supervisor").post(f"/yearbook/{edition.pk}/{path}", data, follow=True)
    assert says in answer.content.decode()
    assert not edition.edits.exists()
    assert not edition.decisions.exists()


def test_a_book_that_is_being_made_is_not_ordered_twice(edition: Edition, logged_in: Browser) -> None:
    Edition.objects.update(state="working", percent=40)
    answer = logged_in("supervisor").post(f"/yearbook/{edition.pk}/make", {"figures": "1"}, follow=True)
    assert "기다리십시오" in answer.content.decode()
    edition.refresh_from_db()
    assert edition.percent == 40


def test_a_book_is_made_by_one_at_a_time(edition: Edition) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('haedap yearbook'), %s)", [edition.pk])
        with pytest.raises(YearbookError, match="만들고 있습니다"):
            making.make(edition, figures=False)
    finally:
        other.close()


def test_a_file_is_handed_out_under_a_plain_name_and_logged(edition: Edition, logged_in: Browser) -> None:
    answer = logged_in("supervisor").get(f"/yearbook/{edition.pk}/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="yearbook-20230101-20231231.pdf"'
    assert AccessLog.objects.filter(action="yearbook.exported").count() == 1
    assert logged_in("supervisor").get(f"/yearbook/{edition.pk}/hwpx").status_code == 404
    assert logged_in("supervisor").get(f"/yearbook/{edition.pk}/exe").status_code == 404
