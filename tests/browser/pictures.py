"""`python -m tests.browser.pictures`: takes the pictures of the screens in docs/images anew, of invented people.

The others are of a synthetic year: `report.png` is the page of a month; `yearbook-*.png` and `directory-*.png` are
pages of the PDFs that `haedap yearbook` and `haedap directory` write, 842 and 1300 dots high.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from playwright.async_api import Browser, expect

from haedap.operations.sipp import CITIZEN, Sipp, run_sipp
from tests.browser.support.chromium import chromium, person
from tests.browser.support.citizen import calling
from tests.browser.support.numbers import QUICK, add_numbers
from tests.browser.support.pages import Desk, hears, log_in
from tests.support.centre import CHECKOUT, Centre, a_centre

IMAGES = CHECKOUT / "docs/images"
MAIN_NUMBER = "0200000120"
NAME = "나주민"
CALLER = "01000005678"
_EARLIER: Sequence[tuple[str, str, str]] = (
    ("자동차세", "1", "연납 할인 기간과 신청 방법을 안내함. 1월 중 위택스에서 신청하기로 함."),
    ("대형폐기물", "3", "소파 1개 배출 신고. 스티커 구입처와 배출 장소를 안내하고 접수함."),
    ("재산세", "1", "7월분 고지서 금액 문의. 과세표준과 세율을 설명함."),
)
_TODAY: Sequence[tuple[str, str, str, str, str]] = (
    ("01000007702", "도구민", "이사정산", "1", "이사 당일 검침 방법을 안내함."),
    ("01000003311", "", "여권 수령", "1", "대리 수령에 필요한 서류를 안내함."),
)
_SEOUL = ZoneInfo("Asia/Seoul")
_NOTE = (
    "재산세 고지서를 아직 받지 못했다고 함.\n"
    "주소 이전 신고일 확인 → 옛 주소로 발송됨. 전자고지 신청 방법과 위택스 납부를 안내함.\n"
    "고지서 재발송을 원함 → "
)


async def take(browser: Browser, centre: Centre, database: psycopg.Connection[Any]) -> None:
    """All pictures, in the order in which a day goes."""
    sip = _sip(centre)
    agent = await Desk.of(await person(browser, centre.url), "agent1")
    others = [await Desk.of(await person(browser, centre.url), name) for name in ("agent2", "agent3")]
    await agent.take_calls()
    for topic, disposition, note in _EARLIER:
        await _one_call(agent, sip, CALLER, NAME, topic, disposition, note)
    _let_weeks_pass(database)
    for caller, name, topic, disposition, note in _TODAY:
        await _one_call(agent, sip, caller, name, topic, disposition, note)
    await _citizen_phone(browser, centre, agent)
    for other in others:
        await other.take_calls()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(calling(sip, called=QUICK, caller=CALLER, name=NAME))
        await agent.answer()
        await agent.hears()
        await expect(agent.page.locator("#note")).to_be_focused()
        await agent.page.keyboard.type(_NOTE)
        await _choose_topic(agent, "재산세")
        await agent.press("Alt+N")
        await expect(agent.page.locator(".note-status[data-status=saved]")).to_be_visible()
        await expect(agent.page.locator(".head-clock")).to_have_text("0:14")
        await agent.page.screenshot(path=IMAGES / "desk.png")
        await _wallboard(browser, centre, others[0], stack, sip)
        await agent.action("end")
        await agent.press("F4")
        await agent.state("wrap_up")
    await agent.press("Alt+P")
    await agent.press("1")
    await _record(browser, centre)


def _sip(centre: Centre) -> tuple[str, int]:
    found = centre.info()["sip"]
    return str(found["host"]), int(found["udp_port"])


def _let_weeks_pass(database: psycopg.Connection[Any]) -> None:
    """The calls so far were made some time ago, by day."""
    rows = database.execute("SELECT id, arrived_at FROM contact ORDER BY arrived_at DESC").fetchall()
    for age, (contact, arrived) in enumerate(rows, 1):
        database.execute(
            "UPDATE contact SET arrived_at = arrived_at - %(ago)s, queued_at = queued_at - %(ago)s,"
            " answered_at = answered_at - %(ago)s, ended_at = ended_at - %(ago)s WHERE id = %(contact)s",
            {"ago": _since_then(arrived, age), "contact": contact},
        )


def _since_then(arrived: datetime, age: int) -> timedelta:
    earlier = arrived.astimezone(_SEOUL) - timedelta(days=17 * age)
    return arrived - earlier.replace(hour=9 + age, minute=13 * age)


async def _one_call(
    desk: Desk, sip: tuple[str, int], caller: str, name: str, topic: str, disposition: str, note: str
) -> None:
    async with calling(sip, called=QUICK, caller=caller, name=name) as citizen:
        await desk.answer()
        await citizen.media.listen(2.0)
        await expect(desk.page.locator("#note")).to_be_focused()
        await desk.page.keyboard.type(note)
        await desk.action("end")
        await desk.press("F4")
        await desk.state("wrap_up")
    await _finish(desk, topic, disposition)


async def _finish(desk: Desk, topic: str, disposition: str) -> None:
    await _choose_topic(desk, topic)
    await desk.press(disposition)
    await desk.action("finish")
    await desk.press("Alt+Enter")
    await desk.state("available")


async def _choose_topic(desk: Desk, topic: str) -> None:
    await desk.press("Alt+U")
    await desk.page.keyboard.insert_text(topic)
    await desk.press("Enter")
    await expect(desk.page.locator("#topic")).not_to_have_value("")
    await expect(desk.page.locator(".topic .note-status")).to_have_count(0)


async def _citizen_phone(browser: Browser, centre: Centre, desk: Desk) -> None:
    page = await (await person(browser, centre.url)).new_page()
    await page.goto("/demo/phone")
    await expect(page.locator('[data-phone="registered"]')).to_be_visible()
    await page.get_by_label("걸 번호").fill(QUICK)
    await page.get_by_role("button", name="전화 걸기").click()
    await desk.answer()
    await hears(page)
    await page.screenshot(path=IMAGES / "citizen-phone.png")
    await page.get_by_role("button", name="끊기").click()
    await desk.state("wrap_up")
    await page.context.close()
    await _finish(desk, "여권 발급", "1")


async def _wallboard(browser: Browser, centre: Centre, desk: Desk, stack: AsyncExitStack, sip: tuple[str, int]) -> None:
    """One more agent talks, one is rung, three citizens wait."""
    people = [(f"0100000{number}", "") for number in range(5001, 5006)]
    run = Sipp(
        scenario=CITIZEN,
        remote=f"{sip[0]}:{sip[1]}",
        local="127.0.0.2",
        called=QUICK,
        people=people,
        calls=len(people),
        talk_ms=600_000,
        per_second=2,
    )
    waiting = asyncio.create_task(run_sipp(run))
    stack.callback(waiting.cancel)
    await desk.answer()
    page = await log_in(await person(browser, centre.url), "supervisor", "/wallboard/")
    await expect(page.locator('[data-figure="offered"] .tile-value')).to_have_text("9")
    await page.screenshot(path=IMAGES / "wallboard.png")
    await page.context.close()


async def _record(browser: Browser, centre: Centre) -> None:
    """Of the call just now: what was moved back in time has its timeline as it was."""
    page = await log_in(await person(browser, centre.url), "supervisor", "/contacts/")
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.get_by_role("row").filter(has_text="재산세").first.get_by_role("link").click()
    await page.wait_for_url("**/contacts/*/")
    while not await page.get_by_label("듣는 사유").count():  # the worker has yet to look at the recording
        await asyncio.sleep(0.5)
        await page.reload()
    await page.screenshot(path=IMAGES / "contact.png")
    await page.context.close()


async def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with a_centre() as centre:
        centre.start()
        await asyncio.to_thread(centre.wait_ready)
        with psycopg.connect(f"postgresql://haedap@/haedap?host={centre.runtime}", autocommit=True) as database:
            add_numbers(database)
            database.execute("UPDATE queue SET name = '지방세' WHERE key = 'quick'")
            async with chromium() as browser:
                await take(browser, centre, database)


if __name__ == "__main__":
    asyncio.run(main())
