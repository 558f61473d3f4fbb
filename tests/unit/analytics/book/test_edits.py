"""Texts that people wrote: they outlive the making of the book, and say when the ground under them moved."""

from __future__ import annotations

from datetime import date

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from haedap.analytics.book import edits
from haedap.analytics.book.edits import Decision, Edit
from haedap.analytics.book.model import Book, Line, Proposal, Section, Table, Unit, number

_FIGURE = number("contacts", 1234, Unit.CONTACTS)


def a_book(said: str = "상담은 1,234건임.", proposals: tuple[str, ...] = ("gap:가", "gap:나")) -> Book:
    table = Table("t", "표", ("이름", "상담"), (("계", _FIGURE),), total=True)
    return Book(
        title="2023년 운영 연감",
        centre="",
        since=date(2023, 1, 1),
        until=date(2024, 1, 1),
        synthetic="",
        sections=(Section("glance", "한눈에", (Line((said,)),), (table,)),),
        proposals=tuple(
            Proposal(key, f"{key} 제목", (Line(("할 일.",)),), _FIGURE, _FIGURE, "지표", ()) for key in proposals
        ),
    )


def test_an_edit_stands_in_the_place_of_the_generated_text() -> None:
    edited = edits.published(a_book(), {"section:glance": Edit("상담은 1,234건임.", "첫째.\n\n 둘째. ")}, {})
    assert [line.text for line in edited.section("glance").lines] == ["첫째.", "둘째."]
    assert edited.section("glance").blocks == a_book().section("glance").blocks


def test_an_edit_survives_and_tells_that_the_figures_moved() -> None:
    edit = {"section:glance": Edit("상담은 1,234건임.", "우리의 글.")}
    moved = a_book("상담은 1,240건임.")
    assert edits.conflicts(a_book(), edit) == {}
    assert edits.conflicts(moved, edit) == {"section:glance": "상담은 1,240건임."}
    assert edits.published(moved, edit, {}).section("glance").text == "우리의 글."


def test_an_edit_without_a_place_is_no_conflict_and_changes_nothing() -> None:
    edit = {"section:gone": Edit("전", "후"), "proposal:gap:다": Edit("전", "후")}
    assert edits.conflicts(a_book(), edit) == {}
    assert edits.published(a_book(), edit, {}) == a_book()


def test_what_is_dropped_is_not_printed_and_what_is_accepted_says_so() -> None:
    read = edits.published(a_book(), {}, {"gap:가": Decision.DROPPED, "gap:나": Decision.ACCEPTED})
    assert [(each.key, each.accepted) for each in read.proposals] == [("gap:나", True)]


def test_the_first_line_of_a_proposal_is_its_title() -> None:
    read = edits.published(a_book(), {"proposal:gap:가": Edit("", "새 제목\n첫째.\n둘째.")}, {})
    assert read.proposals[0].title == "새 제목"
    assert read.proposals[0].text == "첫째.\n둘째."


def test_figures_that_stand_nowhere_in_the_book_are_named() -> None:
    text = "2023년 상담 1,234건 가운데 1,235건, 12.5%, 3월 2일, 123456건"
    assert edits.strange_figures(a_book(), text) == ("1,235", "12.5", "123456")


@given(st.text())
def test_any_text_can_be_written(text: str) -> None:
    keys = edits.texts(a_book())
    read = edits.published(a_book(), {key: Edit("", text) for key in keys}, {})
    assert msgspec.json.decode(msgspec.json.encode(read), type=Book) == read
    assert read.title.strip()
    assert all(each.title.strip() for each in read.proposals)
    edits.strange_figures(a_book(), text)
