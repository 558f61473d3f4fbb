"""Absences as lists write them."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from haedap.apps.offices.absences import Away, read_absences


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute)  # noqa: DTZ001 - local


@pytest.mark.parametrize(
    ("written", "away"),
    [
        ("연가 2026-11-23 ~ 2026-11-25", Away(at(23), at(26), "leave")),
        ("2026.11.23.~2026.11.23. (병가)", Away(at(23), at(24), "leave")),
        ("출장 2026-11-23", Away(at(23), at(24), "trip")),
        ("2026/11/23 09:00~12:30 회의", Away(at(23, 9), at(23, 12, 30), "meeting")),
        ("교육 2026-11-23 13:00 ~ 2026-11-24 18:00", Away(at(23, 13), at(24, 18), "training")),
        ("휴직 2026-11-23 ~", Away(at(23), None, "long_leave")),
        ("2026-11-23 ~ 따로 정할 때까지", Away(at(23), None, "away")),
    ],
)
def test_one(written: str, away: Away) -> None:
    assert read_absences(written) == (away,)


def test_several_in_their_order_each_once() -> None:
    found = read_absences("연가 2026-11-25; 출장 2026-11-23\n연가 2026-11-25")
    assert found == (Away(at(23), at(24), "trip"), Away(at(25), at(26), "leave"))


@pytest.mark.parametrize(
    "written",
    [
        "내일",
        "연가",
        "2026-13-01",
        "낚시 2026-11-23",
        "2026-11-25 ~ 2026-11-23",
        "2026-11-23 ~ 2036-11-23",
        "1926-11-23",
    ],
)
def test_what_is_not_an_absence_is_said(written: str) -> None:
    with pytest.raises(ValidationError):
        read_absences(written)


def test_too_many_are_refused() -> None:
    with pytest.raises(ValidationError):
        read_absences("; ".join(f"2026-11-{day:02}" for day in range(1, 22)))


_MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2024, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0)
)


@given(
    st.lists(_MOMENTS, min_size=2, max_size=2, unique=True), st.booleans(), st.sampled_from(["leave", "trip", "away"])
)
def test_what_is_written_is_read_again(moments: list[datetime], endless: bool, reason: str) -> None:
    start, end = sorted(moments)
    away = Away(start, None if endless else end, reason)
    assert read_absences(str(away)) == (away,)
