"""Every fault of every kind of system ends as a failure with a code, a sentence to say, and nothing personal in it."""

import asyncio
from typing import Any

import pytest

from haedap.connectors.port import ConnectorError, FailureCode, Query
from haedap.fake_city.people import household
from tests.support.city import TODAY, TestCity, ask

NUMBER = next(n for n in range(1300) if (h := household(n, 1, TODAY)).charges and h.bulky_waste and h.overdue_books)
SUBJECT = {"telephone": household(NUMBER, 1, TODAY).telephone, "town": "미르동", "keyword": "느티나무로 3"}
WEB = ("non_tax", "petition", "library", "bulky_waste", "parking_lot", "road_address")
SAME_EVERYWHERE = {
    "error": FailureCode.SYSTEM,
    "hang": FailureCode.TIMEOUT,
    "garbage": FailureCode.UNREADABLE,
    "half": FailureCode.UNREADABLE,
    "cut": FailureCode.UNREACHABLE,
    "charset": FailureCode.UNREADABLE,
    "huge": FailureCode.UNREADABLE,
    "redirect": FailureCode.CONFIGURATION,
    "refuse": FailureCode.SYSTEM,
}
OTHERS = {
    ("parking_lot", "limit"): FailureCode.LIMIT,
    ("road_address", "limit"): FailureCode.LIMIT,
    ("bulky_waste", "limit"): FailureCode.LIMIT,
    ("non_tax", "hostile"): FailureCode.UNREADABLE,
    ("petition", "hostile"): FailureCode.UNREADABLE,
    ("library", "hostile"): FailureCode.UNREADABLE,
    ("bulky_waste", "hostile"): FailureCode.UNREADABLE,
    ("local_tax", "error"): FailureCode.SYSTEM,
    ("local_tax", "hang"): FailureCode.TIMEOUT,
}
CASES = {**{(system, fault): code for system in WEB for fault, code in SAME_EVERYWHERE.items()}, **OTHERS}


LONGEST = 30.0
"""The longest that a system may be given: a busy machine does not fail for it."""


async def failure_of(city: TestCity, system: str, **limits: Any) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        await ask(city.guarded(system, **{"seconds": LONGEST, "attempts": 1, **limits}), **SUBJECT)
    return caught.value


def test_a_database_is_not_told_a_number_of_faults_that_it_could_not_count(city: TestCity) -> None:
    refused = city.control.put("/control/water", json={"fault": "error", "times": 1})
    assert refused.status_code == 400
    assert "times" in refused.json()["error"]
    assert city.control.get("/control").json()["water"]["fault"] == "none"


@pytest.mark.parametrize(("system", "fault"), CASES)
async def test_faults(city: TestCity, system: str, fault: str) -> None:
    city.tell(system, fault=fault)
    failure = await failure_of(city, system, seconds=0.3 if fault == "hang" else LONGEST)
    assert failure.failure is CASES[system, fault]
    assert failure.sentence.endswith("다.")
    said = failure.sentence + str(failure)
    assert not any(value in said for value in (*SUBJECT.values(), *city.secrets(system).values()))
    city.tell(system)
    assert (await ask(city.connector(system), **SUBJECT)).read_out


async def test_hostile_texts_are_only_texts(city: TestCity) -> None:
    city.tell("road_address", fault="hostile")
    answer = await ask(city.connector("road_address"), **SUBJECT)
    for value in answer.records[0].values.values():
        assert isinstance(value, str)
        assert value.isprintable()
        assert value.startswith("<script>")
    assert "{{ secrets }}" in answer.records[0].title


async def test_what_passes_is_asked_again_within_the_time(city: TestCity) -> None:
    city.tell("non_tax", fault="error", times=1)
    answer = await ask(city.guarded("non_tax", attempts=2), **SUBJECT)
    assert answer.records
    city.tell("non_tax", fault="refuse", times=1)
    assert (await failure_of(city, "non_tax", attempts=2)).failure is FailureCode.SYSTEM


async def test_one_hanging_system_delays_no_other(city: TestCity) -> None:
    city.tell("non_tax", fault="hang")
    city.tell("water", fault="hang")
    systems = ("non_tax", "water", "local_tax", "petition", "road_address", "bulky_waste")
    looking = {system: asyncio.create_task(ask(city.guarded(system, seconds=LONGEST), **SUBJECT)) for system in systems}
    found = await asyncio.gather(*(looking[system] for system in systems[2:]))
    assert all(answer.read_out for answer in found)
    hanging = [looking[system] for system in systems[:2]]
    assert not any(task.done() for task in hanging)
    for task in hanging:
        task.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)


async def test_a_caller_who_goes_away_leaves_no_query_behind(city: TestCity) -> None:
    city.tell("local_tax", fault="hang")
    guarded = city.guarded("local_tax", seconds=LONGEST)
    looking = asyncio.create_task(guarded.look_up(Query(subject=SUBJECT, on=TODAY)))
    await asyncio.sleep(0.3)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    assert looking.cancelled(), "it did not wait for its time to be up"
