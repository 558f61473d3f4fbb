"""Imports with their preview, all or nothing; exports; and the articles that come with the software."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from haedap.apps.knowledge import importing, starting
from haedap.apps.knowledge.content import missing
from haedap.apps.knowledge.models import Article, ArticleVersion, ImportDraft
from haedap.apps.knowledge.places import Places
from haedap.apps.search.models import SearchEntry
from tests.integration.web.knowledge.conftest import Writer

LoggedIn = Callable[..., Client]
HEAD = "코드,제목,상담유형,담당부서,질문,안내 문장,답변,시행일,재검토일\n"
ROW = '{code},{title},상하수도 > 요금 > 이사정산,요금팀,"가요?\n와요?",말,답,2026-01-01,2027-01-01\n'


def upload(client: Client, data: bytes, name: str = "지식.csv") -> str:
    """The address of the preview."""
    answer = client.post("/knowledge/import/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def confirm(client: Client, address: str, **more: str) -> Any:
    return client.post(f"{address}confirm", {"digest": client.get(address).context["digest"], **more})


def test_nothing_is_written_before_it_is_confirmed_and_then_drafts(town: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    address = upload(client, (HEAD + ROW.format(code="a", title="가")).encode("cp949"))
    assert not Article.objects.exists()
    assert confirm(client, address).status_code == 302
    version = ArticleVersion.objects.get()
    assert (version.state, version.questions, version.office.name) == ("draft", ["가요?", "와요?"], "요금팀")  # type: ignore[union-attr]
    assert confirm_again(client, address) == "/knowledge/import/"


def confirm_again(client: Client, address: str) -> str:
    return str(client.post(f"{address}confirm", {"digest": "x"}).headers["Location"])


def test_one_wrong_place_and_nothing_is_taken(town: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    rows = [
        ROW.format(code="a", title="가"),
        ROW.format(code="a", title="나"),
        ROW.format(code="b", title="다").replace("이사정산", "없는유형"),
        ROW.format(code="c", title="라").replace("요금팀", "없는팀"),
    ]
    address = upload(client, (HEAD + "".join(rows)).encode())
    shown = client.get(address).content.decode()
    for word in ("이미 있습니다", "없는유형", "없는팀"):
        assert word in shown
    assert confirm(client, address).headers["Location"] == address
    assert not Article.objects.exists()


@pytest.mark.parametrize("code", ["\\0", "\\ud800"])
def test_a_refusal_may_quote_characters_that_cannot_be_kept(town: None, logged_in: LoggedIn, code: str) -> None:
    client = logged_in("supervisor")
    address = upload(client, f'---\ncode: "a{code}"\ntitle: 가\n---\n답\n'.encode(), "a.md")
    assert "“a\ufffd”" in client.get(address).content.decode()


def test_approved_imports_need_a_name_and_all_that_approval_needs(town: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    address = upload(client, (HEAD + ROW.format(code="a", title="가")).encode())
    confirm(client, address, how="approved", approver=" ")
    assert not Article.objects.exists()
    confirm(client, address, how="approved", approver="상하수도사업소 공문 12")
    assert ArticleVersion.objects.get().approver == "상하수도사업소 공문 12"
    assert SearchEntry.objects.filter(kind="article", key="a").exists()
    bad = HEAD + ROW.format(code="b", title="나") + ROW.format(code="c", title="다").replace(",말,", ",,")
    address = upload(client, bad.encode())
    confirm(client, address, how="approved", approver="공문 13")
    assert Article.objects.count() == 1


def test_a_preview_that_is_out_of_date_writes_nothing(written: Writer, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    address = upload(client, (HEAD + ROW.format(code="water-moving", title="새 제목")).encode())
    digest = client.get(address).context["digest"]
    written(title="새 제목")
    client.post(f"{address}confirm", {"digest": digest})
    assert ArticleVersion.objects.filter(article__code="water-moving").count() == 1
    assert ImportDraft.objects.exists()


def test_an_article_that_waits_for_approval_is_not_overwritten(written: Writer, logged_in: LoggedIn) -> None:
    from haedap.apps.knowledge import drafts

    drafts.submit(written(approved=False), timezone.now())
    client = logged_in("supervisor")
    rows = ROW.format(code="first", title="첫째") + ROW.format(code="water-moving", title="새 제목")
    confirm(client, upload(client, (HEAD + rows).encode()))
    assert [version.title for version in ArticleVersion.objects.all()] == ["이사정산"]


@pytest.mark.parametrize("form", ["zip", "csv", "hwpx"])
def test_what_is_exported_comes_back_without_a_change(written: Writer, logged_in: LoggedIn, form: str) -> None:
    written()
    client = logged_in("supervisor")
    data = client.get(f"/knowledge/export/{form}").content
    address = upload(client, data, f"지식.{form}")
    assert client.get(address).context["changes"] is False


def test_a_file_that_cannot_be_read_says_so_in_the_form(town: None, logged_in: LoggedIn) -> None:
    client = logged_in("supervisor")
    for name, data in (("a.zip", b"PK\x03\x04"), ("a.hwpx", b"x"), ("a.exe", b"x"), ("a.csv", b"x,y\n1,2\n")):
        answer = client.post("/knowledge/import/", {"file": SimpleUploadedFile(name, data)})
        assert answer.status_code == 400
        assert answer.context["form"].errors["file"]


def test_every_shipped_article_is_right(city: None) -> None:
    read = starting.starting_articles()
    checked = importing.checked(read, Places())
    assert checked.problems == []
    lacking = {item.content.code: missing(item.content) for item in checked.items if missing(item.content)}
    assert lacking == {}
    counts = {item.content.code: len(item.content.questions) for item in checked.items}
    assert [code for code, count in counts.items() if not 3 <= count <= 8] == []
    assert len(counts) >= 120


def test_the_demo_has_them_in_force_and_a_centre_of_its_own_gets_drafts(city: None) -> None:
    call_command("load_articles", "--demo", verbosity=0)
    assert Article.objects.exclude(current=None).count() == len(starting.starting_articles().items)
    call_command("load_articles", verbosity=0)
    assert ArticleVersion.objects.exclude(state="approved").count() == 0


def test_a_centre_without_these_topics_and_offices_gets_drafts_without_them(db: None) -> None:
    count = starting.load("", timezone.now())
    assert count == len(starting.starting_articles().items)
    assert ArticleVersion.objects.filter(state="draft", office=None, topics=None).count() == count
    assert not SearchEntry.objects.filter(kind="article").exists()
