"""수도요금 이사정산: one call closes the matter. Identify, look up, settle, article, topic, closed; nobody is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import Hire
from tests.browser.support.citizen import calling
from tests.browser.support.numbers import WATER
from tests.browser.support.pages import Desk, log_in, until
from tests.browser.test_cases import look
from tests.browser.test_frontend_access import ready, violations

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

CALLER = "01000001234"
"""홍시민 of the fake city."""
ASKED_FOR = "오늘 이사 나가는데 수도요금 정산 문의."
ARTICLE, TOPIC = "water-moving-settlement", "water_bill_moving"
USED_CUBIC_METRES = 7
Database = psycopg.Connection[Any]


async def test_a_call_about_a_water_bill_is_closed_without_a_transfer(
    hire: Hire, someone: Callable[[], Awaitable[BrowserContext]], sip: tuple[str, int], database: Database
) -> None:
    supervisor = await log_in(await someone(), "supervisor")
    before = await _with_aid(supervisor)
    desk = await hire("agent1")
    await ready(desk.page.context)
    await desk.page.reload()
    await desk.telephone_ready()
    async with calling(sip, called=WATER, caller=CALLER, name="홍시민") as citizen:
        await desk.answer()
        await desk.hears()
        contact = await desk.contact()
        await _notes_the_matter(desk)
        await _identifies(desk)
        to_pay = await _settles(desk.page)
        await _reads_out(desk)
        await desk.action("end")
        await desk.press("F4")
        await desk.state("wrap_up")
        assert (await citizen.ended()).ok
    await _finishes(desk)
    await _was_recorded(database, contact, to_pay)
    assert await _with_aid(supervisor) == [(with_aid + 1, without) for with_aid, without in before]
    await look(supervisor, "water-9-effect")


async def _notes_the_matter(desk: Desk) -> None:
    await expect(desk.page.locator("#note")).to_be_focused()
    await desk.page.keyboard.insert_text(ASKED_FOR)
    await look(desk.page, "water-1-note")


async def _identifies(desk: Desk) -> None:
    """Two things were asked and right; the panel fills by itself."""
    await desk.press("Alt+V")
    await expect(desk.page.get_by_role("checkbox", name="이름", exact=True)).to_be_focused()
    await look(desk.page, "water-2-identify")
    for key in ("Space", "Tab", "Space", "Enter"):
        await desk.press(key)
    panel = desk.page.locator('[data-panel="water"]')
    await expect(panel).to_have_attribute("data-state", "ok")
    await expect(panel.locator(".panel-read-out").first).to_contain_text("수도요금은")
    await look(desk.page, "water-3-panels")


async def _settles(page: Page) -> str:
    """With what the meter shows today; the answer goes into the note. Returns what is to be paid, as it is shown."""
    panel = page.locator('[data-panel="water"]')
    last = await panel.get_by_role("row", name="지난 지침").locator("td").inner_text()
    reading = panel.get_by_label("계량기 지침")
    await reading.fill(str(int(last.replace(",", "").removesuffix("㎥").strip()) + USED_CUBIC_METRES))
    await expect(panel.get_by_label("이사 날짜")).to_have_value(f"{datetime.now(ZoneInfo('Asia/Seoul')):%Y-%m-%d}")
    await reading.press("Enter")
    total = panel.locator(".settlement .record-total td")
    await expect(total).to_be_visible()
    to_pay = await total.inner_text()
    await panel.focus()
    await page.keyboard.press("c")
    await expect(page.locator("#note")).to_have_value(f"{ASKED_FOR}\n{await _copied(page)}")
    assert to_pay in await _copied(page)
    await look(page, "water-4-settlement")
    assert await violations(page) == []
    return to_pay


async def _copied(page: Page) -> str:
    """The line of the note that came from the panel."""
    return (await page.locator("#note").input_value()).rpartition("\n")[2]


async def _reads_out(desk: Desk) -> None:
    """The note, as it stands, has found the article; one key to see it, one to have read it out."""
    await desk.press("Alt+1")
    found = desk.page.locator(".article-found").filter(has_text="이사정산").first
    await expect(found).to_be_visible()
    await look(desk.page, "water-5-found")
    await found.locator(".article-line").press("Enter")
    await desk.press("F6")
    await expect(desk.page.get_by_role("button", name="읽어 드림 ✓")).to_have_attribute("aria-pressed", "true")
    await look(desk.page, "water-6-article")
    assert await violations(desk.page) == []


async def _finishes(desk: Desk) -> None:
    await desk.press("Alt+U")
    await desk.page.keyboard.insert_text("이사정산")
    await look(desk.page, "water-7-topic")
    await desk.press("Enter")
    await expect(desk.page.locator("#topic")).to_have_value("상하수도 › 요금 › 이사정산")
    await desk.press("1")
    await expect(desk.page.locator("[name=disposition]:checked + span")).to_contain_text("상담 완료")
    await look(desk.page, "water-8-finish")
    await desk.action("finish")
    await desk.press("Alt+Enter")
    await desk.state("available")
    await desk.phase("empty")


async def _was_recorded(database: Database, contact: str, to_pay: str) -> None:
    """Answered by one agent, passed on to nobody, self-handled; with the look-up, the article and the settlement."""

    async def over() -> bool:
        row = database.execute("SELECT state FROM contact WHERE id = %s", (contact,)).fetchone()
        return row == ("ended",)

    await until(over, "the contact is not over")
    [(queue, answered, disposition, self_handled, topic, text)] = database.execute(
        "SELECT c.queue, c.answered_at IS NOT NULL, d.key, d.self_handled, t.code, n.text FROM contact c"
        " JOIN contact_note n ON n.contact = c.id JOIN topic t ON t.id = n.topic_id"
        " JOIN disposition d ON d.key = n.disposition WHERE c.id = %s",
        (contact,),
    )
    assert (queue, answered, disposition, self_handled, topic) == ("water", True, "answered", True, TOPIC)
    assert text.startswith(ASKED_FOR)
    assert to_pay in text
    assert database.execute("SELECT count(*) FROM segment WHERE contact = %s", (contact,)).fetchone() == (1,)
    assert database.execute("SELECT count(*) FROM transfer WHERE contact = %s", (contact,)).fetchone() == (0,)
    looked_up = "SELECT outcome FROM lookup_use WHERE contact = %s AND system = 'water'"
    assert ("ok",) in database.execute(looked_up, (contact,)).fetchall()
    used = "SELECT DISTINCT a.code, u.how FROM article_use u JOIN article a ON a.id = u.article_id WHERE u.contact = %s"
    assert (ARTICLE, "script") in database.execute(used, (contact,)).fetchall()


async def _with_aid(page: Page) -> list[tuple[int, int]]:
    """Of the effect page: how many contacts had an article or a look-up and how many had not, for each and both."""
    await page.goto("/effect/")
    found = []
    for name in ("지식 또는 조회", "지식", "행정정보 조회"):
        row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True))
        shown = await row.get_by_role("cell").first.inner_text() if await row.count() else "0 / 0"
        with_aid, _slash, without = shown.partition(" / ")
        found.append((int(with_aid), int(without)))
    return found
