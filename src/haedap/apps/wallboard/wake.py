"""Wakes the push hub of every web process when somebody may no longer look: at a log-out, when an account changes."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models.signals import post_delete, post_save

SESSION_CHANNEL = "haedap_session"


def connect_signals() -> None:
    """Called once, when the app is ready."""
    from django.contrib.sessions.models import Session

    from haedap.apps.accounts.api import Account

    post_delete.connect(_wake, sender=Session, dispatch_uid="push hub: log-out")
    post_save.connect(_wake, sender=Account, dispatch_uid="push hub: account")


def _wake(**_signal: Any) -> None:
    """Takes effect when the running transaction is committed: NOTIFY belongs to it."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {SESSION_CHANNEL}")
