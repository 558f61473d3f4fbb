"""The pages as a person uses them: by their Korean words and keys."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable

from playwright.async_api import BrowserContext, Locator, Page, Route, expect

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


_PROBE = re.compile(r"/api/me\?held$")


class Held:
    """What is asked of a slow server: the first `most` requests are held until they are let through.

    Late is the `request`, which the server does not know of before; or the `answer`, which tells how things were.
    """

    def __init__(self, page: Page, address: str, method: str, late: str = "request", most: int | None = None) -> None:
        self._page, self._address, self._method, self._late, self._left = page, address, method, late, most
        self._let_through = asyncio.Event()
        self._ended: list[asyncio.Event] = []
        self._asked = asyncio.Event()

    async def __aenter__(self) -> Held:
        """A busy page goes on for a moment as if nothing were held: wait that out."""
        await self._page.route(self._address, self._hold)
        await self._page.route(_PROBE, lambda route: route.fulfill(status=204))
        await until(self._holds, "the page's requests are not held")
        return self

    async def _holds(self) -> bool:
        return bool(await self._page.evaluate("fetch('/api/me?held').then(answer => answer.status)") == 204)

    async def __aexit__(self, *_error: object) -> None:
        """Let through what is held, and wait until the page has it."""
        self.let_through()
        for ended in self._ended:
            await ended.wait()
        await self._page.unroute(self._address, self._hold)
        await self._page.unroute(_PROBE)

    async def asked(self) -> None:
        """Wait until one is held."""
        async with asyncio.timeout(PATIENCE):
            await self._asked.wait()

    def let_through(self) -> None:
        self._let_through.set()

    async def _hold(self, route: Route) -> None:
        if route.request.method != self._method or self._left == 0:
            await route.fallback()
            return
        self._left = None if self._left is None else self._left - 1
        ended = asyncio.Event()
        self._ended.append(ended)
        try:
            if self._late == "answer":
                answer = await route.fetch()
            self._asked.set()
            await self._let_through.wait()
            if self._late == "request":
                answer = await route.fetch()
            await route.fulfill(response=answer)
        finally:
            ended.set()


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


_PLACES = (".desk-left", ".desk-centre", ".desk-right", ".strip", ".head", ".controls > .controls-row", ".finish")


async def places(desk: Desk) -> dict[str, object]:
    """Where the parts of the desk that never move are."""
    return {place: await desk.page.locator(place).bounding_box() for place in _PLACES}


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
