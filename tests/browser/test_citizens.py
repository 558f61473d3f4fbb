"""A family's telephone: the desk asks which of them it is, and never takes the cursor out of the note."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.async_api import expect

from tests.browser.conftest import Hire
from tests.browser.support.citizen import calling
from tests.browser.support.numbers import QUICK
from tests.browser.support.pages import Held
from tests.browser.test_cases import look
from tests.browser.test_frontend_access import AXE, violations

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

CALLER, E164 = "01000004882", "+821000004882"
RULES = Path(AXE).read_text(encoding="utf-8")


async def test_who_shares_a_telephone_is_chosen_by_a_key(
    hire: Hire, sip: tuple[str, int], database: psycopg.Connection[Any]
) -> None:
    _family(database)
    desk = await hire("agent1")
    await desk.page.evaluate(RULES)
    async with calling(sip, called=QUICK, caller=CALLER) as citizen:
        await desk.answer()
        note = desk.page.locator("#note")
        await expect(note).to_be_focused()
        await expect(desk.page.locator(".who-line")).to_have_count(3)
        await expect(desk.page.locator(".head-name.unknown")).to_be_visible()
        await expect(desk.page.locator(".head > [role=status]")).to_contain_text("2명")
        await desk.page.keyboard.insert_text("1번 민원")
        await look(desk.page, "citizen-choice")
        assert await violations(desk.page) == []
        await expect(note).to_be_focused()
        await desk.press("Alt+5")
        await desk.press("2")
        await expect(desk.page.locator(".head-name")).to_have_text("나라")
        await expect(note).to_be_focused()
        await expect(note).to_have_value("1번 민원")
        await expect(desk.page.locator(".head > [role=status]")).to_contain_text("나라")
        await desk.press("Alt+5")
        await desk.page.keyboard.insert_text("나라")
        async with Held(desk.page, "**/citizens", "POST") as search:
            await desk.press("Enter")
            await search.asked()
            await desk.page.keyboard.insert_text("2")
        await desk.page.evaluate("fetch('/api/me').then(answer => answer.text())")
        await expect(desk.page.locator("#who-sought")).to_be_focused()
        await expect(desk.page.locator(".who-line")).to_have_count(0)
        await desk.press("Control+A")
        await desk.page.keyboard.insert_text("다솜")
        await desk.press("Enter")
        await expect(desk.page.locator(".who-line")).to_have_count(1)
        await look(desk.page, "citizen-search")
        topic = desk.page.locator("[data-place=topic]")
        async with Held(desk.page, "**/citizen", "POST") as choice:
            await desk.press("0")
            await choice.asked()
            await desk.press("Alt+U")
            await desk.page.keyboard.insert_text("재산")
        await expect(desk.page.locator(".head-name")).to_have_text("다솜")
        await desk.page.evaluate("fetch('/api/me').then(answer => answer.text())")
        await expect(topic).to_be_focused()
        await expect(topic).to_have_value("재산")
        contact = await desk.contact()
        await desk.press("F4")
        assert (await citizen.ended()).ok
    query = "SELECT c.name FROM contact_citizen JOIN citizen c ON c.id = citizen WHERE contact = %s"
    assert database.execute(query, (contact,)).fetchall() == [("다솜",)]


def _family(database: psycopg.Connection[Any]) -> None:
    """Two who have the telephone."""
    for name in ("가람", "나라"):
        database.execute(
            "WITH new AS (INSERT INTO citizen (name) VALUES (%s) RETURNING id)"
            " INSERT INTO citizen_number (number, citizen) SELECT %s, id FROM new",
            (name, E164),
        )
