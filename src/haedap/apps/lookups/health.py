"""How the systems do: what they answered in the last hour, how quickly, and which are left alone now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone

from haedap.apps.lookups import running
from haedap.apps.lookups.models import LookupUse

WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Health:
    """The last hour of one system. `p95_ms`: of what was asked of the system itself; None where nothing was."""

    asked: int = 0
    failed: int = 0
    p95_ms: int | None = None
    last_at: datetime | None = None
    last_outcome: str = ""
    broken: bool = False


def health_by_system() -> dict[str, Health]:
    """Every system that was asked in the last hour, and those that are left alone."""
    left_alone = async_to_sync(running.broken)()
    with connection.cursor() as cursor:
        cursor.execute(_LAST_HOUR, {"since": timezone.now() - WINDOW})
        rows = cursor.fetchall()
    words = dict(LookupUse.Outcome.choices)
    found = {
        system: Health(asked, failed, p95, last_at, str(words.get(outcome, outcome)), system in left_alone)
        for system, asked, failed, p95, last_at, outcome in rows
    }
    return {key: Health(broken=True) for key in left_alone} | found


_LAST_HOUR = """
    SELECT system, count(*), count(*) FILTER (WHERE outcome = 'failed'),
           round(percentile_cont(0.95) WITHIN GROUP (ORDER BY took_ms) FILTER (WHERE NOT cached))::int,
           max(at), (array_agg(outcome ORDER BY id DESC))[1]
    FROM lookup_use WHERE at > %(since)s AND outcome <> 'asked' GROUP BY system
"""
