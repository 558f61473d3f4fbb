"""The law's terms, counted by hand on a calendar."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.flows.terms import OFFICE_HOURS, Term, deadline

SEOUL = ZoneInfo("Asia/Seoul")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("term", "received", "until"),
    [
        (Term.IMMEDIATE, "2026-11-23 09:00", "2026-11-23 12:00"),
        (Term.IMMEDIATE, "2026-11-23 11:00", "2026-11-23 15:00"),  # lunch does not count
        (Term.IMMEDIATE, "2026-11-20 17:30", "2026-11-23 11:30"),  # Friday evening to Monday
        (Term.IMMEDIATE, "2026-11-21 03:00", "2026-11-23 12:00"),  # on a Saturday
        (Term.IMMEDIATE, "2026-12-24 17:00", "2026-12-28 11:00"),  # Christmas is a Friday in 2026
        (Term.QUESTION, "2026-11-23 09:00", "2026-12-01 18:00"),
        (Term.QUESTION, "2026-11-23 23:59", "2026-12-01 18:00"),
        (Term.GRIEVANCE, "2026-11-22 12:00", "2026-12-01 18:00"),  # Sunday: the first day is Monday
        (Term.LAW_QUESTION, "2026-12-21 10:00", "2027-01-11 18:00"),  # Christmas and New Year's Day in between
        (Term.PROPOSAL, "2026-02-12 10:00", "2026-03-09 18:00"),  # Seollal 16-18 February; 1 March is a Sunday
    ],
)
def test_a_term_ends_when_the_law_says(term: Term, received: str, until: str) -> None:
    assert deadline(term, at(received)).astimezone(SEOUL) == at(until)


MOMENTS = st.datetimes(
    datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2027-12-31"), timezones=st.just(SEOUL)
)


@given(MOMENTS, st.sampled_from(Term))
def test_a_term_ends_later_on_a_working_day_and_never_earlier_for_who_comes_later(
    received: datetime, term: Term
) -> None:
    until = deadline(term, received)
    assert until > received
    local = until.astimezone(SEOUL)
    assert OFFICE_HOURS.week[local.weekday()]
    later = received.replace(hour=23, minute=59)
    assert deadline(term, later) >= until
