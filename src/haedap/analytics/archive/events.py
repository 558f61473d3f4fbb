"""The journal without personal data: of each row, what can be said of it without knowing the citizen."""

from __future__ import annotations

import pyarrow as pa

KEPT = (
    "again_at",
    "attempt",
    "auto_answer",
    "by",
    "cause",
    "channel",
    "consulted",
    "control",
    "deadline",
    "direction",
    "due_at",
    "flow",
    "id",
    "into",
    "join",
    "kind",
    "made_at",
    "mode",
    "offer",
    "outcome",
    "pending",
    "pending_reason",
    "priority",
    "promise",
    "queue",
    "reachable",
    "reason",
    "request",
    "resumes",
    "ring_seconds",
    "seconds",
    "segment",
    "state",
    "step",
    "supervisor",
    "transfer",
    "until",
    "withheld",
)
"""The fields of events, decisions and facts that stay in. What is not named is left out, so that a field that is new
stays behind until somebody has thought about it: numbers, names, keys that were pressed, texts, the plan."""

SCHEMA = pa.schema(
    [
        ("seq", pa.int64()),
        ("at", pa.timestamp("us", "UTC")),
        ("role", pa.string()),
        ("name", pa.string()),
        ("contact", pa.string()),
        ("agent", pa.int64()),
        ("data", pa.string()),
    ]
)
_NAMES = ", ".join(f"'{name}'" for name in KEPT)


def months(after: int, until: int) -> str:
    """The months of the rows `after` < seq ≤ `until`, each with its last one. The journal's time never goes back."""
    return (
        "SELECT to_char(date_trunc('month', at AT TIME ZONE 'Asia/Seoul'), 'YYYY-MM') AS month, max(seq) FROM journal "
        f"WHERE seq > {after} AND seq <= {until} GROUP BY 1 ORDER BY 2"
    )


def rows(after: int, until: int) -> str:
    """Those rows in their order, with the columns of SCHEMA; `data` is JSON."""
    return (
        "SELECT seq, at, role, name, contact::text AS contact, agent::bigint AS agent, (SELECT"
        f" coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each(data) WHERE key IN ({_NAMES}))::text AS data"
        f" FROM journal WHERE seq > {after} AND seq <= {until} ORDER BY seq"
    )
