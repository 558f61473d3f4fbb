"""The page of the effect over real rows, counted by hand; who may see it; the days; the file."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.contacts.models import AccessLog, Contact, ContactNote, Segment, Topic
from haedap.apps.effect.figures import page_of
from haedap.apps.knowledge.models import Article, ArticleUse, ArticleVersion
from haedap.apps.lookups.models import LookupUse
from haedap.apps.search.models import SearchEntry

from .pages import Browser


@pytest.fixture
def book(people: dict[str, Account]) -> dict[str, Topic]:
    """Water: 4 contacts with aid, 1 of them passed on; 5 without, 3 passed on. Bulk: 3 without, 2 passed on."""
    water = Topic.objects.create(code="water", name="이사정산")
    bulk = Topic.objects.create(code="bulk", name="대형폐기물")
    agent = people["agent1"]
    article = Article.objects.create(code="water-moving")
    version = ArticleVersion.objects.create(
        article=article, number=1, title="이사정산", valid_from=timezone.localdate()
    )
    for aid, passed in (("al", False), ("al", False), ("a", False), ("l", True)):
        contact = _contact(agent, water, passed=passed, talk=100)
        if "a" in aid:
            ArticleUse.objects.create(contact=contact, article=article, version=version, agent=agent, how="read")
        if "l" in aid:
            LookupUse.objects.create(contact=contact, agent=agent, system="water", purpose="bill", outcome="ok")
    for passed in (False, False, True, True, True):
        unaided = _contact(agent, water, passed=passed, talk=160)
    LookupUse.objects.create(contact=unaided, agent=agent, system="water", purpose="bill", outcome="failed")
    for passed in (False, True, True):
        _contact(agent, bulk, passed=passed, talk=160)
    _contact(agent, None, passed=False, talk=160)
    filters = {"topic": [str(water.pk)]}
    SearchEntry.objects.create(kind="article", key="1", title="이사정산", filters=filters, digest="1")
    return {"water": water, "bulk": bulk}


def _contact(agent: Account, topic: Topic | None, *, passed: bool, talk: int) -> uuid.UUID:
    at = timezone.now()
    contact = Contact.objects.create(
        id=uuid.uuid4(),
        channel="voice",
        state="ended",
        direction="in",
        outcome="answered",
        arrived_at=at,
        queued_at=at,
        answered_at=at,
        ended_at=at + timedelta(seconds=talk),
        transferred=passed,
        agent=agent,
        seq=1,
    )
    Segment.objects.create(
        contact=contact.pk,
        number=1,
        agent=agent,
        queue="tax",
        offer="o",
        started_at=at,
        talk_from=at,
        ended_at=at + timedelta(seconds=talk),
        wrap_up_seconds=20,
        seq=1,
    )
    ContactNote.objects.create(contact=contact.pk, topic=topic)
    return contact.pk


def test_rates_and_times_with_and_without_and_the_topics_that_lose_most(book: dict[str, Topic]) -> None:
    today = timezone.localdate()
    page = page_of(today, today)
    either = page.comparisons[0]
    assert (either.used.contacts, either.unused.contacts, either.comparable) == (4, 9, 9)
    assert either.used.self_handled_rate == pytest.approx(3 / 4)
    assert either.unused.self_handled_rate == pytest.approx(4 / 9)
    assert (either.used.handle_time, either.unused.handle_time) == (120, 180)
    assert either.rates == pytest.approx((0.75, 0.4))
    assert [(line.name, line.used.contacts, line.unused.contacts) for line in page.comparisons[1:]] == [
        (page.comparisons[1].name, 3, 10),
        (page.comparisons[2].name, 3, 10),
    ]
    water, bulk = page.lost
    assert (water.name, water.loss.contacts, water.loss.passed_on, water.articles) == ("이사정산", 9, 4, 1)
    assert (water.loss.no_article, water.loss.no_look_up, water.loss.unaided) == (4, 3, 3)
    assert water.loss.avoidable == pytest.approx(0.35 * 5)
    assert (bulk.name, bulk.loss.unaided, bulk.articles) == ("대형폐기물", 2, 0)


def test_the_page_and_the_file(book: dict[str, Topic], logged_in: Browser) -> None:
    client = logged_in("supervisor")
    shown = client.get("/effect/").content.decode()
    assert shown.index("이사정산") < shown.index("대형폐기물")
    assert "75.0%" in shown
    assert "상담 지식을 쓰십시오. 이 유형에는 아직 없습니다." in shown
    assert "호전환도 부서 이관도 없이 끝난 건 ÷ 응대" in shown
    lines = client.get("/effect/effect.csv").content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("이사정산,9,4,4,3,3,1.8,1,")
    assert len(lines) == 3
    assert AccessLog.objects.filter(action="effect.exported").count() == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("?since=2026-01-01&until=2025-01-01", 400),
        ("?since=2020-01-01&until=2026-01-01", 400),
        ("?since=morgen", 400),
        ("?since=0001-01-01", 400),
        ("?until=9999-12-31", 400),
        ("?until=0001-01-01", 400),
    ],
)
def test_days_that_make_no_sense_are_said(people: object, logged_in: Browser, query: str, status: int) -> None:
    answer = logged_in("supervisor").get(f"/effect/{query}")
    assert answer.status_code == status
    if status == 200:
        assert "다른 날을 고르십시오" in answer.content.decode()
    else:
        assert logged_in("supervisor").get(f"/effect/effect.csv{query}").status_code == 302
