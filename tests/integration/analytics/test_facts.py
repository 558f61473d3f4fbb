"""Facts, counted by hand: what a contact is of, who came again, what surveys say."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from haedap.analytics.cube import Question, Tally, tallies
from haedap.analytics.dimensions import Dimension, Group
from haedap.analytics.engines import Live, Row
from haedap.analytics.figures import FigureSettings
from haedap.analytics.measures import ServiceLevelFormula, cohort_measures
from haedap.analytics.sources import FACTS
from tests.integration.analytics.books import NOON, Book, clock
from tests.integration.analytics.varied import Varied

NINE = clock("09:00:00")
TODAY = (date(2026, 11, 18), date(2026, 11, 19))
ANSWERED: dict[str, Any] = {"queue": "tax", "queued": 0, "answered": 5, "ended": 60, "outcome": "answered"}
SETTINGS = FigureSettings()
Asked = Callable[..., Tally]


@pytest.fixture
def insert(book: Book) -> Callable[..., None]:
    """One row of any table."""
    return Varied(book.connection).insert


def asked(book: Book, *by: Dimension, settings: FigureSettings = SETTINGS) -> dict[Group, Tally]:
    with psycopg.Cursor(book.connection, row_factory=psycopg.rows.tuple_row) as cursor:
        return tallies(Live(cursor), Question(*TODAY, by), settings)


def today(book: Book, settings: FigureSettings = SETTINGS) -> Tally:
    return asked(book, settings=settings)[()]


def facts(book: Book) -> dict[str, Row]:
    with psycopg.Cursor(book.connection, row_factory=psycopg.rows.tuple_row) as cursor:
        return {row["id"]: row for row in Live(cursor).rows(FACTS, lambda table: table, *TODAY)}


@pytest.fixture
def topics(insert: Callable[..., None]) -> None:
    insert("department", id=1, name="상하수도과")
    insert("department", id=2, name="요금팀")
    for number, parent, code, office in (
        (1, None, "water", 1),
        (2, 1, "bill", None),
        (3, 2, "move", 2),
        (4, None, "etc", None),
    ):
        insert("topic", id=number, parent_id=parent, code=code, name=code, office=office)


@pytest.fixture
def noted(book: Book, topics: None, insert: Callable[..., None]) -> Callable[..., uuid.UUID]:
    """A contact that was answered, with a topic."""

    def note(topic: int | None, at: datetime = NINE, district: str = "", **more: Any) -> uuid.UUID:
        contact = book.contact(at, **{**ANSWERED, **more})
        insert("contact_note", contact=contact, topic_id=topic, district=district, text="", version=1)
        return contact

    return note


@pytest.mark.parametrize("formula", ServiceLevelFormula)
def test_a_tally_of_today_says_what_the_wallboard_says(book: Book, formula: ServiceLevelFormula) -> None:
    book.settings(formula)
    for number in range(12):
        book.contact(
            NINE + timedelta(minutes=number), **{**ANSWERED, "answered": 3.0 * number, "transferred": number % 3 == 0}
        )
    for ended in (2, 5, 6, 30):
        book.contact(NINE, queue="tax", queued=0, ended=ended, outcome="abandoned")
    book.promise(
        NINE,
        contact=book.contact(NINE, queue="tax", queued=0, ended=9, outcome="promised"),
        outcome="not_reached",
        ended=9,
    )
    book.contact(NINE, queue="tax", queued=0, ended=9, outcome="promised")
    book.contact(NINE, ended=9, outcome="left_in_flow")
    book.contact(NINE, ended=9, outcome="closed_by_flow")
    book.contact(NINE, queue="tax", queued=0)
    book.contact(NINE, **ANSWERED, direction="out")
    book.contact(NINE - timedelta(days=1), **ANSWERED)
    tally, board = today(book, FigureSettings(formula=formula)), book.today(NOON)
    for measure in cohort_measures(formula):
        key = measure.definition.key
        assert tally.value(key) == pytest.approx(board[key]), key
    assert tally.contacts == 21


def test_day_hour_and_weekday_are_those_of_seoul(book: Book) -> None:
    first = book.contact(clock("00:00:00"), **ANSWERED)
    last = book.contact(clock("23:59:59") + timedelta(microseconds=999_999), **ANSWERED)
    book.contact(clock("24:00:00"), **ANSWERED)
    found = facts(book)
    assert set(found) == {str(first), str(last)}
    assert [
        (found[str(each)]["day"], found[str(each)]["hour"], found[str(each)]["weekday"]) for each in (first, last)
    ] == [
        (date(2026, 11, 18), 0, 2),
        (date(2026, 11, 18), 23, 2),
    ]
    assert set(asked(book, Dimension.WEEK, Dimension.MONTH, Dimension.YEAR)) == {("2026-11-16", "2026-11", 2026)}


def test_offices_come_from_the_topic_or_from_above_it(book: Book, noted: Callable[..., uuid.UUID]) -> None:
    for topic in (1, 2, 3, 4, None):
        noted(topic, district="가온동" if topic == 2 else "")
    assert {group: one.contacts for group, one in asked(book, Dimension.TOPIC, Dimension.OFFICE).items()} == {
        ("water", "상하수도과"): 1,
        ("bill", "상하수도과"): 1,
        ("move", "요금팀"): 1,
        ("etc", ""): 1,
        ("", ""): 1,
    }
    assert {group: one.contacts for group, one in asked(book, Dimension.DISTRICT).items()} == {("가온동",): 1, ("",): 4}


def test_the_first_who_talked_is_the_contacts_agent_and_all_time_counts(
    book: Book, insert: Callable[..., None]
) -> None:
    contact = book.contact(NINE, **ANSWERED)
    for number, agent, talked in ((1, 7, None), (2, 8, 0.0), (3, 9, 0.0)):
        book.segment(
            contact, NINE + timedelta(seconds=number), 10, None if number == 3 else 2.5, number, ringing=talked
        )
        book.connection.execute("UPDATE segment SET agent = %s WHERE number = %s", (agent, number))
    fact = facts(book)[str(contact)]
    assert (fact["agent"], fact["handle_time"]) == (8, 12_500_000)
    assert today(book).value("aht_seconds") == 12.5


SAME = "+821000001111"


@pytest.mark.parametrize(
    ("again", "solved"),
    [
        ({"topic": 2, "after": timedelta(days=7)}, False),
        ({"topic": 2, "after": timedelta(days=7, microseconds=1)}, True),
        ({"topic": 2, "after": timedelta(minutes=1)}, False),
        ({"topic": 3, "after": timedelta(minutes=1)}, True),
        ({"topic": None, "after": timedelta(minutes=1)}, True),
        ({"topic": 2, "after": timedelta(minutes=1), "caller": "+821000002222"}, True),
        ({"topic": 2, "after": timedelta(minutes=1), "caller": None}, True),
        ({"topic": 2, "after": timedelta(minutes=1), "direction": "out"}, True),
    ],
)
def test_who_comes_again_about_it_was_not_helped_at_once(
    book: Book, noted: Callable[..., uuid.UUID], again: dict[str, Any], solved: bool
) -> None:
    noted(2, caller=SAME)
    topic, after = again.pop("topic"), again.pop("after")
    noted(topic, NINE + after, **{"caller": SAME, **again})
    first = min(facts(book).values(), key=lambda row: row["arrived_at"])
    assert (first["again_after"] is None or first["again_after"] > 7 * 86_400_000_000) == solved
    tally = today(book)
    hits = tally.population("fcr") if solved else tally.population("fcr") - 1
    assert tally.hits("fcr") == hits


def test_whoever_the_agent_said_it_was_is_the_citizen(
    book: Book, noted: Callable[..., uuid.UUID], insert: Callable[..., None]
) -> None:
    for number, merged in ((1, None), (2, 1), (3, None)):
        insert("citizen", id=number, name="가람", merged_into=merged)
    insert("citizen_number", number="+821000003333", citizen=2)
    first = noted(2, caller=SAME)
    insert("contact_citizen", contact=first, citizen=1, chosen_by=1)
    noted(2, NINE + timedelta(hours=1), caller="+821000003333")
    assert facts(book)[str(first)]["again_after"] == 3_600_000_000
    book.connection.execute("UPDATE contact_citizen SET citizen = 3")
    assert facts(book)[str(first)]["again_after"] is None


def test_surveys_count_items_and_who_answered(book: Book, insert: Callable[..., None]) -> None:
    for points in ((80, 90), (100,), ()):
        contact = book.contact(NINE, **ANSWERED)
        insert("survey", contact=contact, asked_at=NOON)
        for item, given in zip(("handling", "kindness"), points, strict=False):
            insert("survey_answer", contact=contact, item=item, points=given)
    book.contact(NINE, **ANSWERED)
    tally = today(book)
    assert tally.value("survey") == 90
    assert (tally.hits("survey_response"), tally.population("survey_response")) == (2, 3)
