"""The supervisors' page with a real call: called for help, listening, whispering, barging in, taking over, leaving."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import Hire
from tests.browser.support.citizen import calling
from tests.browser.support.numbers import QUICK
from tests.browser.support.pages import hears, log_in, until
from tests.browser.support.sounds import hears_agent
from tests.browser.test_frontend_access import NUMBERS, TELEPHONE, out_of_shape, ready, violations

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]
Sip = tuple[str, int]
Database = psycopg.Connection[Any]
Someone = Callable[[], Awaitable[BrowserContext]]

REASON = "상담사 요청"
CALLER = "01000004901"
ONE_LINE_EACH = f"{NUMBERS}, .floor-agents thead th, .floor-urgent strong"


class Floor:
    """The page of one supervisor."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    async def of(cls, context: BrowserContext, username: str = "supervisor") -> Floor:
        """Log in and open the page; its telephone is ready."""
        floor = cls(await log_in(context, username, "/supervision/"))
        await expect(floor.page.locator('.floor-phone[data-ready="true"]')).to_be_visible()
        return floor

    async def press(self, key: str) -> None:
        await self.page.keyboard.press(key)

    async def mode(self, wanted: str) -> None:
        """Wait until the page says who hears whom: none, asked, listen, whisper, barge or own."""
        await expect(self.page.locator(".floor-hearing")).to_have_attribute("data-mode", wanted)

    async def telephone_in_a_call(self) -> bool:
        found: bool = await self.page.evaluate("() => window.haedap.phone.call.value?.phase === 'talking'")
        return found

    async def choose(self, agent: int) -> None:
        row = self.page.locator(f'tr[data-agent="{agent}"]')
        await expect(row).to_have_attribute("data-state", "engaged")
        await row.get_by_role("button").click()

    async def give_reason(self) -> None:
        await self.press("Alt+R")
        await expect(self.page.locator("#supervision-reason")).to_be_focused()
        await self.page.keyboard.type(REASON)

    async def set_state(self, agent: int, word: str) -> None:
        await self.page.locator(f'tr[data-agent="{agent}"]').get_by_role("button").click()
        await self.page.locator(".floor-force").get_by_role("button", name=word).click()
        await self.page.locator('[data-confirm="yes"]').click()

    async def listen(self, agent: int) -> None:
        await self.choose(agent)
        await self.give_reason()
        await self.press("Alt+L")
        await self.mode("listen")


def agent_of(database: Database, username: str) -> int:
    row = database.execute("SELECT id FROM account WHERE username = %s", (username,)).fetchone()
    assert row is not None
    return int(row[0])


def logged(database: Database, contact: str) -> list[tuple[str, str, str | None]]:
    query = (
        "SELECT action, reason, detail->>'mode' FROM access_log"
        " WHERE contact = %s AND action LIKE 'supervision.%%' ORDER BY id"
    )
    return database.execute(query, (contact,)).fetchall()


async def supervision_over(database: Database, contact: str) -> None:
    query = "SELECT count(*) FILTER (WHERE ended_at IS NULL), count(*) FROM supervision WHERE contact = %s"

    async def over() -> bool:
        row = database.execute(query, (contact,)).fetchone()
        assert row is not None
        return bool(row[0] == 0 and row[1] > 0)

    await until(over, "the supervision does not end")


async def test_a_supervisor_helps_and_takes_over(hire: Hire, someone: Someone, sip: Sip, database: Database) -> None:
    desk = await hire("agent1")
    agent = agent_of(database, "agent1")
    board = await log_in(await someone(), "supervisor", "/wallboard/")
    context = await someone()
    await ready(context)
    floor = await Floor.of(context)
    assert await violations(floor.page) == []
    async with calling(sip, called=QUICK, caller=CALLER) as citizen:
        await desk.answer()
        contact = await desk.contact()
        await hears_agent(citizen.media)
        await desk.press("Alt+I")
        call_for_help = floor.page.locator('.floor-urgent [data-kind="help"]')
        await expect(call_for_help).to_contain_text("관리자 호출")
        await expect(board.locator(f'.board-help [data-agent="{agent}"]')).to_be_visible()
        await expect(desk.page.locator('[data-action="callSupervisor"]')).to_have_attribute("aria-pressed", "true")
        assert await out_of_shape(floor.page, TELEPHONE, whole=ONE_LINE_EACH) == []
        await call_for_help.get_by_role("button", name="보기").click()
        await floor.press("Alt+L")
        await expect(floor.page.locator(".floor-talk [role=alert]")).to_contain_text("사유를 먼저")
        await floor.press("Escape")
        await floor.page.keyboard.type(REASON)
        await floor.press("Alt+L")
        await floor.mode("listen")
        await expect(call_for_help).to_have_count(0)
        await expect(board.locator(".board-help li")).to_have_count(0)
        await expect(desk.page.locator('[data-action="callSupervisor"]')).to_have_attribute("aria-pressed", "false")
        await until(floor.telephone_in_a_call, "the supervisor's telephone is not in the talk")
        await hears(floor.page)
        await expect(floor.page.locator(".floor-hearing")).to_contain_text("내 말은 아무도 듣지 못합니다")
        await floor.press("Alt+W")
        await floor.mode("whisper")
        await expect(floor.page.locator(".floor-hearing")).to_contain_text("민원인은 듣지 못합니다")
        assert await violations(floor.page) == []
        await floor.press("Alt+B")
        await floor.mode("barge")
        await expect(floor.page.locator(".floor-hearing")).to_contain_text("민원인도 내 말을 듣습니다")
        await floor.press("Alt+K")
        await floor.mode("own")
        await desk.state("wrap_up")
        await hears(floor.page)
        await hears_agent(citizen.media)
        await floor.press("F4")
        ended = await citizen.ended()
        assert ended.ok, ended.errors
    await supervision_over(database, contact)
    assert logged(database, contact) == [
        *(("supervision.started", REASON, mode) for mode in ("listen", "whisper", "barge")),
        ("supervision.took_over", REASON, None),
    ]
    query = "SELECT agent, ended_by FROM segment WHERE contact = %s ORDER BY number"
    segments = [(agent, "supervisor"), (agent_of(database, "supervisor"), "agent")]

    async def told() -> bool:  # who took over hung up, and the record follows
        return database.execute(query, (contact,)).fetchall() == segments

    await until(told, "the record does not say who ended which part")


async def test_leaving_the_page_ends_it_and_the_talk_goes_on(
    hire: Hire, someone: Someone, sip: Sip, database: Database
) -> None:
    desk = await hire("agent2")
    floor = await Floor.of(await someone())
    async with calling(sip, called=QUICK, caller=CALLER) as citizen:
        await desk.answer()
        contact = await desk.contact()
        await floor.listen(agent_of(database, "agent2"))
        await floor.press("Alt+X")
        await floor.mode("none")
        await floor.press("Alt+W")
        await floor.mode("whisper")
        await floor.page.goto("/contacts/")
        await supervision_over(database, contact)
        await desk.phase("talking")
        await hears_agent(citizen.media)
        await desk.press("F4")
        await desk.state("wrap_up")
    assert [action for action, _reason, _mode in logged(database, contact)] == [
        "supervision.started",
        "supervision.ended",
        "supervision.started",
        "supervision.ended",
    ]


async def test_abuse_is_seen_at_once_and_the_number_is_known_at_the_next_ring(
    hire: Hire, someone: Someone, sip: Sip, database: Database
) -> None:
    desk = await hire("agent1")
    floor = await Floor.of(await someone())
    caller = "01000004902"
    async with calling(sip, called=QUICK, caller=caller) as citizen:
        await desk.answer()
        await expect(desk.page.locator(".head-flag")).to_have_count(0)
        abuse = floor.page.locator('.floor-urgent [data-kind="abuse"]')
        await desk.action("warn")
        await desk.press("Alt+W")
        await expect(abuse).to_have_attribute("data-step", "warn")
        await expect(abuse).to_contain_text("폭언: 경고함")
        await desk.page.locator("#abuse-kind").select_option("threat")
        await desk.action("endAbuse")
        await desk.press("Alt+Z")
        ended = await citizen.ended()
        assert ended.ok, ended.errors
        await expect(abuse).to_have_count(0)
    flagged = "SELECT 1 FROM flagged_number WHERE number = %s AND kind = 'threat'"

    async def known() -> bool:
        return database.execute(flagged, (f"+82{caller[1:]}",)).fetchone() is not None

    await until(known, "the number is not flagged")
    other = await hire("agent3")
    async with calling(sip, called=QUICK, caller=caller) as again:
        await other.phase("ringing")
        await expect(other.page.locator(".head-flag")).to_contain_text("특별 관리 번호")
        await expect(other.page.locator(".head-flag")).to_contain_text("협박")
        await other.answer()
        await other.press("F4")
        await other.state("wrap_up")
        assert (await again.ended()).ok
    await desk.press("Alt+A")
    await desk.state("away")
    await floor.set_state(agent_of(database, "agent1"), "대기")
    await desk.state("available")


async def test_a_state_is_set_and_a_waiting_citizen_moved(
    hire: Hire, someone: Someone, sip: Sip, database: Database
) -> None:
    desk = await hire("agent2")
    floor = await Floor.of(await someone(), "admin")
    agent = agent_of(database, "agent2")
    row = floor.page.locator(f'tr[data-agent="{agent}"]')
    await expect(row).to_have_attribute("data-state", "available")
    await row.get_by_role("button").click()
    await floor.page.get_by_label("사유를 골라 이석으로").select_option(index=1)
    await floor.page.locator('[data-confirm="yes"]').click()
    await desk.state("away")
    async with calling(sip, called=QUICK, caller=CALLER) as citizen:
        waiting = floor.page.locator('[data-queue="quick"] li')
        await expect(waiting).to_have_count(1)
        await expect(waiting.locator(".floor-position")).to_have_text("1")
        await waiting.get_by_role("combobox").select_option("impatient")
        await waiting.get_by_role("button", name="이동").click()
        await expect(floor.page.locator('[data-queue="impatient"] li')).to_have_count(1)
        await expect(waiting).to_have_count(0)
        assert not citizen.media.digits
    found = database.execute(
        "SELECT count(*) FROM access_log WHERE action IN ('agent.forced', 'contact.moved') AND account = %s",
        (agent_of(database, "admin"),),
    ).fetchone()
    assert found == (2,)
