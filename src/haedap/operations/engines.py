"""Which engine is at work and whether a standby is ready, as PostgreSQL knows it by the writer's lock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import psycopg

_OWN = "a.datname = current_database() AND a.application_name LIKE 'haedap-engine %%'"
_QUERY = f"""
SELECT l.granted, split_part(a.application_name, ' ', -1), coalesce(host(a.client_addr), ''), a.backend_start,
       EXISTS (SELECT 1 FROM pg_stat_activity r WHERE r.datname = a.datname AND
               r.application_name = 'haedap-engine standby ready ' || split_part(a.application_name, ' ', -1)),
       l.pid
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.classid = 0 AND l.objid = %s AND l.database = a.datid AND {_OWN}
ORDER BY l.granted DESC, a.backend_start
"""  # noqa: S608 - nothing of it comes from outside
WRITER_LOCK = 0x48616564
"""The same as `haedap.store.journal.WRITER_LOCK`, which would bring the whole engine along."""


@dataclass(frozen=True, slots=True)
class EngineProcess:
    """One engine. `host` is empty for the database's own machine; `ready`: it can take over, or is at work.

    `backend`: the process of PostgreSQL, on its machine, that writes the journal for it, or will.
    """

    pid: int
    host: str
    since: datetime
    ready: bool
    backend: int


@dataclass(frozen=True, slots=True)
class Engines:
    """Who writes the journal, and who waits to."""

    active: EngineProcess | None
    standbys: tuple[EngineProcess, ...]

    @property
    def standby(self) -> EngineProcess | None:
        """The one that is ready, else one that is not yet."""
        ready = [engine for engine in self.standbys if engine.ready]
        return next(iter(ready or self.standbys), None)


def find_engines(url: str) -> Engines:
    """Ask PostgreSQL. Raises psycopg.Error."""
    with psycopg.connect(url, connect_timeout=3) as connection:
        return _engines(connection.execute(_QUERY.encode(), (WRITER_LOCK,)).fetchall())


def _engines(rows: Iterable[tuple[bool, str, str, datetime, bool, int]]) -> Engines:
    active, waiting = None, []
    for granted, pid, host, since, ready, backend in rows:
        engine = EngineProcess(int(pid) if pid.isdigit() else 0, host, since, ready or granted, backend)
        if granted:
            active = engine
        else:
            waiting.append(engine)
    return Engines(active, tuple(waiting))
