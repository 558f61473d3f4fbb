"""A supervisor makes a directory with the worker, and a citizen reads it without a log-in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
import pytest
import pytest_asyncio
import vobject
from playwright.async_api import BrowserContext, expect

from tests.browser.support.pages import follow, log_in
from tests.browser.test_frontend_access import AXE, violations

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]
_AXE = AXE.read_text(encoding="utf-8")


@pytest_asyncio.fixture(loop_scope="session")
async def editions(database: psycopg.Connection[Any]) -> AsyncIterator[None]:
    """None but those of this test."""
    yield
    await asyncio.to_thread(database.execute, "DELETE FROM directory_entry; DELETE FROM directory_edition")


async def test_what_is_typed_stays_while_the_numbers_are_looked_for(
    someone: Callable[[], Awaitable[BrowserContext]], editions: None, database: psycopg.Connection[Any]
) -> None:
    database.execute(
        "INSERT INTO directory_edition (quarter, count, state, synthetic, asked_at)"
        " VALUES ('2025Q1', 20, 'draft', '', now())"
    )
    page = await log_in(await someone(), "supervisor", "/directory/2025Q1/")
    idle = await page.context.new_page()
    await idle.goto("/directory/2025Q1/")
    for window in (page, idle):
        await expect(window.get_by_text("번호를 찾고 있습니다")).to_be_visible()
    await page.evaluate(_AXE)
    assert await violations(page) == []
    name = page.get_by_label("이름")
    await name.fill("도서관 이용")
    async with page.expect_response("**/directory/2025Q1/"):
        pass
    await expect(name).to_have_value("도서관 이용")
    database.execute("UPDATE directory_edition SET found_at = now()")
    await expect(page.get_by_text("적은 내용을 저장하면")).to_be_visible()
    await expect(name).to_have_value("도서관 이용")
    await expect(idle.get_by_text("번호를 찾고 있습니다")).to_have_count(0)
    await expect(idle.get_by_text("적은 내용을 저장하면")).to_have_count(0)


async def test_from_the_supervisor_to_the_citizen(
    someone: Callable[[], Awaitable[BrowserContext]], editions: None
) -> None:
    page = await log_in(await someone(), "supervisor", "/directory/")
    await follow(page.get_by_role("button", name="번호 찾기"))
    await expect(page.get_by_text("번호를 찾고 있습니다")).to_have_count(0)
    await page.get_by_label("전화번호").fill("02-0000-2600")
    await page.get_by_label("이름").fill("도서관 이용")
    await page.get_by_label("무슨 일로").fill("회원증 · 열람실")
    await page.get_by_label("분야").select_option(label="문화·도서관")
    await page.get_by_role("button", name="추가").click()
    await expect(page.get_by_role("link", name="도서관 이용", exact=True)).to_be_visible()
    await page.evaluate(_AXE)
    assert await violations(page) == []
    await page.get_by_role("button", name="발행", exact=True).click()
    await expect(page.get_by_role("button", name="발행 취소")).to_be_visible()

    citizen = await (await someone()).new_page()
    await citizen.goto("/life-numbers/")
    number = citizen.get_by_role("link", name="도서관 이용 02-0000-2600")
    await expect(number).to_have_attribute("href", "tel:+82200002600")
    await citizen.evaluate(_AXE)
    assert await violations(citizen) == []
    async with citizen.expect_download() as download:
        await citizen.get_by_role("link", name="주소록").click()
    path = await (await download.value).path()
    names = {card.fn.value: card.tel.value for card in vobject.readComponents(path.read_text(encoding="utf-8"))}
    assert names["도서관 이용"] == "+82200002600"
