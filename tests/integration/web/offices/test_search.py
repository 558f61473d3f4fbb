"""Does the search find the office by what the citizen says, and how fast."""

from __future__ import annotations

import csv
import hashlib
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from haedap.apps.offices.models import Department, Duty, Officer
from haedap.apps.offices.search import search_offices
from tests.integration.web.offices.conftest import NOW

QUESTIONS = Path(__file__).with_name("questions.csv")
HIT_WITHIN = 3
LEAST_SHARE = 0.9
MOST_SECONDS = 0.05
_BESIDE_OTHERS = 3
"""The suite runs on as many workers as there are processors and more; where nothing else runs p95 is 32 ms."""


def questions(*, held_out: bool) -> list[tuple[str, str]]:
    """Half of the questions, by a hash of their text: words were added for the one half while only it was looked at."""
    rows = csv.DictReader(QUESTIONS.read_text(encoding="utf-8").splitlines())
    found = [(row["said"], row["office"]) for row in rows]
    return [pair for pair in found if bool(hashlib.sha256(pair[0].encode()).digest()[0] & 1) is held_out]


def missed(pairs: list[tuple[str, str]]) -> list[tuple[str, str, list[str]]]:
    misses = []
    for said, office in pairs:
        found = [item.department.name for item in search_offices(said, HIT_WITHIN, NOW)]
        if office not in found:
            misses.append((said, office, found))
    return misses


@pytest.mark.parametrize("held_out", [False, True])
def test_the_office_is_among_the_first_three(
    city: None, held_out: bool, record_property: Callable[[str, object], None]
) -> None:
    pairs = questions(held_out=held_out)
    assert len(pairs) >= 40
    misses = missed(pairs)
    share = 1 - len(misses) / len(pairs)
    record_property("hit_at_3", round(share, 3))
    sys.stdout.write(f"hit@{HIT_WITHIN} {'held out' if held_out else 'seen'}: {share:.3f} of {len(pairs)}\n")
    assert share >= LEAST_SHARE, misses


def first(said: str) -> str:
    found = search_offices(said, 1, NOW)
    return found[0].department.name if found else ""


def test_blanks_are_where_people_like_them(city: None) -> None:
    for said, _office in questions(held_out=False):
        spread = [item.department.pk for item in search_offices(said, 5, NOW)]
        assert [item.department.pk for item in search_offices(said.replace(" ", ""), 5, NOW)] == spread


@pytest.mark.parametrize(
    ("said", "name"),
    [("ㅈㅅㅅㅌ", "재산세팀"), ("ㅇㄱㅌ", "여권팀"), ("ㅎㅂㄷ", "행복동 행정복지센터"), ("ㅊㅇㅊㄱㅌ", "")],
)
def test_initial_consonants(city: None, said: str, name: str) -> None:
    found = [item.department.name for item in search_offices(said, 3, NOW)]
    assert (name in found) if name else found == []


def test_an_officer_by_name_extension_and_number(city: None) -> None:
    officer = Officer.objects.get(code="H003")
    for said in (officer.name, officer.extension, "02-0000-1103", "0200001103", officer.telephone, "82200001103"):
        found = search_offices(said, 1, NOW)[0]
        assert found.officer == officer, said
        assert found.answers.officer == officer
        assert (found.answers.telephone, found.answers.reason) == ("+82200001103", "")


def test_a_part_of_a_number_is_enough(city: None) -> None:
    assert {"1103"} == {item.officer.extension for item in search_offices("1103", 5, NOW) if item.officer}
    assert len(search_offices("110", 20, NOW)) >= 6


@pytest.mark.parametrize(
    "said", ["", "   ", "?!…", "\ud55c", "a" * 5000, "%_\\'\"; DROP TABLE officer", "👍" * 50, "12"]
)
def test_nothing_and_hostile_text_break_nothing(city: None, said: str) -> None:
    assert isinstance(search_offices(said, 5, NOW), list)
    assert Officer.objects.exists()


def test_a_change_is_found_at_once_however_it_was_made(city: None) -> None:
    assert first("드론 비행 승인") != "드론팀"
    team = Department.objects.create(name="드론팀", parent=Department.objects.get(name="교통과"))
    duty = Duty.objects.create(department=team, text="무인비행장치 운영")
    assert first("드론 비행 승인") == "드론팀"
    Duty.objects.filter(pk=duty.pk).update(keywords="날리는 장난감")
    assert first("날리는 장난감 어디에 신고해요") == "드론팀"
    Department.objects.filter(pk=team.pk).update(active=False)
    assert first("날리는 장난감 어디에 신고해요") != "드론팀"


def test_an_office_is_found_once_with_its_best_duty(city: None) -> None:
    found = search_offices("재활용품 분리배출과 대형폐기물", 10, NOW)
    names = [item.department.name for item in found if item.duty]
    assert len(names) == len(set(names))
    assert found[0].department.name == "재활용팀"
    assert found[0].duty is not None


@pytest.mark.timeout(600)
def test_it_is_quick_in_a_large_city(city: None, record_property: Callable[[str, object], None]) -> None:
    """5,000 officers and 10,000 duties made of the demo's: 95 of 100 questions within the limit.

    Processor time counts, the process's own and PostgreSQL's: others use the machine as well. They share its caches and
    cores, too, so that it may be a few times what it is alone.
    """
    grow(officers=5000, duties=10_000)
    said = [pair[0] for held_out in (False, True) for pair in questions(held_out=held_out)]
    search_offices(said[0], HIT_WITHIN, NOW)
    before = _backend_seconds()
    own = [seconds_for(text) for text in said]
    asked = (_backend_seconds() - before) / len(said)
    seconds = [seconds + asked for seconds in own]
    p95 = sorted(seconds)[int(len(seconds) * 0.95)]
    record_property("search_p95_ms", round(p95 * 1000, 1))
    sys.stdout.write(f"search p95 {p95 * 1000:.1f} ms, median {statistics.median(seconds) * 1000:.1f} ms\n")
    assert p95 <= _BESIDE_OTHERS * MOST_SECONDS


def seconds_for(text: str) -> float:
    began = time.process_time()
    search_offices(text, 10, NOW)
    return time.process_time() - began


def _backend_seconds() -> float:
    """Processor time of the PostgreSQL process that answers this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def grow(officers: int, duties: int) -> None:
    teams = list(Department.objects.filter(active=True))
    texts = list(Duty.objects.values_list("text", flat=True))
    Department.objects.bulk_create(
        Department(name=f"{team.name} {number}지소", parent=team) for team in teams for number in range(1, 10)
    )
    teams = list(Department.objects.filter(active=True))
    people = Officer.objects.bulk_create(
        Officer(name=f"김{number:04d}", department=teams[number % len(teams)], extension=f"{number + 2000}")
        for number in range(officers - Officer.objects.count())
    )
    made = Duty.objects.bulk_create(
        Duty(department=teams[number % len(teams)], text=f"{texts[number % len(texts)]} {number}구역")
        for number in range(duties - len(texts))
    )
    through = Duty.officers.through
    through.objects.bulk_create(
        through(duty=duty, officer=people[number % len(people)]) for number, duty in enumerate(made)
    )
