"""The tables behind the figures, as Ibis sees them, and the question that is put to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import ibis
from ibis.expr.types import Table

SEOUL = ZoneInfo("Asia/Seoul")

_AT = "timestamp('UTC', 6)"

CONTACT = ibis.table(
    {
        "id": "uuid",
        "state": "string",
        "outcome": "string",
        "queue": "string",
        "arrived_at": _AT,
        "queued_at": _AT,
        "answered_at": _AT,
        "ended_at": _AT,
    },
    name="contact",
)
SEGMENT = ibis.table(
    {"contact": "uuid", "started_at": _AT, "ended_at": _AT, "wrap_up_seconds": "float64"},
    name="segment",
)
QUEUE = ibis.table({"key": "string", "service_level_seconds": "int64"}, name="queue")
AGENT_STATUS = ibis.table({"agent": "int64", "state": "string"}, name="agent_status")
AGENT_PERIOD = ibis.table(
    {"agent": "int64", "state": "string", "started_at": _AT, "ended_at": _AT},
    name="agent_period",
)
SCOPE = ibis.table(
    {"since": _AT, "until": _AT, "now": _AT, "short_abandon_seconds": "int64"},
    name="scope",
)
"""Not stored: each statement begins with it as its one row, the interval that is asked about."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The interval [since, until) a question is about, asked at `now`; all aware.

    A caller who hangs up within `short_abandon_seconds` of queuing is a short abandon.
    """

    since: datetime
    until: datetime
    now: datetime
    short_abandon_seconds: int = 5

    @classmethod
    def of_day(cls, day: date, now: datetime, short_abandon_seconds: int = 5) -> Scope:
        """The whole `day` of the centre, midnight to midnight in Seoul."""
        since = datetime.combine(day, time(), SEOUL).astimezone(UTC)
        return cls(since, since + timedelta(days=1), now, short_abandon_seconds)

    @property
    def values(self) -> tuple[datetime | int, ...]:
        """The parameters of a statement about this scope, in the order of its placeholders."""
        return self.since, self.until, self.now, self.short_abandon_seconds

    def days_before(self, days: int) -> Scope:
        """The same hours `days` days earlier (Seoul's clocks never change)."""
        back = timedelta(days=days)
        return Scope(self.since - back, self.until - back, self.now, self.short_abandon_seconds)


def cohort() -> Table:
    """The contacts that arrived in the scope, each with its waits in microseconds and its queue's promise.

    The arrival cohort: a contact belongs to the interval in which it arrived, however long it lasts. So no interval
    can exceed 100 %.
    """
    arrived = CONTACT.cross_join(SCOPE).filter(
        lambda row: row.arrived_at >= row.since, lambda row: row.arrived_at < row.until
    )
    joined = arrived.left_join(QUEUE, arrived.queue == QUEUE.key)
    return joined.mutate(
        answer_wait=joined.answered_at.delta(joined.queued_at, unit="microsecond"),
        abandon_wait=joined.ended_at.delta(joined.queued_at, unit="microsecond"),
        promise=joined.service_level_seconds * 1_000_000,
    )
