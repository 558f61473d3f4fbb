"""A whole year as it is drawn: when citizens call, how long they wait, what becomes of them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from haedap.analytics.radar import emerging
from haedap.apps.demo.year.arrivals import NONE
from haedap.apps.demo.year.outcomes import Passed
from haedap.apps.demo.year.profile import KEYS, catalogue, profile
from haedap.apps.demo.year.telling import notes, numbers
from haedap.apps.demo.year.year import SpanYear, generator, spans

SEED = 20_231
_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
_SEOUL = 9 * _HOUR


@cache
def years(key: str) -> list[SpanYear]:
    return list(spans(profile(key), SEED))


def hours(year: SpanYear) -> np.ndarray:
    return (year.arrivals.at + _SEOUL) % _DAY // _HOUR


def days(year: SpanYear) -> np.ndarray:
    return (year.arrivals.at + _SEOUL) // _DAY


@pytest.mark.parametrize("key", KEYS)
def test_a_whole_profile(key: str) -> None:
    """Each profile is drawn once; what is so in each of them is looked at together."""
    chosen = profile(key)
    for year in years(key):
        service, number = year.roster.service, year.counts.answered
        assert len(year.arrivals.at) == number
        assert len(year.unanswered) + len(year.closed) + number == year.counts.contacts
        self_handled = int((year.outcomes.passed == Passed.NOBODY).sum())
        assert self_handled / number * 100 == pytest.approx(chosen.self_handled, abs=0.01)
        first, last = days(year).min(), days(year).max()
        epoch = date(1970, 1, 1).toordinal()
        assert year.span.since.toordinal() <= first + epoch <= last + epoch < year.span.until.toordinal()
        waited = (service.answered - service.queued) / 1e6
        offered = number + len(year.unanswered)
        assert waited.min() > 0
        assert (waited <= 20).sum() / offered >= 0.9
        assert_nobody_talks_to_two(year)
    if key not in {"icheon", "jeongseon"}:
        years.cache_clear()


def assert_nobody_talks_to_two(year: SpanYear) -> None:
    service = year.roster.service
    order = np.lexsort((service.offered, service.agent))
    same = service.agent[order][1:] == service.agent[order][:-1]
    assert (service.offered[order][1:] >= service.ready[order][:-1])[same].all()


def test_hours_are_as_published() -> None:
    """Of 10, 11, 12, 14 and 15 o'clock, without the days of surges."""
    year = years("icheon")[0]
    calm = year.arrivals.surge == NONE
    counts = np.bincount(hours(year)[calm], minlength=24)
    published = {10: 255_469, 11: 231_269, 12: 93_097, 14: 237_584, 15: 232_387}
    share = counts[list(published)].sum() / sum(published.values())
    for hour, number in published.items():
        assert counts[hour] / (number * share) == pytest.approx(1, abs=0.03)


def test_weekdays_are_as_published_and_holidays_empty() -> None:
    year = years("icheon")[0]
    calm = days(year)[year.arrivals.surge == NONE]
    of_day = np.bincount(calm - calm.min())
    weekday = (np.arange(len(of_day)) + calm.min() + 3) % 7
    means = [of_day[(weekday == place) & (of_day > 0)].mean() for place in range(4)]
    published = [1974, 1718, 1677, 1630]
    for mean, number in zip(means, published, strict=True):
        assert mean / means[1] == pytest.approx(number / published[1], abs=0.06)
    assert of_day[weekday >= 5].sum() == 0
    new_year_holiday = date(2023, 1, 23).toordinal() - date(1970, 1, 1).toordinal()
    assert new_year_holiday not in set(days(year).tolist())


def test_topics_have_their_seasons() -> None:
    year = years("icheon")[0]
    property_tax = list(catalogue().leaves).index("tax_local_property")
    chosen = (year.arrivals.topic == property_tax) & (year.arrivals.surge == NONE)
    months = (days(year)[chosen].astype("datetime64[D]").astype("datetime64[M]").astype(int)) % 12
    counts = np.bincount(months, minlength=12)
    assert set(np.argsort(counts)[-2:]) == {6, 8}  # July and September


def test_a_surge_stands_out() -> None:
    year = years("icheon")[0]
    surging = year.arrivals.surge == 0
    on_the_day = days(year)[surging]
    topic = year.arrivals.topic == year.arrivals.topic[surging][0]
    usual = np.median(np.bincount(days(year)[topic] - days(year).min())[np.bincount(days(year) - days(year).min()) > 0])
    assert np.bincount(on_the_day - on_the_day.min())[0] > 20 * max(usual, 1)


@pytest.mark.parametrize("key", ["icheon", "jeongseon"])
def test_the_radar_finds_the_surges_and_little_else(key: str) -> None:
    codes = list(catalogue().leaves)
    weeks: Counter[tuple[date, str]] = Counter()
    for year in years(key):
        by_day = Counter(zip(days(year).tolist(), year.arrivals.topic.tolist(), strict=True))
        for (day, topic), number in by_day.items():
            weeks[monday(date(1970, 1, 1) + timedelta(days=day)), codes[topic]] += number
    found = {
        (one.week, one.surge.lead.sign.value)
        for one in emerging((week, topic, number) for (week, topic), number in weeks.items())
    }
    there = {(monday(surge.day), surge.topic) for surge in profile(key).surges}
    assert there <= found
    assert len(found - there) <= 2


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def test_articles_and_look_ups_spare_transfers() -> None:
    outcomes = years("icheon")[0].outcomes
    helped = outcomes.article | outcomes.looked_up
    passed = outcomes.passed != Passed.NOBODY
    assert passed[helped].mean() < 0.6 * passed[~helped].mean()


def test_only_who_calls_again_calls_twice_within_a_week() -> None:
    year = years("icheon")[0]
    seen: dict[tuple[int, int], int] = {}
    for place, (citizen, topic, at) in enumerate(
        zip(year.citizens.tolist(), year.arrivals.topic.tolist(), year.arrivals.at.tolist(), strict=True)
    ):
        before = seen.get((citizen, topic))
        again = before is not None and at - before < 7 * _DAY
        assert again == (year.outcomes.again_of[place] != NONE), place
        seen[citizen, topic] = at


def test_the_same_seed_is_the_same_year() -> None:
    again = next(iter(spans(profile("icheon"), SEED)))
    first = years("icheon")[0]
    assert (again.arrivals.at == first.arrivals.at).all()
    assert (again.roster.service.ready == first.roster.service.ready).all()
    assert (again.citizens == first.citizens).all()
    other = next(iter(spans(profile("icheon"), SEED + 1)))
    assert (other.arrivals.at[:1000] != first.arrivals.at[:1000]).any()


def test_notes_say_nothing_about_a_person_and_vary() -> None:
    from haedap.language.masking import mask

    year, chosen = years("jeongseon")[0], profile("jeongseon")
    texts = notes(chosen, catalogue(), year.arrivals, year.outcomes, generator(chosen, SEED, 7))
    assert len(texts) == year.counts.answered
    assert len(set(texts)) > len(texts) / 5
    assert all(mask(text) == text for text in sorted(set(texts))[::40])
    surging = [text for text, surge in zip(texts, year.arrivals.surge.tolist(), strict=True) if surge == 0]
    assert sum("동파" in text or "얼" in text for text in surging) == len(surging)


def test_numbers_cannot_exist() -> None:
    found = numbers(np.array([0, 9_999, 10_000, 20_001, 39_999]), "031")
    assert found == ["+8210" + "00000000", "+821000009999", "+823100000000", "+82200000001", "+827000009999"]
