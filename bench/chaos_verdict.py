"""What the journal, the read models and the citizens themselves say of the chaos afterwards."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import psycopg

from haedap.operations.audit import examine

if TYPE_CHECKING:
    from bench.chaos_faults import Faults
    from bench.chaos_floor import Floor

_TWICE = ("_twice", "_ended_without_beginning")
_STUCK = """
SELECT count(*) FROM agent_status s LEFT JOIN contact c ON c.id = s.contact
WHERE (s.state IN ('offered', 'wrap_up') AND s.until < now() - interval '10 seconds')
   OR (s.state IN ('offered', 'engaged') AND (c.id IS NULL OR c.state = 'ended' OR c.direction = 'in'
       OR s.since < now() - interval '3 minutes'))
"""
"""Beyond its time, or with a citizen who is gone; who calls a citizen back just then is not stuck."""
_LIVE = "SELECT count(*) FROM contact WHERE state <> 'ended' AND direction = 'in'"
"""Citizens have all hung up: who is still there is lost. What waits to be called back is not."""
_CALLERS = "SELECT count(DISTINCT caller) FROM contact WHERE direction = 'in' AND called LIKE '+8220000720_'"
_LEFT = {
    "live": "SELECT direction || ' ' || state, count(*) FROM contact WHERE state <> 'ended' GROUP BY 1",
    "agents": "SELECT state || CASE WHEN reachable THEN '' ELSE ' unknown' END, count(*) FROM agent_status GROUP BY 1",
    "outcomes": "SELECT direction || ' ' || outcome, count(*) FROM contact WHERE outcome IS NOT NULL GROUP BY 1",
}
_EXTRA = """
SELECT (SELECT count(*) FROM contact c
        WHERE NOT EXISTS (SELECT FROM journal j WHERE j.contact = c.id AND j.name = 'ContactOpened'))
     + (SELECT count(*) FROM (SELECT FROM journal WHERE name = 'ContactOpened' GROUP BY contact HAVING count(*) > 1) t)
"""
"""Records of nothing that arrived, and arrivals that were taken twice."""


def verdict(floor: Floor, faults: Faults) -> dict[str, object]:
    """The line that is printed."""
    outcome = examine(floor.url)
    rules = Counter(str(breach["rule"]) for breach in outcome.broken)
    twice = sum(count for rule, count in rules.items() if rule.endswith(_TWICE))
    with psycopg.connect(floor.url) as database:
        stuck, callers, extra, live = (_one(database, query) for query in (_STUCK, _CALLERS, _EXTRA, _LIVE))
        left: dict[str, dict[str, int]] = {
            name: dict(database.execute(query.encode()).fetchall()) for name, query in _LEFT.items()
        }
    times = sorted(faults.takeovers)
    return {
        "calls": floor.callers,
        "faults": faults.count,
        "lost": live + sum(rules.values()) - twice + max(0, floor.callers_answered - callers),
        "counted_twice": twice + extra,
        "stuck_agents": stuck,
        "takeover_min_s": round(times[0], 3) if times else None,
        "takeover_p95_s": round(times[min(int(len(times) * 0.95), len(times) - 1)], 3) if times else None,
        "takeovers": len(times),
        "answered": floor.callers_answered,
        "contacts": outcome.opened,
        "rows": outcome.rows,
        "rules_broken": dict(rules),
        **left,
    }


def _one(database: psycopg.Connection, query: str) -> int:
    row = database.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0
