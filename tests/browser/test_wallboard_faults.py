"""The wallboard says by itself what is wrong with the centre, and that it is over."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.support.pages import log_in
from tests.support.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_stalled_exchange_is_told_and_taken_back(
    someone: Callable[[], Awaitable[BrowserContext]], centre: Centre
) -> None:
    page = await log_in(await someone(), "supervisor", "/wallboard/")
    await expect(page.locator(".board-engines")).to_have_text("엔진 정상 · 예비 엔진 준비됨")
    faults = page.locator(".board-faults li")
    await expect(faults).to_have_count(0)
    os.kill(centre.pid("asterisk"), signal.SIGSTOP)
    try:
        fault = page.locator('[data-fault="exchange_away"]')
        await expect(fault).to_contain_text("교환기(Asterisk)가 응답하지 않습니다")
        await expect(fault).to_contain_text("asterisk.log")
        if "BOARD_PICTURE" in os.environ:
            await page.screenshot(path=os.environ["BOARD_PICTURE"])
    finally:
        os.kill(centre.pid("asterisk"), signal.SIGCONT)
    await expect(faults).to_have_count(0)


async def test_a_window_too_many_says_so_and_waits(
    someone: Callable[[], Awaitable[BrowserContext]], centre: Centre
) -> None:
    """Eleven windows of one account closed one another for ever."""
    context = await someone()
    board = await log_in(context, "supervisor", "/wallboard/")
    await expect(board.locator(".board-engines")).to_have_text("엔진 정상 · 예비 엔진 준비됨")
    others = [await context.new_page() for _number in range(10)]
    for other in others:
        await other.goto(f"{centre.url}/wallboard/")
        await expect(other.locator(".board-engines")).to_have_text("엔진 정상 · 예비 엔진 준비됨")
    lost = board.locator(".board-lost")
    await expect(lost).to_contain_text("쓰지 않는 창을 닫으십시오")
    if "BOARD_PICTURE" in os.environ:
        await board.screenshot(path=os.environ["BOARD_PICTURE"])
    for other in others:
        await expect(other.locator(".board-lost")).to_have_count(0)
    await others[0].close()
    await lost.get_by_role("button", name="이 창에서 계속").click()
    await expect(lost).to_have_count(0)
