"""The desk's API of who is on the line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from haedap.apps.accounts.models import Account
from haedap.apps.contacts import citizens, merging
from haedap.apps.contacts.models import AccessLog, Citizen, CitizenNumber, Contact, ContactNote, Topic
from haedap.apps.lookups.models import Identification

from .pages import Browser
from .records import add_contact

HOME, MOBILE = "+82200000001", "+821000000002"
MOST_QUERIES = 24
JSON = "application/json"


@pytest.fixture
def shared(people: dict[str, Account]) -> tuple[Contact, Citizen, Citizen]:
    """A call from a family's telephone: two have it, and one of them called from their own before."""
    mother, son = (citizens.new_citizen(name) for name in ("김하늘", "김바다"))
    for citizen, number in ((mother, HOME), (son, HOME), (son, MOBILE)):
        citizens.know(citizen, number, "voice")
    topic = Topic.objects.create(code="water", name="상하수도")
    mobile = add_contact(people["agent2"], caller=MOBILE, ago=timedelta(days=1))
    ContactNote.objects.create(contact=mobile.pk, text="수도 요금 문의", topic=topic)
    add_contact(people["agent2"], caller=HOME, ago=timedelta(days=2))
    return add_contact(people["agent1"], caller=HOME, ago=timedelta()), mother, son


def asked(client: Client, contact: Contact, part: str, body: dict[str, Any], verb: str = "post") -> Any:
    return getattr(client, verb)(f"/api/desk/contacts/{contact.pk}/{part}", body, content_type=JSON)


def test_several_are_a_choice_and_the_choice_moves_the_history(
    shared: tuple[Contact, Citizen, Citizen], logged_in: Browser
) -> None:
    contact, mother, son = shared
    client = logged_in("agent1")
    told = client.get(f"/api/desk/contacts/{contact.pk}").json()
    assert told["citizen"] is None
    assert [(one["name"], one["last_topic"]) for one in told["known"]["candidates"]] == [
        ("김바다", "상하수도"),
        ("김하늘", ""),
    ]
    assert told["known"]["candidates"][0]["numbers"] == ["010-****-0002", "02-****-0001"]
    assert [line["sure"] for line in told["history"]] == [False]
    known = asked(client, contact, "citizen", {"citizen": son.pk}, "put").json()
    assert (known["citizen"], known["chosen"]) == ({"id": son.pk, "name": "김바다"}, True)
    told = client.get(f"/api/desk/contacts/{contact.pk}").json()
    assert [(line["note_first_line"], line["sure"]) for line in told["history"]] == [
        ("수도 요금 문의", True),
        ("", False),
    ]
    today = client.get("/api/desk/today").json()
    assert today[0]["citizen_name"] == "김바다"
    assert asked(client, contact, "citizen", {"citizen": None}, "put").json()["citizen"] is None
    log = AccessLog.objects.filter(action="citizen.chosen").order_by("pk")
    assert [(row.citizen, row.contact) for row in log] == [(son.pk, contact.pk), (None, contact.pk)]
    assert mother.pk not in {row.citizen for row in log}


def test_none_of_them_is_somebody_new(shared: tuple[Contact, Citizen, Citizen], logged_in: Browser) -> None:
    contact, *_others = shared
    known = asked(logged_in("agent1"), contact, "citizen", {"name": " 김구름 "}).json()
    assert known["citizen"]["name"] == "김구름"
    assert [one["name"] for one in known["candidates"]] == ["김구름", "김바다", "김하늘"]


def test_somebody_new_is_one_however_often_the_answer_is_lost(
    shared: tuple[Contact, Citizen, Citizen], logged_in: Browser
) -> None:
    contact, _mother, son = shared
    client = logged_in("agent1")
    first, again = (asked(client, contact, "citizen", {"name": "김구름"}).json() for _ in range(2))
    assert again == first
    asked(client, contact, "citizen", {"citizen": son.pk}, "put")
    namesake = asked(client, contact, "citizen", {"name": son.name}).json()
    assert namesake["citizen"]["id"] not in {son.pk, first["citizen"]["id"]}, "of two of one name nobody is guessed"


def test_who_is_sought_is_written_down(shared: tuple[Contact, Citizen, Citizen], logged_in: Browser) -> None:
    contact, _mother, son = shared
    found = asked(logged_in("agent1"), contact, "citizens", {"sought": "010-0000-0002"}).json()
    assert [one["id"] for one in found] == [son.pk]
    assert AccessLog.objects.get(action="citizens.searched").detail == {"sought": "010-0000-0002"}


@pytest.mark.parametrize(
    ("verb", "part", "body", "status"),
    [
        ("put", "citizen", {"citizen": 99_999_999}, 404),
        ("put", "citizen", {"citizen": "1"}, 422),
        ("put", "citizen", {"citizen": 0}, 422),
        ("put", "citizen", {}, 422),
        ("post", "citizen", {"name": ""}, 409),
        ("post", "citizen", {"name": "   "}, 409),
        ("post", "citizen", {"name": "가" * 61}, 422),
        ("post", "citizen", {"name": "가\x00나"}, 422),
        ("post", "citizen", {"name": "가", "memo": "나"}, 422),
        ("post", "citizens", {"sought": "가" * 61}, 422),
        ("post", "citizens", {"sought": "\x00"}, 422),
    ],
)
def test_bad_input_changes_nobody(
    shared: tuple[Contact, Citizen, Citizen],
    logged_in: Browser,
    verb: str,
    part: str,
    body: dict[str, Any],
    status: int,
) -> None:
    answer = asked(logged_in("agent1"), shared[0], part, body, verb)
    assert answer.status_code == status
    assert set(answer.json()) == {"message", "code"}
    assert Citizen.objects.count() == 2


def test_somebody_elses_contact_has_no_citizen_to_choose(
    shared: tuple[Contact, Citizen, Citizen], logged_in: Browser
) -> None:
    contact, _mother, son = shared
    client = logged_in("agent2")
    assert asked(client, contact, "citizen", {"citizen": son.pk}, "put").status_code == 404
    assert asked(client, contact, "citizen", {"name": "남"}).status_code == 404
    assert asked(client, contact, "citizens", {"sought": "김바다"}).status_code == 404
    assert client.put(f"/api/desk/contacts/{uuid4()}/citizen", {"citizen": 1}, content_type=JSON).status_code == 404


def test_the_panel_costs_few_queries_however_long_the_history(people: dict[str, Account], logged_in: Browser) -> None:
    one, other = citizens.new_citizen("가"), citizens.new_citizen("나")
    citizens.know(one, MOBILE, "voice")
    citizens.know(other, HOME, "voice")
    merging.merge(one, other)
    for hours in range(2, 30):
        add_contact(people["agent2"], caller=HOME if hours % 2 else MOBILE, ago=timedelta(hours=hours))
    contact = add_contact(people["agent1"], caller=MOBILE)
    client = logged_in("agent1")
    with CaptureQueriesContext(connection) as queries:
        told = client.get(f"/api/desk/contacts/{contact.pk}").json()
    assert len(told["history"]) == 20
    assert len(queries) <= MOST_QUERIES, [query["sql"].split("FROM")[-1][:300] for query in queries]
    assert CitizenNumber.objects.count() == 2


def test_who_was_identified_is_not_whom_the_agent_chooses_later(
    shared: tuple[Contact, Citizen, Citizen], people: dict[str, Account], logged_in: Browser
) -> None:
    contact, mother, son = shared
    client = logged_in("agent1")
    asked(client, contact, "citizen", {"citizen": mother.pk}, "put")
    Identification.objects.create(contact=contact.pk, level="verified", way="asked", by=people["agent1"])
    asked(client, contact, "citizen", {"citizen": mother.pk}, "put")
    assert Identification.objects.filter(pk=contact.pk).exists()
    asked(client, contact, "citizen", {"citizen": son.pk}, "put")
    assert not Identification.objects.filter(pk=contact.pk).exists()
