"""What goes wrong at a desk in mid-call, and that the citizen hardly notices."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.conftest import Hire
from tests.browser.support.citizen import calling
from tests.browser.support.numbers import IMPATIENT, QUICK
from tests.browser.support.pages import Desk, hears, until
from tests.browser.support.sounds import hears_agent, hears_music, hears_nothing
from tests.support.centre import Centre
from tests.telephony.support.media import Media

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]
Sip = tuple[str, int]
Database = psycopg.Connection[Any]
Someone = Callable[[], Awaitable[BrowserContext]]

BACK_WITHIN_SECONDS = 30.0
"""After a reload: so long the queue keeps the citizen for the agent. An unloaded machine needs less than two."""


def rows(database: Database, query: str, *values: object) -> list[tuple[Any, ...]]:
    return database.execute(query.encode(), values).fetchall()


async def ended(database: Database, contact: str) -> tuple[Any, ...]:
    """Wait for the end of a contact; its outcome, segments and the seconds between answer and end."""
    query = (
        "SELECT outcome, segments, extract(epoch FROM ended_at - answered_at)::float FROM contact"
        " WHERE id = %s AND state = 'ended'"
    )

    async def over() -> bool:
        return bool(rows(database, query, contact))

    await until(over, "the contact does not end")
    return rows(database, query, contact)[0]


def facts(database: Database, contact: str) -> list[str]:
    found = rows(database, "SELECT name FROM journal WHERE contact = %s AND role = 'F' ORDER BY seq", contact)
    return [name for (name,) in found]


async def test_reload_in_mid_call(hire: Hire, sip: Sip, database: Database) -> None:
    desk = await hire("agent1")
    async with calling(sip, called=QUICK, caller="01000004811") as citizen:
        began = time.monotonic()
        await desk.answer()
        await desk.hears()
        talking = time.monotonic()
        contact = await desk.contact()
        await expect(desk.page.locator("#note")).to_be_focused()
        await desk.page.keyboard.type("이사정산 문의. 다시 읽기 전의 글")
        reloaded = time.monotonic()
        await desk.page.reload()
        await desk.phase("talking")
        await desk.hears()
        assert time.monotonic() - reloaded < BACK_WITHIN_SECONDS
        await hears_agent(citizen.media)
        await expect(desk.page.locator("#note")).to_have_value("이사정산 문의. 다시 읽기 전의 글")
        await _mute_and_hold_outlast_a_reload(desk, citizen.media)
        await desk.action("end")
        await desk.press("F4")
        await desk.state("wrap_up")
        assert (await citizen.ended()).ok
    outcome, segments, seconds = await ended(database, contact)
    assert (outcome, segments) == ("answered", 1)
    assert seconds < time.monotonic() - began
    assert seconds > reloaded - talking
    assert [name for name in facts(database, contact) if name in {"LegLost", "LegRegained"}] == [
        "LegLost",
        "LegRegained",
    ] * 3


async def _mute_and_hold_outlast_a_reload(desk: Desk, citizen: Media) -> None:
    """Neither ends by itself: the citizen does not hear the room until the agent wants it, and the desk says so."""
    for key, name, hears_meanwhile in (("Alt+M", "mute", hears_nothing), ("F8", "hold", hears_music)):
        await desk.action(name)
        await desk.press(key)
        await desk.page.locator(f".tag-{name}").wait_for()
        await desk.page.reload()
        await desk.phase("talking")
        await expect(desk.page.locator(f".tag-{name}")).to_be_visible()
        await expect(desk.page.locator(f'[data-action="{name}"]')).to_have_attribute("aria-pressed", "true")
        await hears_meanwhile(citizen)
        await desk.action(name)
        await desk.press(key)
        await hears_agent(citizen)


async def test_reload_while_it_rings(hire: Hire, sip: Sip, database: Database) -> None:
    desk = await hire("agent1")
    async with calling(sip, called=QUICK, caller="01000004812") as citizen:
        await desk.phase("ringing")
        await desk.page.reload()
        await desk.telephone_ready()
        if not await _rings(desk):
            # The citizen is offered at once: the desk is not available for anybody to see.
            await desk.action("available")
            await desk.press("Alt+A")
        await desk.answer()
        await desk.hears()
        contact = await desk.contact()
        await desk.press("F4")
        await desk.state("wrap_up")
        assert (await citizen.ended()).ok
    outcome, segments, _ = await ended(database, contact)
    assert (outcome, segments) == ("answered", 1)


async def _rings(desk: Desk) -> bool:
    """Whether the contact is put to this desk again; if not, the desk says why it is away."""
    settled = desk.page.locator('.desk-centre[data-phase="ringing"], .me[data-state="away"]')
    await expect(settled.first).to_be_visible()
    return await desk.page.locator(".me").get_attribute("data-state") != "away"


async def test_two_windows_of_one_agent_do_not_fight(hire: Hire, sip: Sip, database: Database) -> None:
    first = await hire("agent1")
    second = Desk(await first.page.context.new_page())
    await second.page.goto("/desk/")
    await second.state("available")
    await expect(second.page.locator(".strip-other")).to_contain_text("다른 창")
    async with calling(sip, called=QUICK, caller="01000004813") as citizen:
        await second.phase("ringing")
        await second.press("F2")
        await expect(second.page.locator(".strip-text")).to_contain_text("다른 창")
        await first.answer()
        await first.hears()
        await second.phase("talking")
        contact = await first.contact()
        await second.page.locator("#note").fill("둘째 창에서 적음")
        await expect(first.page.locator("#note")).to_have_value("둘째 창에서 적음")
        await second.press("Alt+J")
        await expect(second.page.locator(".strip-other")).to_contain_text("통화 중")
        await first.hears()
        await second.action("end")
        await second.press("F4")
        await first.state("wrap_up")
        assert (await citizen.ended()).ok
    assert (await ended(database, contact))[:2] == ("answered", 1)
    await expect(second.page.locator(".strip-other")).not_to_contain_text("통화 중")
    await second.press("Alt+J")
    await second.telephone_ready()
    await expect(first.page.locator(".strip-other")).to_contain_text("다른 창")


async def test_another_computer_takes_over_in_mid_call(
    hire: Hire, someone: Someone, sip: Sip, database: Database
) -> None:
    """The agent's computer breaks; they log in at the next one and have the citizen back."""
    broken = await hire("agent1")
    async with calling(sip, called=QUICK, caller="01000004814") as citizen:
        await broken.answer()
        await broken.hears()
        contact = await broken.contact()
        await expect(broken.page.locator("#note")).to_be_focused()
        await broken.page.keyboard.type("옮기기 전의 메모")
        await expect(broken.page.locator(".note-status[data-status=saved]")).to_be_visible()
        await broken.page.context.close()
        desk = await Desk.of(await someone(), "agent1")
        await desk.phase("talking")
        await desk.hears()
        await hears_agent(citizen.media)
        await expect(desk.page.locator("#note")).to_have_value("옮기기 전의 메모")
        await desk.action("end")
        await desk.press("F4")
        await desk.state("wrap_up")
        assert (await citizen.ended()).ok
    assert (await ended(database, contact))[:2] == ("answered", 1)


_ANSWERS_WRONG_ONCE = """() => {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    const answers = !window.answeredWrong && String(data).startsWith('SIP/2.0 200') && data.includes('a=ice-pwd:');
    window.answeredWrong ||= answers;
    return send.call(this, answers ? data.replace(/a=ice-pwd:./, 'a=ice-pwd:+') : data);
  };
}"""
"""The browser thinks that the way is found; Asterisk looks for it in vain, and takes no sound from it."""


async def test_a_talk_whose_sound_does_not_come_is_connected_anew(hire: Hire, sip: Sip) -> None:
    desk = await hire("agent2")
    await desk.page.evaluate(_ANSWERS_WRONG_ONCE)
    async with calling(sip, called=QUICK, caller="01000004021") as citizen:
        await desk.phase("ringing")
        await desk.press("F2")
        await desk.hears()
        assert await desk.page.evaluate("() => window.answeredWrong")
        await hears_agent(citizen.media)
        await desk.press("F4")
        await desk.phase("wrap_up")


async def test_citizen_of_a_broken_browser_goes_to_another_agent(hire: Hire, sip: Sip, database: Database) -> None:
    first = await hire("agent1")
    async with calling(sip, called=IMPATIENT, caller="01000004815") as citizen:
        await first.answer()
        await first.hears()
        contact = await first.contact()
        second = await hire("agent2")
        await first.page.close()
        await hears_music(citizen.media)
        await second.phase("ringing")
        await second.answer()
        await second.hears()
        await hears_agent(citizen.media)
        assert await second.contact() == contact
        await second.press("F4")
        await second.state("wrap_up")
        assert (await citizen.ended()).ok
    assert (await ended(database, contact))[:2] == ("answered", 2)
    state = rows(
        database, "SELECT s.state FROM agent_status s JOIN account a ON a.id = s.agent WHERE username = 'agent1'"
    )
    assert state == [("away",)]
    back = Desk(await first.page.context.new_page())
    await back.page.goto("/desk/")
    why = "전화가 연결되지 않아 이석으로 바뀌었습니다."
    await expect(back.page.get_by_role("heading", name=why)).to_be_visible()
    assert why in await back.said("status")
    await back.telephone_ready()
    await back.take_calls()


async def test_web_killed_in_mid_call(hire: Hire, centre: Centre, sip: Sip, database: Database) -> None:
    desk = await hire("agent1")
    async with calling(sip, called=QUICK, caller="01000004816") as citizen:
        await desk.answer()
        await desk.hears()
        contact = await desk.contact()
        os.kill(centre.pid("web"), signal.SIGKILL)
        await expect(desk.page.locator(".strip-text")).to_contain_text(re.compile("서버"))
        await expect(desk.page.locator("#note")).to_be_focused()
        await desk.page.keyboard.type("웹이 죽은 동안 적은 글")
        await desk.hears()
        await hears_agent(citizen.media)
        await expect(desk.page.locator(".lights li").first).to_have_attribute("data-good", "true")
        await expect(desk.page.locator(".note-status[data-status=saved]")).to_be_visible()
        await desk.hears()
        await desk.press("F8")
        await hears_music(citizen.media)
        await desk.action("hold")
        await desk.press("F8")
        await desk.action("end")
        await desk.press("F4")
        await desk.state("wrap_up")
        assert (await citizen.ended()).ok
    assert rows(database, "SELECT text FROM contact_note WHERE contact = %s", contact) == [("웹이 죽은 동안 적은 글",)]
    assert (await ended(database, contact))[:2] == ("answered", 1)
    assert not {"LegLost"} & set(facts(database, contact))


async def test_the_next_call_after_the_exchange_died_in_mid_call(
    hire: Hire, centre: Centre, sip: Sip, database: Database
) -> None:
    """The telephone believes for a while that it still talks. It takes the next call all the same: the citizen who was
    cut off is called back."""
    desk = await hire("agent1")
    async with calling(sip, called=QUICK, caller="01000004817"):
        await desk.answer()
        await desk.hears()
        cut_off = await desk.contact()
        os.kill(centre.pid("asterisk"), signal.SIGKILL)
        await desk.state("wrap_up")
        await desk.telephone_ready()
        await expect(desk.page.locator('[data-call="talking"]')).to_be_visible()
        await desk.action("available")
        await desk.press("Alt+A")
        await desk.answer()
        contact = await desk.contact()
        assert contact != cut_off
        assert await desk.page.evaluate("() => window.haedap.phone.call.value.contact") == contact
        await desk.press("F4")
        await desk.state("wrap_up")


async def test_two_browser_windows_talk(hire: Hire, someone: Someone, database: Database) -> None:
    """The newcomer's first call: a citizen's window and a desk, by the menu of the main number."""
    desk = await hire("agent1")
    citizen = await (await someone()).new_page()
    await citizen.goto("/demo/phone")
    await expect(citizen.locator('[data-phone="registered"]')).to_be_visible()
    await citizen.evaluate("() => window.haedap.phone.renew()")  # as it does by itself where it stays open
    await expect(citizen.locator('[data-phone="registered"]')).to_be_visible()
    await citizen.get_by_label("걸 번호").fill(QUICK)
    await citizen.get_by_role("button", name="전화 걸기").click()
    await desk.phase("ringing")
    await expect(desk.page.locator("#head-title")).to_contain_text("홍시민")
    await desk.answer()
    await asyncio.gather(desk.hears(), hears(citizen))
    contact = await desk.contact()
    await citizen.get_by_role("button", name="끊기").click()
    await desk.state("wrap_up")
    assert (await ended(database, contact))[:2] == ("answered", 1)
    ended_by = rows(database, "SELECT ended_by, called, caller FROM contact WHERE id = %s", contact)
    assert ended_by == [("citizen", f"+82{QUICK[1:]}", "+821000001234")]
