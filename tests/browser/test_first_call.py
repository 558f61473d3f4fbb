"""The first real call: from a citizen's telephone to the record, with keys only."""

from __future__ import annotations

import io
import wave
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import numpy as np
import psycopg
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import Hire
from tests.browser.support.citizen import TONE, calling
from tests.browser.support.pages import Desk, follow, log_in, until
from tests.browser.support.sounds import hears_agent, hears_announcement, hears_music, hears_nothing
from tests.browser.test_frontend_access import out_of_shape
from tests.telephony.support.sound import RATE, Samples, presence

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

MAIN_NUMBER = "0200000120"
CALLER, SHOWN = "01000004801", "010-0000-4801"
NOTE = "재산세 고지서를 받지 못함.\n전자고지 신청을 안내함."
REASON = "민원인 이의 확인"
_PUSHED_WITHIN_SECONDS = 3.0
"""One where the browser, the centre and the tests do not share two processors with others."""
_WATCH = """() => {
  window.seen = [];
  const look = () => {
    const now = {};
    for (const tile of document.querySelectorAll('[data-figure]'))
      now[tile.dataset.figure] = tile.querySelector('.tile-value').textContent;
    const last = window.seen.at(-1);
    if (!last || JSON.stringify(last.figures) !== JSON.stringify(now)) window.seen.push({at: Date.now(), figures: now});
  };
  look();
  new MutationObserver(look).observe(document.getElementById('wallboard'),
    {subtree: true, childList: true, characterData: true});
}"""


async def test_the_first_real_call(
    hire: Hire,
    someone: Callable[[], Awaitable[BrowserContext]],
    sip: tuple[str, int],
    database: psycopg.Connection[Any],
) -> None:
    board = await log_in(await someone(), "supervisor", "/wallboard/")
    await _wait_for_figures(board)
    await board.evaluate(_WATCH)
    desk = await hire("agent1")
    async with calling(sip, called=MAIN_NUMBER, caller=CALLER, name="김민원") as citizen:
        await hears_announcement(citizen.media)
        contact = await _contact_at_the_menu(database)
        citizen.media.press("1")
        await desk.phase("ringing")
        assert await desk.said("alert") == f"전화가 왔습니다. {SHOWN}. F2를 누르면 받습니다."
        await expect(desk.page.locator("#head-title")).to_contain_text(SHOWN)
        await expect(desk.page.locator("#head-title")).to_contain_text("김민원")
        await expect(desk.page.locator(".head")).to_contain_text("지방세")
        await desk.answer()
        await desk.hears()
        await hears_agent(citizen.media)
        await _work_with_the_call(desk, citizen.media)
        await desk.press("F4")
        await desk.state("wrap_up")
        ended = await citizen.ended()
        assert ended.ok, ended.errors
    await _finish(desk)
    await _was_counted(board, database, contact)
    await _record_tells_it(board, database, contact)


async def _wait_for_figures(board: Page) -> None:
    await expect(board.locator('[data-figure="offered"] .tile-value')).not_to_have_text("–")


async def _contact_at_the_menu(database: psycopg.Connection[Any]) -> str:
    """Wait until the citizen hears the menu; returns the contact."""
    query = (
        "SELECT j.contact::text FROM journal j JOIN contact c ON c.id = j.contact"
        " WHERE j.name = 'FlowStepEntered' AND j.data->>'step' = 'menu' AND c.caller = %s"
    )
    found: list[str] = []

    async def there() -> bool:
        row = database.execute(query, (f"+82{CALLER[1:]}",)).fetchone()
        found.extend(row or ())
        return row is not None

    await until(there, "the menu was not reached")
    return found[0]


async def _work_with_the_call(desk: Desk, media: Any) -> None:
    """Note, hold, mute, keypad, recording: each by its key, each with what the citizen hears of it."""
    note = desk.page.locator("#note")
    await expect(note).to_be_focused()
    await desk.page.keyboard.type(NOTE)
    await expect(desk.page.locator(".note-status[data-status=saved]")).to_have_text("저장됨")
    await desk.press("F8")
    await expect(desk.page.locator(".tag-hold")).to_be_visible()
    await hears_music(media)
    await desk.action("hold")
    await desk.press("F8")
    await expect(desk.page.locator(".tag-hold")).to_have_count(0)
    await hears_agent(media)
    await desk.action("mute")
    await desk.press("Alt+M")
    await expect(desk.page.locator(".tag-mute")).to_be_visible()
    await hears_nothing(media)
    await desk.action("mute")
    await desk.press("Alt+M")
    await expect(desk.page.locator(".tag-mute")).to_have_count(0)
    await hears_agent(media)
    await desk.press("Alt+K")
    await expect(desk.page.locator(".keypad button").first).to_be_focused()
    for digit in "5#":
        await desk.action("keypad")
        await desk.press(digit)
        await until(lambda digit=digit: _heard(media, digit), f"the citizen's side did not get {digit}")  # type: ignore[misc]
    await desk.press("Escape")
    await expect(note).to_be_focused()
    await desk.action("recording")
    await desk.press("Alt+R")
    await expect(desk.page.locator(".tag-pause")).to_be_visible()
    await media.listen(1.5)
    await desk.action("recording")
    await desk.press("Alt+R")
    await expect(desk.page.locator(".tag-pause")).to_have_count(0)
    await media.listen(1.5)


async def _heard(media: Any, digit: str) -> bool:
    return bool(media.digits.endswith(digit))


async def _finish(desk: Desk) -> None:
    """Topic in three strokes, disposition in one, done in one."""
    await desk.press("Alt+U")
    await desk.page.keyboard.insert_text("ㅈㅅㅅ")
    await desk.press("Enter")
    await expect(desk.page.locator("#topic")).to_have_value("지방세·세외수입 › 지방세 › 재산세")
    await desk.press("1")
    await expect(desk.page.locator("[name=disposition]:checked + span")).to_contain_text("상담 완료")
    await desk.action("finish")
    await desk.press("Alt+Enter")
    await desk.state("available")
    await desk.phase("empty")
    assert await desk.said("status") == "대기"


async def _was_counted(board: Page, database: psycopg.Connection[Any], contact: str) -> None:
    """The wallboard showed the contact as offered and as answered soon after each."""
    for figure, fact in (("offered", "ContactQueued"), ("answered", "SegmentStarted")):
        row = database.execute("SELECT at FROM journal WHERE contact = %s AND name = %s", (contact, fact)).fetchone()
        assert row is not None
        shown = await _time_shown(board, figure)
        assert (shown - row[0]).total_seconds() < _PUSHED_WITHIN_SECONDS, (figure, row[0], shown)


async def _time_shown(board: Page, figure: str) -> datetime:
    """When the figure grew by one."""
    seen = await board.evaluate("() => window.seen")
    first = int(seen[0]["figures"][figure])
    grown = [moment for moment in seen if int(moment["figures"][figure]) == first + 1]
    assert grown, (figure, seen)
    return datetime.fromtimestamp(grown[0]["at"] / 1000).astimezone()


async def _record_tells_it(page: Page, database: psycopg.Connection[Any], contact: str) -> None:
    """The supervisor finds it by number, reads it, states a reason and hears it."""
    await page.goto("/contacts/")
    await page.get_by_label("번호, 이름 또는 메모의 낱말").fill(SHOWN)
    await follow(page.get_by_role("button", name="찾기"))
    row = page.get_by_role("row").filter(has_text=SHOWN)
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("상담 완료")
    assert await out_of_shape(page, whole="tbody a") == []
    await row.get_by_role("link").click()
    await page.wait_for_url(f"**/contacts/{contact}/")
    story = page.locator(".hd-timeline").first
    for sentence in ("지방세", "님이 받아 통화를 시작했습니다", "보류", "마이크를 껐", "녹취를 멈췄", "후처리"):
        await expect(story).to_contain_text(sentence)
    await expect(page.locator(".hd-note")).to_contain_text("전자고지 신청을 안내함.")
    await _recording_is_ready(page, database, contact)
    await page.get_by_label("듣는 사유").fill(REASON)
    parts: list[int] = []
    page.on("response", lambda answer: parts.append(answer.status) if "/recording" in answer.url else None)
    await page.get_by_role("button", name="듣기").click()
    await _plays(page)
    assert 206 in parts
    logged = database.execute(
        "SELECT a.reason, p.username FROM access_log a JOIN account p ON p.id = a.account"
        " WHERE a.contact = %s AND a.action = 'recording.listened'",
        (contact,),
    ).fetchall()
    assert logged == [(REASON, "supervisor")]
    await _recording_is_true(page)


async def _recording_is_ready(page: Page, database: psycopg.Connection[Any], contact: str) -> None:
    async def ready() -> bool:
        row = database.execute("SELECT status FROM recording WHERE contact = %s", (contact,)).fetchone()
        return row is not None and row[0] == "ready"

    await until(ready, "the recording is not ready")
    await page.reload()


async def _plays(page: Page) -> None:
    """The player plays from the beginning, and from a place that is chosen."""
    await page.wait_for_selector("audio")
    begins, jumps = await page.evaluate(
        """async () => {
          const audio = document.querySelector('audio');
          const past = second => new Promise(resolve => {
            const look = () => audio.currentTime > second ? resolve(audio.currentTime) : setTimeout(look, 20);
            look();
          });
          await audio.play();
          const begins = await past(0.2);
          const target = audio.duration - 1.5;
          audio.currentTime = target;
          return [begins, (await past(target + 0.2)) - target];
        }"""
    )
    assert 0.2 < begins < 5
    assert 0.2 < jumps < 1.6


async def _recording_is_true(page: Page) -> None:
    """Citizen and agent are in the recording; the paused part is not."""
    address = await page.locator("audio").get_attribute("src")
    assert address is not None
    answer = await page.request.get(address)
    with wave.open(io.BytesIO(await answer.body())) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        samples: Samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64) / 32768.0
    assert presence(samples, TONE) > 0.1
    step = RATE // 10
    silent = [not np.any(np.abs(samples[start : start + step]) > 0.002) for start in range(0, len(samples), step)]
    assert "x" * 10 in "".join("x" if quiet else "." for quiet in silent).strip("x"), "nothing was left out"
