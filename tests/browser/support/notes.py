"""The note at the desk, and what the server has of it."""

from __future__ import annotations

import psycopg
from playwright.async_api import Page, expect

from tests.browser.support.pages import until


def saved_note(database: psycopg.Connection, contact: str) -> str:
    row = database.execute("SELECT text FROM contact_note WHERE contact = %s", (contact,)).fetchone()
    return str(row[0]) if row else ""


async def kept(database: psycopg.Connection, contact: str, text: str) -> None:
    """Wait until the server has this note. The page's word alone may still be about the text before."""

    async def there() -> bool:
        return saved_note(database, contact) == text

    await until(there, f"the note {text!r} is saved")


async def note_takes_typing(page: Page) -> None:
    await expect(page.locator("#note")).to_be_focused()


async def note_status(page: Page, status: str) -> None:
    await expect(page.locator(".note .note-status")).to_have_attribute("data-status", status)
