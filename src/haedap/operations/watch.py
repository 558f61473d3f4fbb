"""Watches the centre itself while it runs, and writes what is wrong where the screens see it."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psycopg
from psycopg.types.json import Jsonb

from haedap.apps.wallboard.faults import ENGINES, HEALTH_CHANNEL
from haedap.clock import SteadyClock
from haedap.config import Settings
from haedap.operations.checks import registered
from haedap.operations.child import rank
from haedap.operations.engines import EngineProcess, find_engines
from haedap.operations.services import CALLS_FIRST
from haedap.plain_http import NO_CERTIFICATES

LOOK_EVERY = 2.0
_MB = 1_000_000
_FULL_PART = 10
"""The disk counts as full below this part of the warning threshold."""
_CLOCK_SECONDS = 5.0
_MINUTE = 60
_STANDBY_GRACE = 20.0
"""Seconds that a standby may take to come back: a start, and the reading of the journal."""
_ENGINE_GRACE = 3.0
_TELL_OUTAGE = 300.0
"""Seconds for which an outage that is over is told."""

Detail = Mapping[str, int | str | bool | None]
Seen = dict[str, Detail]
_WRITE = """
INSERT INTO centre_health (key, since, seen_at, detail) VALUES (%s, now(), now(), %s)
ON CONFLICT (key) DO UPDATE SET seen_at = now(), detail = excluded.detail
"""

_FAILED_IN_A_ROW = 2
"""From this many calls on that went out in vain: one may have met a restart of the exchange."""
# Only the last attempts are looked through for one that went through: it may have begun before those that failed.
# An officer's call has no contact, and goes out by another telephone; below zero are the ids of an invented year.
_CALLS_OUT = """
WITH recent AS MATERIALIZED (
    SELECT ended_at, outcome FROM promise_attempt WHERE contact IS NOT NULL AND id > 0 ORDER BY id DESC LIMIT 1000
)
SELECT count(*), count(DISTINCT a.promise), min(a.ended_at)
FROM promise p JOIN promise_attempt a ON a.promise = p.id
WHERE p.state <> 'ended' AND a.contact IS NOT NULL AND a.outcome = 'failed'
  AND a.ended_at > coalesce((SELECT max(ended_at) FROM recent WHERE outcome <> 'failed'), '-infinity')
"""


@dataclass(slots=True)
class Watch:
    """Looks at everything once in a while. `look` may be called from any one thread."""

    settings: Settings
    clock: SteadyClock
    _missing_since: dict[str, float] = field(default_factory=dict)
    _away_since: float | None = None
    _outage: tuple[float, int] | None = None
    """When the last outage was over, and how many seconds it took."""
    _told: Seen | None = None
    _first: int = 0
    """The process of PostgreSQL that was put before the others."""

    async def run(self) -> None:
        """Look until cancelled; nothing that is found, or cannot be asked, ends it."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(LOOK_EVERY)

    def look(self) -> None:
        """See what is so now, and write it down if the database takes it."""
        seen = dict(_machine(self.settings, self.clock))
        try:
            seen |= self._engines()
            self._database_answers(seen)
            with psycopg.connect(self.settings.database_url, connect_timeout=3) as connection:
                seen |= calls_out(connection, self.settings.time_zone)
                self._write(connection, seen)
            self._told = seen
        except psycopg.Error:
            self._told = None
            self._away_since = self._away_since or time.monotonic()

    def _engines(self) -> Seen:
        found = find_engines(self.settings.database_url)
        self._put_first(found.active)
        standby = found.standby is not None and found.standby.ready
        seen: Seen = {ENGINES: {"active": found.active.pid if found.active else None, "standby": standby}}
        if self._lasts("no_engine", found.active is None, _ENGINE_GRACE):
            seen["no_engine"] = {}
        elif self._lasts("standby_missing", self.settings.standby and not standby, _STANDBY_GRACE):
            seen["standby_missing"] = {}
        return seen

    def _put_first(self, active: EngineProcess | None) -> None:
        """Citizens wait for the journal's commits, and each process of PostgreSQL has a session of its own."""
        if active is not None and self.settings.database_embedded and active.backend != self._first:
            rank(active.backend, CALLS_FIRST)
            self._first = active.backend

    def _lasts(self, key: str, so: bool, grace: float) -> bool:
        """Whether it has been so for longer than it may be."""
        if not so:
            self._missing_since.pop(key, None)
            return False
        now = time.monotonic()
        return now - self._missing_since.setdefault(key, now) > grace

    def _database_answers(self, seen: Seen) -> None:
        now = time.monotonic()
        if self._away_since is not None:
            self._outage = now, max(1, round(now - self._away_since))
            self._away_since = None
        if self._outage is not None and now - self._outage[0] < _TELL_OUTAGE:
            seen["database_was_away"] = {"seconds": self._outage[1]}

    def _write(self, connection: psycopg.Connection[Any], seen: Seen) -> None:
        """Screens are woken only when something is different."""
        connection.execute("DELETE FROM centre_health WHERE key <> ALL(%s)", (list(seen),))
        for key, detail in seen.items():
            connection.execute(_WRITE, (key, Jsonb(detail)))
        if seen != self._told:
            connection.execute("SELECT pg_notify(%s, '')", (HEALTH_CHANNEL,))


def _machine(settings: Settings, clock: SteadyClock) -> Iterator[tuple[str, Detail]]:
    """What can be seen without the database."""
    looks: tuple[Callable[[], tuple[str, Detail] | None], ...] = (
        lambda: disk(settings.state, settings.disk_warning_mb),
        lambda: exchange(settings),
        lambda: clock_jump(clock),
    )
    for look in looks:
        found = look()
        if found is not None:
            yield found


def disk(folder: Path, warning_mb: int) -> tuple[str, Detail] | None:
    """Whether the folder's disk is filling up; one that cannot be asked is not known to."""
    try:
        free = shutil.disk_usage(folder).free // _MB
    except OSError:
        return None
    if free >= warning_mb:
        return None
    # Rounded, so that screens are not woken for every megabyte.
    return ("disk_full" if free < warning_mb / _FULL_PART else "disk_low"), {"free_mb": free // 10 * 10}


def exchange(settings: Settings) -> tuple[str, Detail] | None:
    """Whether Asterisk answers, and the provider has its registration if it wants one."""
    try:
        answer = httpx.get(
            f"{settings.ari_url}/ari/asterisk/ping",
            auth=(settings.ari_user, settings.ari_password),
            timeout=3.0,
            trust_env=False,
            verify=NO_CERTIFICATES,
        )
    except httpx.HTTPError:
        return "exchange_away", {}
    if answer.status_code != httpx.codes.OK:
        return "exchange_away", {}
    return ("trunk_unregistered", {}) if settings.trunk_registrar and not registered(settings) else None


def clock_jump(clock: SteadyClock) -> tuple[str, Detail] | None:
    """Whether the machine's clock was set while we ran; engines slew in the same way."""
    seconds = abs(clock.ahead.total_seconds())
    if seconds <= _CLOCK_SECONDS:
        return None
    return "clock_jumped", {"seconds": round(seconds / 10) * 10 if seconds > _MINUTE else round(seconds)}


def calls_out(connection: psycopg.Connection[Any], time_zone: str) -> Seen:
    """Whether promised calls fail by the centre's own fault, and none has gone through since.

    Those that nobody owes any more do not count: no call would ever take the fault back.
    """
    row = connection.execute(_CALLS_OUT).fetchone()
    if row is None or row[0] < _FAILED_IN_A_ROW:
        return {}
    calls, promises, since = row
    local = since.astimezone(ZoneInfo(time_zone))
    return {"calls_out_fail": {"calls": calls, "promises": promises, "since": f"{local:%Y-%m-%d %H:%M}"}}
