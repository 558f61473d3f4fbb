"""Searching a long list: what is common ends early, what is not to be found is given up after a bounded stretch."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haedap.apps.accounts.models import Account

from .pages import Browser


@pytest.fixture
def many(people: dict[str, Account]) -> None:
    """More contacts of agent1 than a page looks through; all say 안녕, the five oldest also 누수."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contact (id, channel, state, arrived_at, agent, seq) "
            "SELECT gen_random_uuid(), 'voice', 'ended', now() - n * interval '1 minute', %s, n"
            " FROM generate_series(1, 18000) n",
            (people["agent1"].pk,),
        )
        cursor.execute(
            "INSERT INTO contact_note (contact, text) SELECT id,"
            " '안녕하십니까 상담 내용 ' || seq || CASE WHEN seq > 17995 THEN ' 누수' ELSE '' END FROM contact"
        )
        cursor.execute("ANALYZE contact, contact_note")


@pytest.mark.parametrize(("word", "shown"), [("안녕", 50), ("안녕하십", 50), ("누수", 0)])
def test_a_common_word_or_one_of_two_letters_is_sought_a_stretch_at_a_time(
    logged_in: Browser, many: None, word: str, shown: int
) -> None:
    client = logged_in("agent1")
    answer = client.post("/contacts/search", {"q": word}, follow=True)
    assert len(answer.context["lines"]) == shown
    assert answer.context["older"]
    if not shown:
        assert "살펴보았습니다" in answer.content.decode()
        answer = client.get("/contacts/" + answer.context["older"])
        assert len(answer.context["lines"]) == 5, "the next page goes on where the first one stopped"
        assert not answer.context["older"]


@pytest.mark.parametrize(("word", "stretches", "most"), [("안녕", 1, 1000), ("누수", 3, 15_000)])
def test_notes_are_read_by_their_key_and_no_more_than_a_stretch_of_them(
    logged_in: Browser, many: None, word: str, stretches: int, most: int
) -> None:
    """The time is that of so many notes, however many contacts there are: 15,000 take 0.3 s on the smallest machine."""
    client = logged_in("agent1")
    address = client.post("/contacts/search", {"q": word}).headers["Location"]
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    sifting = [query["sql"] for query in queries if "LIKE" in query["sql"] and "ORDER BY" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sifting[-1]}")
        plan = str(cursor.fetchone())
    assert len(sifting) == stretches
    assert "Seq Scan" not in plan
    assert max(int(loops) for loops in re.findall(r"'Actual Loops': (\d+)", plan)) <= most
