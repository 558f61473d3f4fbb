"""What measurements of the web side share: a database of their own, people on duty, a web process, a desk, a call."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from haedap.config import get_settings
from haedap.operations.cluster import throwaway_cluster, wait_until
from haedap.operations.services import web_arguments

if TYPE_CHECKING:
    from playwright.async_api import Page

    from haedap.store.record_rows import AgentStatusRow, ContactRow

_WAIT = 30.0


@contextmanager
def own_database() -> Iterator[tuple[str, Path]]:
    """The address of the database, and a folder that goes away with it. For all of this process's children."""
    with tempfile.TemporaryDirectory(prefix="hd-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with throwaway_cluster(get_settings().cache, folder / "pg") as cluster:
            cluster.make_database()
            environment = {
                "DATABASE_URL": cluster.url(),
                "DJANGO_SETTINGS_MODULE": "haedap.web.settings",
                "HAEDAP_STATE": str(folder / "state"),
                "HAEDAP_ENVIRONMENT": "demo",
            }
            os.environ.update(environment)
            get_settings.cache_clear()
            subprocess.run((sys.executable, "-m", "django", "migrate", "-v", "0", "--skip-checks"), check=True)
            yield cluster.url(), folder


def make_people(count: int) -> list[tuple[int, str]]:
    """As many agents, on duty, each logged in: id and session."""
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection

    from haedap.apps.accounts.models import Account
    from haedap.apps.contacts.models import AgentStatus

    people = []
    for number in range(count):
        account = Account.objects.create_account(
            f"agent{number:04}", name=f"상담사 {number}", role="agent", password=None, must_change_password=False
        )
        Account.objects.filter(pk=account.pk).update(telephone="desk")
        AgentStatus.objects.create(agent=account, state="available", since=datetime.now(UTC), reachable=True, seq=0)
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = "haedap.apps.accounts.backend.AccountBackend"
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.create()
        people.append((account.pk, str(session.session_key)))
    connection.close()
    return people


@contextmanager
def web(port: int, folder: Path) -> Iterator[None]:
    """The web process as the centre runs it."""
    command = (sys.executable, *web_arguments("127.0.0.1", port))
    log = folder / "web.log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)
        try:
            if not wait_until(lambda: _answers(port), lambda: process.poll() is None, _WAIT):
                raise SystemExit(log.read_text(errors="replace")[-2000:])
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_WAIT)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@asynccontextmanager
async def desk_page(port: int, session: str) -> AsyncIterator[Page]:
    """The desk of whom this session is, in a headless Chromium of its own."""
    from playwright.async_api import async_playwright

    from tests.browser.support.chromium import EXECUTABLE, QUIET, SMALLEST_SCREEN

    address = f"http://127.0.0.1:{port}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=[*QUIET], chromium_sandbox=False)
        context = await browser.new_context(viewport=SMALLEST_SCREEN)
        await context.add_cookies([{"name": "haedap_session", "value": session, "url": address}])
        page = await context.new_page()
        await page.goto(f"{address}/desk/")
        yield page
        await browser.close()


def call_at(agent: int, state: str, caller: str) -> tuple[ContactRow, AgentStatusRow]:
    """What the projector writes of a call that rings at the agent (`offered`), or is answered (`engaged`)."""
    from haedap.domain.ids import AgentId, ContactId
    from haedap.store.record_rows import AgentStatusRow, ContactRow

    now = datetime.now(UTC)
    engaged = state == "engaged"
    contact = ContactRow(
        id=ContactId(str(uuid.uuid4())),
        channel="voice",
        state=state,
        called="",
        caller=caller,
        caller_text="",
        caller_name="",
        withheld=False,
        flow=None,
        queue="general",
        arrived_at=now,
        queued_at=now,
        offered_at=None if engaged else now,
        answered_at=now if engaged else None,
        agent=AgentId(agent),
        segments=1 if engaged else 0,
        seq=1,
    )
    status = AgentStatusRow(agent=AgentId(agent), state=state, since=now, contact=contact.id, reachable=True, seq=1)
    return contact, status
