"""Against the tree; groups; what changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.analytics.directory.changes import Kind, Placed, changes
from haedap.analytics.directory.checking import Line, Problem, check
from haedap.analytics.directory.grouping import Group, group_of
from haedap.analytics.directory.tree import Office, Tree

TREE = Tree(
    [
        Office(1, "세정과", "+82200001200"),
        Office(2, "지적과", "+82200001900", active=False),
        Office(3, "새로운과"),
    ]
)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (Line("office:1", "+82200001200"), None),
        (Line("office:1", "+82200009999"), Problem.CHANGED),
        (Line("office:2", "+82200001900"), Problem.CLOSED),
        (Line("office:3", ""), Problem.NO_NUMBER),
        (Line("office:99", "+82200001200"), Problem.GONE),
        (Line("number:+8215771000", "+8215771000"), Problem.OUTSIDE),
        (Line("number:+8215771000", "+8215771000", confirmed=True), None),
        (Line("number:+82200001200", "+82200001200", confirmed=True), Problem.TAKEN),
    ],
)
def test_the_problem_of_a_line(line: Line, problem: Problem | None) -> None:
    assert check([line], TREE).get(line.key) is problem


def test_a_number_stands_once() -> None:
    lines = [
        Line("number:a", "+8215771000"),
        Line("number:b", "+8215771000", confirmed=True),
        Line("number:c", "+8215771000", confirmed=True),
    ]
    assert check(lines, TREE) == {"number:a": Problem.OUTSIDE, "number:c": Problem.TWICE}


GROUPS = [Group("water", ("수도", "상하수도", "누수")), Group("car", ("차량", "자동차")), Group("empty", ("", " "))]


@pytest.mark.parametrize(
    ("name", "matters", "key"),
    [
        ("상하수도사업소", [], "water"),
        ("차량등록사업소", ["누수"], "car"),
        ("총무과", ["자동차 등록", "누수 감면", "자동차 말소"], "car"),
        ("총무과", [], ""),
        ("", ["수 도 요금"], "water"),
    ],
)
def test_the_group_of_an_office(name: str, matters: list[str], key: str) -> None:
    assert group_of(name, matters, GROUPS) == key


def test_what_changed_by_hand() -> None:
    before = [
        Placed("a", "가", "1", 1),
        Placed("b", "나", "2", 2),
        Placed("c", "다", "3", 3),
        Placed("d", "라", "4", 4),
    ]
    after = [Placed("b", "나", "2", 1), Placed("a", "가", "1", 2), Placed("c", "다", "9", 3), Placed("e", "마", "5", 4)]
    found = [(change.kind, change.name, change.places) for change in changes(before, after)]
    assert found == [
        (Kind.NEW, "마", 0),
        (Kind.NUMBER, "다", 0),
        (Kind.RISEN, "나", 1),
        (Kind.FALLEN, "가", 1),
        (Kind.GONE, "라", 0),
    ]


ORDERS = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(ORDERS, ORDERS)
def test_changes_turn_round(first: list[str], second: list[str]) -> None:
    old = [Placed(key, key, key, rank) for rank, key in enumerate(first, 1)]
    new = [Placed(key, key, key, rank) for rank, key in enumerate(second, 1)]
    opposite = {Kind.NEW: Kind.GONE, Kind.GONE: Kind.NEW, Kind.RISEN: Kind.FALLEN, Kind.FALLEN: Kind.RISEN}
    there = {(change.name, opposite[change.kind]) for change in changes(old, new)}
    assert there == {(change.name, change.kind) for change in changes(new, old)}
    assert changes(old, old) == []
