"""The pages as a person uses them: by their Korean words and keys."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from playwright.async_api import BrowserContext, Locator, Page, expect

from haedap.apps.demo.people import PASSWORD
from tests.support.patience import PATIENCE


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not await holds():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.05)


async def log_in(context: BrowserContext, username: str, then: str = "/") -> Page:
    """Log in by keyboard on the log-in page; returns the page that was asked for."""
    page = await context.new_page()
    await page.goto("/login")
    await page.get_by_label("아이디").focus()
    await page.keyboard.type(username)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda address: "/login" not in address)
    if then != "/":
        await page.goto(then)
    return page


async def follow(link: Locator) -> None:
    """Click it and wait for the page that it leads to."""
    async with link.page.expect_navigation():
        await link.click()


class Desk:
    """The desk of one agent in one window."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    async def of(cls, context: BrowserContext, username: str) -> Desk:
        """Log in and open the desk; its telephone is ready."""
        desk = cls(await log_in(context, username, "/desk/"))
        await desk.telephone_ready()
        return desk

    async def press(self, key: str) -> None:
        await self.page.keyboard.press(key)

    async def action(self, name: str) -> None:
        """Wait until the action makes sense and no other one is under way."""
        await expect(self.page.locator(f'[data-action="{name}"][aria-disabled="false"]')).to_be_visible()
        await expect(self.page.locator('[data-action][aria-busy="true"]')).to_have_count(0)

    async def telephone_ready(self) -> None:
        await expect(self.page.locator('[data-phone="registered"]')).to_be_visible()

    async def state(self, wanted: str) -> None:
        """Wait for my state: available, offered, engaged, wrap_up, away or signed_out."""
        await expect(self.page.locator(".me")).to_have_attribute("data-state", wanted)

    async def phase(self, wanted: str) -> None:
        """Wait for the contact's phase: empty, ringing, talking, reconnecting, wrap_up or past."""
        await expect(self.page.locator(".desk-centre")).to_have_attribute("data-phase", wanted)

    async def take_calls(self) -> None:
        """Start work and become available, by keyboard; only what is not so yet."""
        me = self.page.locator(".me")
        await expect(me).not_to_have_attribute("aria-busy", "true")
        if await me.get_attribute("data-state") == "signed_out":
            await self.press("Alt+Q")
            await self.state("away")
        if await me.get_attribute("data-state") != "available":
            await self.action("available")
            await self.press("Alt+A")
        await self.state("available")

    async def answer(self) -> None:
        await self.phase("ringing")
        await self.press("F2")
        await self.phase("talking")

    async def line(self) -> dict[str, float]:
        """What has gone over the line: packetsReceived, packetsSent, packetsLost, totalAudioEnergy. Empty: no line."""
        stats: dict[str, float] | None = await self.page.evaluate("() => window.haedap.phone.stats()")
        return stats or {}

    async def hears(self) -> None:
        """Wait until sound comes in and goes out, more than just now."""
        await hears(self.page)

    async def said(self, role: str) -> str:
        """What a screen reader hears: role `alert` or `status`."""
        return await self.page.locator(f'#desk > p.sr-only[role="{role}"]').inner_text()

    async def contact(self) -> str:
        """The id of the contact that is open."""
        found: str | None = await self.page.evaluate("() => sessionStorage.getItem('haedap.desk.open')")
        assert found
        return found


async def hears(page: Page) -> None:
    """Wait until the telephone of this page receives packets with sound in them, and sends packets."""

    async def now() -> dict[str, float]:
        return await page.evaluate("() => window.haedap.phone.stats()") or {}

    before: dict[str, float] = {}

    async def grows() -> bool:
        nonlocal before
        stats = await now()
        if not before or stats.get("packetsReceived", 0) < before.get("packetsReceived", 0):
            before = stats
            return False
        return (
            stats.get("packetsReceived", 0) > before["packetsReceived"] + 20
            and stats["packetsSent"] > before["packetsSent"] + 20
            and stats["totalAudioEnergy"] > before["totalAudioEnergy"]
        )

    await until(grows, "no sound in the browser")
