"""KWCAG by machine: axe finds nothing on any page in any state; and no page asks another host for anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, ViewportSize, expect

from tests.browser.conftest import Hire
from tests.browser.support.citizen import calling
from tests.browser.support.numbers import QUICK
from tests.browser.support.pages import Desk, log_in, places
from tests.support.centre import CHECKOUT, Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = CHECKOUT / "frontend/node_modules/axe-core/axe.min.js"

ONE_LINE = 30
"""So high is the name in the header, in CSS pixels, where it stands in one line."""
A4: ViewportSize = {"width": 794, "height": 1123}
AT_400_PERCENT: ViewportSize = {"width": 320, "height": 256}
"""1280 dots, as KWCAG and WCAG 1.4.10 say."""
TELEPHONE: ViewportSize = {"width": 390, "height": 844}
NUMBERS = "time, .number, .hd-number"
LONG_QUEUE = "생활불편·환경·청소·대형폐기물·불법주정차·가로등 통합 상담"

Someone = Callable[[], Awaitable[BrowserContext]]


class Watch:
    """What a page does that it should not: errors in its console, requests to other hosts."""

    def __init__(self, page: Page, centre: Centre) -> None:
        self.errors: list[str] = []
        self.strangers: list[str] = []
        self._own = urlsplit(centre.url).hostname
        page.on("console", self._said)
        page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(message.text)

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != self._own:
            self.strangers.append(request.url)

    def check(self) -> None:
        assert self.errors == []
        assert self.strangers == []


async def violations(page: Page) -> list[tuple[str, Any]]:
    """What axe finds, with the elements. Its script comes as an init script: the page's own policy stays as it is."""
    found: list[dict[str, Any]] = await page.evaluate("async () => (await axe.run(document)).violations")
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]


async def ready(context: BrowserContext) -> None:
    await context.add_init_script(path=Path(AXE))


@pytest.mark.parametrize(
    ("username", "paths"),
    [
        (None, ("/login", "/demo/phone", "/message/sent")),
        ("agent2", ("/contacts/", "/promises/", "/wallboard/", "/password")),
        (
            "supervisor",
            ("/contacts/", "/wallboard/", "/wallboard/figures/answer_rate/", "/supervision/", "/supervision/flags/"),
        ),
        (
            "admin",
            (
                "/centre/",
                "/centre/people/",
                "/centre/people/new",
                "/centre/queues/",
                "/centre/skills/",
                "/centre/numbers/",
                "/centre/hours/",
                "/centre/flows/",
                "/centre/prompts/",
                "/centre/away-reasons/",
                "/centre/settings",
                "/centre/access-log/",
                "/knowledge/import/",
                "/knowledge/articles/cctv-view/",
            ),
        ),
    ],
)
async def test_pages(someone: Someone, centre: Centre, username: str | None, paths: tuple[str, ...]) -> None:
    context = await someone()
    await ready(context)
    page = await (log_in(context, username) if username else context.new_page())
    watch = Watch(page, centre)
    for path in paths:
        answer = await page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        await page.locator("main h1").wait_for(state="attached")
        assert await violations(page) == [], path
        assert await out_of_shape(page) == [], path
        if username:
            assert await page.locator(".hd-brand").evaluate("it => it.offsetHeight") <= ONE_LINE, path
            assert await page.locator(".hd-brand > small").evaluate("it => it.offsetWidth > 0"), path
    watch.check()


@pytest.mark.parametrize("path", ["/desk/", "/contacts/", "/reports/mine/"])
async def test_an_agents_page_at_400_percent_scrolls_down_and_not_sideways(someone: Someone, path: str) -> None:
    page = await log_in(await someone(), "agent2", path)
    await page.locator("main h1").wait_for(state="attached")
    if path == "/desk/":
        await page.locator("#note").wait_for()
    assert await out_of_shape(page) == []


@pytest.mark.parametrize("path", ["/b/nobody", "/c/nobody", "/k/nobody"])
async def test_who_has_a_void_address_can_call_the_centre(someone: Someone, path: str) -> None:
    """Officers read it on a telephone."""
    page = await (await someone()).new_page()
    answer = await page.goto(path)
    assert answer is not None
    assert answer.status == 410
    await expect(page.get_by_role("link", name="02-0000-0120")).to_have_attribute("href", "tel:+82200000120")
    assert await out_of_shape(page) == []


async def out_of_shape(page: Page, window: ViewportSize = AT_400_PERCENT, *, whole: str = NUMBERS) -> list[str]:
    """What is wrong in a narrow window: the page can be moved to the side, or what should stay `whole` is broken."""
    usual = page.viewport_size
    assert usual is not None
    await page.set_viewport_size(window)
    found: list[str] = await page.evaluate(_OUT_OF_SHAPE, whole)
    await page.set_viewport_size(usual)
    return found


_OUT_OF_SHAPE = """(whole) => [
    ...[document.documentElement].filter((page) => page.scrollWidth > page.clientWidth).map(() => "sideways"),
    ...[...document.querySelectorAll(whole)].filter((it) => {
        const text = document.createRange();
        text.selectNodeContents(it);
        return !it.firstElementChild && new Set([...text.getClientRects()].map((line) => line.bottom)).size > 1;
    }).map((it) => it.textContent),
]"""


async def test_the_chosen_page_of_several_is_seen_in_high_contrast(someone: Someone) -> None:
    page = await log_in(await someone(), "admin", "/centre/queues/")
    await page.emulate_media(forced_colors="active")
    assert await drawn(page, ".hd-tabs [aria-current]", "borderBottomColor") != await drawn(
        page, ".hd-tabs a:not([aria-current])", "borderBottomColor"
    )


async def test_what_is_drawn_for_the_desk_stays_there(someone: Someone) -> None:
    """The notes below the tables of a yearbook stood over its text."""
    page = await log_in(await someone(), "supervisor", "/yearbook/")
    await page.locator("main").evaluate("it => it.insertAdjacentHTML('beforeend', '<p class=\"note\">산식</p>')")
    assert await drawn(page, "main p.note", "position") == "static"


async def drawn(page: Page, selector: str, value: str) -> str:
    """How the first of these is drawn."""
    return str(await page.locator(selector).first.evaluate(f"it => getComputedStyle(it).{value}"))


async def test_on_paper_no_column_is_cut_off_and_no_button_stands(someone: Someone) -> None:
    page = await log_in(await someone(), "admin", "/centre/queues/")
    await page.emulate_media(media="print")
    await page.set_viewport_size(A4)
    await expect(page.get_by_role("heading", name="대기열")).to_be_visible()
    for pressed in (page.get_by_role("navigation"), page.get_by_role("link", name="추가", exact=True)):
        await expect(pressed.filter(visible=True)).to_have_count(0)
    assert await page.evaluate("document.documentElement.scrollWidth") == A4["width"]
    assert await page.locator(".krds-table-wrap").evaluate("it => it.scrollWidth <= it.clientWidth")


async def test_wallboard_dark_and_light(someone: Someone) -> None:
    context = await someone()
    await ready(context)
    page = await log_in(context, "supervisor", "/wallboard/")
    themes = set()
    for _ in range(2):
        await page.locator('[data-figure="service_level"] button').click()
        await expect(page.locator(".tile-definition")).to_contain_text("÷")
        themes.add(await page.locator("html").get_attribute("data-theme"))
        assert await violations(page) == []
        await page.locator('[data-figure="service_level"] button').click()
        await page.locator(".board-bar button").click()
    assert themes == {"dark", "light"}


LOW = (820, 768, 744, 740, 700)
"""Lines of a window: the smallest screen, and what the browser's own bars leave of it."""
SMALL = {"its own bars": (1366, 633), "125 %": (1093, 614), "200 %": (683, 384)}
NARROW = {"200 %": (683, 384), "a telephone": (390, 844), "400 %": (342, 192)}


async def test_wallboard_is_read_on_narrow_screens(someone: Someone) -> None:
    """The page goes up and down only, no word lies on another, and each definition is seen whole."""
    page = await log_in(await someone(), "supervisor", "/wallboard/")
    names = await page.locator("[data-figure]").evaluate_all("all => all.map(it => it.dataset.figure)")
    for name, (width, height) in NARROW.items():
        await page.set_viewport_size({"width": width, "height": height})
        for figure in names:
            button = page.locator(f'[data-figure="{figure}"] button')
            await button.click()
            shown = await page.locator(".tile-definition").bounding_box()
            assert shown is not None
            assert shown["x"] >= 0, (name, figure)
            assert await page.evaluate("document.documentElement.scrollWidth") == width, (name, figure)
            await button.click()
        assert await page.evaluate(_TOUCHING) == [], name


_TOUCHING = """() => [...document.querySelectorAll(".tile")].filter((tile) => {
    const level = document.createElement("span");
    level.className = "tile-level";
    level.textContent = "심각";
    if (!tile.querySelector(".tile-level")) tile.firstElementChild.append(level);
    const [name, beside] = [".tile-name", ".tile-level"].map((part) => {
        const words = document.createRange();
        words.selectNodeContents(tile.querySelector(part));
        return words.getBoundingClientRect();
    });
    level.remove();
    return name.right > beside.left && name.bottom > beside.top;
}).map((tile) => tile.dataset.figure)"""


async def in_reach(page: Page) -> None:
    """In a browser with its own bars, and enlarged: nothing lies on a control, and nothing is cut off at the side."""
    usual = page.viewport_size
    assert usual is not None
    for name, (width, height) in SMALL.items():
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate("document.documentElement.scrollWidth") == width, name
        assert await page.evaluate(_OUT_OF_REACH) == [], name
    await page.set_viewport_size(usual)


_OUT_OF_REACH = """() => {
    const controls = document.querySelectorAll(".hd-nav a, #note, .desk-centre [data-action], .desk-right [role=tab]");
    const covered = [...controls].filter((control) => {
        control.scrollIntoView({block: "center", behavior: "instant"});
        const {left, top, width, height} = control.getBoundingClientRect();
        return !control.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    });
    return covered.map((control) => control.textContent);
}"""


async def beside_each_other(page: Page) -> None:
    """However long the names are: number, name, queue and clock stand beside each other, and each is seen."""
    await page.locator(".head-queue[title]").evaluate("(it, name) => (it.textContent = name)", LONG_QUEUE)
    usual = page.viewport_size
    assert usual is not None
    for name, (width, height) in SMALL.items():
        await page.set_viewport_size({"width": width, "height": height})
        parts: list[list[float]] = await page.evaluate(_HEAD_LINE)
        assert all(right - left > 30 for left, right, *_ in parts), (name, parts)
        assert not [each for each in pairwise(parts) if each[0][2:] == each[1][2:] and each[0][1] > each[1][0]], name
    await page.set_viewport_size(usual)


_HEAD_LINE = """() => [
    ".head-phase", ".head-who > .hd-number", ".head-name", ".who-open", ".head-queue[title]", ".head-clock",
].map((part) => document.querySelector(part)).filter((part) => part)
    .map((part) => part.getBoundingClientRect()).map(({left, right, top, bottom}) =>
        [left, right, Math.round((top + bottom) / 2 / 20)])"""


async def told_without_colours(page: Page) -> None:
    """With the high contrast of Windows it is seen what can be pressed, and where one is."""

    await page.emulate_media(forced_colors="active")
    assert await drawn(page, '[data-action="answer"]', "color") != await drawn(page, '[data-action="end"]', "color")
    for chosen, other in (
        ("[role=tab][aria-selected=true]", "[role=tab][aria-selected=false]"),
        (".hd-nav a[aria-current=page]", ".hd-nav a:not([aria-current])"),
    ):
        assert await drawn(page, chosen, "borderBottomColor") != await drawn(page, other, "borderBottomColor"), chosen
    await page.emulate_media(forced_colors="none")


async def the_topic_is_seen_without_colours(page: Page) -> None:
    await page.emulate_media(forced_colors="active")
    chosen, others = ".topic-list [aria-selected=true]", ".topic-list"
    assert await drawn(page, chosen, "backgroundColor") != await drawn(page, others, "backgroundColor")
    await page.emulate_media(forced_colors="none")


_SURGE = """INSERT INTO radar_alarm (title, signs, window_seconds, observed, expected, since, raised_at, last_at)
SELECT title, '[]', 3600, 12, 2, now(), now(), now() FROM unnest(ARRAY['수돗물에서 냄새가 남', '가로등이 꺼짐']) title
RETURNING id"""


_OWED = {
    "id": "00000000-0000-4000-8000-000000000000",
    "reason": "상담사가 약속함",
    "owner": "빠른 상담",
    "deadline": "2026-11-24T06:00:00Z",
    "urgency": "near",
    "texts": [],
    "voicemail": False,
    "origin": None,
}


async def the_last_row_is_seen_below_all_news(desk: Desk, database: psycopg.Connection[Any]) -> None:
    """There are a promise, two surges and the banner over invented data."""
    usual = desk.page.viewport_size
    assert usual is not None
    promises = {"keeps": None, "owed": [_OWED], "resumes": None, "not_reached": None}
    await desk.page.route("**/api/desk/contacts/*/promises", lambda route: route.fulfill(json=promises))
    try:
        for city, heights in (("icheon", LOW), ("", (*LOW, SMALL["its own bars"][1]))):
            database.execute("UPDATE centre_settings SET synthetic = %s", (city,))
            await desk.page.reload()
            await desk.page.locator(".desk-surges button").nth(1).wait_for()
            await expect(desk.page.locator(".callback-urgent")).to_be_visible()
            await expect(desk.page.locator(".hd-synthetic")).to_have_count(1 if city else 0)
            hidden = {}
            for height in heights:
                await desk.page.set_viewport_size({"width": usual["width"], "height": height})
                centre = desk.page.locator(".desk-centre")
                hidden[height] = await centre.evaluate("it => it.scrollHeight - it.clientHeight")
            await desk.page.set_viewport_size(usual)
            assert set(hidden.values()) == {0}, (city, hidden)
    finally:
        database.execute("UPDATE centre_settings SET synthetic = ''")
        await desk.page.unroute("**/api/desk/contacts/*/promises")


async def no_line_of_the_head_is_cut(page: Page) -> None:
    """What is said below the name takes room from the last contacts, by whole lines; the name has its own."""
    assert await page.evaluate(_CUT_IN_THE_HEAD) == []


_CUT_IN_THE_HEAD = """() => {
    const [head, row, history] = [".head", ".head-row", ".head-history"].map((part) => document.querySelector(part));
    const earlier = document.createElement("li");
    earlier.textContent = "9:00";
    for (let n = 0; n < 3; n++) history.append(earlier.cloneNode(true));
    const box = (it) => it.getBoundingClientRect();
    const whole = (it, place) => box(it).top >= box(place).top && box(it).bottom <= box(place).bottom;
    const there = (it) => box(it).left < box(head).right && box(it).top < box(head).bottom;
    const cut = [...row.children].filter((it) => !whole(it, row));
    cut.push(...[...history.children].filter((it, n) => n === 0 || there(it)).filter((it) => !whole(it, head)));
    for (let n = 0; n < 3; n++) history.lastElementChild.remove();
    return cut.map((it) => it.textContent);
}"""


async def test_desk_in_every_state(
    hire: Hire, centre: Centre, sip: tuple[str, int], database: psycopg.Connection[Any]
) -> None:
    desk = await hire("agent1")
    await ready(desk.page.context)
    await desk.page.reload()
    await desk.telephone_ready()
    watch = Watch(desk.page, centre)
    before = await places(desk)

    async def fine(state: str) -> None:
        assert await violations(desk.page) == [], state
        assert await places(desk) == before, state

    await fine("available")
    async with calling(sip, called=QUICK, caller="01000003003", name="홍시민" * 12):
        await desk.phase("ringing")
        await fine("ringing")
        assert await desk.page.locator(".head .hd-number").evaluate("it => it.scrollWidth <= it.clientWidth")
        await beside_each_other(desk.page)
        await desk.answer()
        await fine("talking")
        await in_reach(desk.page)
        await told_without_colours(desk.page)
        await desk.press("F3")
        await expect(desk.page.locator("#case-query")).to_be_focused()
        await fine("a case is being opened")
        await expect(desk.page.locator("#note")).to_be_in_viewport(ratio=1)
        await desk.press("Escape")
        await desk.press("Alt+C")
        await expect(desk.page.locator("[data-place=promise]")).to_be_focused()
        await fine("a call is being promised")
        await expect(desk.page.locator(".promise-form [type=submit]")).to_be_in_viewport(ratio=1)
        await desk.press("Escape")
        for key, sign in (("F8", ".tag-hold"), ("Alt+M", ".tag-mute"), ("Alt+R", ".tag-pause")):
            await desk.press(key)
            await desk.page.locator(sign).wait_for()
        await desk.action("hold")  # nothing is pale because it is under way
        await fine("held, muted, recording paused")
        await no_line_of_the_head_is_cut(desk.page)
        await desk.press("Alt+U")
        await desk.page.locator("#topic-list").wait_for()
        await fine("topics")
        await the_topic_is_seen_without_colours(desk.page)
        await desk.press("Escape")
        await desk.press("Alt+/")
        await desk.page.locator(".help").wait_for()
        await fine("keys")
        await desk.press("Escape")
        await desk.press("Alt+K")
        await desk.page.locator(".keypad").wait_for()
        assert await violations(desk.page) == []
        await desk.press("F4")
        await desk.phase("wrap_up")
        await fine("wrap-up")
        alarms = [row[0] for row in database.execute(_SURGE)]
        await desk.page.locator(".desk-surges button").nth(1).wait_for()
        await fine("many call about two things")
    await desk.press("Alt+A")
    await desk.phase("past")
    await fine("not finished")
    await the_last_row_is_seen_below_all_news(desk, database)
    database.execute("DELETE FROM radar_alarm WHERE id = ANY(%s)", (alarms,))
    watch.check()
