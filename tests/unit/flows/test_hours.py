"""Opening hours: several periods a day, nights, Korean holidays, the centre's own days, and the next change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.domain.ids import HoursKey
from haedap.domain.plan import Hours, Period, SpecialDay
from haedap.flows import HoursInvalid, OpenStatus, parse_periods, parse_week, public_holidays, status
from haedap.flows.graph import branch
from haedap.flows.model import HoursStep

SEOUL = ZoneInfo("Asia/Seoul")
WEEKDAY = [["13:00", "18:00"], ["09:00", "12:00"]]


def week(*days: list[list[str]]) -> tuple[tuple[Period, ...], ...]:
    return parse_week(list(days) + [[] for _ in range(7 - len(days))])


def hours(days: tuple[tuple[Period, ...], ...], *special: SpecialDay, open_on_holidays: bool = False) -> Hours:
    return Hours(key=HoursKey("main"), week=days, special_days=special, open_on_holidays=open_on_holidays)


OFFICE = hours(week(*[WEEKDAY] * 5))
ALWAYS = hours(week(*[[["00:00", "24:00"]]] * 7), open_on_holidays=True)
NIGHT = hours(week(*[[["18:00", "09:00"]]] * 7))


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def change(found: OpenStatus) -> str | None:
    return found.next_change.astimezone(SEOUL).strftime("%m-%d %H:%M") if found.next_change else None


@pytest.mark.parametrize(
    ("at", "is_open", "next_change"),
    [
        ("2026-11-23 08:59:59", False, "11-23 09:00"),
        ("2026-11-23 09:00", True, "11-23 12:00"),
        ("2026-11-23 11:59:59", True, "11-23 12:00"),
        ("2026-11-23 12:00", False, "11-23 13:00"),
        ("2026-11-23 13:00", True, "11-23 18:00"),
        ("2026-11-23 18:00", False, "11-24 09:00"),
        ("2026-11-27 18:00", False, "11-30 09:00"),
        ("2026-11-28 10:00", False, "11-30 09:00"),
    ],
)
def test_periods_of_a_day(at: str, is_open: bool, next_change: str) -> None:
    found = status(OFFICE, seoul(at))
    assert (found.open, found.holiday, change(found)) == (is_open, None, next_change)


def test_the_change_is_told_in_utc() -> None:
    assert status(OFFICE, seoul("2026-11-23 10:00")).next_change == datetime(2026, 11, 23, 3, tzinfo=UTC)


def test_a_night_runs_into_the_next_day() -> None:
    assert change(status(NIGHT, seoul("2026-11-23 23:30"))) == "11-24 09:00"
    assert status(NIGHT, seoul("2026-11-24 08:59")).open
    assert change(status(NIGHT, seoul("2026-11-24 09:00"))) == "11-24 18:00"


def test_always_open_never_changes() -> None:
    assert status(ALWAYS, seoul("2026-02-17 03:00")) == OpenStatus(open=True, next_change=None)
    assert status(ALWAYS, seoul("9999-12-01 03:00")).open


def test_never_open_never_changes() -> None:
    assert status(hours(week()), seoul("2026-11-23 10:00")) == OpenStatus(open=False, next_change=None)


def test_periods_that_meet_are_one() -> None:
    days = hours(week([["12:00", "18:00"], ["09:00", "12:00"]]))
    assert change(status(days, seoul("2026-11-23 10:00"))) == "11-23 18:00"


def test_periods_that_meet_at_midnight_are_one() -> None:
    days = hours(week([["18:00", "24:00"]], [["00:00", "02:00"]]))
    assert change(status(days, seoul("2026-11-23 20:00"))) == "11-24 02:00"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-02-17", "설날"),
        ("2026-03-02", "삼일절 대체 휴일"),
        ("2026-05-01", "노동절"),
        ("2026-07-17", "제헌절"),
        ("2026-10-05", "개천절 대체 휴일"),
        ("2027-02-09", "설날 대체 휴일"),
        ("2028-10-03", "추석; 개천절"),
    ],
)
def test_public_holidays_close(day: str, name: str) -> None:
    found = status(OFFICE, seoul(f"{day} 10:00"))
    assert (found.open, found.own_day) == (False, False)
    assert found.holiday is not None
    assert set(found.holiday.split("; ")) == set(name.split("; "))


def test_a_holiday_stays_one_before_and_after_the_usual_hours() -> None:
    assert status(OFFICE, seoul("2026-12-25 22:00")).holiday == public_holidays(2026)[date(2026, 12, 25)]
    assert status(OFFICE, seoul("2026-12-26 10:00")).holiday is None


def test_centres_that_work_on_holidays() -> None:
    busy = hours(week(*[WEEKDAY] * 5), open_on_holidays=True)
    assert status(busy, seoul("2026-12-25 10:00")).open
    assert status(busy, seoul("2026-12-25 20:00")) == OpenStatus(
        open=False, next_change=seoul("2026-12-28 09:00").astimezone(UTC)
    )


def test_own_days_override_week_and_holidays() -> None:
    christmas, monday = date(2026, 12, 25), date(2026, 11, 23)
    own = hours(
        week(*[WEEKDAY] * 5),
        SpecialDay(day=monday, name="개청 기념일"),
        SpecialDay(day=christmas, name="특별 근무", periods=parse_periods([["10:00", "15:00"]])),
    )
    closed = status(own, seoul("2026-11-23 10:00"))
    assert (closed.open, closed.holiday, closed.own_day) == (False, "개청 기념일", True)
    assert change(closed) == "11-24 09:00"
    assert change(status(own, seoul("2026-12-25 10:00"))) == "12-25 15:00"
    assert status(own, seoul("2026-12-25 15:00")).holiday == public_holidays(2026)[christmas]


def test_a_working_day_that_is_open_longer_is_no_day_off_afterwards() -> None:
    thursday = SpecialDay(day=date(2026, 11, 26), name="연장 운영", periods=parse_periods([["09:00", "20:00"]]))
    own = hours(week(*[WEEKDAY] * 5), thursday)
    step = HoursStep(hours=HoursKey("main"), open="open", closed="closed", holiday="holiday", own_day="own")
    assert [branch(step, own, seoul(f"2026-11-26 {at}")) for at in ("08:00", "19:00", "21:00")] == [
        "closed",
        "open",
        "closed",
    ]
    assert branch(step, hours(own.week, SpecialDay(day=thursday.day, name="휴무")), seoul("2026-11-26 10:00")) == "own"


def test_a_night_stops_before_a_day_that_is_closed() -> None:
    own = hours(NIGHT.week, SpecialDay(day=date(2026, 11, 24), name="점검"))
    assert change(status(own, seoul("2026-11-23 23:00"))) == "11-24 00:00"
    assert not status(own, seoul("2026-11-24 02:00")).open
    assert change(status(NIGHT, seoul("2026-12-24 23:00"))) == "12-25 00:00"


@pytest.mark.parametrize("at", ["0001-01-02 00:00", "9999-12-30 12:00", "1950-06-25 10:00", "2300-01-01 10:00"])
def test_far_years_do_no_harm(at: str) -> None:
    assert isinstance(status(OFFICE, seoul(at)).open, bool)


minutes = st.integers(0, 1439).map(lambda minute: time(minute // 60, minute % 60))
any_hours = st.builds(
    hours,
    st.tuples(*[st.lists(st.builds(Period, minutes, minutes), max_size=3).map(tuple)] * 7),
    open_on_holidays=st.booleans(),
)
any_time = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda minute: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)


@given(any_hours, any_time, st.floats(0, 0.99))
def test_nothing_changes_before_the_next_change_and_then_it_does(days: Hours, at: datetime, part: float) -> None:
    found = status(days, at)
    if found.next_change is None:
        assert status(days, at + part * timedelta(days=300)).open == found.open
        return
    assert found.next_change > at
    assert status(days, at + part * (found.next_change - at)).open == found.open
    assert status(days, found.next_change).open != found.open


@pytest.mark.parametrize(
    ("value", "place", "code"),
    [
        (None, "", "week_days"),
        ([[]] * 6, "", "week_days"),
        ("0123456", "", "week_days"),
        ([[], [], [], [], [], [], {}], "6", "week_days"),
        ([[["09:00"]], *[[]] * 6], "0.0", "period"),
        ([[["09:00", "18"]], *[[]] * 6], "0.0.1", "period_time"),
        ([[["9:00", "25:00"]], *[[]] * 6], "0.0.0", "period_time"),
        ([[["09:00", None]], *[[]] * 6], "0.0.1", "period_time"),
        ([[["０9:00", "18:00"]], *[[]] * 6], "0.0.0", "period_time"),
        ([[["12:00", "13:00"], ["09:00", "12:30"]], *[[]] * 6], "0.0", "periods_overlap"),
        ([[["20:00", "06:00"], ["22:00", "23:00"]], *[[]] * 6], "0.1", "periods_overlap"),
        ([[["09:00", "10:00"]] * 11, *[[]] * 6], "0", "too_many_periods"),
    ],
)
def test_a_wrong_week_is_refused_with_its_place(value: object, place: str, code: str) -> None:
    with pytest.raises(HoursInvalid) as caught:
        parse_week(value)
    assert (caught.value.errors[0].place, caught.value.errors[0].code.value) == (place, code)


def test_a_wrong_day_is_refused_with_its_place() -> None:
    with pytest.raises(HoursInvalid) as caught:
        parse_periods([["09:00", "18:00"], 7])
    assert caught.value.errors[0].place == "1"
    assert str(caught.value.errors[0]) == "1: A period is two times: from and until."
