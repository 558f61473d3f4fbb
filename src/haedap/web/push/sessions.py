"""Who is logged in, by Django's sessions, and why somebody is not.

All of it in one thread of its own, so that the loop never waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeAlias

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import close_old_connections
from django.http.cookie import parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from haedap.apps.accounts import sessions as accounts
from haedap.apps.accounts.api import Account
from haedap.clock import centre_time
from haedap.web.push.state import Viewer

LOGGED_OUT, NEW_PASSWORD, STOPPED = 4401, 4402, 4403
"""Codes to close a socket with: there is no log-in any more; its password was changed; the account may not log in."""
Seen: TypeAlias = Viewer | int
"""Who stands behind a session, or the code that says why nobody does."""

_NEVER_IDLE_WITHIN = timedelta(minutes=4)
"""Shorter than any limit that a centre can set: spares the question."""
_LONGEST_KEY = 64


class _ReadSession(SessionStore):
    """A session whose data was read together with others'."""

    def __init__(self, row: Session) -> None:
        super().__init__(row.session_key)
        self._session_cache: dict[str, Any] = row.get_decoded()


class Sessions:
    """Answers who stands behind a session. `close` it at the end."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="push-sessions")

    async def seen(self, keys: Iterable[str]) -> dict[str, Seen]:
        """Who stands behind each of the sessions. Raises Django's DatabaseError."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, _seen, set(keys))

    def close(self) -> None:
        self._thread.shutdown(wait=False)


def session_key(cookies: str) -> str | None:
    """The session named in a Cookie header."""
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    return key if 0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isalnum() else None


def _seen(keys: set[str]) -> dict[str, Seen]:
    close_old_connections()
    try:
        rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
        read = {row.session_key: _ReadSession(row) for row in rows}
        numbers = {session[SESSION_KEY] for session in read.values() if SESSION_KEY in session}
        people = {str(account.pk): account for account in Account.objects.filter(pk__in=numbers)}
        found = {key: _one(session, people.get(session.get(SESSION_KEY, ""))) for key, session in read.items()}
        return dict.fromkeys(keys, LOGGED_OUT) | found
    finally:
        close_old_connections()


def _one(session: SessionStore, account: Account | None) -> Seen:
    """A session may be of nobody, with an old password, with one that must be changed first, or have idled."""
    if account is None:
        return LOGGED_OUT
    if not account.is_active:
        return STOPPED
    unchanged = constant_time_compare(session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash())
    if account.must_change_password or not unchanged:
        return NEW_PASSWORD
    seen = accounts.last_seen(session)
    if seen is not None and centre_time() - seen > _NEVER_IDLE_WITHIN and accounts.is_idle(session, account):
        return LOGGED_OUT
    return Viewer(account.pk, account.is_supervisor, account.role)
