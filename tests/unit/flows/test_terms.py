"""The law's terms: what always holds, and what is refused. The table that was counted by hand is `test_terms_table`."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haedap.domain.ids import HoursKey
from haedap.domain.plan import Hours
from haedap.flows.errors import ErrorCode
from haedap.flows.terms import LENGTHS, OFFICE_HOURS, Length, Term, TermInvalid, Unit, count, deadline, parse_length
from haedap.flows.workdays import Span

SEOUL = ZoneInfo("Asia/Seoul")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


MOMENTS = st.datetimes(
    datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2027-12-31"), timezones=st.just(SEOUL)
)
LENGTH = st.one_of(
    st.builds(Length, st.integers(1, 40), st.just(Unit.HOURS)),
    st.builds(Length, st.integers(1, 30), st.just(Unit.DAYS)),
    st.builds(Length, st.integers(1, 6), st.just(Unit.WEEKS)),
    st.builds(Length, st.integers(1, 4), st.just(Unit.MONTHS)),
)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    begin = draw(MOMENTS)
    return begin, begin + timedelta(minutes=draw(st.integers(1, 60 * 24 * 20)))


@settings(max_examples=50)
@given(MOMENTS, LENGTH)
def test_a_term_ends_while_people_work(received: datetime, length: Length) -> None:
    due = count(length, received).due
    assert due > received
    local = due.astimezone(SEOUL)
    periods = OFFICE_HOURS.week[local.weekday()]
    assert any(period.start <= local.time() <= period.end for period in periods)
    assert local.date() == count(length, received).days[-1].day


@settings(max_examples=50)
@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=20)), LENGTH)
def test_who_comes_later_is_never_answered_earlier(received: datetime, later: timedelta, length: Length) -> None:
    assert count(length, received.astimezone(UTC) + later).due >= count(length, received).due


@settings(max_examples=50)
@given(MOMENTS, LENGTH, st.lists(spans(), max_size=3))
def test_a_suspension_never_brings_the_end_nearer(received: datetime, length: Length, suspensions: list[Span]) -> None:
    suspended = count(length, received, suspensions=suspensions)
    assert suspended.due >= count(length, received).due
    assert suspended.amount == count(length, received).amount


@settings(max_examples=50)
@given(MOMENTS, st.integers(6, 30), st.integers(1, 30))
def test_an_extension_adds_as_many_days_as_it_has(received: datetime, amount: int, more: int) -> None:
    more = min(more, amount)
    extended = count(Length(amount, Unit.DAYS), received, extensions=[Length(more, Unit.DAYS)])
    assert extended.amount == amount + more
    assert extended.due == count(Length(amount + more, Unit.DAYS), received).due


@settings(max_examples=50)
@given(MOMENTS, st.integers(1, 40), st.integers(1, 40))
def test_an_extension_adds_as_many_hours_as_it_has(received: datetime, amount: int, more: int) -> None:
    more = min(more, amount)
    extended = count(Length(amount, Unit.HOURS), received, extensions=[Length(more, Unit.HOURS)])
    assert extended.due == count(Length(amount + more, Unit.HOURS), received).due
    assert extended.amount == pytest.approx(amount + more, abs=0.001)


@settings(max_examples=50)
@given(MOMENTS, st.sampled_from(Term))
def test_a_kind_of_matter_has_the_length_of_the_decree(received: datetime, term: Term) -> None:
    assert deadline(term, received) == count(LENGTHS[term], received).due == count(parse_length(term), received).due


@pytest.mark.parametrize(
    "text", ["", "5", "d", "0d", "-1d", "5.5d", "5 d", "5D ", "５d", "00007d", "1q", "law-question"]
)
def test_what_is_no_term_is_refused(text: str) -> None:
    with pytest.raises(TermInvalid) as refusal:
        parse_length(text)
    assert refusal.value.errors[0].code is ErrorCode.TERM


@pytest.mark.parametrize("text", ["801h", "367d", "105w", "61m", "11y"])
def test_a_term_without_measure_is_refused(text: str) -> None:
    with pytest.raises(TermInvalid) as refusal:
        parse_length(text)
    assert refusal.value.errors[0].code is ErrorCode.TERM_TOO_LONG


@pytest.mark.parametrize(
    ("term", "extensions", "consent", "code"),
    [
        ("7d", ["8d"], False, ErrorCode.EXTENSION_TOO_LONG),
        ("3h", ["1d"], False, ErrorCode.EXTENSION_TOO_LONG),
        ("1m", ["5w"], False, ErrorCode.EXTENSION_TOO_LONG),
        ("1w", ["10d"], False, ErrorCode.EXTENSION_TOO_LONG),
        ("7d", ["3h"], False, ErrorCode.EXTENSION_UNIT),
        ("7d", ["1w"], False, ErrorCode.EXTENSION_UNIT),
        ("5d", ["1w"], False, ErrorCode.EXTENSION_UNIT),
        ("1m", ["8h"], False, ErrorCode.EXTENSION_UNIT),
        ("7d", ["7d", "7d"], False, ErrorCode.EXTENSION_CONSENT),
        ("7d", ["1d", "1d", "1d"], True, ErrorCode.EXTENSIONS_MANY),
    ],
)
def test_an_extension_that_the_law_does_not_know_is_refused(
    term: str, extensions: list[str], consent: bool, code: ErrorCode
) -> None:
    with pytest.raises(TermInvalid) as refusal:
        count(
            parse_length(term), at("2026-11-23 09:00"), extensions=list(map(parse_length, extensions)), consent=consent
        )
    assert refusal.value.errors[0].code is code


@pytest.mark.parametrize(("term", "extension"), [("7d", "7d"), ("3h", "3h"), ("1m", "1m"), ("1w", "5d")])
def test_an_extension_may_be_as_long_as_the_term(term: str, extension: str) -> None:
    begin = at("2026-11-24 09:00")
    extended = count(parse_length(term), begin, extensions=[parse_length(extension)])
    assert extended.due > count(parse_length(term), begin).due


def test_parts_of_hours_add_up_to_the_hours_of_the_term() -> None:
    pauses = [(at(f"2026-11-{day} 09:20"), at(f"2026-11-{day} 18:00")) for day in range(23, 28)]
    counted = count(parse_length("3h"), at("2026-11-23 09:00"), suspensions=pauses)
    assert [day.amount for day in counted.days if day.amount] == [0.3333] * 5 + [1.3333]
    assert counted.amount == 3


def test_a_suspension_ends_after_it_begins() -> None:
    moment = at("2026-11-24 09:00")
    with pytest.raises(TermInvalid) as refusal:
        count(parse_length("7d"), at("2026-11-23 09:00"), suspensions=[(moment, moment)])
    assert refusal.value.errors[0].code is ErrorCode.SUSPENSION


@pytest.mark.parametrize("term", ["3h", "7d", "1w"])
def test_a_term_where_nobody_works_has_no_end(term: str) -> None:
    nobody = Hours(HoursKey("nobody"), week=((),) * 7)
    with pytest.raises(TermInvalid) as refusal:
        count(parse_length(term), at("2026-11-23 09:00"), calendar=nobody)
    assert refusal.value.errors[0].code is ErrorCode.TERM_ENDLESS
