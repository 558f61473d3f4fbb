"""What agents tell: used, right or wrong, missing; and the work lists of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from haedap.apps.accounts.models import Account
from haedap.apps.knowledge import api, gaps
from haedap.apps.knowledge.models import Article, ArticleUse, ArticleVersion, Gap, Rating
from haedap.apps.search import api as search
from tests.integration.web.knowledge.conftest import Writer
from tests.integration.web.records import add_contact

LoggedIn = Callable[..., Client]


def post(client: Client, path: str, **body: Any) -> int:
    status: int = client.post(f"/api/desk/articles/{path}", body, content_type="application/json").status_code
    return status


def test_a_use_is_noted_once_and_only_in_a_contact_of_mine(
    written: Writer, people: dict[str, Account], logged_in: LoggedIn
) -> None:
    written()
    contact = str(add_contact(people["agent1"]).pk)
    client = logged_in("agent1")
    for how in ("read", "script", "script"):
        assert post(client, "water-moving/use", contact=contact, how=how) == 200
    assert sorted(ArticleUse.objects.values_list("how", flat=True)) == ["read", "script"]
    shown = client.get(f"/api/desk/contacts/{contact}/articles").json()
    assert shown == [{"article": "water-moving", "how": "read"}, {"article": "water-moving", "how": "script"}]
    assert post(client, "nothing/use", contact=contact, how="read") == 404
    assert post(client, "water-moving/use", contact=str(uuid4()), how="read") == 404
    assert post(client, "water-moving/use", contact=contact, how="sung") == 422
    assert post(logged_in("agent2"), "water-moving/use", contact=contact, how="read") == 404


def test_wrong_says_what_and_becomes_work_until_seen_to(
    written: Writer, people: dict[str, Account], logged_in: LoggedIn
) -> None:
    written()
    contact = str(add_contact(people["agent1"]).pk)
    client, supervisor = logged_in("agent1"), logged_in("supervisor")
    assert post(client, "water-moving/rate", contact=contact, right=False, text=" ") == 409
    assert post(client, "water-moving/rate", contact=contact, right=True) == 200
    assert "금액이" not in supervisor.get("/knowledge/wrong/").content.decode()
    assert post(client, "water-moving/rate", contact=contact, right=False, text="금액이 다름 010-0000-1234") == 200
    rating = Rating.objects.get()
    assert "1234" not in rating.text
    assert "금액이 다름" in supervisor.get("/knowledge/wrong/").content.decode()
    supervisor.post(f"/knowledge/wrong/{rating.pk}")
    assert "금액이" not in supervisor.get("/knowledge/wrong/").content.decode()


def test_the_page_asks_too(written: Writer, logged_in: LoggedIn) -> None:
    written()
    client = logged_in("agent1")
    path = "/knowledge/articles/water-moving/rate"
    assert client.post(path, {}).status_code == 400
    assert client.post(path, {"right": "no"}).status_code == 400
    assert client.post(path, {"right": "no", "text": "법이 바뀌었음"}).status_code == 302
    assert Rating.objects.get().right is False


def lines(client: Client) -> list[tuple[str, int, str]]:
    return [(line.text, line.times, line.source) for line in client.get("/knowledge/missing/").context["lines"]]


def test_what_is_missing_is_counted_masked_and_ordered(
    people: dict[str, Account], logged_in: LoggedIn, db: None
) -> None:
    client, agent = logged_in("supervisor"), logged_in("agent1")
    for text in ("드론 비행 허가", "드론비행 허가", "드론 비행 허가?"):
        assert post(agent, "gaps", text=text) == 200
    agent.post("/knowledge/propose", {"text": "반딧불이 축제 주차"})
    search.missed("수목장 신청")
    search.missed("수목장 신청")
    api.gap("제 번호 010-0000-4321로 답 주세요", None, None)
    shown = lines(client)
    assert shown[:2] == [("드론 비행 허가?", 3, "gap"), ("수목장 신청", 2, "search")]
    assert not any("4321" in text for text, _times, _source in shown)
    assert len(shown) == 4


def test_a_line_becomes_an_article_a_question_form_or_is_dismissed(written: Writer, logged_in: LoggedIn) -> None:
    written()
    client = logged_in("supervisor")
    for text in ("드론 허가", "수도 정산 언제", "장난"):
        api.gap(text, None, None, Gap.Reason.PROPOSAL)
    search.missed("수목장")
    drone, question, joke = Gap.objects.order_by("pk")
    client.post(f"/knowledge/new?source=gap&gap={drone.pk}", {"code": "drone", "title": "드론 허가"})
    version = ArticleVersion.objects.get(article__code="drone")
    assert (version.title, version.questions) == ("드론 허가", ["드론 허가"])
    client.post(f"/knowledge/missing/gap/{question.pk}", {"article": "water-moving"})
    assert "수도 정산 언제" in Article.objects.get(code="water-moving").open_version.questions  # type: ignore[union-attr]
    client.post(f"/knowledge/missing/gap/{joke.pk}")
    (miss,) = search.misses()
    client.post(f"/knowledge/missing/search/{miss.id}")
    assert lines(client) == []
    question.refresh_from_db()
    assert question.article.code == "water-moving"  # type: ignore[union-attr]
    assert client.post(f"/knowledge/missing/gap/{joke.pk}").status_code == 302
    assert client.post(f"/knowledge/missing/gap/{joke.pk}", {"article": "nothing"}).status_code == 404


def test_the_menu_counts_what_is_missing_and_reads_none_of_it(written: Writer, logged_in: LoggedIn) -> None:
    assert post(logged_in("agent1"), "gaps", text="반려견 등록은 어디서") == 200
    search.missed("드론 비행 허가")
    with CaptureQueriesContext(connection) as queries:
        shown = logged_in("supervisor").get("/knowledge/wrong/")
    assert shown.context["gaps"] == len(gaps.open_gaps()) == 2
    asked = [each["sql"] for each in queries if "article_gap" in each["sql"] or "search_miss" in each["sql"]]
    assert len(asked) == 2
    assert all("COUNT(*)" in sql for sql in asked)
