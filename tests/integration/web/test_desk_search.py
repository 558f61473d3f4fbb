"""The desk's search while the language process is away, the publishing of entries, and the list of misses."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from haedap.apps.accounts.models import Account
from haedap.apps.contacts.models import Contact, ContactNote
from haedap.apps.search import api, desk
from haedap.apps.search.models import SearchEntry

from .pages import Browser

TODAY = date(2026, 11, 22)


def sought(client: Client, **asked: object) -> Any:
    return client.post("/api/desk/search", asked, content_type="application/json")


def publish(key: str, title: str, **fields: Any) -> None:
    api.publish_all([api.entry("article", key, title=title, **fields)])


def simply(text: str, **options: object) -> list[str]:
    found = api.search(text, at=TODAY, **options)  # type: ignore[arg-type]
    assert found.simple
    return [hit.key for hit in found.hits]


def test_published_again_as_it_is_nothing_is_written(db: None) -> None:
    publish("a", "여권 재발급", questions=["여권\n잃어버렸어요"], keywords=["분실, 도난"], filters={"topic": [2, 10]})
    row = SearchEntry.objects.get()
    assert (row.questions, row.keywords, row.filters) == ("여권 잃어버렸어요", "분실  도난", {"topic": ["10", "2"]})
    SearchEntry.objects.update(analysed="kept")
    publish("a", "여권 재발급", questions=["여권 잃어버렸어요"], keywords=["분실, 도난"], filters={"topic": [10, 2]})
    assert SearchEntry.objects.get().analysed == "kept"
    publish("a", "여권\0 " + "가" * 300)
    assert len(SearchEntry.objects.get().title) == 200
    api.withdraw("article", "a")
    api.withdraw("article", "a")
    assert not SearchEntry.objects.exists()


def test_the_simple_search_keeps_to_filters_and_days(db: None) -> None:
    publish("passport", "여권 재발급", filters={"topic": [1, 2], "office": [7]})
    publish("over", "여권 사진", valid_until=date(2026, 11, 21))
    publish("later", "여권 수수료", valid_from=date(2026, 11, 23))
    api.publish_all([api.entry("contact", "c", title="여권 문의")])
    assert simply("여권") == ["passport", "c"] or simply("여권") == ["c", "passport"]
    assert simply("여권", kinds=["article"]) == ["passport"]
    assert simply("여권", filters={"topic": 2, "office": 7}) == ["passport"]
    assert simply("여권", filters={"topic": 2, "office": 8}) == []
    assert simply("여권", filters={"'; --": "x"}) == []
    assert simply("") == simply("  \0 ") == simply("%_\\") == []
    assert simply("여권" * 5000, limit=1) in ([], ["passport"], ["c"])


def test_the_desk_gets_three_lists(logged_in: Browser) -> None:
    answer = sought(logged_in("agent1"), q="여권 재발급")
    assert answer.status_code == 200
    assert answer.json() == {"articles": [], "offices": [], "contacts": [], "simple": True}


def test_half_a_character_is_passed_over(logged_in: Browser) -> None:
    publish("passport", "여권 재발급")
    body = '{"q": "여권 \\ud83d"}'  # a page has cut a picture in two
    answer = logged_in("agent1").post("/api/desk/search", body, content_type="application/json")
    assert (answer.status_code, answer.json()["simple"]) == (200, True)


@pytest.mark.parametrize(
    "asked",
    [{"q": 3}, {"q": "a", "contact": "x"}, {"kind": "secret"}, {"topic": "-1"}, {"office": "9" * 30}, {"topic": "'"}],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(logged_in: Browser, asked: dict[str, object]) -> None:
    answer = sought(logged_in("agent1"), **asked)
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_what_is_typed_is_never_taken_from_an_address(logged_in: Browser) -> None:
    assert logged_in("agent1").get("/api/desk/search", {"q": "여권"}).status_code == 405
    assert logged_in("agent1").get("/offices/search", {"q": "여권"}).status_code == 405


def test_somebody_elses_contact_is_not_there(logged_in: Browser, people: dict[str, Account]) -> None:
    contact = _contact("+821000000001", people["agent2"], "2026-11-20T01:00:00Z", "")
    answer = sought(logged_in("agent1"), q="여권", contact=str(contact.pk))
    assert answer.status_code == 404


def test_what_this_citizen_asked_before_is_ranked(logged_in: Browser, people: dict[str, Account]) -> None:
    agent = people["agent1"]
    _contact("+821000000001", agent, "2026-11-18T01:00:00Z", "여권 재발급 서류를 안내함")
    _contact("+821000000001", agent, "2026-11-19T01:00:00Z", "수도요금 정산을 안내함")
    _contact("+821000000002", agent, "2026-11-19T02:00:00Z", "수도요금 정산, 다른 사람")
    now = _contact("+821000000001", agent, "2026-11-20T01:00:00Z", "")
    answer = sought(logged_in("agent1"), q="수도 요금", contact=str(now.pk), kind="contact")
    assert [one["note_first_line"] for one in answer.json()["contacts"]] == ["수도요금 정산을 안내함"]


def _contact(caller: str, agent: Account, at: str, note: str) -> Contact:
    contact = Contact.objects.create(
        id=uuid4(), channel="voice", state="ended", caller=caller, arrived_at=at, agent_id=agent.pk, seq=1
    )
    if note:
        ContactNote.objects.create(contact=contact.pk, text=note, version=1)
    return contact


def test_misses_are_counted_masked_settled_and_come_back(logged_in: Browser) -> None:
    client = logged_in("agent1")
    for text in ("반려 식물 병원", "반려식물병원", "제 번호 010-0000-1234 드론 자격", "가", "?!"):
        assert _missed(client, text) == 200
    assert _missed(client, "") == _missed(client, "가" * 1001) == 422
    assert next((miss.text, miss.times) for miss in api.misses()) == ("반려식물병원", 2)
    assert len(api.misses()) == 2
    assert not any("1234" in miss.text for miss in api.misses())
    first = api.misses()[0]
    assert api.settle(first.id, 1)
    assert not api.settle(first.id, 1)
    assert [miss.id for miss in api.misses(settled=True)] == [first.id]
    _missed(client, "반려식물 병원")
    assert next((miss.id, miss.times) for miss in api.misses()) == (first.id, 3)
    assert not api.reopen(first.id)


def _missed(client: Client, text: str) -> int:
    return client.post("/api/desk/search/missed", {"text": text}, content_type="application/json").status_code


def test_lines_are_ranked_by_what_they_share() -> None:
    assert desk.ranked("수도 요금", ["여권 재발급", "수도요금 정산", "요금"]) == [1]
    assert desk.ranked("", ["여권"]) == []
