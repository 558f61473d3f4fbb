"""The microphone: of the desk, pulled out in mid-call, or allowed later; of the citizen's telephone, opened once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import psycopg
import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.conftest import Hire
from tests.browser.support.citizen import calling
from tests.browser.support.numbers import QUICK, send_all_home
from tests.browser.support.pages import Desk
from tests.browser.support.sounds import hears_agent, hears_nothing

pytestmark = pytest.mark.asyncio(loop_scope="session")

_PULLED_OUT = """() => {
  const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    if (window.pulledOut) throw new DOMException("", "NotFoundError");
    window.microphone = await get(wanted);
    return window.microphone;
  };
}"""
_PULL = """() => {
  window.pulledOut = true;
  for (const track of window.microphone.getTracks()) {
    track.stop();
    track.dispatchEvent(new Event("ended"));
  }
}"""
_PLUG = """() => {
  window.pulledOut = false;
  navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
}"""


async def test_a_microphone_pulled_out_in_mid_call(hire: Hire, sip: tuple[str, int]) -> None:
    desk = await hire("agent1")
    await desk.page.evaluate(_PULLED_OUT)
    async with calling(sip, called=QUICK, caller="01000004010") as citizen:
        await desk.answer()
        await hears_agent(citizen.media)
        await desk.page.evaluate(_PULL)
        await expect(desk.page.locator(".strip-text")).to_contain_text("마이크가 빠져")
        await hears_nothing(citizen.media)
        await desk.page.evaluate(_PLUG)
        await expect(desk.page.locator(".strip-text")).to_be_empty()
        await hears_agent(citizen.media)
        await desk.press("F4")
        await desk.phase("wrap_up")
    assert await desk.page.evaluate("() => window.microphone.getTracks().every(track => track.readyState == 'ended')")


_ALLOWED_OR_NOT = """() => {
  const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const { state } = await navigator.permissions.query({ name: "microphone" });
    if (state !== "granted") throw new DOMException("", "NotAllowedError");
    return get(wanted);
  };
}"""
"""What Chromium's simulated microphone leaves out: it is there whatever the permission says."""


async def _forbid_microphone(context: BrowserContext) -> None:
    """Granting something else denies it. Without any wish a whole Chromium with the simulated dialogue allows it."""
    await context.clear_permissions()
    await context.grant_permissions(["geolocation"])


async def test_a_microphone_that_is_allowed_later_needs_no_reload(
    someone: Callable[[], Awaitable[BrowserContext]], sip: tuple[str, int], database: psycopg.Connection
) -> None:
    context = await someone()
    await _forbid_microphone(context)
    await context.add_init_script(f"({_ALLOWED_OR_NOT})()")
    desk = await Desk.of(context, "agent1")
    said = desk.page.locator(".strip-text")
    await expect(said).to_contain_text("마이크가 차단")
    await context.grant_permissions(["microphone"])
    await expect(said).to_be_empty()
    await _forbid_microphone(context)
    await expect(said).to_contain_text("마이크가 차단")
    try:
        await desk.take_calls()
        async with calling(sip, called=QUICK, caller="01000004015") as citizen:
            await desk.phase("ringing")
            await desk.press("F2")
            await expect(said).to_contain_text("마이크가 차단")
            await context.grant_permissions(["microphone"])
            await expect(said).to_be_empty()
            await desk.answer()
            await hears_agent(citizen.media)
            await desk.press("F4")
            await desk.phase("wrap_up")
    finally:
        send_all_home(database)


_SLOWLY_OPENED = """() => {
  const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.opened = [];
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    window.opened.push(await get(wanted));
    return window.opened.at(-1);
  };
}"""
_OPEN = "() => window.opened.filter(({ active }) => active).length"


async def test_two_presses_are_one_call_of_one_microphone(someone: Callable[[], Awaitable[BrowserContext]]) -> None:
    citizen = await (await someone()).new_page()
    await citizen.goto("/demo/phone")
    await expect(citizen.locator('[data-phone="registered"]')).to_be_visible()
    await citizen.evaluate(_SLOWLY_OPENED)
    await citizen.get_by_label("걸 번호").fill(QUICK)
    await citizen.get_by_role("button", name="전화 걸기").dblclick()
    await expect(citizen.locator('[data-phase="talking"]')).to_be_visible()
    assert await citizen.evaluate(_OPEN) == 1
    await citizen.get_by_role("button", name="끊기").click()
    await expect(citizen.locator('[data-phase="idle"]')).to_be_visible()
    assert await citizen.evaluate(_OPEN) == 0
