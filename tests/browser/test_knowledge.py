"""Knowledge in a call: a note shows an article, which is read out and rated; and the pages of those who write."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from haedap.apps.demo.people import PASSWORD
from tests.browser.conftest import Hire
from tests.browser.support.citizen import calling
from tests.browser.support.numbers import QUICK
from tests.browser.support.pages import Held, follow, log_in, until
from tests.browser.test_frontend_access import AXE, ready, violations

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]
Sip = tuple[str, int]
Database = psycopg.Connection[Any]
Someone = Callable[[], Awaitable[BrowserContext]]
_AXE = AXE.read_text(encoding="utf-8")


@pytest_asyncio.fixture(loop_scope="session")
async def database_after(database: Database) -> AsyncIterator[Database]:
    """What agents told of articles is forgotten afterwards, and so is the article of this test."""
    yield database
    database.execute(
        "DELETE FROM article_rating; DELETE FROM article_use; DELETE FROM article_gap; DELETE FROM search_miss;"
        "UPDATE article SET current_id = NULL, open_version_id = NULL WHERE code = 'drone';"
        "DELETE FROM article_version_topics USING article_version v, article a"
        " WHERE articleversion_id = v.id AND v.article_id = a.id AND a.code = 'drone';"
        "DELETE FROM article_approval USING article_version v, article a"
        " WHERE version_id = v.id AND v.article_id = a.id AND a.code = 'drone';"
        "DELETE FROM article_version USING article a WHERE article_id = a.id AND a.code = 'drone';"
        "DELETE FROM article WHERE code = 'drone'"
    )


async def test_a_note_shows_an_article_that_is_read_out_and_rated(
    hire: Hire, sip: Sip, database_after: Database
) -> None:
    desk = await hire("agent1")
    page = desk.page
    await page.evaluate(_AXE)
    async with calling(sip, called=QUICK, caller="01000004931"):
        await desk.answer()
        note = page.locator("#note")
        await note.focus()
        await page.keyboard.press("Alt+1")
        await note.focus()
        await page.keyboard.type("이사 가는데 수도요금 정산")
        article = page.locator(".article-line").filter(has_text="정산").first
        await expect(article).to_be_visible()
        await expect(note).to_be_focused()
        assert await violations(page) == []

        await page.keyboard.press("F7")
        await expect(page.get_by_label("지식 찾기")).to_be_focused()
        async with Held(page, "**/api/desk/search", "POST") as search:
            await page.keyboard.insert_text("자동차세 연납")
            await page.keyboard.press("Enter")
            await search.asked()
        await expect(page.locator(".article-line[aria-expanded=true]")).to_contain_text("자동차세")
        await expect(page.get_by_role("button", name="읽어 드림", exact=False).first).to_be_visible()
        await page.keyboard.press("F6")
        await expect(page.get_by_role("button", name="읽어 드림 ✓")).to_have_attribute("aria-pressed", "true")
        assert await violations(page) == []
        await page.get_by_role("button", name="아니요").press("Enter")
        await page.get_by_label("무엇이 틀렸습니까?").fill("전화번호가 바뀌었음")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("틀렸다고 알렸습니다.")).to_be_visible()

    def told() -> list[tuple[Any, ...]]:
        return database_after.execute("SELECT how FROM article_use ORDER BY how").fetchall()

    async def noted() -> bool:
        return told() == [("read",), ("script",)]

    await until(noted, "the use was not noted")
    assert database_after.execute('SELECT "right", text FROM article_rating').fetchall() == [
        (False, "전화번호가 바뀌었음")
    ]


async def test_an_article_is_written_previewed_approved_and_found(someone: Someone, database_after: Database) -> None:
    context = await someone()
    await ready(context)
    page = await log_in(context, "supervisor")
    await page.get_by_role("link", name="상담 지식").first.click()
    await expect(page.get_by_role("heading", name="상담 지식")).to_be_visible()
    assert await violations(page) == []

    await page.get_by_role("link", name="새 지식").click()
    await page.get_by_label("코드", exact=True).fill("drone")
    await page.get_by_label("제목", exact=True).fill("드론 비행 승인")
    await page.get_by_role("button", name="쓰기", exact=True).press("Enter")
    await page.get_by_label("안내 문장", exact=True).fill("드론을 날리시려면 먼저 승인을 받으셔야 합니다.")
    await page.get_by_label("답변", exact=True).fill("**승인**을 먼저 받습니다.")
    await expect(page.locator("#preview strong")).to_have_text("승인")
    assert await violations(page) == []
    await page.route("**/knowledge/preview", lambda route: route.abort())
    await page.get_by_label("답변", exact=True).fill("**허가**를 먼저 받습니다.")
    await expect(page.locator("#preview-status")).to_contain_text("마지막으로 적은")
    await page.unroute("**/knowledge/preview")
    await page.get_by_label("답변", exact=True).fill("**승인**을 먼저 받습니다.")
    await expect(page.locator("#preview-status")).to_be_empty()
    await page.get_by_label("시민이 묻는 말").fill("드론 날려도 돼요?")
    await page.get_by_label("상담유형", exact=True).select_option("시정 일반 > 관광")
    await page.get_by_label("담당 부서", exact=True).select_option("안전총괄과 > 안전정책팀")
    await page.get_by_label("재검토일").fill("2030-01-01")
    await follow(page.get_by_role("button", name="초안 저장"))
    assert await violations(page) == []
    await follow(page.get_by_role("button", name="승인 올리기"))
    await page.get_by_label("방법", exact=True).select_option("link")
    await follow(page.get_by_role("button", name="승인 요청"))
    assert await violations(page) == []
    link = await page.locator(".hd-note a").get_attribute("href")
    assert link is not None

    officer = await (await someone()).new_page()
    await ready(officer.context)
    await officer.goto(link)
    await expect(officer.get_by_role("heading", name="드론 비행 승인")).to_be_visible()
    await officer.get_by_label("맞습니다").check()
    await officer.get_by_role("button", name="콜센터").press("Enter")
    await expect(officer.get_by_role("heading", name="고맙습니다")).to_be_visible()

    await page.reload()
    await expect(page.get_by_text("게시 중").first).to_be_visible()
    for address in ("missing/", "wrong/", "import/", "articles/drone/versions/1/differences"):
        await page.goto(f"/knowledge/{address}")
        assert await violations(page) == []


async def test_what_was_filled_in_survives_the_end_of_the_log_in(
    someone: Someone, database_after: Database, tmp_path: Path
) -> None:
    """Forms of any page: this one's text, and a file. Nothing of it lies in the browser's stores."""
    context = await someone()
    await ready(context)
    page = await log_in(context, "supervisor", "/knowledge/new")
    code, title, send = page.get_by_label("코드", exact=True), page.get_by_label("제목", exact=True), "쓰기"
    await code.fill("drone")
    await title.fill("드론 비행 승인")

    other = await log_out_elsewhere(context)
    await unsent(page, send, "로그아웃되어 보내지 않았습니다")
    assert await violations(page) == []
    async with context.expect_page() as opening:
        await page.get_by_role("link", name="새 창에서 로그인").click()
    await (await opening.value).close()
    await log_in_again(other, "admin")
    await unsent(page, send, "지금은 다른 사람이 로그인해")
    await log_out(other)
    await log_in_again(other, "supervisor")
    await page.route("**/api/me", lambda route: route.abort())
    await unsent(page, send, "서버가 응답하지 않아")
    await page.unroute("**/api/me")
    assert "드론" not in await page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert (await code.input_value(), await title.input_value()) == ("drone", "드론 비행 승인")
    await follow(page.get_by_role("button", name=send, exact=True))
    titles = database_after.execute(
        "SELECT title FROM article_version v JOIN article a ON a.id = v.article_id WHERE code = 'drone'"
    ).fetchall()
    assert titles == [("드론 비행 승인",)]

    await page.goto("/knowledge/import/")
    file = tmp_path / "drone.md"
    file.write_text("---\ncode: drone\ntitle: 드론 비행 안내\n---\n\n승인을 받습니다.\n", encoding="utf-8")
    await page.locator("input[type=file]").set_input_files(file)
    await log_out(other)
    await unsent(page, "미리 보기", "로그아웃되어 보내지 않았습니다")
    await log_in_again(other, "supervisor")
    await follow(page.get_by_role("button", name="미리 보기"))
    await expect(page.get_by_text("드론 비행 안내").first).to_be_visible()


async def test_a_form_that_is_under_way_is_not_sent_twice(someone: Someone) -> None:
    """The page's time stands still: however slow the machine is, the second press comes at once."""
    page = await log_in(await someone(), "supervisor", "/knowledge/new")
    now = datetime.now(UTC)
    await page.clock.set_fixed_time(now)
    await page.get_by_label("코드", exact=True).fill("drone")
    await page.get_by_label("제목", exact=True).fill("드론 비행 안내")
    await page.evaluate(
        "() => addEventListener('submit', (event) => { if (event.defaultPrevented) return;"
        " event.preventDefault(); document.body.dataset.sent = Number(document.body.dataset.sent ?? 0) + 1; })"
    )
    send, body = page.get_by_role("button", name="쓰기", exact=True), page.locator("body")
    await send.press("Enter")
    await expect(body).to_have_attribute("data-sent", "1")
    await send.press("Enter")
    for _ in range(2):  # whatever the second press asked of the server is answered by then
        await page.evaluate("fetch('/api/me').then(answer => answer.text())")
    assert await body.get_attribute("data-sent") == "1"
    await page.clock.set_fixed_time(now + timedelta(seconds=3))
    await send.press("Enter")
    await expect(body).to_have_attribute("data-sent", "2")


async def test_who_writes_is_not_idle(someone: Someone) -> None:
    page = await log_in(await someone(), "supervisor")
    await page.clock.install()
    await page.goto("/knowledge/new")
    await page.clock.fast_forward(61_000)
    async with page.expect_response("**/api/me") as asking:
        await page.get_by_label("제목", exact=True).fill("드론")
    assert (await asking.value).ok


async def unsent(page: Page, button: str, why: str) -> None:
    """The form stays, and says why."""
    await page.get_by_role("button", name=button, exact=True).press("Enter")
    await expect(page.locator("form > .hd-unsent")).to_contain_text(why)


async def log_out_elsewhere(context: BrowserContext) -> Page:
    """Another window of the same person, logged out there."""
    page = await context.new_page()
    await page.goto("/contacts/")
    await log_out(page)
    return page


async def log_out(page: Page) -> None:
    await page.locator("details.hd-menu summary").click()
    await page.locator("details.hd-menu button").click()
    await page.wait_for_url("**/login**")


async def log_in_again(page: Page, username: str) -> None:
    await page.locator("[name=username]").fill(username)
    await page.locator("[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda address: "/login" not in address)
