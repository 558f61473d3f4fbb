"""Moving settlements: a table reckoned by hand, odd things citizens say, and what must hold for all."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.connectors.port import Misconfigured, Record
from haedap.connectors.schema import ConfigurationInvalid
from haedap.connectors.settlement import (
    Meter,
    Question,
    QuestionCode,
    Settlement,
    TariffIncomplete,
    meter_of,
    reading_of,
    settle,
)
from haedap.connectors.tariff import Basic, ClassTariff, Tariff, Tier, demo_tariff, read_tariff

TODAY = date(2026, 11, 22)
FALLING = [{"price": "1", "up_to": 3}, {"price": "2", "up_to": 2}, {"price": "3"}]
# Prices of the kind that cities publish: three tiers, a basic charge by pipe, a levy of 170 won.
CITY = Tariff(
    name="시험 요금표",
    classes={
        "가정용": ClassTariff(
            water=(Tier(price="410", up_to=20), Tier(price="610", up_to=40), Tier(price="890")),
            sewer=(Tier(price="300", up_to=20), Tier(price="460", up_to=40), Tier(price="700")),
        ),
        "지하수": ClassTariff(water=(Tier(price="162.15"),)),
    },
    basic=(Basic(pipe_mm=13, won=570), Basic(pipe_mm=20, won=1600)),
    levy_per_cubic_metre="170",
    reductions=read_tariff(
        {
            "name": "x",
            "classes": {"x": {"water": [{"price": "1"}]}},
            "basic": [],
            "reductions": {
                "수급자": {"cubic_metres": 10, "of": ["water", "sewer"]},
                "부담금": {"cubic_metres": 10, "of": ["levy"]},
                "다자녀": {"percent": 30, "of": ["water"]},
                "전액": {"percent": 100, "of": ["water", "sewer", "levy", "basic"]},
            },
        }
    ).reductions,
)


def meter(**changes: Any) -> Meter:
    usual = {"use_class": "가정용", "pipe_mm": 13, "last_reading": 1000, "last_reading_on": date(2026, 10, 23)}
    return Meter(**{**usual, **changes})


def settled(used: int, *, on: date = TODAY, tariff: Tariff = CITY, **changes: Any) -> Settlement:
    own = meter(**changes)
    found = settle(own, tariff, own.last_reading + used, on, TODAY)
    assert isinstance(found, Settlement)
    return found


def amounts(found: Settlement) -> list[int]:
    return [step.won for step in found.steps]


@pytest.mark.parametrize(
    ("used", "changes", "by_hand"),
    [
        # 30 days, 50 m³: 20×410 + 20×610 + 10×890 = 29,300; 20×300 + 20×460 + 10×700 = 22,200; 50×170 = 8,500; 570.
        (50, {}, [570, 29_300, 22_200, 8_500]),
        # 20 m³: the end of the first tier.
        (20, {}, [570, 8_200, 6_000, 3_400]),
        (21, {}, [570, 8_810, 6_460, 3_570]),
        (0, {}, [570, 0, 0, 0]),
        # 15 days: half the basic charge is 285, cut to 280; tiers end at 10 and 20: 10×410 + 2×610 = 5,320.
        (12, {"last_reading_on": date(2026, 11, 7)}, [280, 5_320, 3_920, 2_040]),
        # 17 days: 570×17/30 = 323; the tier ends at 11⅓: 11⅓×410 + ⅔×610 = 5,053.3; 11⅓×300 + ⅔×460 = 3,706.7.
        (12, {"last_reading_on": date(2026, 11, 5)}, [320, 5_050, 3_700, 2_040]),
        # 60 days: the tiers are twice as wide: 40×410 + 10×610 = 22,500; 40×300 + 10×460 = 16,600; 1,140.
        (50, {"last_reading_on": date(2026, 9, 23)}, [1_140, 22_500, 16_600, 8_500]),
        # Two households share the meter: the same widths in 30 days.
        (50, {"households": 2}, [570, 22_500, 16_600, 8_500]),
        (20, {"pipe_mm": 20}, [1_600, 8_200, 6_000, 3_400]),
        # Flat, no sewer: 7×162.15 = 1,135.05.
        (7, {"use_class": "지하수"}, [570, 1_130, 1_190]),
        # Ten cubic metres free: 10×410 and 10×300 off.
        (20, {"reduction": "수급자"}, [570, 8_200, 6_000, 3_400, -4_100, -3_000]),
        # 6 m³ used, all free.
        (6, {"reduction": "수급자"}, [570, 2_460, 1_800, 1_020, -2_460, -1_800]),
        # Ten cubic metres of the levy: 10×170.
        (20, {"reduction": "부담금"}, [570, 8_200, 6_000, 3_400, -1_700]),
        # 30 % of 8,810 is 2,643: 6,167 remain, 6,160 after cutting.
        (21, {"reduction": "다자녀"}, [570, 8_810, 6_460, 3_570, -2_650]),
        (21, {"reduction": "전액"}, [570, 8_810, 6_460, 3_570, -8_810, -6_460, -3_570, -570]),
        (20, {"unpaid": 31_200}, [570, 8_200, 6_000, 3_400, 31_200]),
        # The last bill guessed 15 m³ until 7 November: 5 m³ more in 15 days.
        (20, {"billed_until": date(2026, 11, 7), "billed_usage": 15}, [280, 2_050, 1_500, 850]),
    ],
)
def test_by_hand(used: int, changes: dict[str, Any], by_hand: list[int]) -> None:
    found = settled(used, **changes)
    assert amounts(found) == by_hand
    assert found.total == sum(by_hand)


def test_months_begun_widen_tiers_in_other_cities() -> None:
    months = msgspec.structs.replace(CITY, tiers_by="months")
    assert amounts(settled(12, last_reading_on=date(2026, 11, 7), tariff=months)) == [280, 4_920, 3_600, 2_040]
    assert amounts(settled(50, last_reading_on=date(2026, 10, 22), tariff=months)) == [580, 22_500, 16_600, 8_500]


def test_each_step_shows_its_working_and_the_whole_can_be_read_out() -> None:
    found = settled(21, unpaid=31_200, reduction="다자녀")
    assert found.steps[0].working == "570원 × 30일 ÷ 30일"
    assert found.steps[1].working == "20㎥ × 410원 + 1㎥ × 610원"
    assert found.steps[4].label == "다자녀 감면 (상수도 사용요금)"
    assert found.read_out == (
        "10월 23일부터 11월 22일까지 30일 동안 21세제곱미터를 쓰셨습니다. "
        "구경별 기본요금 570원, 상수도 사용요금 8,810원, 하수도 사용요금 6,460원, 물이용부담금 3,570원, "
        "아직 내지 않은 요금 31,200원입니다. 감면 2,650원을 뺐습니다. "
        "정산하실 금액은 모두 47,960원입니다."
    )


@pytest.mark.parametrize(
    ("reading", "on", "code"),
    [
        (999, TODAY, QuestionCode.LOWER),
        (1000 + 10_001, TODAY, QuestionCode.HUGE),
        (1010, TODAY + timedelta(days=1), QuestionCode.FUTURE),
        (1010, date(2026, 10, 22), QuestionCode.BEFORE_LAST_READING),
    ],
)
def test_odd_things_are_asked_about(reading: int, on: date, code: QuestionCode) -> None:
    found = settle(meter(), CITY, reading, on, TODAY)
    assert isinstance(found, Question)
    assert found.code is code
    assert found.sentence.endswith(("?", "."))


@pytest.mark.parametrize(("usual", "most"), [(24, 1000), (500, 10_000), (0, 1000)])
def test_how_much_is_too_much_goes_by_what_is_usual(usual: int, most: int) -> None:
    assert settled(most, usual_usage=usual).usage == most
    asked = settle(meter(usual_usage=usual), CITY, 1000 + most + 1, TODAY, TODAY)
    assert isinstance(asked, Question)
    assert asked.code is QuestionCode.HUGE


def test_less_than_was_guessed_is_asked_about() -> None:
    found = settle(meter(billed_usage=15), CITY, 1010, TODAY, TODAY)
    assert isinstance(found, Question)
    assert found.code is QuestionCode.BELOW_ESTIMATE


def test_a_new_meter_counts_on_from_its_first_figure() -> None:
    found = settle(meter(replaced=(1015, 3)), CITY, 8, TODAY, TODAY)
    assert isinstance(found, Settlement)
    assert found.usage == 20
    assert isinstance(settle(meter(replaced=(1015, 3)), CITY, 2, TODAY, TODAY), Question)


def test_no_use_and_a_leak_are_pointed_out() -> None:
    assert "한 번 더" in settled(0).notes[0]
    assert "누수" in settled(70, usual_usage=20).notes[0]
    assert settled(55, usual_usage=20).notes == ()
    assert settled(12, usual_usage=2).notes == ()


def test_the_same_day() -> None:
    same = settled(0, last_reading_on=TODAY)
    assert (same.days, same.total) == (0, 0)
    assert settled(3, last_reading_on=TODAY).total > 0


@pytest.mark.parametrize("changes", [{"use_class": "선박용"}, {"pipe_mm": 99}, {"reduction": "모르는 감면"}])
def test_what_the_tariff_lacks_is_said(changes: dict[str, Any]) -> None:
    with pytest.raises(TariffIncomplete) as caught:
        settle(meter(**changes), CITY, 1010, TODAY, TODAY)
    assert caught.value.sentence.endswith("다.")


@pytest.mark.parametrize(
    ("text", "reading"),
    [("4251", 4251), ("4,251 톤", 4251), ("4251.73", 4251), ("0012", 12), ("12㎥", 12)],
)
def test_readings_as_citizens_say_them(text: str, reading: int) -> None:
    assert reading_of(text) == reading


@pytest.mark.parametrize("text", ["", "사천", "-3", "1e9", "99999999", "1.2.3", "٣"])
def test_what_is_no_reading(text: str) -> None:
    assert isinstance(reading_of(text), Question)


def test_facts_that_are_no_meter() -> None:
    with pytest.raises(Misconfigured):
        meter_of(Record(title="x", values={}, facts={"meter_use_class": "가정용"}))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"classes": {}}, "classes"),
        ({"classes": {"a": {"water": [{"price": "1", "up_to": 3}]}}}, "classes.a.water"),
        ({"classes": {"a": {"water": FALLING}}}, "classes.a.water"),
        ({"classes": {"a": {"water": [{"price": "-1"}]}}}, "classes.a.water.0.price"),
        ({"basic": [{"pipe_mm": 13, "won": 1}, {"pipe_mm": 13, "won": 2}]}, "basic"),
        ({"reductions": {"a": {"of": ["water"]}}}, "reductions.a"),
        ({"reductions": {"a": {"of": ["gas"], "percent": 1}}}, "reductions.a.of.0"),
    ],
)
def test_tariffs_are_checked(change: dict[str, Any], place: str) -> None:
    right = {"name": "x", "classes": {"a": {"water": [{"price": "1"}]}}, "basic": [{"pipe_mm": 13, "won": 1}]}
    assert read_tariff(right).name == "x"
    with pytest.raises(ConfigurationInvalid) as caught:
        read_tariff({**right, **change})
    assert [problem.place for problem in caught.value.problems] == [place]


TARIFFS = st.sampled_from([CITY, demo_tariff(), msgspec.structs.replace(CITY, tiers_by="months")])
USES = st.integers(0, 3000)
DAYS = st.integers(0, 400)


@given(TARIFFS, USES, DAYS, st.integers(1, 5), st.sampled_from(["", "수급자", "다자녀", "전액"]), st.integers(0, 10**6))
def test_what_always_holds(tariff: Tariff, used: int, days: int, households: int, reduction: str, unpaid: int) -> None:
    reduction = reduction if reduction in tariff.reductions else ""
    changes: dict[str, Any] = {"households": households, "reduction": reduction, "unpaid": unpaid, "pipe_mm": 20}
    since = TODAY - timedelta(days=days)
    found = settled(used, tariff=tariff, last_reading_on=since, **changes)
    more = settled(used + 1, tariff=tariff, last_reading_on=since, **changes)
    assert found.total == sum(amounts(found))
    assert found.total >= unpaid
    assert (found.total - unpaid) % 10 == 0
    assert more.total >= found.total
    assert found.days == days
    assert f"{found.total:,}원" in found.read_out


@given(USES, st.integers(1, 200))
def test_the_same_use_over_more_days_is_never_dearer_but_for_the_basic_charge(used: int, days: int) -> None:
    short = amounts(settled(used, last_reading_on=TODAY - timedelta(days=days)))[1:]
    long = amounts(settled(used, last_reading_on=TODAY - timedelta(days=days + 1)))[1:]
    assert all(later <= earlier for earlier, later in zip(short, long, strict=True))
