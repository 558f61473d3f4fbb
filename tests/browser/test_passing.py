"""Passing a citizen on at the desk, by keyboard and with real telephones; and the steps against abuse."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import psycopg
import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Hire
from tests.browser.support.citizen import calling
from tests.browser.support.numbers import QUICK, command
from tests.browser.support.pages import Desk, Held, places, until
from tests.browser.support.sounds import hears_agent, hears_music
from tests.telephony.support.telephone import Desk as Telephone

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]
Sip = tuple[str, int]
Database = psycopg.Connection[Any]


async def test_a_colleague_is_consulted_and_takes_the_citizen_over(hire: Hire, sip: Sip, database: Database) -> None:
    """Music for the citizen while the two talk; then the colleague has them, with all that the first writes
    until they are done, and both records are right."""
    first, second = await hire("agent1"), await hire("agent2")
    async with calling(sip, called=QUICK, caller="01000004861") as citizen:
        await until_one_is_rung(first, second)
        asked, colleague = (first, second) if await is_rung(first) else (second, first)
        await asked.answer()
        await asked.hears()
        contact = await asked.contact()
        before = await places(asked)
        name = await colleague.page.locator(".hd-menu summary span").first.inner_text()
        await asked.press("Alt+T")
        await expect(asked.page.locator("#pass-query")).to_be_focused()
        await asked.page.keyboard.insert_text(name)
        await expect(asked.page.locator("#pass-0")).to_contain_text(name)
        await asked.press("Enter")
        await expect(asked.page.locator("[data-place=consult]")).to_be_focused()
        await asked.press("Enter")
        await expect(asked.page.locator('.consultation[data-kind="consulting"]')).to_contain_text(name)
        assert await places(asked) == before, "it rings"
        await colleague.answer()
        await expect(colleague.page.locator('.consultation[data-kind="consulted"]')).to_be_visible()
        for key in ("hold", "mute", "keypad", "recording", "pass"):
            await expect(colleague.page.locator(f'[data-action="{key}"]')).to_be_disabled()
        await asked.action("handOver")
        assert await places(asked) == before, "they talk"
        for key in ("handOver", "swap", "conference", "takeBack"):
            await expect(asked.page.locator(f'[data-action="{key}"]')).to_be_in_viewport(ratio=1)
        await asyncio.gather(asked.hears(), colleague.hears(), hears_music(citizen.media))
        await writes(asked, "누수로 보임")
        await asked.press("F9")
        await asked.state("wrap_up")
        note = colleague.page.locator("#note")
        await expect(note).to_have_value("누수로 보임")
        await hears_agent(citizen.media)
        await colleague.hears()
        await expect(colleague.page.locator('[data-action="mute"]')).to_be_enabled()
        await writes(asked, ", 감면 대상")
        await finish(asked)
        await expect(note).to_have_value("누수로 보임, 감면 대상")
        await expect(colleague.page.locator("#topic")).to_have_value("지방세·세외수입 › 지방세 › 재산세")
        await colleague.press("F4")
        await colleague.state("wrap_up")
        assert (await citizen.ended()).ok

    async def over() -> bool:
        query = "SELECT outcome, segments, transferred FROM contact WHERE id = %s AND state = 'ended'"
        return database.execute(query, (contact,)).fetchall() == [("answered", 2, True)]

    await until(over, "the contact is not over, answered, with two segments and a transfer")


async def test_an_office_is_found_in_the_citizens_words_and_cannot_be_reached(
    hire: Hire, sip: Sip, line_out: str, database: Database
) -> None:
    """Nobody is at the officer's number, and then the carrier takes no calls of the centre: the reason is shown, and
    the citizen is back with the agent."""
    desk = await hire("agent1")
    async with calling(sip, called=QUICK, caller="01000004862") as citizen:
        await desk.answer()
        await desk.hears()
        await expect(desk.page.locator("#note")).to_be_focused()
        await desk.page.keyboard.insert_text("가로등이 사흘째 꺼져 있음")
        await expect(desk.page.locator(".note-status[data-status=saved]")).to_be_visible()
        await desk.press("Alt+T")
        await desk.page.keyboard.insert_text("가로등이 꺼졌어요")
        await expect(desk.page.locator(".pass-line").first).to_contain_text("가로등")
        await look(desk.page, "pass-list")
        await desk.press("Enter")
        written = desk.page.locator("#pass-brief")
        await expect(written).to_have_value("가로등이 사흘째 꺼져 있음")
        await desk.press("Alt+N")
        await desk.press("Alt+T")
        await expect(desk.page.locator("[data-place=consult]")).to_be_focused()
        await expect(written).to_have_value("가로등이 사흘째 꺼져 있음")
        await look(desk.page, "pass-how")
        await desk.press("Escape")
        await _keys_quicker_than_the_server(desk)
        await expect(desk.page.locator('.consultation[data-kind="failed"]')).to_be_visible()
        await look(desk.page, "pass-failed")
        await _somebody_else(desk.page)
        await hears_agent(citizen.media)
        await desk.hears()
        await _the_carrier_refuses(desk, sip, line_out)
        await hears_agent(citizen.media)
        await _a_reload_ends_a_consultation(desk, sip, line_out)
        await hears_agent(citizen.media)
        await desk.hears()
        contact = await desk.contact()
        await desk.press("F4")
        await desk.state("wrap_up")
    briefs = database.execute("SELECT text FROM brief WHERE contact = %s", (contact,)).fetchall()
    assert briefs == [("가로등이 사흘째 꺼져 있음",)] * 3
    await _the_record_on_paper(desk.page, contact)


async def _the_record_on_paper(page: Page, contact: str) -> None:
    """What is folded up on the screen is read; of what is filled in there is no empty frame."""
    await page.goto(f"/contacts/{contact}/")
    brief = page.locator("details p").filter(has_text="가로등이 사흘째 꺼져 있음").first
    await expect(brief).to_be_hidden()
    await expect(page.get_by_role("heading", name="민원인", exact=True)).to_be_visible()
    await page.emulate_media(media="print")
    await expect(brief).to_be_visible()
    await expect(page.get_by_role("heading", name="민원인", exact=True)).to_be_hidden()


async def _the_carrier_refuses(desk: Desk, sip: Sip, line_out: str) -> None:
    """Trying again would help nobody: the agent is told whose matter it is."""
    host, _, port = line_out.partition(":")
    async with Telephone(sip, host, 1600.0, int(port)) as carrier:
        await expect(desk.page.locator("#pass-query")).to_be_focused()
        await desk.page.keyboard.press("Control+A")
        await desk.page.keyboard.insert_text("02-0000-1234")
        await expect(desk.page.locator("#pass-0")).to_contain_text("02-0000-1234")
        await desk.press("Enter")
        await expect(desk.page.locator("[data-place=consult]")).to_be_focused()
        await desk.press("Enter")
        await carrier.wait_for("INVITE")
        carrier.refuse("403 Forbidden")
        bar = desk.page.locator('.consultation[data-kind="failed"]')
        await expect(bar).to_contain_text("지금 센터에서 이 번호로 전화를 걸 수 없습니다. 시스템 관리자에게 알리고")


async def _a_reload_ends_a_consultation(desk: Desk, sip: Sip, line_out: str) -> None:
    """The citizen is kept, and the desk says what became of the other."""
    host, _, port = line_out.partition(":")
    bar = desk.page.locator(".consultation")
    async with Telephone(sip, host, 1600.0, int(port)) as officer:
        await desk.press("Alt+T")
        await expect(desk.page.locator("#pass-0")).to_contain_text("02-0000-1234")
        await desk.press("Enter")
        await desk.press("Enter")
        await officer.ring()
        await officer.answer()
        await expect(bar).to_contain_text("통화 중")
        await desk.page.reload()
        await officer.wait_for("BYE")
        await expect(bar).to_contain_text("통화가 끊어졌습니다. 다시 걸거나 콜백을 약속하십시오.")


async def _somebody_else(page: Any) -> None:
    """The key leads from the office that was not reached to the list; what is typed replaces the words of before."""
    await page.keyboard.press("Alt+T")
    field = page.locator("#pass-query")
    await expect(field).to_be_focused()
    await page.keyboard.insert_text("여권")
    await expect(field).to_have_value("여권")


async def _keys_quicker_than_the_server(desk: Desk) -> None:
    """The office is that of the words which stand there, and the brief goes along; what is typed into it stays."""
    page = desk.page
    sought, brief, spoken = page.locator("#pass-query"), page.locator("#pass-brief"), page.locator(".pass-how q")
    await expect(sought).to_be_focused()
    await sought.fill("여권을 잃어버렸어요")
    await expect(page.locator(".pass-line").first).to_contain_text("여권")
    async with Held(page, "**/offices/search", "POST") as search:
        await sought.fill("가로등이 꺼졌어요")
        await desk.press("Enter")
        await search.asked()
    await expect(page.locator("#pass-who")).to_contain_text("도로조명")
    await expect(brief).to_have_value("가로등이 사흘째 꺼져 있음")
    await desk.press("Escape")
    async with Held(page, "**/brief", "GET") as draft:
        await desk.press("Enter")
        await draft.asked()
        await brief.fill("말로 전함")
    await expect(spoken).not_to_be_empty()
    await expect(brief).to_have_value("말로 전함")
    await desk.press("Escape")
    async with Held(page, "**/brief", "GET") as draft:
        await desk.press("Enter")
        await draft.asked()
        await expect(page.locator("[data-place=consult]")).to_be_focused()
        await desk.press("Enter")


async def test_abuse_is_warned_of_announced_and_ended_with_a_key_each(hire: Hire, sip: Sip, database: Database) -> None:
    """The citizen hears why; the agent is out of it at once."""
    desk = await hire("agent1")
    _rest(database, 0)  # the other tests want the agent back at once
    async with calling(sip, called=QUICK, caller="01000004863") as citizen:
        await desk.answer()
        await desk.hears()
        contact = await desk.contact()
        section = desk.page.locator(".protection")
        for key, step in (("Alt+W", "warn"), ("Alt+B", "announce")):
            await desk.press(key)
            await expect(section).to_have_attribute("data-step", step)
        await look(desk.page, "abuse")
        await expect(desk.page.locator('[data-action="endAbuse"]')).to_have_attribute("aria-disabled", "false")
        await desk.press("Alt+Z")
        await desk.state("wrap_up")
        assert (await citizen.ended()).ok
    steps = database.execute("SELECT step FROM protection_step WHERE contact = %s ORDER BY id", (contact,)).fetchall()
    _rest(database, 600)
    assert steps == [("warn",), ("announce",), ("end",)]


def _rest(database: Database, seconds: int) -> None:
    database.execute("UPDATE queue SET rest_seconds = %s WHERE key = 'quick'", (seconds,))
    command(database, "plan_changed")


async def writes(desk: Any, text: str) -> None:
    """Goes on with the note, and waits until it is saved."""
    await desk.press("Alt+N")
    await desk.press("Control+End")
    await desk.page.keyboard.insert_text(text)
    await expect(desk.page.locator(".note .note-status[data-status=saved]")).to_be_visible()


async def finish(desk: Any) -> None:
    """Property tax, and done."""
    await desk.press("Alt+U")
    await desk.page.keyboard.insert_text("ㅈㅅㅅ")
    await desk.press("Enter")
    await desk.press("1")
    await desk.press("Alt+Enter")
    await desk.phase("empty")


async def is_rung(desk: Any) -> bool:
    return bool(await desk.page.locator(".desk-centre").get_attribute("data-phase") == "ringing")


async def until_one_is_rung(*desks: Any) -> None:
    async def one() -> bool:
        return any([await is_rung(desk) for desk in desks])

    await until(one, "nobody is rung")


async def look(page: Any, name: str) -> None:
    """A picture for whoever wants to see it: PICTURES names the folder."""
    folder = os.environ.get("PICTURES")
    if folder:
        await page.screenshot(path=f"{folder}/{name}.png")
