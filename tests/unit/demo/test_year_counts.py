"""The published figures of the five profiles, whatever the seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haedap.apps.demo.year import YearError
from haedap.apps.demo.year.calendar import contacts_of, days_of
from haedap.apps.demo.year.counts import Counts, apportion, count
from haedap.apps.demo.year.profile import KEYS, Profile, catalogue, profile
from haedap.apps.demo.year.year import generator

SEEDS = st.integers(0, 2**63)
FEW = settings(max_examples=25)


def counts_of(chosen: Profile, seed: int) -> list[Counts]:
    return [
        count(chosen, catalogue(), contacts_of(chosen, span), generator(chosen, seed, place))
        for place, span in enumerate(chosen.spans)
    ]


def by_office(chosen: Profile, counts: Counts) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, number in zip(catalogue().leaves, counts.leaves, strict=True):
        office = chosen.fields[chosen.field_of(code)].office[-1]
        found[office] = found.get(office, 0) + number
    return found


@FEW
@given(SEEDS)
def test_icheon_has_its_yearbook(seed: int) -> None:
    (counts,) = counts_of(profile("icheon"), seed)
    offices = by_office(profile("icheon"), counts)
    assert counts.contacts == 106_724
    published = {"수도과": 17_212, "세정과": 7_764, "민원여권과": 5_578, "차량등록사업소": 5_121}
    assert {office: offices[office] for office in published} == published
    assert max(number for office, number in offices.items() if office not in published) < 5_121


@FEW
@given(SEEDS)
def test_gunpo_has_its_shares(seed: int) -> None:
    (counts,) = counts_of(profile("gunpo"), seed)
    offices = by_office(profile("gunpo"), counts)
    assert counts.contacts == 104_466
    published = {"세정과": 16.8, "지역경제과": 12.6, "도시환경과": 9.8, "자치행정과": 9.3, "교통행정과": 9.1}
    for office, share in published.items():
        assert offices[office] / 104_466 * 100 == pytest.approx(share, abs=0.01)
    assert max(number for office, number in offices.items() if office not in published) < offices["교통행정과"]


@FEW
@given(SEEDS)
def test_ansan_has_its_shares(seed: int) -> None:
    (counts,) = counts_of(profile("ansan"), seed)
    offices = by_office(profile("ansan"), counts)
    assert counts.contacts == 421_376
    shares = sorted((round(number / 421_376 * 100, 1) for number in offices.values()), reverse=True)
    assert shares[:6] == [11.2, 11.1, 6.3, 6.0, 4.3, 3.5]
    offered = counts.answered + counts.abandoned + counts.promised
    assert counts.answered / offered >= 0.95


@FEW
@given(SEEDS)
def test_jeongseon_has_three_years(seed: int) -> None:
    years = counts_of(profile("jeongseon"), seed)
    assert [year.contacts for year in years] == [39_685, 32_453, 30_180]
    for year in years:
        offered = year.answered + year.abandoned + year.promised
        assert year.answered / offered * 100 == pytest.approx(99.8, abs=0.01)


@FEW
@given(SEEDS)
def test_hwaseong_has_two_thousand_a_working_day(seed: int) -> None:
    (counts,) = counts_of(profile("hwaseong"), seed)
    (span,) = profile("hwaseong").spans
    working = [day for day in days_of(profile("hwaseong"), span) if day.open]
    assert counts.contacts == 2_000 * len(working)
    assert len(working) == 247  # 2023: 260 weekdays, 13 of them holidays


def test_gunpo_has_355_on_a_working_day() -> None:
    (span,) = profile("gunpo").spans
    working = [day for day in days_of(profile("gunpo"), span) if day.open]
    assert round(104_466 / len(working)) in range(353, 368)


@pytest.mark.parametrize("key", KEYS)
def test_every_topic_has_an_office_and_a_team(key: str) -> None:
    chosen = profile(key)
    assert {chosen.field_of(code) for code in catalogue().leaves} == set(range(len(chosen.fields)))
    assert all(catalogue().team(code) for code in catalogue().leaves)


@pytest.mark.parametrize("key", KEYS)
def test_surges_come_on_days_when_the_centre_is_open(key: str) -> None:
    chosen = profile(key)
    is_open = {day.day for span in chosen.spans for day in days_of(chosen, span) if day.open}
    assert len(chosen.surges) >= 3
    assert {surge.day for surge in chosen.surges} <= is_open
    assert {surge.topic for surge in chosen.surges} <= catalogue().leaves.keys()


def test_an_unknown_profile_is_named() -> None:
    with pytest.raises(YearError, match="icheon, gunpo, ansan, jeongseon, hwaseong"):
        profile("seoul")


@given(st.integers(0, 10**7), st.lists(st.floats(0, 1e6), min_size=1, max_size=50))
def test_apportioning_is_exact_and_fair(total: int, weights: list[float]) -> None:
    whole = sum(weights)
    if whole <= 1e-6:
        return
    counts = apportion(total, weights)
    assert sum(counts) == total
    for number, weight in zip(counts, weights, strict=True):
        assert abs(number - total * weight / whole) < 1 + 1e-6 * total


@pytest.mark.parametrize(("total", "weights"), [(-1, [1.0]), (5, [0.0]), (5, [1.0, -1.0])])
def test_what_cannot_be_apportioned_is_refused(total: int, weights: list[float]) -> None:
    with pytest.raises(ValueError, match="positive"):
        apportion(total, weights)


def test_another_seed_is_another_year() -> None:
    one, other = (counts_of(profile("icheon"), seed)[0] for seed in (1, 2))
    assert one.leaves != other.leaves
    assert counts_of(profile("icheon"), 1)[0] == one
    assert np.sum(one.leaves) == np.sum(other.leaves)
