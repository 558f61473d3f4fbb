"""The note's promises: what is typed is never lost, and stands in nobody else's."""

from __future__ import annotations

import re

import psycopg
import pytest
from playwright.async_api import Page, expect

from haedap.apps.demo.people import PASSWORD
from tests.browser.conftest import Hire
from tests.browser.support.citizen import calling
from tests.browser.support.notes import kept, note_status, note_takes_typing, saved_note
from tests.browser.support.numbers import QUICK
from tests.browser.support.pages import Desk, Held, until

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_note_survives_a_lost_connection_and_a_reload(
    hire: Hire, sip: tuple[str, int], database: psycopg.Connection
) -> None:
    desk = await hire("agent1")
    async with calling(sip, called=QUICK, caller="01000004001"):
        await desk.answer()
        contact = await desk.contact()
        await note_takes_typing(desk.page)
        await desk.page.keyboard.type("처음 적은 말")
        await kept(database, contact, "처음 적은 말")

        await _stays_on_the_line(desk)
        await desk.page.evaluate(_COUNT_ALERTS)
        await desk.page.context.set_offline(True)
        await desk.page.keyboard.type(", 끊긴 동안 적은 말")
        await expect(desk.page.locator('.strip[data-trouble="true"]')).to_be_visible()
        await expect(desk.page.locator(".strip")).to_contain_text(re.compile(r"(?<!\d)([2-9]|[1-9]\d)초째"))
        assert await desk.page.evaluate("() => window.alerts") == 1, "a screen reader says it again and again"
        await expect(desk.page.locator("#note")).to_have_value("처음 적은 말, 끊긴 동안 적은 말")
        await desk.page.context.set_offline(False)
        await desk.page.reload()
        await expect(desk.page.locator("#note")).to_have_value("처음 적은 말, 끊긴 동안 적은 말")
        await kept(database, contact, "처음 적은 말, 끊긴 동안 적은 말")
        await note_status(desk.page, "saved")
        await desk.phase("talking")
        await desk.press("F4")
        await desk.phase("wrap_up")


_COUNT_ALERTS = """() => {
  window.alerts = 0;
  new MutationObserver(() => window.alerts++).observe(document.querySelector('.strip-text'),
    {subtree: true, childList: true, characterData: true});
}"""


async def _stays_on_the_line(desk: Desk) -> None:
    """A slip of the hand cuts no call: another page opens beside the desk, and there is no logging out."""
    async with desk.page.context.expect_page() as opened:
        await desk.page.locator(".hd-nav a", has_text="상담 이력").click()
    await (await opened.value).close()
    await desk.page.locator("details.hd-menu summary").click()
    await desk.page.locator("details.hd-menu button").click()
    await expect(desk.page.locator(".strip-text")).to_contain_text("통화를 끝낸")
    await desk.phase("talking")
    await desk.page.locator("details.hd-menu summary").click()
    await desk.press("Alt+N")
    await desk.press("Control+End")


_AS_A_CRASH_LEAVES_IT = """([key, text]) => {
  sessionStorage.clear();
  localStorage.setItem(key, JSON.stringify({text, version: 0}));
  localStorage.setItem('haedap.note.0.long-ago', JSON.stringify({text: '남의 것', version: 0, at: 1}));
}"""


async def test_what_a_page_could_not_save_is_saved_by_the_next(
    hire: Hire, sip: tuple[str, int], database: psycopg.Connection
) -> None:
    """And a note that is opened again while it is on its way is not sent twice: nobody would know which came last."""
    desk = await hire("agent3")
    page = desk.page
    async with calling(sip, called=QUICK, caller="01000004017"):
        await desk.answer()
        contact = await desk.contact()
        await desk.press("F4")
        await desk.phase("wrap_up")
    await desk.press("Alt+A")
    await desk.phase("past")
    await page.goto("/contacts/")
    agent = database.execute("SELECT agent FROM contact WHERE id = %s", (contact,)).fetchone()
    assert agent is not None
    await page.evaluate(_AS_A_CRASH_LEAVES_IT, [f"haedap.note.{agent[0]}.{contact}", "마지막 말"])
    await page.goto("/desk/")
    await kept(database, contact, "마지막 말")
    assert await page.evaluate("() => localStorage.getItem('haedap.note.0.long-ago')") is None

    newest = page.locator(".today li button").first
    await newest.click()
    await expect(page.locator("#note")).to_have_value("마지막 말")
    async with Held(page, "**/note", "PUT", most=1) as slow:
        await page.locator("#note").fill("마지막 말과 그 뒤")
        await slow.asked()
        await newest.click()
        await expect(page.locator("#note")).to_have_value("")
        await newest.click()
        await expect(page.locator("#note")).to_have_value("마지막 말과 그 뒤")
        await page.evaluate("fetch('/api/me').then(answer => answer.text())")
        assert saved_note(database, contact) == "마지막 말"
        await page.locator("#note").fill("마지막 말과")
    await kept(database, contact, "마지막 말과")
    await note_status(page, "saved")


async def test_two_texts_of_one_note_are_both_kept(
    hire: Hire, sip: tuple[str, int], database: psycopg.Connection
) -> None:
    desk = await hire("agent2")
    async with calling(sip, called=QUICK, caller="01000004002"):
        await desk.answer()
        contact = await desk.contact()
        await note_takes_typing(desk.page)
        await desk.page.keyboard.type("내 글")
        await kept(database, contact, "내 글")
        await note_status(desk.page, "saved")
        elsewhere = "UPDATE contact_note SET text = %s, version = version + 1 WHERE contact = %s"
        database.execute(elsewhere, ("다른 곳의 글", contact))
        await desk.page.keyboard.type(" 더")
        await note_status(desk.page, "conflict")
        await expect(desk.page.locator(".conflict pre")).to_have_text("다른 곳의 글")
        await expect(desk.page.locator("#note")).to_have_value("내 글 더")
        await desk.page.locator(".conflict button").first.click()
        await kept(database, contact, "다른 곳의 글\n내 글 더")
        await note_status(desk.page, "saved")
        await desk.press("F4")
        await desk.phase("wrap_up")


async def test_log_out_in_another_window_heals_after_log_in(
    hire: Hire, sip: tuple[str, int], database: psycopg.Connection
) -> None:
    desk = await hire("agent2")
    async with calling(sip, called=QUICK, caller="01000004005"):
        await desk.answer()
        contact = await desk.contact()
        await desk.press("F4")
        await desk.phase("wrap_up")
    other = await desk.page.context.new_page()
    await other.goto("/contacts/")
    await other.locator("details.hd-menu summary").click()
    await other.locator("details.hd-menu button").click()
    await other.wait_for_url("**/login**")
    await expect(desk.page.locator(".strip-text a")).to_be_visible()
    await desk.page.locator("#note").fill("로그아웃된 동안 적은 말")
    await other.locator("[name=username]").fill("agent2")
    await other.locator("[name=password]").fill(PASSWORD)
    await other.keyboard.press("Enter")
    await other.wait_for_url(lambda address: "/login" not in address)
    await other.close()
    await expect(desk.page.locator('.strip[data-trouble="false"]')).to_be_visible()
    await kept(database, contact, "로그아웃된 동안 적은 말")
    await desk.telephone_ready()


async def test_the_desk_stays_whose_it_is_when_somebody_else_logs_in(
    hire: Hire, sip: tuple[str, int], database: psycopg.Connection
) -> None:
    """In the same browser, in mid-call: nothing is shown or done in the other's name, and the call can be ended."""
    desk = await hire("agent2")
    said = desk.page.locator(".strip-text")
    async with calling(sip, called=QUICK, caller="01000004006") as citizen:
        await desk.answer()
        await desk.hears()
        contact = await desk.contact()
        other = await desk.page.context.new_page()
        await other.goto("/contacts/")
        await _log_in_instead(other, "agent3")
        await expect(said).to_contain_text("다른 사람이 로그인했습니다")
        await desk.phase("talking")
        await desk.page.locator("#note").fill("다른 사람이 로그인한 동안 적은 말")
        await desk.hears()
        await desk.press("F4")
        assert (await citizen.ended()).ok
    await _log_in_instead(other, "agent2")
    await other.close()
    await expect(said).to_be_empty()
    await desk.phase("wrap_up")
    await kept(database, contact, "다른 사람이 로그인한 동안 적은 말")
    await desk.telephone_ready()


async def _log_in_instead(page: Page, username: str) -> None:
    await page.locator("details.hd-menu summary").click()
    await page.locator("details.hd-menu button").click()
    await page.wait_for_url("**/login**")
    await page.locator("[name=username]").fill(username)
    await page.locator("[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda address: "/login" not in address)


async def test_the_next_call_takes_nothing_of_the_one_before(
    hire: Hire, sip: tuple[str, int], database: psycopg.Connection
) -> None:
    desk = await hire("agent1")
    async with calling(sip, called=QUICK, caller="01000004008"):
        await desk.answer()
        await note_takes_typing(desk.page)
        before = await desk.contact()
        await desk.page.keyboard.type("앞사람의 글")
        await desk.press("F4")
        await desk.phase("wrap_up")
    away = "**/topic", lambda route: route.abort()
    await desk.page.route(*away)
    await desk.press("Alt+U")
    await desk.page.keyboard.insert_text("재산세")
    await desk.press("Enter")
    await desk.press("Alt+A")
    await desk.phase("past")
    await desk.press("Alt+N")
    await note_takes_typing(desk.page)
    async with calling(sip, called=QUICK, caller="01000004009"):
        await desk.phase("ringing")
        await expect(desk.page.locator("#note")).to_have_value("")
        await desk.page.keyboard.type("이 이어짐")
        await expect(desk.page.locator("#note")).to_have_value("")
        await note_takes_typing(desk.page)
        await desk.answer()
        await expect(desk.page.locator("#note")).to_be_editable()
        await desk.page.keyboard.type("뒷사람의 글")
        await kept(database, await desk.contact(), "뒷사람의 글")
        await desk.page.unroute(*away)
        await until(lambda: _has_topic(database, before), "a topic that could not be saved is not saved later")
        await desk.press("F4")
        await desk.phase("wrap_up")
        await desk.page.reload()
        await note_takes_typing(desk.page)
    assert saved_note(database, before) == "앞사람의 글"


async def _has_topic(database: psycopg.Connection, contact: str) -> bool:
    query = "SELECT t.name FROM contact_note n JOIN topic t ON t.id = n.topic_id WHERE n.contact = %s"
    return database.execute(query, (contact,)).fetchone() == ("재산세",)


async def test_a_topic_that_could_not_be_saved_outlives_its_page(
    hire: Hire, sip: tuple[str, int], database: psycopg.Connection
) -> None:
    desk = await hire("agent2")
    page = desk.page
    async with calling(sip, called=QUICK, caller="01000004019"):
        await desk.answer()
        contact = await desk.contact()
        await page.route("**/topic", lambda route: route.abort())
        await desk.press("Alt+U")
        await page.keyboard.insert_text("여권 발급")
        await desk.press("Enter")
        await expect(page.locator(".topic .note-status")).to_be_visible()
        chosen = await page.locator("#topic").input_value()
        await page.reload()
        await expect(page.locator("#topic")).to_have_value(chosen)
        await page.unroute("**/topic")
        await expect(page.locator(".topic .note-status")).to_have_count(0)
        await desk.press("F4")
        await desk.phase("wrap_up")
    kept = database.execute("SELECT topic_id FROM contact_note WHERE contact = %s", (contact,)).fetchone()
    assert kept is not None
    assert kept[0] is not None
    assert await page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('haedap.topic'))") == []
