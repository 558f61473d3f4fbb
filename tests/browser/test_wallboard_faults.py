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
