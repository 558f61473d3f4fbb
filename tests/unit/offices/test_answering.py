"""Who answers for an officer: the rule by examples, and what holds for every city."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.apps.offices.answering import Away, Person, who_answers

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
AWAY = (Away(NOW - HOUR, NOW + HOUR, "leave"),)


def test_who_is_at_work_answers() -> None:
    assert who_answers(1, NOW, {1: Person(active=True, deputies=(2,)), 2: Person(active=True)}) == 1


def test_the_first_deputy_who_is_here_stands_in() -> None:
    people = {
        1: Person(active=True, away=AWAY, deputies=(2, 3, 4)),
        2: Person(active=True, away=AWAY),
        3: Person(active=True),
        4: Person(active=True),
    }
    assert who_answers(1, NOW, people) == 3


def test_own_deputies_come_before_deputies_of_deputies() -> None:
    people = {
        1: Person(active=True, away=AWAY, deputies=(2, 3)),
        2: Person(active=True, away=AWAY, deputies=(4,)),
        3: Person(active=True),
        4: Person(active=True),
    }
    assert who_answers(1, NOW, people) == 3
    people[3] = Person(active=True, away=AWAY)
    assert who_answers(1, NOW, people) == 4


def test_deputies_in_a_circle_end_with_the_department() -> None:
    people = {1: Person(active=True, away=AWAY, deputies=(2,)), 2: Person(active=True, away=AWAY, deputies=(1,))}
    assert who_answers(1, NOW, people) is None


@pytest.mark.parametrize(
    ("start", "end", "covered"),
    [(0, 1, True), (-1, 0, False), (-1, None, True), (1, None, False), (-2, -1, False)],
)
def test_an_absence_holds_from_its_start_until_before_its_end(start: int, end: int | None, covered: bool) -> None:
    away = Away(NOW + start * HOUR, None if end is None else NOW + end * HOUR, "trip")
    assert who_answers(1, NOW, {1: Person(active=True, away=(away,))}) == (None if covered else 1)


def test_who_has_left_does_not_answer_but_their_deputies_do() -> None:
    people = {1: Person(active=False, deputies=(2,)), 2: Person(active=True)}
    assert who_answers(1, NOW, people) == 2
    assert who_answers(1, NOW, {1: Person(active=False, deputies=(7,))}) is None
    assert who_answers(9, NOW, people) is None


def test_the_absence_that_ends_last_is_the_reason() -> None:
    early, late = Away(NOW - HOUR, NOW + HOUR, "meeting"), Away(NOW - HOUR, NOW + 5 * HOUR, "leave")
    endless = Away(NOW - HOUR, None, "long_leave")
    assert Person(active=True, away=(early, late)).absence(NOW) == late
    assert Person(active=True, away=(late, endless, early)).absence(NOW) == endless
    assert Person(active=True, away=(early,)).absence(NOW + HOUR) is None


absences = st.builds(
    lambda start, hours: Away(NOW + start * HOUR, None if hours is None else NOW + (start + hours) * HOUR, "leave"),
    st.integers(-3, 3),
    st.none() | st.integers(1, 4),
)
persons = st.builds(
    Person,
    active=st.booleans(),
    away=st.lists(absences, max_size=2).map(tuple),
    deputies=st.lists(st.integers(0, 9), max_size=4, unique=True).map(tuple),
)
cities = st.dictionaries(st.integers(0, 9), persons, max_size=10)


@given(cities, st.integers(0, 9))
def test_whoever_answers_is_here_and_reached_by_deputies(people: dict[int, Person], officer: int) -> None:
    found = who_answers(officer, NOW, people)
    reached = {officer}
    while True:
        more = reached | {deputy for who in reached if who in people for deputy in people[who].deputies}
        if more == reached:
            break
        reached = more
    here = {who for who in reached if who in people and people[who].here(NOW)}
    assert (found in here) if here else (found is None)
    if officer in here:
        assert found == officer


@given(cities, st.integers(0, 9))
def test_nobody_is_preferred_to_a_nearer_one(people: dict[int, Person], officer: int) -> None:
    found = who_answers(officer, NOW, people)
    if found is None or found == officer or officer not in people:
        return
    own = [who for who in people[officer].deputies if who in people and people[who].here(NOW)]
    if own:
        assert found == own[0]
