"""The life of an article: written, submitted, approved, in force, replaced, expired, withdrawn; and who may what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from haedap.apps.accounts.models import Account
from haedap.apps.knowledge import api, approvals, drafts, publishing
from haedap.apps.knowledge.errors import RefusedError
from haedap.apps.knowledge.models import ApprovalRequest, Article, ArticleVersion
from haedap.apps.search.models import SearchEntry
from tests.integration.web.knowledge.conftest import Writer, in_days, today

LoggedIn = Callable[..., Client]
State = ArticleVersion.State


def entry() -> SearchEntry | None:
    return SearchEntry.objects.filter(kind="article", key="water-moving").first()


def state(number: int) -> str:
    return ArticleVersion.objects.get(article__code="water-moving", number=number).state


def test_only_what_is_approved_is_found_and_carded(written: Writer) -> None:
    version = written(approved=False)
    assert (entry(), api.cards(["water-moving"], today())) == (None, [])
    drafts.submit(version, timezone.now())
    assert entry() is None
    drafts.approve(version, drafts.Decision("요금팀 권은별"), timezone.now())
    found = entry()
    assert found is not None
    assert (found.title, found.questions) == ("이사정산", "이사 가는데 수도요금 어떻게 해요?")
    assert "계량기 숫자를 알려" in found.body
    assert len(found.filters["topic"]) == 3
    assert len(found.filters["office"]) == 2
    (card,) = api.cards(["nothing", "water-moving"], today())
    assert (card.questions, card.body) == (found.questions, found.body)
    assert "<strong>알려</strong>" in card.answer_html


def test_a_newer_version_waits_for_its_day_and_the_old_one_serves_until_then(written: Writer) -> None:
    written()
    written(title="새 이사정산", valid_from=in_days(3))
    found = entry()
    assert found is not None
    assert found.title == "이사정산"
    assert publishing.settle_due(in_days(2)) == 0
    assert publishing.settle_due(in_days(3)) == 1
    found = entry()
    assert found is not None
    assert (found.title, state(1), state(2)) == ("새 이사정산", State.REPLACED, State.APPROVED)
    assert publishing.settle_due(in_days(3)) == 0


def test_an_article_whose_time_is_over_is_not_found_any_more(written: Writer) -> None:
    written(valid_until=in_days(1))
    assert entry() is not None
    assert publishing.settle_due(in_days(1)) == 0
    assert api.cards(["water-moving"], in_days(2)) == []
    assert publishing.settle_due(in_days(2)) == 1
    assert (entry(), state(1)) == (None, State.EXPIRED)


def test_withdrawn_takes_coming_versions_along(written: Writer) -> None:
    version = written()
    written(title="나중", valid_from=in_days(9))
    drafts.withdraw(version.article, drafts.Decision("", None, "폐지"), timezone.now())
    assert (entry(), state(1), state(2)) == (None, State.WITHDRAWN, State.WITHDRAWN)
    with pytest.raises(RefusedError):
        drafts.withdraw(version.article, drafts.Decision(""), timezone.now())


def test_what_is_missing_keeps_a_draft_from_its_office(written: Writer) -> None:
    version = written(approved=False, office="", script="")
    with pytest.raises(RefusedError, match=r"담당 부서.*안내 문장"):
        drafts.submit(version, timezone.now())
    with pytest.raises(RefusedError):
        drafts.approve(version, drafts.Decision("나"), timezone.now())
    assert state(1) == State.DRAFT


def edited(client: Client, **changed: object) -> object:
    form = client.get("/knowledge/articles/water-moving/edit").context["form"]
    values = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in values.items()}
    return client.post("/knowledge/articles/water-moving/edit", {**data, **changed})


def test_two_editors_do_not_overwrite_one_another(written: Writer, logged_in: LoggedIn) -> None:
    written()
    client = logged_in("supervisor")
    assert edited(client, title="첫 사람").status_code == 302  # type: ignore[attr-defined]
    answer = edited(client, title="둘째 사람", revision=0)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert "둘째 사람" in answer.content.decode()  # type: ignore[attr-defined]
    assert ArticleVersion.objects.get(number=2).title == "첫 사람"
    assert entry().title == "이사정산"  # type: ignore[union-attr]


def test_an_editor_whose_draft_was_discarded_saves_the_text_all_the_same(written: Writer, logged_in: LoggedIn) -> None:
    written()
    client = logged_in("supervisor")
    assert edited(client, title="첫 사람").status_code == 302  # type: ignore[attr-defined]
    opened = ArticleVersion.objects.get(number=2).revision
    drafts.discard(ArticleVersion.objects.get(number=2))
    answer = edited(client, title="둘째 사람", revision=opened + 1)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    told = answer.context["form"]["revision"].value()  # type: ignore[attr-defined]
    assert edited(client, title="둘째 사람", revision=told).status_code == 302  # type: ignore[attr-defined]
    assert ArticleVersion.objects.get(number=2).title == "둘째 사람"


def test_what_is_typed_while_the_draft_is_submitted_is_not_lost(written: Writer, logged_in: LoggedIn) -> None:
    version = written(approved=False)
    client = logged_in("supervisor")
    page = client.get("/knowledge/articles/water-moving/edit").context["form"]
    data = {name: page[name].value() or "" for name in page.fields} | {"title": "둘째 사람"}
    drafts.submit(version, timezone.now())
    answer = client.post("/knowledge/articles/water-moving/edit", data)
    assert (answer.status_code, "둘째 사람" in answer.content.decode()) == (400, True)
    assert "승인" in str(answer.context["form"].non_field_errors())
    drafts.take_back(version)
    assert client.post("/knowledge/articles/water-moving/edit", data).status_code == 302
    assert ArticleVersion.objects.get(number=1).title == "둘째 사람"


def test_the_office_approves_by_its_link_and_the_link_is_used_up(
    written: Writer, people: dict[str, Account], logged_in: LoggedIn
) -> None:
    written()
    version = written(approved=False, title="고친 이사정산")
    drafts.submit(version, timezone.now())
    supervisor = logged_in("supervisor")
    officer = approvals.officers_of(version)[0]
    page = f"/knowledge/articles/water-moving/versions/{version.number}/"
    supervisor.post(f"{page}ask", {"officer": officer.pk, "way": "link"})
    address = approvals.address_of(ApprovalRequest.objects.get())
    path = address[address.index("/k/") :]
    assert path in supervisor.get(page).content.decode()
    stranger = Client()
    shown = stranger.get(path).content.decode()
    assert "<ins>고친 </ins>" in shown
    assert stranger.post(f"{path}/answer", {"decision": "wrong"}).status_code == 400
    assert stranger.post(f"{path}/answer", {"decision": "right"}).headers["Location"] == "/k/done"
    approved = ArticleVersion.objects.get(pk=version.pk)
    assert (approved.state, approved.approver, approved.decided_by_id) == (
        State.APPROVED,
        f"{officer.department.name} {officer.name}",
        None,
    )
    assert entry().title == "고친 이사정산"  # type: ignore[union-attr]
    assert stranger.get(path).status_code == 410
    assert stranger.post(f"{path}/answer", {"decision": "right"}).status_code == 410
    assert stranger.get(f"{path}x").status_code == 410


def test_the_office_sends_it_back_and_a_late_link_is_closed(written: Writer, people: dict[str, Account]) -> None:
    version = written(approved=False)
    drafts.submit(version, timezone.now())
    officer = approvals.officers_of(version)[0]
    way = ApprovalRequest.Way.LINK
    request = approvals.ask(version, officer, way, people["supervisor"].pk, timezone.now())
    late = approvals.ask(version, officer, way, people["supervisor"].pk, timezone.now() - timedelta(days=15))
    assert Client().get(f"/k/{approvals.token_of(late)}").status_code == 410
    answer = {"decision": "wrong", "comment": "금액이 다릅니다"}
    assert Client().post(f"/k/{approvals.token_of(request)}/answer", answer).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.comment) == (State.DRAFT, "금액이 다릅니다")


def test_an_officer_with_the_longest_names_is_asked(written: Writer, people: dict[str, Account]) -> None:
    version = written(approved=False)
    drafts.submit(version, timezone.now())
    officer = approvals.officers_of(version)[0]
    officer.name, officer.department.name = "긴" * 60, "과" * 60
    request = approvals.ask(version, officer, ApprovalRequest.Way.LINK, people["supervisor"].pk, timezone.now())
    assert request.officer.endswith(f"과 {officer.name}")


def test_a_supervisor_writes_an_approval_down_with_the_name(written: Writer, logged_in: LoggedIn) -> None:
    version = written(approved=False)
    drafts.submit(version, timezone.now())
    client, page = logged_in("supervisor"), "/knowledge/articles/water-moving/versions/1/"
    assert client.post(f"{page}approve", {"approver": "요금팀 권은별"}).status_code == 400
    client.post(f"{page}approve", {"approver": "요금팀 권은별", "comment": "전화 확인"})
    shown = client.get(page).content.decode()
    assert "요금팀 권은별" in shown
    assert "supervisor 이름" in shown
    assert entry() is not None


def test_agents_see_what_is_in_force_and_nothing_else(written: Writer, logged_in: LoggedIn) -> None:
    written()
    written(approved=False, title="아직 초안")
    written(approved=False, code="other", title="초안뿐인 지식")
    agent = logged_in("agent1")
    shown = agent.get("/knowledge/").content.decode()
    assert "이사정산" in shown
    assert "초안" not in shown
    assert agent.get("/knowledge/articles/other/").status_code == 404
    assert agent.get("/knowledge/articles/water-moving/versions/2/").status_code == 403
    assert "아직 초안" not in agent.get("/knowledge/articles/water-moving/").content.decode()
    assert "초안뿐인 지식" in logged_in("supervisor").get("/knowledge/?state=draft").content.decode()


def test_filters_of_the_list(written: Writer, logged_in: LoggedIn) -> None:
    written(review_by=today())
    written(
        code="light",
        title="가로등",
        topics=("생활불편신고 > 가로등·보안등",),
        office="도로과",
        answer="전구",
        questions=("깜깜해요",),
    )
    client = logged_in("supervisor")

    def titles(**asked: str | int | None) -> list[str]:
        chosen = {name: value for name, value in asked.items() if value is not None}
        page = client.get("/knowledge/", chosen).context["page"]
        return [version.title for version in page]

    light = ArticleVersion.objects.get(title="가로등")
    assert titles(q="수도요금") == ["이사정산"]
    assert titles(q="전구") == ["가로등"]
    assert titles(topic=light.topics.get().parent_id) == ["가로등"]
    assert titles(office=light.office_id) == ["가로등"]
    assert titles(due="on") == ["이사정산"]
    assert titles(state="current") == ["가로등", "이사정산"]
    assert titles(state="withdrawn") == []
    assert titles(q="\x00", topic="x") == ["가로등", "이사정산"]


def test_attachments_are_downloads_of_known_kinds_and_follow_their_version(
    written: Writer, logged_in: LoggedIn
) -> None:
    version = written(approved=False)
    supervisor, agent = logged_in("supervisor"), logged_in("agent1")
    page = "/knowledge/articles/water-moving/versions/1/"

    def attach(name: str, data: bytes) -> None:
        supervisor.post(f"{page}attach", {"file": SimpleUploadedFile(name, data)})

    attach("신청서.exe", b"MZ")
    attach("가짜.pdf", b"<html>")
    attach("큰.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024))
    assert not version.attachments.exists()
    attach('../../"신청서".pdf', b"%PDF-1.7")
    row = version.attachments.get()
    assert row.name == "신청서.pdf"
    path = f"/knowledge/files/{row.key}"
    assert agent.get(path).status_code == 404
    assert supervisor.get(path).content == b"%PDF-1.7"
    drafts.submit(version, timezone.now())
    attach("늦은.pdf", b"%PDF-1.7")
    assert version.attachments.count() == 1
    drafts.approve(version, drafts.Decision("요금팀"), timezone.now())
    answer = agent.get(path)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    newer = drafts.open_draft(version.article, None, timezone.now())
    assert newer.attachments.get() == row
    supervisor.post(f"/knowledge/articles/water-moving/versions/2/detach/{row.pk}")
    assert not newer.attachments.exists()
    assert agent.get(path).status_code == 200
    drafts.discard(newer)


def test_a_draft_that_never_was_more_goes_with_its_article(written: Writer, logged_in: LoggedIn) -> None:
    written(approved=False)
    answer = logged_in("supervisor").post("/knowledge/articles/water-moving/versions/1/discard")
    assert (answer.headers["Location"], Article.objects.exists()) == ("/knowledge/", False)


def test_versions_and_their_differences(written: Writer, logged_in: LoggedIn) -> None:
    written()
    written(fee="수수료 500원")
    client = logged_in("supervisor")
    page = "/knowledge/articles/water-moving/versions/2/differences"
    assert "<ins>수수료 500원</ins>" in client.get(page).content.decode()
    assert client.get(f"{page}?how=inline&with=1").status_code == 200
    assert client.get(f"{page}?with=999999999999999999").status_code == 200


def test_the_preview_is_the_server_s_safe_html(logged_in: LoggedIn, people: dict[str, Account]) -> None:
    answer = logged_in("supervisor").post("/knowledge/preview", {"answer": "**가** <script>x</script>"})
    assert answer.json()["html"].startswith("<p><strong>가</strong>")
    assert "<script" not in answer.json()["html"]
