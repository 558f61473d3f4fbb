"""People, contacts and browsers for the tests of the web."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from haedap import clock
from haedap.apps.accounts.models import Account, Role
from haedap.apps.cases.models import Case
from haedap.apps.contacts.models import Contact

from .cases import add_contact_with_note, add_roads, opened
from .mailbox import Mailbox, serving
from .pages import Browser

PASSWORD = "Haedap-시험-2026"


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Hashing is slow on purpose: once for all tests."""
    return make_password(PASSWORD)


@pytest.fixture
def people(db: None, password_hash: str) -> dict[str, Account]:
    """One account of each role, and a second agent."""
    accounts = {}
    for username, role in (
        ("agent1", Role.AGENT),
        ("agent2", Role.AGENT),
        ("supervisor", Role.SUPERVISOR),
        ("admin", Role.ADMINISTRATOR),
    ):
        accounts[username] = Account.objects.create(
            username=username,
            name=f"{username} 이름",
            role=role,
            password=password_hash,
            must_change_password=False,
        )
    return accounts


@pytest.fixture
def logged_in(people: dict[str, Account]) -> Browser:
    """A browser in which somebody is logged in."""

    def browser(username: str, **options: Any) -> Client:
        client = Client(**options)
        client.force_login(people[username], backend="haedap.apps.accounts.backend.AccountBackend")
        return client

    return browser


@pytest.fixture
def admin(logged_in: Browser) -> Client:
    """A browser in which the administrator is logged in."""
    return logged_in("admin")


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A mail server to which this centre sends."""
    kept = Mailbox()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with serving(kept) as (settings.EMAIL_HOST, settings.EMAIL_PORT):
        yield kept


@pytest.fixture
def contact_to_refer(people: dict[str, Account]) -> Contact:
    """What agent1 cannot close on the telephone; the offices of the city are there."""
    add_roads()
    return add_contact_with_note(people["agent1"])


@pytest.fixture
def case(contact_to_refer: Contact, people: dict[str, Account]) -> Case:
    """A case at 도로과, about a street lamp."""
    return opened(contact_to_refer, people)


@pytest.fixture
def centre_ahead(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[timedelta], None]]:
    """Say how far the centre's time is before the machine's clock, which has just been set; it follows by and by."""

    def ahead(by: timedelta) -> None:
        monkeypatch.setenv(clock.AHEAD, str(by.total_seconds()))
        clock._of_process.cache_clear()

    yield ahead
    clock._of_process.cache_clear()
