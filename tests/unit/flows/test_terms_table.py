"""Terms against a table that was counted by hand on a calendar; the working stands beside each line.

Days of the week are written in Korean. "n=day" is the n-th day that counts; "a+b" are the hours of each working day.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from haedap.domain.plan import SpecialDay
from haedap.flows.hours import public_holidays
from haedap.flows.terms import OFFICE_HOURS, count, parse_length
from haedap.flows.workdays import Span

SEOUL = ZoneInfo("Asia/Seoul")

HOLIDAYS = {
    # 2026. 설날 is 17 February, with the days beside it. 삼일절 is a Sunday: Monday instead. 현충일 (Saturday) has
    # no substitute day. 추석 is 25 September; its third day is a Saturday, which 추석 does not make up for.
    *("2026-01-01", "2026-02-16", "2026-02-17", "2026-02-18", "2026-03-01", "2026-03-02", "2026-05-01", "2026-05-05"),
    *("2026-05-24", "2026-05-25", "2026-06-03", "2026-06-06", "2026-07-17", "2026-08-15", "2026-08-17", "2026-09-24"),
    *("2026-09-25", "2026-09-26", "2026-10-03", "2026-10-05", "2026-10-09", "2026-12-25"),
    # 2027. 설날 is Sunday 7 February: Tuesday instead. 노동절, 제헌절, 한글날 and 성탄절 are Saturdays,
    # 광복절 and 개천절 Sundays: Mondays instead. 현충일 (Sunday) has none.
    *("2027-01-01", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-03-01", "2027-05-01", "2027-05-03"),
    *("2027-05-05", "2027-05-13", "2027-06-06", "2027-07-17", "2027-07-19", "2027-08-15", "2027-08-16", "2027-09-14"),
    *("2027-09-15", "2027-09-16", "2027-10-03", "2027-10-04", "2027-10-09", "2027-10-11", "2027-12-25", "2027-12-27"),
}

HOURS = [
    ("3h", "2026-11-23T09:00", "2026-11-23T12:00"),  # 월, the whole morning
    ("3h", "2026-11-23T11:00", "2026-11-23T15:00"),  # 1 before lunch, 2 after it
    ("3h", "2026-11-23T12:00", "2026-11-23T16:00"),  # lunch begins
    ("3h", "2026-11-23T12:30", "2026-11-23T16:00"),  # within lunch
    ("3h", "2026-11-23T13:00", "2026-11-23T16:00"),  # lunch is over
    ("3h", "2026-11-23T15:00", "2026-11-23T18:00"),  # ends with the day, not the next morning
    ("3h", "2026-11-23T15:01", "2026-11-24T09:01"),  # 2:59 + 0:01
    ("3h", "2026-11-20T17:30", "2026-11-23T11:30"),  # 금 0.5 + 월 2.5
    ("3h", "2026-11-20T18:00", "2026-11-23T12:00"),  # 금, work is over
    ("3h", "2026-11-20T22:15", "2026-11-23T12:00"),  # 금 evening
    ("3h", "2026-11-21T03:00", "2026-11-23T12:00"),  # 토
    ("3h", "2026-11-22T23:59", "2026-11-23T12:00"),  # 일
    ("3h", "2026-11-23T06:00", "2026-11-23T12:00"),  # 월, before work
    ("3h", "2026-07-16T17:00", "2026-07-20T11:00"),  # 목 1, 금 제헌절, 월 2
    ("3h", "2027-05-01T10:00", "2027-05-04T12:00"),  # 토 노동절, 월 its substitute, 화 3
    ("8h", "2026-11-23T09:00", "2026-11-23T18:00"),  # a day
    ("8h", "2026-11-23T10:00", "2026-11-24T10:00"),  # 7+1
    ("8h", "2026-09-23T17:00", "2026-09-28T17:00"),  # 수 1, 추석 목-토, 일, 월 3+4
    ("8h", "2027-07-16T17:00", "2027-07-20T17:00"),  # 금 1, 월 substitute of 제헌절, 화 3+4
    ("1d", "2026-12-24T09:00", "2026-12-24T18:00"),  # 목
    ("1d", "2026-12-24T14:00", "2026-12-28T14:00"),  # 목 4, 금 성탄절, 월 3+1
    ("1d", "2026-04-30T17:59", "2026-05-04T17:59"),  # 목 0:01, 금 노동절, 월 3+4:59
    ("1d", "2026-06-02T13:00", "2026-06-04T12:00"),  # 화 5, 수 election, 목 3
    ("1d", "2026-08-14T18:30", "2026-08-18T18:00"),  # 금 over, 토 광복절, 월 substitute, 화 8
    ("1d", "2027-08-13T09:30", "2027-08-17T09:30"),  # 금 2.5+5, 월 substitute of 광복절, 화 0.5
    ("1d", "2027-12-24T13:30", "2027-12-28T13:30"),  # 금 4.5, 월 substitute of 성탄절, 화 3+0.5
    ("2d", "2026-12-31T16:00", "2027-01-05T16:00"),  # 목 2, 금 신정, 월 8, 화 3+3 = 16
    ("2d", "2026-05-22T09:00", "2026-05-26T18:00"),  # 금 8, 일 부처님오신날, 월 substitute, 화 8
    ("2d", "2026-02-27T12:00", "2026-03-04T12:00"),  # 금 5, 월 substitute of 삼일절, 화 8, 수 3
    ("2d", "2027-10-08T17:00", "2027-10-13T17:00"),  # 금 1, 월 substitute of 한글날, 화 8, 수 3+4
    ("3d", "2027-02-05T15:00", "2027-02-12T15:00"),  # 금 3, 설날 토-월, 화 substitute, 수 8, 목 8, 금 3+2 = 24
    ("3d", "2026-02-13T16:00", "2026-02-23T16:00"),  # 금 2, 설날 월-수, 목 8, 금 8, 월 3+3 = 24
    ("4d", "2026-05-04T11:30", "2026-05-11T11:30"),  # 월 5.5, 화 어린이날, 수목금 24, 월 2.5 = 32
    ("5d", "2026-09-23T17:30", "2026-10-02T17:30"),  # 수 0.5, 추석, 월-목 32, 금 3+4.5 = 40
    ("5d", "2026-09-28T09:00", "2026-10-02T18:00"),  # 월-금 40
    ("5d", "2026-09-28T09:01", "2026-10-06T09:01"),  # 월-금 39:59, 토 개천절, 월 substitute, 화 0:01
    ("5d", "2026-09-30T13:00", "2026-10-08T12:00"),  # 수 5, 목금 16, 월 closed, 화수 16, 목 3 = 40
    ("5d", "2026-10-08T10:00", "2026-10-16T10:00"),  # 목 7, 금 한글날, 월-목 32, 금 1 = 40
    ("5d", "2027-09-13T14:00", "2027-09-23T14:00"),  # 월 4, 추석 화-목, 금 8, 월화수 24, 목 3+1 = 40
]

DAYS = [
    ("6d", "2026-11-23T09:00", "2026-11-30"),  # 월-금 1-5, 월 6
    ("7d", "2026-11-23T09:00", "2026-12-01"),  # 월-금 1-5, 월 6, 화 7
    ("7d", "2026-11-23T23:59", "2026-12-01"),  # the hour does not matter: the first day is in
    ("7d", "2026-11-20T19:00", "2026-11-30"),  # 금 evening is day 1, 월-금 2-6, 월 7
    ("7d", "2026-11-21T09:00", "2026-12-01"),  # 토: 월 is day 1
    ("7d", "2026-11-22T09:00", "2026-12-01"),  # 일: 월 is day 1
    ("7d", "2026-09-23T17:30", "2026-10-06"),  # 수 1, 추석, 월-금 2-6, 토 개천절, 월 substitute, 화 7
    ("7d", "2026-09-25T10:00", "2026-10-07"),  # received on 추석: 월 1-5 금, 화 6, 수 7
    ("7d", "2026-04-30T10:00", "2026-05-12"),  # 목 1, 노동절, 월 2, 어린이날, 수목금 3-5, 월 6, 화 7
    ("7d", "2026-05-20T10:00", "2026-05-29"),  # 수목금 1-3, 월 substitute, 화-금 4-7
    ("7d", "2026-07-13T10:00", "2026-07-22"),  # 월-목 1-4, 제헌절, 월화수 5-7
    ("7d", "2027-04-29T10:00", "2027-05-11"),  # 목금 1-2, 월 substitute, 화 3, 어린이날, 목금 4-5, 월화 6-7
    ("7d", "2027-05-10T10:00", "2027-05-19"),  # 월화수 1-3, 부처님오신날, 금 4, 월화수 5-7
    ("7d", "2027-12-22T10:00", "2027-12-31"),  # 수목금 1-3, 월 substitute, 화-금 4-7
    ("10d", "2026-05-27T10:00", "2026-06-10"),  # 수목금 1-3, 월화 4-5, election, 목금 6-7, 월화수 8-10
    ("14d", "2026-09-21T10:00", "2026-10-14"),  # 월화수 1-3, 월-금 4-8, 화수목 9-11, 한글날, 월화수 12-14
    ("14d", "2026-12-21T10:00", "2027-01-11"),  # 월-목 1-4, 월-목 5-8, 월-금 9-13, 월 14
    ("14d", "2026-02-12T10:00", "2026-03-09"),  # 목금 1-2, 목금 3-4, 월-금 5-9, 화-금 10-13, 월 14
    ("14d", "2026-08-10T10:00", "2026-08-28"),  # 월-금 1-5, 화-금 6-9, 월-금 10-14
    ("14d", "2027-09-10T10:00", "2027-10-05"),  # 금 1, 월 2, 금 3, 월-금 4-8, 월-금 9-13, 월 substitute, 화 14
    ("30d", "2027-02-01T10:00", "2027-03-17"),  # 5, 수목금 8, 13, 18, 화-금 22, 27, 월화수 28-30
]

CALENDAR = [
    ("1w", "2026-09-17T10:00", "2026-09-23"),  # 목 to 수
    ("1w", "2026-09-18T10:00", "2026-09-28"),  # 금 to 목, which is 추석: on to 월
    ("1w", "2026-11-22T10:00", "2026-11-30"),  # 일 is in: to 토, on to 월
    ("2w", "2026-09-23T17:30", "2026-10-06"),  # 수 to 화
    ("1m", "2026-09-01T10:00", "2026-09-30"),  # from the first: to the end of the month
    ("1m", "2026-09-23T10:00", "2026-10-22"),  # to the day before the 23rd
    ("1m", "2026-09-04T10:00", "2026-10-06"),  # to 토 3 October, a holiday: 일, 월 substitute, 화
    ("1m", "2026-08-31T10:00", "2026-09-30"),  # September has no 31st: its last day
    ("1m", "2027-01-31T10:00", "2027-03-02"),  # to 일 28 February; 월 삼일절; 화
    ("1m", "2027-01-29T10:00", "2027-03-02"),  # February has no 29th: its last day, as above
    ("1m", "2027-01-28T10:00", "2027-03-02"),  # to 토 27 February, on to 화 as above
    ("3m", "2026-11-30T10:00", "2027-03-02"),  # February has no 30th: its last day, as above
    ("1y", "2026-01-02T10:00", "2027-01-04"),  # to 금 1 January, a holiday: on to 월
    ("1y", "2024-02-29T10:00", "2025-02-28"),  # 2025 has no 29 February: its last day, 금
]

EXTENDED = [
    ("3h", ["3h"], "2026-11-23T09:00", "2026-11-23T16:00"),  # 3+3
    ("1d", ["1d"], "2026-11-20T14:00", "2026-11-24T14:00"),  # 금 4, 월 8, 화 3+1 = 16
    ("5d", ["5d"], "2026-09-28T09:00", "2026-10-13T18:00"),  # 40 by 금 2nd; 화수목 64, 한글날, 월 72, 화 80
    ("3d", ["2d", "1d"], "2026-11-23T09:00", "2026-11-30T18:00"),  # 48: 월-금 40, 월 8
    ("7d", ["7d"], "2026-11-23T09:00", "2026-12-10"),  # 14: 월-금 5, 월-금 10, 월-목 14
    ("7d", ["7d", "3d"], "2026-11-23T09:00", "2026-12-15"),  # 17: 금 11th is 15, 월 16, 화 17
    ("14d", ["5d"], "2026-09-21T10:00", "2026-10-21"),  # 19: 14 on 수 14th, 목금 16, 월화수 19
    ("1m", ["1m"], "2026-09-23T10:00", "2026-11-23"),  # two months: to 일 22 November, on to 월
    ("1m", ["2w"], "2026-09-23T10:00", "2026-11-05"),  # 22 October and 14 days
    ("1m", ["5d"], "2026-09-23T10:00", "2026-10-29"),  # after 목 22nd: 금 1, 월-목 2-5
]

SUSPENDED = [
    ("3h", ["2026-11-23T12:00/2026-11-23T13:00"], "2026-11-23T09:00", "2026-11-23T12:00"),  # lunch: nothing lost
    ("3h", ["2026-11-23T11:00/2026-11-25T11:00"], "2026-11-23T10:00", "2026-11-25T14:00"),  # 월 1, 수 1+1
    ("1d", ["2026-11-23T10:00/2026-11-23T14:00"], "2026-11-23T09:00", "2026-11-24T12:00"),  # 월 1+4, 화 3
    (  # the two overlap: 월 8, 수 from 15:00 3, 목 3+2 = 16
        "2d",
        ["2026-11-24T09:00/2026-11-25T12:00", "2026-11-25T10:00/2026-11-25T15:00"],
        "2026-11-23T09:00",
        "2026-11-26T15:00",
    ),
    ("7d", ["2026-11-25T00:00/2026-11-28T00:00"], "2026-11-23T09:00", "2026-12-04"),  # 월화 1-2, 월-금 3-7
    ("7d", ["2026-11-25T16:00/2026-11-26T10:00"], "2026-11-23T09:00", "2026-12-03"),  # both days of it are out
    ("7d", ["2026-11-28T00:00/2026-11-30T00:00"], "2026-11-23T09:00", "2026-12-01"),  # 토일: nothing lost
    ("7d", ["2026-11-23T10:00/2026-11-23T11:00"], "2026-11-23T09:00", "2026-12-02"),  # the first day is out
    ("7d", ["2026-12-02T09:00/2026-12-04T09:00"], "2026-11-23T09:00", "2026-12-01"),  # after the end
    ("2w", ["2026-11-10T09:00/2026-11-11T18:00"], "2026-11-02T09:00", "2026-11-17"),  # to 일 15th, two days more
    ("1m", ["2026-10-05T09:00/2026-10-06T09:00"], "2026-09-30T10:00", "2026-11-02"),  # to 29th, two more: 토; 월
]

CLOSED = [
    ("5d", "2026-10-02", "2026-09-28T09:00", "2026-10-06T18:00"),  # 월-목 32, 금 임시공휴일, 월 substitute, 화 8
    ("7d", "2026-11-26", "2026-11-23T09:00", "2026-12-02"),  # 월화수 1-3, 금 4, 월화수 5-7
    ("1w", "2026-11-27", "2026-11-21T09:00", "2026-11-30"),  # to 금 27th, closed: on to 월
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def end(text: str) -> datetime:
    """A term in days ends with the work of its last day."""
    return at(text if "T" in text else f"{text}T18:00")


def span(text: str) -> Span:
    begin, _slash, until = text.partition("/")
    return at(begin), at(until)


@pytest.mark.parametrize("year", [2026, 2027])
def test_the_holidays_are_those_of_the_decree(year: int) -> None:
    expected = {date.fromisoformat(day) for day in HOLIDAYS if day.startswith(str(year))}
    assert set(public_holidays(year)) == expected


@pytest.mark.parametrize(("term", "received", "until"), [*HOURS, *DAYS, *CALENDAR])
def test_a_term_ends_as_counted_by_hand(term: str, received: str, until: str) -> None:
    assert count(parse_length(term), at(received)).due == end(until)


@pytest.mark.parametrize(("term", "extensions", "received", "until"), EXTENDED)
def test_an_extended_term_ends_as_counted_by_hand(
    term: str, extensions: Sequence[str], received: str, until: str
) -> None:
    lengths = [parse_length(text) for text in extensions]
    assert count(parse_length(term), at(received), extensions=lengths, consent=True).due == end(until)


@pytest.mark.parametrize(("term", "suspensions", "received", "until"), SUSPENDED)
def test_a_suspended_term_ends_as_counted_by_hand(
    term: str, suspensions: Sequence[str], received: str, until: str
) -> None:
    assert count(parse_length(term), at(received), suspensions=map(span, suspensions)).due == end(until)


@pytest.mark.parametrize(("term", "closed", "received", "until"), CLOSED)
def test_days_of_the_own_list_do_not_count(term: str, closed: str, received: str, until: str) -> None:
    day = SpecialDay(date.fromisoformat(closed), "임시공휴일")
    calendar = msgspec.structs.replace(OFFICE_HOURS, special_days=(day,))
    counted = count(parse_length(term), at(received), calendar=calendar)
    assert counted.due == end(until)
    assert [found.name for found in counted.days if found.day == day.day] == ["임시공휴일"]


def test_an_extension_and_a_suspension_together() -> None:
    # 80 hours: 월화수 24, 목금 suspended, 화수목 48, 한글날, 월-목 80
    counted = count(
        parse_length("5d"),
        at("2026-09-28T09:00"),
        extensions=[parse_length("5d")],
        suspensions=[span("2026-10-01T00:00/2026-10-03T00:00")],
    )
    assert counted.due == at("2026-10-15T18:00")
    assert counted.amount == 80


def test_each_day_says_why_it_counted_or_did_not() -> None:
    counted = count(parse_length("7d"), at("2026-09-23T17:30"), suspensions=[span("2026-09-29T10:00/2026-09-29T11:00")])
    told = [(f"{day.day:%m-%d}", day.amount, day.reason.value, day.name) for day in counted.days]
    assert told[:7] == [
        ("09-23", 1, "counted", ""),
        ("09-24", 0, "holiday", "추석 전날"),
        ("09-25", 0, "holiday", "추석"),
        ("09-26", 0, "holiday", "추석 다음날"),
        ("09-27", 0, "sunday", ""),
        ("09-28", 1, "counted", ""),
        ("09-29", 0, "suspended", ""),
    ]
    assert told[-1] == ("10-07", 1, "counted", "")
    assert [day.day for day in counted.days] == [date(2026, 9, 23) + timedelta(days=n) for n in range(15)]


def test_after_the_work_of_a_day_nothing_of_it_counts_by_the_hour() -> None:
    assert [day.reason.value for day in count(parse_length("3h"), at("2026-11-23T18:00")).days] == [
        "after_hours",
        "counted",
    ]
