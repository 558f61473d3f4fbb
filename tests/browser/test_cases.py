"""A case from end to end: opened by an agent in mid-call, answered by its office, told to the citizen by a call."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import Hire
from tests.browser.support.citizen import at_home, calling
from tests.browser.support.numbers import QUICK
from tests.browser.support.pages import Desk, Held, log_in, until
from tests.browser.test_frontend_access import out_of_shape, ready, violations

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

CALLER, E164 = "01000004881", "+821000004881"
ANSWER = "오늘 오후에 가로등을 교체했습니다."
Database = psycopg.Connection[Any]


async def test_a_case_goes_to_an_office_and_the_answer_back_to_the_citizen(
    hire: Hire,
    someone: Callable[[], Awaitable[BrowserContext]],
    sip: tuple[str, int],
    line_out: str,
    database: Database,
) -> None:
    desk = await hire("agent1")
    async with calling(sip, called=QUICK, caller=CALLER) as citizen:
        await desk.answer()
        await desk.hears()
        contact = await desk.contact()
        await _opens_a_case(desk)
        await desk.press("F4")
        await desk.state("wrap_up")
        assert (await citizen.ended()).ok
    [(case, number)] = database.execute("SELECT id::text, number FROM case_file WHERE contact = %s", (contact,))
    async with at_home(sip, line_out) as called:
        context = await someone()
        await ready(context)
        await _office_answers(await someone(), await _address(context, case, number))
        await desk.press("Alt+A")
        await desk.answer()
        await called.ring()
        await called.answer()
        answer = desk.page.locator(".case-answer")
        await expect(answer).to_contain_text(ANSWER)
        await desk.hears()
        await look(desk.page, "case-answer")
        await answer.get_by_role("button").click()
        await expect(answer).to_have_count(0)
        await desk.press("F4")
        await called.wait_for("BYE")
    events = database.execute("SELECT kind FROM case_event WHERE case_id = %s ORDER BY at, id", (case,)).fetchall()
    assert [kind for (kind,) in events] == ["opened", "read", "accepted", "answered", "told"]
    assert database.execute("SELECT state FROM case_file WHERE id = %s", (case,)).fetchall() == [("closed",)]

    async def over() -> bool:
        query = "SELECT state FROM promise WHERE citizen = %s"
        return {state for (state,) in database.execute(query, (E164,))} == {"ended"}

    await until(over, "the call is still owed")


async def _opens_a_case(desk: Desk) -> None:
    """Two keystrokes, for the note has found the office; on a slow server it is that of the words which stand there."""
    await expect(desk.page.locator("#note")).to_be_focused()
    await desk.page.keyboard.insert_text("가로등이 꺼졌어요")
    await expect(desk.page.locator(".note-status[data-status=saved]")).to_be_visible()
    await desk.press("F3")
    await expect(desk.page.locator("#case-query")).to_be_focused()
    await expect(desk.page.locator("#case-office-0")).to_contain_text("가로등")
    await expect(desk.page.locator(".case-due")).to_contain_text("까지 답변")
    await look(desk.page, "case-form")
    sought = desk.page.locator("#case-query")
    await sought.fill("여권을 잃어버렸어요")
    await expect(desk.page.locator("#case-office-0")).to_contain_text("여권")
    async with Held(desk.page, "**/offices/search", "POST") as search:
        await sought.fill("가로등이 꺼졌어요")
        await desk.press("Enter")
        await search.asked()
    await expect(desk.page.locator(".case-news").first).to_contain_text("민원 2")
    await expect(desk.page.locator(".case-news").first).to_contain_text("도로조명")
    await desk.press("Alt+2")
    await expect(desk.page.locator("[data-case-state=open]")).to_have_count(1)
    await look(desk.page, "case-opened")


async def _address(context: BrowserContext, case: str, number: str) -> str:
    """Where the office finds it: this centre sends no messages, so the supervisor's page shows it."""
    page = await log_in(context, "supervisor", "/cases/")
    await expect(page.get_by_role("row").filter(has_text=number)).to_contain_text("접수 대기")
    await look(page, "cases")
    assert await violations(page) == []
    await page.goto(f"/cases/{case}/")
    assert await violations(page) == []
    await look(page, "case")
    return await page.get_by_label("민원 주소").input_value()


async def _office_answers(context: BrowserContext, address: str) -> None:
    await ready(context)
    page = await context.new_page()
    await page.goto(address)
    assert await violations(page) == []
    assert await out_of_shape(page) == []
    await expect(page.get_by_role("link", name="02-0000-0120")).to_have_attribute("href", "tel:+82200000120")
    await look(page, "case-office")
    await page.get_by_role("button", name="접수", exact=True).click()
    await page.get_by_label("민원인에게 드릴 답변").fill(ANSWER)
    await page.get_by_role("button", name="답변", exact=True).click()
    await expect(page.locator(".hd-note").filter(has_text=ANSWER)).to_be_visible()


async def look(page: Page, name: str) -> None:
    """A picture, for whoever wants to see it: PICTURES names the folder."""
    folder = os.environ.get("PICTURES")
    if folder:
        await page.screenshot(path=f"{folder}/{name}.png")
