"""A real Chromium: headless, with a microphone that beeps once a second, talking to this machine only."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, BrowserContext, ViewportSize, async_playwright, expect

from setup.steps import BROWSERS
from tests.support.patience import PATIENCE_MS

EXECUTABLE = next(filter(None, map(shutil.which, BROWSERS)), None)
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""It does nothing by itself."""
FLAGS = (
    "--no-sandbox",
    "--lang=ko-KR",
    *QUIET,
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
)
SMALLEST_SCREEN: ViewportSize = {"width": 1366, "height": 768}
expect.set_options(timeout=PATIENCE_MS)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser of its own, closed at the end."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=EXECUTABLE,
            headless=True,
            timeout=PATIENCE_MS,
            args=list(FLAGS),
            env={**os.environ, "LANGUAGE": "ko"},
        )
        try:
            yield browser
        finally:
            await browser.close()


async def person(browser: Browser, url: str) -> BrowserContext:
    """Somebody at a computer of their own, who may use the microphone, on the smallest screen that a city hall has."""
    context = await browser.new_context(
        base_url=url,
        locale="ko-KR",
        timezone_id="Asia/Seoul",
        viewport=SMALLEST_SCREEN,
        permissions=["microphone"],
    )
    context.set_default_timeout(PATIENCE_MS)
    return context
