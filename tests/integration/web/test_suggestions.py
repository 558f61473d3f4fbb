"""Suggestions over the real language process: learnt from closed contacts, shown, taken, counted; and without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from haedap.apps.accounts.models import Account, Role
from haedap.apps.contacts.models import Contact, ContactNote, Disposition, Topic, Transfer
from haedap.apps.contacts.notes import closed_notes
from haedap.apps.offices.models import Department, Officer
from haedap.apps.search import api as search
from haedap.apps.search.models import SearchEntry
from haedap.apps.suggestions import guessing, learning
from haedap.apps.suggestions.accuracy import tallies
from haedap.apps.suggestions.models import TopicGuess
from tests.integration.web.records import add_contact
from tests.support.language_process import a_language_process, wait_for

WATER = ["이사 나가면서 수도요금 정산 문의", "전출로 수도 요금 이사정산 요청", "이사 가는 날 물값 정산"]
BULK = ["소파 배출 스티커 문의", "장롱 대형폐기물 수거 신청", "냉장고 버리는 방법 안내"]


def closed(agent: Account, topic: Topic, text: str, **values: Any) -> Contact:
    contact = add_contact(agent, **values)
    disposition, _ = Disposition.objects.get_or_create(key="answered", defaults={"name": "바로 답변"})
    ContactNote.objects.create(contact=contact.pk, text=text, topic=topic, disposition=disposition)
    return contact


@pytest.fixture
def centre(orm_database: str, password_hash: str) -> str:
    """A database that the language process sees, too."""
    for username, role in (("agent1", Role.AGENT), ("agent2", Role.AGENT), ("supervisor", Role.SUPERVISOR)):
        Account.objects.create(
            username=username, name=username, role=role, password=password_hash, must_change_password=False
        )
    return orm_database


def browser(username: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=username), backend="haedap.apps.accounts.backend.AccountBackend")
    return client


@pytest.fixture
def topics(centre: str) -> dict[str, Topic]:
    water = Topic.objects.create(code="water", name="상하수도")
    waste = Topic.objects.create(code="waste", name="청소")
    return {
        "moving": Topic.objects.create(code="moving", name="이사정산", parent=water),
        "bulk": Topic.objects.create(code="bulk", name="대형폐기물", parent=waste),
    }


@pytest.fixture
def book(topics: dict[str, Topic]) -> dict[str, Contact]:
    agent = Account.objects.get(username="agent1")
    water = [closed(agent, topics["moving"], text) for text in WATER]
    for text in BULK:
        closed(agent, topics["bulk"], text)
    department = Department.objects.create(name="수도과", telephone="+82200000300")
    officer = Officer.objects.create(department=department, name="김해솔", telephone="+82200000301")
    Transfer.objects.create(
        contact=water[0].pk,
        number=1,
        segment=1,
        agent=agent,
        mode="warm",
        target_kind="officer",
        target_officer=officer.pk,
        started_at=timezone.now(),
        answered_at=timezone.now(),
        seq=1,
    )
    new = add_contact(agent)
    ContactNote.objects.create(contact=new.pk, text="이사 하는데 수도요금 정산하고 싶다고 하심", version=1)
    return {"went": water[0], "new": new}


def test_learnt_shown_taken_and_counted(
    book: dict[str, Contact], topics: dict[str, Topic], centre: str, tmp_path: Path
) -> None:
    search.publish_all(
        [search.entry("article", "moving", title="수도요금 이사정산", filters={"topic": [topics["moving"].pk]})]
    )
    address = f"/api/desk/contacts/{book['new'].pk}/suggestions"
    agent = browser("agent1")
    nothing = agent.get(address).json()
    assert (nothing["topics"], nothing["contacts"], nothing["whole"]) == ([], [], False)

    with a_language_process(centre, tmp_path):
        log = tmp_path / "language.log"
        learning.follow(timezone.now())
        assert SearchEntry.objects.filter(kind="contact").count() == 6
        found: dict[str, Any] = {}

        def whole() -> bool:
            found.update(agent.get(address).json())
            return bool(found["whole"] and found["contacts"] and found["topics"])

        wait_for(whole, log)
        shows_what_it_has(found, book, topics)
        assert browser("agent2").get(address).status_code == 404

        assert agent.post(f"{address}/taken", {}, content_type="application/json").status_code == 200
        ContactNote.objects.filter(pk=book["new"].pk).update(topic=topics["moving"])
        assert agent.get(address).json()["topics"] == []

        today = timezone.localdate()
        all_of_them, by_topic = tallies(today, today)
        assert (all_of_them.contacts, all_of_them.first, all_of_them.among, all_of_them.taken) == (1, 1, 1, 1)
        assert by_topic[0].name == "상하수도 > 이사정산"
        page = browser("supervisor").get("/effect/suggestions/")
        assert "100.0%" in page.content.decode()
        forgets_what_is_no_longer_closed(book, topics)


def shows_what_it_has(found: dict[str, Any], book: dict[str, Contact], topics: dict[str, Topic]) -> None:
    first = found["topics"][0]
    assert (first["id"], first["name"]) == (topics["moving"].pk, "상하수도 > 이사정산")
    assert TopicGuess.objects.get(pk=book["new"].pk).topics[0] == topics["moving"].pk
    assert found["offices"][0]["place"] == "수도과"
    assert found["offices"][0]["went"] == 1
    like = found["contacts"][0]
    assert like["topic"] == "상하수도 > 이사정산"
    assert like["disposition"] == "바로 답변"
    assert like["note_first_line"] in WATER
    assert ["수도과"] in [one["offices"] for one in found["contacts"]]


def forgets_what_is_no_longer_closed(book: dict[str, Contact], topics: dict[str, Topic]) -> None:
    ContactNote.objects.filter(pk=book["went"].pk).update(topic=None)
    learning.renew()
    keys = set(SearchEntry.objects.filter(kind="contact").values_list("key", flat=True))
    assert str(book["went"].pk) not in keys
    assert len(keys) == 5


def test_closed_contacts_are_published_together_and_not_one_by_one(book: dict[str, Contact]) -> None:
    with CaptureQueriesContext(connection) as asked:
        learning.publish(closed_notes())
    written = [query for query in asked if query["sql"].startswith('INSERT INTO "search_entry"')]
    assert (len(written), SearchEntry.objects.count()) == (1, len(WATER) + len(BULK))


def test_when_the_time_is_over_nothing_more_is_asked(book: dict[str, Contact]) -> None:
    over = guessing.Deadline(0)
    found = guessing.suggest(book["new"], "이사 정산", over)
    assert found == guessing.Suggestions(whole=False)
    assert guessing.suggest(book["new"], " 네 ", guessing.Deadline(1)) == guessing.Suggestions()
