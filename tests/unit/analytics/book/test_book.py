"""The book of a small year: every chapter has something, and no two figures disagree."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from haedap.analytics import AnalyticsError
from haedap.analytics.book import model
from haedap.analytics.book.edits import FOREWORD
from haedap.analytics.book.material import Span
from haedap.analytics.book.model import Book, Chart, Number, Table
from tests.support.archives import fact, seoul
from tests.unit.analytics.book import year
from tests.unit.analytics.book.year import a_book

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    tables = year.rows(year.facts(2022, every=2), year.facts(), year.burst())
    return a_book(tmp_path_factory.mktemp("book"), tables)


def tables(book: Book) -> dict[str, Table]:
    return {block.key: block for section in book.sections for block in section.blocks if isinstance(block, Table)}


def test_every_chapter_has_something(book: Book) -> None:
    empty = [section.key for section in book.sections if not section.blocks and section.key != FOREWORD]
    assert empty == []


def test_the_same_figure_has_the_same_value_wherever_it_stands(book: Book) -> None:
    values = defaultdict(set)
    for number in book.numbers:
        values[number.key, number.of].add(number.value)
    assert {key: found for key, found in values.items() if len(found) > 1} == {}


def test_every_table_adds_up(book: Book) -> None:
    """Of every table with a total, each column of counts."""
    added = 0
    for table in tables(book).values():
        for place in range(1, len(table.headings)) if table.total else ():
            column = [row[place] for row in table.rows]
            if all(
                isinstance(part, Number) and part.unit in {model.Unit.CONTACTS, model.Unit.COUNT} for part in column
            ):
                values = [part.value or 0 for part in column if isinstance(part, Number)]
                if column[0].key != "mean_day":  # type: ignore[union-attr]
                    assert sum(values[:-1]) == values[-1], (table.key, table.headings[place])
                    added += 1
    assert added > 30


def test_the_year_is_the_year_of_every_chapter(book: Book) -> None:
    whole = {number.value for number in book.numbers if number.key == "contacts" and not number.of}
    assert len(whole) == 1


def test_no_chart_is_empty_and_each_is_of_numbers_of_its_section(book: Book) -> None:
    for section in book.sections:
        values = {number.value for number in section.numbers}
        for chart in (block for block in section.blocks if isinstance(block, Chart)):
            drawn = [value for series in chart.series for value in series.values if value is not None]
            assert any(value > 0 for value in drawn), chart.key
            assert all(len(series.values) == len(chart.labels) for series in chart.series)
            assert set(drawn) <= values, chart.key


def test_a_burst_water_main_is_an_issue_of_the_year(book: Book) -> None:
    (row, *_others) = tables(book)["issues"].rows
    assert row[:2] == ("7월 10일~7월 16일", "상하수도 › 요금")


def test_sentences_are_whole(book: Book) -> None:
    lines = [line.text for section in book.sections for line in section.lines]
    lines += [line.text for proposal in book.proposals for line in proposal.lines]
    assert len(lines) > 30
    for text in lines:
        assert text.endswith("."), text
        assert not re.search(r"  |\bNone\b|–|\{|은는|이가|\(\)", text), text


def test_a_year_earlier_is_compared(book: Book) -> None:
    headings = tables(book)["indicators"].headings
    assert headings == ("지표", "2023년", "2022년", "증감")


def test_the_book_goes_to_json_and_back(book: Book) -> None:
    assert model.decode(model.encode(book)) == book


def test_a_year_without_contacts_is_a_book_without_sentences_and_charts(tmp_path: Path) -> None:
    empty = a_book(tmp_path, {})
    for section in empty.sections:
        if section.key != "definitions":
            assert not section.lines, section.key
            assert not section.blocks, section.key
    assert empty.proposals == ()


def test_one_contact_is_a_book(tmp_path: Path) -> None:
    book = a_book(tmp_path, {"fact": [fact(seoul(2023, 3, 2, 9))]})
    assert "2023년 접수한 상담은 모두 1건으로, 한 달 평균 1건임." in book.section("glance").text
    assert not book.section("topics").blocks
    assert book.proposals == ()


def test_names_stay_what_they_are(tmp_path: Path) -> None:
    row = fact(seoul(2023, 3, 2, 9), topic="x", office=HOSTILE, district="=HYPERLINK(1)")
    topics = [{"code": "x", "name": HOSTILE, "path": HOSTILE, "parent": "", "root": "x", "position": 0}]
    book = a_book(tmp_path, {"fact": [row], "topic": topics})
    assert [cells[0] for cells in tables(book)["offices"].rows] == [HOSTILE, "계"]
    assert [cells[0] for cells in tables(book)["districts"].rows] == ["=HYPERLINK(1)", "계"]


def test_a_book_of_fourteen_months_has_them_all(tmp_path: Path) -> None:
    span = Span(date(2019, 11, 1), date(2021, 1, 1))
    at = [seoul(2019, 11, 4, 9), seoul(2020, 11, 4, 9)]
    book = a_book(tmp_path, {"fact": [fact(each) for each in at]}, span)
    names = [row[0] for row in tables(book)["months"].rows]
    assert names[0] == "2019년 11월"
    assert len(names) == 15
    assert book.title == "2019년 11월~2020년 12월 운영 연감"


@pytest.mark.parametrize(
    ("first", "until", "name"),
    [
        ((2023, 3, 1), (2023, 4, 1), "2023년 3월"),
        ((2023, 3, 1), (2023, 3, 2), "2023년 3월 1일"),
        ((2023, 3, 1), (2023, 5, 1), "2023년 3월~2023년 4월"),
        ((2023, 3, 1), (2023, 3, 31), "2023년 3월 1일~2023년 3월 30일"),
        ((2023, 1, 1), (2024, 1, 1), "2023년"),
    ],
)
def test_what_begins_and_ends_in_one_month_or_on_one_day_names_it_once(
    first: tuple[int, int, int], until: tuple[int, int, int], name: str
) -> None:
    assert Span(date(*first), date(*until)).name == name


def test_a_new_year_begins_at_midnight_in_seoul(tmp_path: Path) -> None:
    at = [
        seoul(2022, 12, 31, 23, 59),
        seoul(2023, 1, 1),
        seoul(2023, 12, 31, 23, 59),
        seoul(2024, 1, 1),
    ]
    book = a_book(tmp_path, {"fact": [fact(each) for each in at]})
    assert tables(book)["months"].rows[-1][1].value == 2  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2023, 1, 1), date(2023, 1, 1)),
        (date(2023, 1, 2), date(2023, 1, 1)),
        (date(2023, 1, 1), date(2027, 1, 1)),
        (date(1999, 1, 1), date(2000, 1, 1)),
        (date(9998, 1, 1), date(9999, 1, 1)),
    ],
)
def test_days_of_which_there_is_no_book(since: date, until: date) -> None:
    with pytest.raises(AnalyticsError, match=r"다시 고르십시오|줄이십시오"):
        Span(since, until)
