"""The invented people: always the same, consistent, and impossible to be real."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.fake_city import FakeCityError
from haedap.fake_city.faults import Behaviour, Behaviours, FaultKind
from haedap.fake_city.people import household, number_of, number_of_plate

TODAY = date(2026, 11, 22)


@given(st.integers(0, 9999), st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_a_household_is_found_again_by_its_number_and_its_plate(number: int, today: date) -> None:
    home = household(number, 1, today)
    assert home == household(number, 1, today)
    assert number_of(home.telephone) == number
    assert home.telephone.startswith(("0100000", "0200009012"))
    assert home.meter.last_reading_on <= today
    if home.car is not None:
        assert home.car.plate.startswith("00")
        assert number_of_plate(home.car.plate) == number


@pytest.mark.parametrize(
    "telephone", ["", "0100000", "01000000", "010000012345", "01012345678", "0100000abcd", "0100000٣٣٣٣"]
)
def test_nobody_has_another_number(telephone: str) -> None:
    assert number_of(telephone) is None


def test_the_demo_callers_have_something_to_ask_about() -> None:
    for number, name in ((1234, "홍시민"), (5678, "나주민"), (9012, "도구민")):
        home = household(number, 1, TODAY)
        assert home.name == name
        assert home.car
        assert home.taxes
        assert home.charges
        assert home.fines


def test_a_fault_lasts_as_often_as_it_was_told_to() -> None:
    behaviours = Behaviours(("water",))
    behaviours.tell("water", Behaviour(fault=FaultKind.ERROR, delay_ms=5, times=2))
    assert [behaviours.next("water").fault.value for _ in range(3)] == ["error", "error", "none"]
    assert behaviours.next("water").delay_ms == 5
    behaviours.heal()
    assert behaviours.next("water") == Behaviour()
    with pytest.raises(FakeCityError):
        behaviours.tell("gas", Behaviour())
