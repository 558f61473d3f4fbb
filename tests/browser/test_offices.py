"""Offices in the browser: found by the citizen's words, an absence planned, a list imported; by keyboard, with axe."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.support.pages import follow, log_in
from tests.browser.test_frontend_access import ready, violations

pytestmark = pytest.mark.asyncio(loop_scope="session")

Someone = Callable[[], Awaitable[BrowserContext]]


@pytest_asyncio.fixture(loop_scope="session")
async def page(someone: Someone, database: psycopg.Connection[Any]) -> AsyncIterator[Page]:
    """A supervisor at a computer; afterwards nobody is away and the newcomer is gone."""
    context = await someone()
    await ready(context)
    yield await log_in(context, "supervisor")
    database.execute(
        "DELETE FROM absence WHERE reason = 'training' AND ends_at - starts_at = interval '1 day';"
        "DELETE FROM duty_officers USING officer WHERE officer.id = officer_id AND code = 'H900';"
        "DELETE FROM duty WHERE text = '여권 무인창구 안내';"
        "DELETE FROM officer WHERE code = 'H900'"
    )


async def test_a_supervisor_finds_an_office_plans_an_absence_and_imports_a_list(page: Page, tmp_path: Path) -> None:
    await page.get_by_role("link", name="부서·담당자").first.click()
    await expect(page.get_by_role("heading", name="전체 부서")).to_be_visible()
    assert await violations(page) == []

    await page.get_by_label("무슨 일입니까?").focus()
    await page.keyboard.type("집 앞 가로등이 고장 났어요")
    await page.keyboard.press("Enter")
    best = page.get_by_role("row").nth(1)
    await expect(best.get_by_role("link", name="도로조명팀")).to_be_visible()
    assert await violations(page) == []

    await best.get_by_role("link").nth(1).press("Enter")
    await expect(page.get_by_text("근무 중")).to_be_visible()
    assert await violations(page) == []
    today = await page.get_by_label("시작일").input_value()
    await page.get_by_label("사유").select_option("training")
    await page.get_by_label("마지막 날").fill(today)
    await page.get_by_role("button", name="부재 추가").press("Enter")
    month, day = (int(part) for part in today.split("-")[1:])
    await expect(page.get_by_text(f"교육 ~ {month}.{day}., 대직").first).to_be_visible()

    await page.get_by_role("link", name="부서·담당자").first.click()
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="명단 내려받기").click()
    text = (await (await downloading.value).path()).read_text(encoding="utf-8-sig")
    longer = tmp_path / "명단.csv"
    longer.write_text(f"{text}민원여권과 > 여권팀,,,새사람,H900,주무관,,9000,,,여권 무인창구 안내,\n", encoding="cp949")
    await follow(page.get_by_role("link", name="가져오기"))
    assert await violations(page) == []
    await page.get_by_label("CSV 파일").set_input_files(longer)
    await page.get_by_role("button", name="미리 보기").click()
    await expect(page.get_by_role("heading", name="새로 들어옴 (1)")).to_be_visible()
    await expect(page.get_by_role("cell", name="새사람")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="이대로 가져오기").click()
    await expect(page.get_by_text("새로 1건")).to_be_visible()
    await page.get_by_label("무슨 일입니까?").fill("9000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="새사람")).to_be_visible()


async def test_an_agent_reads_and_changes_nothing(someone: Someone) -> None:
    context = await someone()
    await ready(context)
    page = await log_in(context, "agent2")
    await page.goto("/offices/?q=여권을 잃어버렸어요")
    await expect(page.get_by_role("row").nth(1).get_by_role("link", name="여권팀")).to_be_visible()
    await page.get_by_role("link", name="여권팀").click()
    await expect(page.get_by_role("heading", name="담당업무")).to_be_visible()
    await expect(page.get_by_role("link", name="고치기")).to_have_count(0)
    assert await violations(page) == []
