"""What only one at a time may do, where no row stands for it that could be locked."""

from __future__ import annotations

from django.db import connection


def one_at_a_time(what: str, which: str = "") -> None:
    """Nobody else goes on with the same until the running transaction ends; whoever has it already goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [f"haedap {what}", which])
