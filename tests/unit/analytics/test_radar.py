"""Surges: found where they are, and nowhere else; of one event together; whatever the history is like."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.analytics.radar import (
    EVERYTHING,
    YEAR,
    Before,
    Bounds,
    Kind,
    Sign,
    Window,
    emerging,
    raised,
    surges,
    weekly,
    window_of,
)

MONDAY = date(2026, 3, 2)
WEEK = timedelta(weeks=1)
BOUNDS = Bounds()


def word(text: str) -> Sign:
    return Sign(Kind.WORD, text)


def window(contacts: int, **counts: int) -> Window:
    return Window(contacts, Counter({word(text): count for text, count in counts.items()}))


def contacts_of(total: int, *groups: tuple[int, tuple[str, ...]]) -> dict[int, frozenset[Sign]]:
    """`total` contacts, of which so many have these words; the others have one of their own each."""
    found = [frozenset(map(word, words)) for count, words in groups for _one in range(count)]
    found += [frozenset({word(f"혼자{number}")}) for number in range(total - len(found))]
    return dict(enumerate(found))


def test_what_was_never_heard_before_is_a_surge_and_says_why() -> None:
    before = Before([window(100, 민원=30) for _week in range(8)])
    (surge,) = surges(contacts_of(110, (74, ("우한", "폐렴")), (30, ("민원",))), before, BOUNDS)
    assert {*surge.values(Kind.WORD)} == {"우한", "폐렴"}
    assert surge.observed == 74
    assert surge.expected < 1
    assert len(surge.contacts) == 74


def test_more_contacts_of_the_usual_mix_are_no_surge_of_any_word() -> None:
    before = Before([window(100, 민원=30, 여권=10) for _week in range(8)])
    found = raised(window(150, 민원=45, 여권=15), before, BOUNDS)
    assert found == []


def test_fewer_contacts_make_nothing_a_surge() -> None:
    """A larger share of less is no surge: half of the topics are gone, the others are as many as before."""
    before = Before([window(1000, 민원=30, 여권=300) for _week in range(8)])
    assert raised(window(60, 민원=30), before, BOUNDS) == []


def test_all_at_once_is_a_surge_of_everything_and_shows_which_contacts() -> None:
    before = Before([window(10) for _week in range(8)])
    (surge,) = surges(contacts_of(90), before, BOUNDS)
    assert surge.lead.sign == EVERYTHING
    assert len(surge.contacts) == 90


def test_two_events_of_one_week_are_told_apart_and_words_of_one_are_told_together() -> None:
    before = Before([window(200) for _week in range(8)])
    mixed = contacts_of(200, (40, ("단수", "수도", "누수")), (25, ("마스크", "약국")), (2, ("단수", "마스크")))
    assert [{*surge.values(Kind.WORD)} for surge in surges(mixed, before, BOUNDS)] == [
        {"단수", "수도", "누수"},
        {"마스크", "약국"},
    ]


def test_what_comes_in_bursts_must_burst_higher() -> None:
    calm = Before([window(400, 동파=5) for _week in range(8)])
    bursts = Before([window(400, 동파=count) for count in (0, 0, 20, 0, 0, 0, 20, 0)])
    now = window(400, 동파=26)
    assert [one.sign for one in raised(now, calm, BOUNDS)] == [word("동파")]
    assert raised(now, bursts, BOUNDS) == []


def test_a_season_is_no_surge_but_an_event_of_one_week_a_year_ago_hides_none() -> None:
    before = [window(400, 재산세=5) for _week in range(8)]
    now = window(500, 재산세=120)
    assert raised(now, Before(before), BOUNDS)
    season = [window(480, 재산세=90), window(500, 재산세=110), window(490, 재산세=100)]
    assert raised(now, Before(before, season, before), BOUNDS) == []
    one_week = [window(400, 재산세=5), window(500, 재산세=110), window(400, 재산세=5)]
    assert raised(now, Before(before, one_week, before), BOUNDS)


@pytest.mark.parametrize("weeks", range(4))
def test_without_enough_to_compare_with_nothing_is_said(weeks: int) -> None:
    assert raised(window(100, 단수=90), Before([window(100)] * weeks), BOUNDS) == []


def test_one_contact_none_and_empty_weeks_are_borne() -> None:
    empty = Before([window(0)] * 8)
    assert surges({}, empty, BOUNDS) == []
    assert surges(contacts_of(1, (1, ("단수",))), empty, BOUNDS) == []
    assert surges(contacts_of(30, (30, ("단수",))), empty, BOUNDS)


def test_after_a_holiday_week_the_pent_up_calls_are_no_surge() -> None:
    before = Before([window(0), *[window(500, 여권=50, 세금=100) for _week in range(7)]])
    assert raised(window(800, 여권=80, 세금=160), before, BOUNDS) == []


def weeks_with(event: int, *, weeks: int = 14) -> dict[date, dict[int, frozenset[Sign]]]:
    """So many weeks of chance, in the last of which an event is talked about."""
    chance = random.Random(1)
    usual = [f"말{number}" for number in range(40)]
    found: dict[date, dict[int, frozenset[Sign]]] = {}
    for number in range(weeks):
        contacts = {
            key: frozenset(word(text) for text in chance.sample(usual, 3)) for key in range(chance.randint(150, 250))
        }
        if number == weeks - 1:
            contacts |= {1000 + key: frozenset({word("신천지")}) for key in range(event)}
        found[MONDAY + number * WEEK] = contacts
    return found


def test_week_by_week_only_the_event_is_told_of() -> None:
    (told,) = weekly(weeks_with(40), BOUNDS)
    assert (told.week, told.surge.values(Kind.WORD)) == (MONDAY + 13 * WEEK, ("신천지",))
    assert weekly(weeks_with(0), BOUNDS) == []


def test_by_chance_alone_there_are_hardly_any_alarms() -> None:
    """A year of weeks in which words come as they like, some of them in clusters: at most two in a quarter."""
    chance = random.Random(7)
    rates = {word(f"말{number}"): chance.uniform(0.5, 40) for number in range(400)}

    def week() -> Window:
        size = chance.randint(300, 500)
        counts = Counter(
            {
                sign: max(0, round(chance.gammavariate(4, rate / 4) * size / 400 + chance.uniform(-0.5, 0.5)))
                for sign, rate in rates.items()
            }
        )
        return Window(size, counts)

    windows = [week() for _number in range(60)]
    alarms = sum(bool(raised(windows[at], Before(windows[at - 8 : at]), BOUNDS)) for at in range(8, 60))
    assert alarms <= 8


def test_the_emerging_topics_of_a_year_from_counts_alone() -> None:
    rows = [(MONDAY + number * WEEK, topic, count) for number in range(60) for topic, count in (("tax", 100), ("", 50))]
    rows += [(MONDAY + number * WEEK, "water", {30: 100, 32: 2000}.get(number, 10)) for number in range(60)]
    one, again = emerging(rows)
    assert (one.week, one.since, one.surge.values(Kind.TOPIC)) == (MONDAY + 30 * WEEK, one.week, ("water",))
    assert (again.week, again.since) == (MONDAY + 32 * WEEK, one.week)
    assert (one.surge.observed, round(one.surge.expected)) == (100, 10)
    assert emerging([]) == []
    assert emerging([(MONDAY, "water", 5000)]) == []


def test_last_years_season_is_known_from_the_same_weeks() -> None:
    july = {MONDAY + number * WEEK for number in (20, 21, 22)}
    july |= {day + YEAR for day in july}
    days = [MONDAY + number * WEEK for number in range(80)]
    rows = [(day, "tax", 400 if day in july else 20) for day in days] + [(day, "rest", 600) for day in days]
    assert {one.week for one in emerging(rows)} == {MONDAY + 20 * WEEK}


@given(
    st.lists(st.integers(0, 300), min_size=4, max_size=12),
    st.integers(0, 300),
    st.integers(0, 300),
)
def test_any_history_is_borne_and_more_is_never_less_of_a_surge(seen: list[int], now: int, more: int) -> None:
    before = Before([window(300, 단수=count) for count in seen])
    told = bool(raised(window(300, 단수=now), before, BOUNDS))
    still = bool(raised(window(300, 단수=min(300, now + more)), before, BOUNDS))
    assert still or not told


def test_the_window_counts_each_contact_once() -> None:
    assert window_of({1: [word("수도"), word("수도")], 2: [word("수도")]}) == window(2, 수도=2)
