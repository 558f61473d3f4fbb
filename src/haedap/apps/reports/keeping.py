"""Keeping the facts of settled days, so that reports over months are quick. For the worker; may be stopped anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import SerializationFailure

from haedap.analytics.engines import kept

_AT_ONCE = 31
"""Days in one statement."""
_DAY = timedelta(days=1)


def keep(now: datetime) -> int:
    """Note what is settled, and keep what was noted before; returns how many days are kept now that were not."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(kept.FORGET)
        cursor.execute(kept.PROPOSE, [timezone.localdate(now) - kept.SETTLED_AFTER])
    with connection.cursor() as cursor:
        cursor.execute(kept.READY)
        ready = [day for (day,) in cursor.fetchall()]
    done = sum(_keep(since, until) for since, until in stretches(ready))
    with connection.cursor() as cursor:
        cursor.execute(kept.SWEEP)
    return done


def stretches(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Days in their order as stretches [since, until) without gaps, of at most a month each."""
    since = until = None
    for day in days:
        if since is not None and day == until and (day - since).days < _AT_ONCE:
            until = day + _DAY
            continue
        if since is not None and until is not None:
            yield since, until
        since, until = day, day + _DAY
    if since is not None and until is not None:
        yield since, until


def _keep(since: date, until: date) -> int:
    """In one snapshot. If somebody changes one of the days meanwhile, all of them wait for the next time."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute(kept.CLEAR, [since, until])
            cursor.execute(kept.fill(since, until))
            cursor.execute(kept.KEEP, [since, until])
            return int(cursor.rowcount)
    except OperationalError as error:
        if isinstance(error.__cause__, SerializationFailure):
            return 0
        raise
