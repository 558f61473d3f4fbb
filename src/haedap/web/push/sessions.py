"""Who is logged in, by Django's sessions. All of it in one thread of its own, so that the loop never waits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import close_old_connections
from django.http.cookie import parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from haedap.apps.accounts import sessions as accounts
from haedap.apps.accounts.models import Account
from haedap.web.push.state import Viewer

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

    async def viewers(self, keys: Iterable[str]) -> dict[str, Viewer]:
        """The viewer behind each session that may look; the others are left out. Raises Django's DatabaseError."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, _viewers, set(keys))

    def close(self) -> None:
        self._thread.shutdown(wait=False)


def session_key(cookies: str) -> str | None:
    """The session named in a Cookie header."""
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    return key if 0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isalnum() else None


def _viewers(keys: set[str]) -> dict[str, Viewer]:
    close_old_connections()
    try:
        rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
        read = {row.session_key: _ReadSession(row) for row in rows}
        numbers = {session[SESSION_KEY] for session in read.values() if SESSION_KEY in session}
        people = {str(account.pk): account for account in Account.objects.filter(pk__in=numbers, is_active=True)}
        found = {key: _viewer(session, people.get(session.get(SESSION_KEY, ""))) for key, session in read.items()}
        return {key: viewer for key, viewer in found.items() if viewer is not None}
    finally:
        close_old_connections()


def _viewer(session: SessionStore, account: Account | None) -> Viewer | None:
    """None for a session of nobody, with an old password, with one that must be changed first, or that idled."""
    if account is None or account.must_change_password:
        return None
    if not constant_time_compare(session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()):
        return None
    seen = accounts.last_seen(session)
    if seen is not None and timezone.now() - seen > _NEVER_IDLE_WITHIN and accounts.is_idle(session, account):
        return None
    return Viewer(account.pk, account.is_supervisor)
