"""A callback from end to end: asked for in the queue, kept by an agent, with sound, and in the record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.support.citizen import SippCitizen, at_home, calling
from tests.browser.support.numbers import CALLING_BACK, QUICK
from tests.browser.support.pages import Desk, follow, log_in, until
from tests.browser.support.sounds import hears_agent
from tests.browser.test_frontend_access import ready, violations

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

CALLER, SHOWN, E164 = "01000004821", "010-0000-4821", "+821000004821"
WRITER, TEXT = "01000004822", "가로등이 꺼진 지 이틀째입니다."
Database = psycopg.Connection[Any]


@pytest.mark.usefixtures("hire")  # sends everybody home
async def test_a_citizen_keeps_the_place_and_is_called(
    someone: Callable[[], Awaitable[BrowserContext]],
    sip: tuple[str, int],
    line_out: str,
    database: Database,
) -> None:
    async with calling(sip, called=CALLING_BACK, caller=CALLER) as citizen:
        await _accepts_a_callback(citizen, database)
        assert (await citizen.ended()).ok, "the centre hangs up when it has promised"
    promise, origin = database.execute(
        "SELECT id::text, contact::text FROM promise WHERE citizen = %s", (E164,)
    ).fetchall()[0]
    async with at_home(sip, line_out) as called:
        desk = await Desk.of(await someone(), "agent1")
        await desk.press("Alt+Q")
        await desk.state("away")
        await desk.press("Alt+A")
        bar = desk.page.locator(".callback")
        await desk.phase("ringing")
        assert (await desk.said("alert")).startswith(f"콜백: {SHOWN}.")
        await expect(desk.page.locator(".head-phase")).to_have_text("콜백")
        await expect(bar).to_contain_text("먼저 연결되고, 이어서 민원인에게 전화합니다")
        await desk.answer()
        await called.ring()
        await expect(bar.locator(".callback-happens")).to_contain_text("민원인에게 전화하는 중")
        await called.answer()
        await expect(bar.locator(".callback-happens")).to_have_count(0)
        await desk.hears()
        await hears_agent(called.media)
        await desk.press("Alt+C")
        await desk.page.locator('.promise-form input[type="time"]').fill("23:59")
        await desk.press("Enter")
        await expect(desk.page.locator(".callback-promised")).to_contain_text("약속했습니다")
        await expect(desk.page.locator(".owed")).to_contain_text(SHOWN)
        await desk.press("F4")
        await desk.state("wrap_up")
        await called.wait_for("BYE")
    kept = database.execute(
        "SELECT p.state, p.outcome, c.direction, c.outcome, c.promise::text"
        " FROM promise p JOIN contact c ON c.id = p.kept_in WHERE p.id = %s",
        (promise,),
    ).fetchall()
    assert kept == [("ended", "kept", "out", "answered", promise)]
    context = await someone()
    await ready(context)
    page = await log_in(context, "supervisor", f"/promises/{promise}/")
    assert await violations(page) == []
    await expect(page.locator(f'a[href="/contacts/{origin}/"]')).to_have_count(1)
    await expect(page.locator(".hd-timeline")).to_contain_text("민원인과 연결됨")
    await _settles_the_other(page, database)


async def _accepts_a_callback(citizen: SippCitizen, database: Database) -> None:
    """Presses 1 when it is offered, and 1 again for the number that they call from."""

    async def promised() -> bool:
        query = "SELECT 1 FROM contact WHERE caller = %s AND direction = 'in' AND outcome = 'promised'"
        return bool(database.execute(query, (E164,)).fetchall())

    async def pressed() -> bool:
        citizen.media.press("1")
        await asyncio.sleep(1.0)  # nobody presses a key twenty times a second
        return await promised()

    await until(pressed, "no callback is promised")


async def _settles_the_other(page: Page, database: Database) -> None:
    """The promise that the agent made in the talk is put aside by a supervisor, with a reason."""
    await page.goto("/promises/")
    assert await violations(page) == []
    await follow(page.locator("tbody th a").first)
    assert await violations(page) == []
    await page.get_by_label("전화를 원하지 않거나").check()
    await page.get_by_label("사유").fill("시험이 끝남")
    await page.get_by_role("button", name="약속 마치기").click()
    await expect(page.locator(".hd-alert.success")).to_contain_text("처리했습니다")
    left = database.execute("SELECT outcome FROM promise WHERE citizen = %s AND reason = 'agent'", (E164,)).fetchall()
    assert left == [("cancelled",)]


@pytest.mark.usefixtures("hire")
async def test_a_citizen_writes_is_not_reached_and_calls_again(
    someone: Callable[[], Awaitable[BrowserContext]], sip: tuple[str, int], database: Database
) -> None:
    _take_messages(database)
    await _write(await _watched(someone))
    context = await someone()
    await ready(context)
    desk = await Desk.of(context, "agent1")
    await desk.press("Alt+Q")
    await desk.state("away")
    await desk.press("Alt+A")
    await desk.phase("ringing")
    await expect(desk.page.locator(".callback")).to_contain_text("글을 남김")
    await expect(desk.page.locator(".callback-belonging")).to_contain_text(TEXT)
    assert await violations(desk.page) == []
    await desk.answer()  # nobody is at the other end of the trunk: it rings out
    await desk.state("wrap_up")
    bar = desk.page.locator('.callback[data-kind="failed"]')
    await expect(bar).to_contain_text("민원인과 통화하지 못했습니다")
    await expect(bar).to_contain_text("다음 시도는")
    await desk.action("available")
    await desk.press("Alt+A")
    await desk.state("available")
    async with calling(sip, called=QUICK, caller=WRITER) as citizen:
        await desk.phase("ringing")
        await expect(desk.page.locator('.callback[data-kind="in"]')).to_contain_text("걸어 드릴 전화 있음")
        await expect(desk.page.locator(".callback-belonging")).to_contain_text(TEXT)
        await desk.answer()
        await desk.hears()
        await desk.press("F4")
        assert (await citizen.ended()).ok
    query = "SELECT reason, outcome, attempts FROM promise WHERE citizen = %s"
    assert database.execute(query, (f"+82{WRITER[1:]}",)).fetchall() == [("text", "resolved", 1)]


async def _watched(someone: Callable[[], Awaitable[BrowserContext]]) -> Page:
    context = await someone()
    await ready(context)
    return await context.new_page()


def _take_messages(database: Database) -> None:
    database.execute("UPDATE centre_settings SET message_page = true, message_queue = 'quick'")


async def _write(page: Page) -> None:
    """Write on the centre's page, and send it as soon as a person could have written so much."""
    await page.goto("/message")
    assert await violations(page) == []
    await page.get_by_role("textbox", name="전화번호").fill(WRITER)
    await page.get_by_role("textbox", name="무슨 일입니까").fill(TEXT)
    await page.get_by_role("checkbox").check()

    async def sent() -> bool:
        if not page.url.endswith("/message/sent"):
            async with page.expect_navigation():
                await page.get_by_role("button", name="보내기").click()
        return page.url.endswith("/message/sent")

    await until(sent, "the message is not accepted")
    await expect(page.locator("main")).to_contain_text("전화를 드립니다")
