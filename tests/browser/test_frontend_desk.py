"""The desk's own promises: two windows do not fight, late answers harm nothing, and everything goes by keyboard."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from playwright.async_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Hire
from tests.browser.support.citizen import calling
from tests.browser.support.notes import kept, note_takes_typing
from tests.browser.support.numbers import QUICK, command, send_all_home
from tests.browser.support.pages import Desk, Held, log_in, until
from tests.browser.support.sounds import hears_agent
from tests.support.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")


_TOO_BUSY_TO_ANSWER = """() => {
  setTimeout(() => { for (const end = Date.now() + 2000; Date.now() < end; ); });
}"""


async def test_two_windows_of_one_agent(hire: Hire, sip: tuple[str, int], database: psycopg.Connection) -> None:
    first = await hire("agent3")
    second = Desk(await first.page.context.new_page())
    await second.page.goto("/desk/")
    await expect(second.page.locator(".strip-other")).to_be_visible()
    await second.press("Alt+J")
    await second.telephone_ready()
    await expect(first.page.locator(".strip-other")).to_be_visible()
    async with calling(sip, called=QUICK, caller="01000004003"):
        await first.phase("ringing")
        await second.answer()
        await second.hears()
        await first.phase("talking")
        await second.page.evaluate(_TOO_BUSY_TO_ANSWER)
        await first.press("Alt+J")
        await expect(first.page.locator(".strip-other")).to_contain_text("통화 중")
        await first.page.locator("#note").fill("첫째 창에서 적음")
        await expect(second.page.locator("#note")).to_have_value("첫째 창에서 적음")
        async with Held(first.page, "**/api/desk/contacts/*", "GET", "answer", most=1) as record:
            await first.page.reload()
            await record.asked()
            await second.page.locator("#note").fill("둘째 창에서 적음")
            await kept(database, await second.contact(), "둘째 창에서 적음")
        await expect(first.page.locator("#note")).to_have_value("둘째 창에서 적음")
        await first.press("F8")
        await expect(second.page.locator(".tag-hold")).to_be_visible()
        await first.press("F4")
        await second.phase("wrap_up")
    await second.page.close()
    await first.telephone_ready()


async def test_a_contact_by_keyboard_alone(hire: Hire, sip: tuple[str, int], database: psycopg.Connection) -> None:
    desk = await hire("agent1")
    async with calling(sip, called=QUICK, caller="01000004004"):
        await desk.phase("ringing")
        await until(lambda: _says(desk, "alert", "010-0000-4004"), "the call is announced")
        assert await desk.said("status") == ""
        await desk.answer()
        await expect(desk.page.locator("#note")).to_be_focused()
        await desk.page.keyboard.type("자동차세 문의")
        contact = await desk.contact()
        for key, open_ in (("Alt+O", ".away-menu button:focus"), ("Alt+/", ".help:focus")):
            await desk.press(key)
            await expect(desk.page.locator(open_)).to_be_visible()
            await desk.press("Escape")
            await expect(desk.page.locator("#note")).to_be_focused()
        for key, said in (("F8", "보류 중"), ("F8", "보류를 풀었"), ("Alt+M", "음소거 중"), ("Alt+M", "음소거를 풀었")):
            await desk.action("hold")
            await desk.press(key)
            await until(lambda said=said: _says(desk, "status", said), f"{said} is not announced")  # type: ignore[misc]
        await desk.press("F4")
        await desk.phase("wrap_up")
        await until(lambda: _says(desk, "status", "후처리"), "the wrap-up is announced")
        await desk.press("Alt+Enter")
        await expect(desk.page.locator(".strip-text")).to_contain_text("상담유형")
        await desk.press("Alt+U")
        await desk.page.keyboard.type("ㅈㄷㅊㅅ")
        await expect(desk.page.locator("#topic-list [aria-selected=true] strong")).to_contain_text("자동차세")
        await desk.press("Enter")
        await desk.press("1")
        await desk.press("Alt+Enter")
    await desk.phase("empty")
    await desk.state("available")
    row = database.execute(
        "SELECT n.text, t.name, n.disposition IS NOT NULL FROM contact_note n JOIN topic t ON t.id = n.topic_id"
        " WHERE n.contact = %s",
        (contact,),
    ).fetchone()
    assert row is not None
    assert row[0] == "자동차세 문의"
    assert "자동차세" in row[1]
    assert row[2] is True
    await expect(desk.page.locator(".today li").first).to_contain_text("자동차세")


_NEVER_DRAWN = """() => {
  const later = window.setTimeout;
  window.requestAnimationFrame = () => 0;
  window.setTimeout = (work, ms, ...rest) => (ms === 35 ? 0 : later(work, ms, ...rest));
}"""
"""A screen that draws nothing, where Preact does not make up for that by its timer of 35 ms either."""


async def test_what_is_typed_after_a_key_goes_where_the_key_goes(hire: Hire, sip: tuple[str, int]) -> None:
    """On a screen that draws nothing before the next key."""
    desk = await hire("agent1")
    async with calling(sip, called=QUICK, caller="01000004011"):
        await desk.answer()
        note = desk.page.locator("#note")
        await expect(note).to_be_focused()
        await desk.page.evaluate(_NEVER_DRAWN)
        for key, field in (("F7", "#knowledge-query"), ("Alt+T", "#pass-query"), ("Alt+5", "#who-sought")):
            await desk.press(key)
            await desk.page.keyboard.insert_text("가")
            await expect(desk.page.locator(field)).to_have_value("가")
        await desk.press("F3")
        await desk.page.keyboard.insert_text("가")
        await expect(desk.page.locator("#case-query")).to_have_value("가")
        await desk.press("Alt+2")
        await expect(desk.page.locator("#tab-1")).to_be_focused()
        await desk.press("Alt+N")
        await desk.page.keyboard.insert_text("나")
        await expect(note).to_have_value("나")
        for key in ("Alt+O", "Alt+/"):
            await desk.press(key)
            await expect(note).not_to_be_focused()
            await desk.press("Escape")
            await expect(note).to_be_focused()
        await desk.press("F4")


_FRAMES = """() => {
  const waiting = [];
  window.requestAnimationFrame = (draw) => waiting.push(draw);
  window.draw = (frames) => { while (frames-- > 0) for (const draw of waiting.splice(0)) draw(performance.now()); };
}"""
"""A screen that draws when the test wants it."""


async def test_a_slow_server_takes_the_cursor_from_nobody(hire: Hire, sip: tuple[str, int]) -> None:
    desk = await hire("agent1")
    page = desk.page
    await page.evaluate(_FRAMES)
    panels, record = "**/api/desk/contacts/*/panels", "**/api/desk/contacts/*"
    async with (
        Held(page, panels, "GET") as panels_asked,
        Held(page, record, "GET") as record_asked,
        calling(sip, called=QUICK, caller="01000004014"),
    ):
        await desk.answer()
        await expect(page.locator("#tab-panel")).to_have_text("불러오는 중…")  # not that nobody has called before
        await desk.press("F7")
        await page.keyboard.insert_text("가")
        record_asked.let_through()
        await expect(page.locator("#note")).to_be_editable()
        await page.keyboard.insert_text("나")
        await expect(page.locator("#knowledge-query")).to_have_value("가나")
        await desk.press("Alt+V")
        await page.evaluate("() => window.draw(100)")
        panels_asked.let_through()
        name = page.get_by_role("checkbox", name="이름", exact=True)
        await expect(name).to_be_visible()
        await page.evaluate("() => window.draw(1)")
        await expect(name).to_be_focused()
        await desk.press("F4")
        await desk.phase("wrap_up")


async def test_a_slow_server_keeps_what_was_chosen_last(
    hire: Hire, sip: tuple[str, int], database: psycopg.Connection
) -> None:
    desk = await hire("agent1")
    page = desk.page
    async with calling(sip, called=QUICK, caller="01000004015"):
        await desk.answer()
        contact = await desk.contact()
        await expect(page.locator("#note")).to_be_focused()
        async with Held(page, "**/api/desk/today", "GET", "answer", most=1) as list_asked:
            await desk.press("F4")
            await desk.phase("wrap_up")
            await list_asked.asked()
            async with Held(page, "**/api/desk/contacts/*/disposition", "PUT", most=1) as choice:
                await desk.press("Alt+P")
                await desk.press("1")
                await choice.asked()
                await desk.press("2")
                for _ in range(2):  # whatever the second press asked of the server is answered by then
                    await page.evaluate("fetch('/api/me').then(answer => answer.text())")
            chosen = await page.locator("[name=disposition]:checked").get_attribute("id")
            await desk.press("Alt+U")
            await page.keyboard.insert_text("재산세")
            await desk.press("Enter")
            await desk.press("Alt+Enter")
            await desk.phase("empty")
            newest = page.locator(".today li").first
            await expect(newest).to_contain_text("재산세")
        await page.evaluate("fetch('/api/me').then(answer => answer.text())")
        await expect(newest).to_contain_text("재산세")
    query = "SELECT disposition FROM contact_note WHERE contact = %s"
    assert database.execute(query, (contact,)).fetchone() == (str(chosen).removeprefix("disposition-"),)


_RINGS = """() => {
  window.rings = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    window.rings.push(window.haedap.phone.call.value?.phase ?? 'ringing');
    return start.apply(this, when);
  };
}"""
"""Notes what the telephone is doing whenever the ringing tone begins."""


async def test_a_late_answer_does_nothing_to_the_next_contact(hire: Hire, sip: tuple[str, int]) -> None:
    """Neither to its call, nor to its form, nor is it closed."""
    desk = await hire("agent2")
    page = desk.page
    await page.evaluate(_RINGS)
    async with Held(page, "**/api/desk/control", "POST") as end:
        async with calling(sip, called=QUICK, caller="01000004018"):
            await desk.answer()
            await desk.press("F4")
            await end.asked()
        await desk.phase("wrap_up")
        await desk.press("Alt+A")
        await desk.state("available")
        async with calling(sip, called=QUICK, caller="01000004019"):
            await expect(page.locator('[data-call="ringing"]')).to_be_visible()
            await desk.phase("ringing")
            end.let_through()
            await desk.action("answer")
            await expect(page.locator(".strip-text")).to_be_empty()
            await desk.answer()
            await desk.press("F4")
            await desk.phase("wrap_up")
    rings = await page.evaluate("() => window.rings")
    assert rings, "it did not ring"
    assert set(rings) == {"ringing"}, "it rings in the agent's ear after the answer"
    await desk.press("Alt+A")
    await desk.phase("past")
    await _a_promise_is_late(desk)
    await _the_end_is_late(desk)


async def _a_promise_is_late(desk: Desk) -> None:
    """Two contacts are there; the newest is open."""
    page, older = desk.page, desk.page.locator(".today li button").nth(1)
    form = page.locator(".promise-form input[type=time]")
    asked, answered = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        asked.set()
        await answered.wait()
        await route.fulfill(json={})

    await page.route("**/api/desk/promise", late)
    await desk.press("Alt+C")
    await form.press("Enter")
    await asked.wait()
    await older.click()
    await desk.press("Alt+C")
    await form.fill("15:30")
    answered.set()
    await desk.action("openCase")
    await expect(form).to_have_value("15:30")
    await expect(page.locator(".callback-promised")).to_be_empty()
    await page.unroute("**/api/desk/promise")
    await form.press("Escape")


async def _the_end_is_late(desk: Desk) -> None:
    """The older contact is open; the agent finishes it and opens the newest."""
    page, newest = desk.page, desk.page.locator(".today li button").first
    await desk.press("Alt+U")
    await page.keyboard.insert_text("재산세")
    await desk.press("Enter")
    await desk.press("Alt+P")
    await desk.press("1")
    async with Held(page, "**/note", "PUT", most=1) as slow:
        await page.locator("#note").fill("끝")
        await desk.press("Alt+Enter")
        await slow.asked()
        await newest.click()
        await expect(newest).to_have_attribute("aria-current", "true")
    await desk.action("finish")
    await expect(newest).to_have_attribute("aria-current", "true")
    await desk.phase("past")


@contextmanager
def standing_still(postmaster: int) -> Iterator[None]:
    """The database answers nobody."""
    stopped = [postmaster]
    os.kill(postmaster, signal.SIGSTOP)  # from here on there are no new backends
    try:
        for backend in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text(encoding="ascii").split():
            os.kill(int(backend), signal.SIGSTOP)
            stopped.append(int(backend))
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


async def test_an_answer_is_seen_while_the_database_is_away(
    hire: Hire, sip: tuple[str, int], database: psycopg.Connection, centre: Centre
) -> None:
    """The citizen is heard by then."""
    desk = await hire("agent2")
    note = desk.page.locator("#note")
    async with calling(sip, called=QUICK, caller="01000004020"):
        await desk.phase("ringing")
        await expect(desk.page.locator('[data-call="ringing"]')).to_be_visible()
        await expect(desk.page.locator(".head-history:not([aria-busy])")).to_be_visible()  # the record is there
        with standing_still(centre.pid("postgresql")):
            await desk.answer()
            await desk.state("engaged")
            await expect(note).to_be_focused()
            await desk.page.keyboard.insert_text("들리는 대로 적은 말")
        await kept(database, await desk.contact(), "들리는 대로 적은 말")
        await desk.hears()
        await desk.press("F4")
        await desk.phase("wrap_up")


async def test_a_usual_topic_in_two_keystrokes(hire: Hire, sip: tuple[str, int], database: psycopg.Connection) -> None:
    desk = await hire("agent1")
    async with calling(sip, called=QUICK, caller="01000004006"):
        await desk.answer()
        await expect(desk.page.locator("#note")).to_be_focused()
        await desk.press("Alt+U")
        await desk.page.keyboard.type("재산세")
        await expect(desk.page.locator("#topic-list .usual")).to_have_count(0)
        await desk.press("Enter")
        await expect(desk.page.locator(".topic .note-status")).to_have_count(0)
        await desk.press("F4")
        await desk.phase("wrap_up")
        await desk.press("1")
        await desk.press("Alt+Enter")
    await desk.phase("empty")
    async with calling(sip, called=QUICK, caller="01000004007"):
        await desk.answer()
        await expect(desk.page.locator("#note")).to_be_focused()
        contact = await desk.contact()
        await desk.press("Alt+U")
        usual = desk.page.get_by_role("group", name="자주 쓰는 유형").get_by_role("option")
        await expect(usual.filter(has_text="재산세")).to_have_count(1)
        names = await usual.locator("strong").all_inner_texts()
        assert [await item.locator("kbd").inner_text() for item in await usual.all()] == [
            str(place) for place in range(1, len(names) + 1)
        ]
        await desk.press(str(names.index("재산세") + 1))
        await expect(desk.page.locator("#topic")).to_have_value("지방세·세외수입 › 지방세 › 재산세")
        await expect(desk.page.locator(".dispositions input:focus")).to_have_count(1)
        await desk.press("F4")
        await desk.phase("wrap_up")
        await desk.press("1")
        await desk.press("Alt+Enter")
    await desk.phase("empty")
    query = "SELECT t.code FROM contact_note n JOIN topic t ON t.id = n.topic_id WHERE n.contact = %s"
    assert database.execute(query, (contact,)).fetchone() == ("tax_local_property",)


async def _says(desk: Desk, role: str, words: str) -> bool:
    return words in await desk.said(role)


async def test_nothing_of_one_contact_is_left_for_the_next(hire: Hire, sip: tuple[str, int]) -> None:
    """Neither the offices that were found for it, nor what was sifted by, nor what went wrong."""
    desk = await hire("agent1")
    page = desk.page
    offices, sifted = page.locator(".pass-line", has_text="주무관"), page.locator(".knowledge-filters select")
    problem, error = page.locator(".finish .field-error"), page.locator(".strip-text")
    async with calling(sip, called=QUICK, caller="01000004013"):
        await desk.answer()
        await note_takes_typing(page)
        await desk.press("F7")
        await sifted.nth(0).select_option("article")
        await sifted.nth(1).select_option(index=1)
        await desk.press("Alt+T")
        await page.keyboard.insert_text("가로등이 꺼졌어요")
        await expect(offices.first).to_be_visible()
        await desk.press("F4")
        await desk.phase("wrap_up")
    await page.route("**/topic", lambda route: route.fulfill(status=400, json={"code": "no", "message": "없는 유형"}))
    await desk.press("Alt+U")
    await page.keyboard.insert_text("재산세")
    await desk.press("Enter")
    await expect(problem).to_have_text("없는 유형")
    await desk.press("Alt+A")
    await desk.phase("past")
    await desk.press("Alt+Enter")
    await expect(error).to_contain_text("상담유형")
    async with calling(sip, called=QUICK, caller="01000004014"):
        await desk.phase("ringing")
        await expect(error).to_be_empty()
        await expect(problem).to_be_empty()
        await desk.answer()
        await desk.press("Alt+T")
        await expect(page.locator(".pass-line").first).to_contain_text("대기열")
        await expect(offices).to_have_count(0)
        await desk.press("F7")
        for place in range(2):
            await expect(sifted.nth(place)).to_have_value("")
        await desk.press("F4")
        await desk.phase("wrap_up")


@contextmanager
def as_it_was(database: psycopg.Connection, username: str) -> Iterator[int]:
    """An account that the test changes, and its skills."""
    row = database.execute(
        "SELECT id, password, role, is_active, must_change_password FROM account WHERE username = %s", (username,)
    ).fetchone()
    assert row is not None
    skills = database.execute("SELECT skill_id, level FROM agent_skill WHERE account_id = %s", row[:1]).fetchall()
    try:
        yield row[0]
    finally:
        database.execute(
            "UPDATE account SET password = %s, role = %s, is_active = %s, must_change_password = %s WHERE id = %s",
            (*row[1:], row[0]),
        )
        for skill, level in skills:
            add = "INSERT INTO agent_skill (account_id, skill_id, level) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
            database.execute(add, (row[0], skill, level))
        command(database, "plan_changed")


async def test_what_an_administrator_does_in_mid_call_is_said_at_once(
    hire: Hire,
    someone: Callable[[], Awaitable[BrowserContext]],
    sip: tuple[str, int],
    database: psycopg.Connection,
) -> None:
    with as_it_was(database, "agent3") as account:
        admin = await log_in(await someone(), "admin", f"/centre/people/{account}/")
        desk = await hire("agent3")
        said = desk.page.locator(".strip-text")
        async with calling(sip, called=QUICK, caller="01000004011") as citizen:
            await desk.answer()
            await desk.hears()
            await admin.get_by_label("역할").select_option("supervisor")
            await admin.get_by_role("button", name="저장").click()
            await expect(said).to_contain_text("내 역할이 바뀌어")
            await expect(said).to_contain_text("통화는 이어지며")
            await expect(said).to_contain_text("이 상담은 여기서 마무리")
            await desk.page.locator("#note").fill("역할이 바뀐 뒤에 쓴 메모")
            await expect(desk.page.locator(".note-status[data-status=saved]")).to_be_visible()
            for there in (1, 0):
                await desk.action("hold")
                await desk.press("F8")
                await expect(desk.page.locator(".tag-hold")).to_have_count(there)
            await admin.goto(f"/centre/people/{account}/")
            await admin.locator("[name=is_active]").uncheck()
            await admin.get_by_role("button", name="저장").click()
            await expect(said).to_contain_text("사용을 중지했습니다")
            await desk.hears()
            await hears_agent(citizen.media)
            await desk.press("F4")
            assert (await citizen.ended()).ok
            await expect(said).not_to_contain_text("통화는 이어지며")


async def test_a_password_set_anew_in_mid_call(
    hire: Hire,
    someone: Callable[[], Awaitable[BrowserContext]],
    sip: tuple[str, int],
    database: psycopg.Connection,
) -> None:
    """The call goes on, and after it nobody else's is put to a desk that cannot see it."""
    with as_it_was(database, "agent3") as account:
        admin = await log_in(await someone(), "admin", f"/centre/people/{account}/")
        desk = await hire("agent3")
        said = desk.page.locator(".strip-text")
        async with calling(sip, called=QUICK, caller="01000004012") as citizen:
            await desk.answer()
            await desk.hears()
            contact = await desk.contact()
            await admin.locator(f'form[action="/centre/people/{account}/password"] button').click()
            await expect(said).to_contain_text("비밀번호가 바뀌어")
            await note_takes_typing(desk.page)
            await desk.page.keyboard.type("로그아웃된 동안 적은 말")
            other = await desk.page.context.new_page()
            await _log_in_anew(other, "agent3", await admin.locator("code").nth(1).inner_text())
            await expect(desk.page.locator(".me-reason")).to_contain_text("다음: 로그아웃")
            await other.close()
            await kept(database, contact, "로그아웃된 동안 적은 말")
            await desk.hears()
            await desk.press("F4")
            assert (await citizen.ended()).ok
        await desk.phase("wrap_up")
        row = database.execute("SELECT pending FROM agent_status WHERE agent = %s", (account,)).fetchone()
        assert row == ("signed_out",)


async def _log_in_anew(page: Page, username: str, password: str) -> None:
    """With the first password, which is changed at once."""
    await page.goto("/login?next=/desk/")
    await page.locator("[name=username]").fill(username)
    await page.locator("[name=password]").fill(password)
    await page.keyboard.press("Enter")
    await page.locator("[name=old]").fill(password)
    for field in ("new", "again"):
        await page.locator(f"[name={field}]").fill("Haedap-Demo-2-new")
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda address: "/password" not in address)


async def test_who_has_a_telephone_on_the_desk_is_not_sent_to_a_key(
    someone: Callable[[], Awaitable[BrowserContext]], database: psycopg.Connection
) -> None:
    """`F2` answers in the browser only."""
    database.execute("UPDATE account SET telephone = 'desk' WHERE username = 'agent3'")
    try:
        desk = Desk(await log_in(await someone(), "agent3", "/desk/"))
        await desk.take_calls()
        await expect(desk.page.locator(".head-idle")).to_contain_text("책상 전화")
        await expect(desk.page.locator(".head-idle")).not_to_contain_text("F2")
    finally:
        send_all_home(database)
        database.execute("UPDATE account SET telephone = 'browser' WHERE username = 'agent3'")


_NOT_ASKED_YET = """() => {
  window.asked = 0;
  window.Notification = class {
    static permission = "default";
    static requestPermission() { window.asked += 1; return Promise.resolve("default"); }
  };
}"""


async def test_who_takes_calls_is_asked_once_whether_the_browser_may_tell_of_them(
    someone: Callable[[], Awaitable[BrowserContext]], database: psycopg.Connection
) -> None:
    """Each change of the agent's state added another question to the next click."""
    context = await someone()
    await context.add_init_script(f"({_NOT_ASKED_YET})()")
    desk = await Desk.of(context, "agent1")
    try:
        await desk.take_calls()
        for _ in range(2):
            await desk.press("Alt+O")
            await desk.press("1")
            await desk.state("away")
            await desk.press("Alt+A")
            await desk.state("available")
        await desk.page.locator("#today-title").click()
        assert await desk.page.evaluate("() => window.asked") == 1
    finally:
        send_all_home(database)
