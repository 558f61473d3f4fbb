"""The tables behind the figures, as Ibis sees them, and the question that is put to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import ibis
from ibis.expr.types import DateValue, IntegerValue, Table, TimestampValue

from haedap.domain.states import PromiseOutcome

SEOUL = ZoneInfo("Asia/Seoul")
_SEOUL_AHEAD = 9 * 3_600_000_000
"""Microseconds; since 1988, all the year round."""

AT: Final = "timestamp('UTC', 6)"

CONTACT = ibis.table(
    {
        "id": "uuid",
        "channel": "string",
        "caller": "string",
        "state": "string",
        "outcome": "string",
        "direction": "string",
        "queue": "string",
        "asked_queue": "string",
        "resumes": "uuid",
        "transferred": "boolean",
        "referred": "boolean",
        "returned": "int64",
        "arrived_at": AT,
        "queued_at": AT,
        "answered_at": AT,
        "ended_at": AT,
    },
    name="contact",
)
SEGMENT = ibis.table(
    {
        "contact": "uuid",
        "agent": "int64",
        "started_at": AT,
        "talk_from": AT,
        "ended_at": AT,
        "wrap_up_seconds": "float64",
    },
    name="segment",
)
PROMISE = ibis.table(
    {
        "id": "uuid",
        "contact": "uuid",
        "owner_kind": "string",
        "owner_queue": "string",
        "reason": "string",
        "attempts": "int64",
        "outcome": "string",
        "into": "uuid",
        "made_at": AT,
        "deadline": AT,
        "ended_at": AT,
    },
    name="promise",
)
CONTACT_NOTE = ibis.table({"contact": "uuid", "topic_id": "int64", "district": "string"}, name="contact_note")
CONTACT_CITIZEN = ibis.table({"contact": "uuid", "citizen": "int64"}, name="contact_citizen")
CITIZEN = ibis.table({"id": "int64", "merged_into": "int64"}, name="citizen")
CITIZEN_NUMBER = ibis.table({"number": "string", "citizen": "int64"}, name="citizen_number")
TOPIC = ibis.table(
    {
        "id": "int64",
        "parent_id": "int64",
        "code": "string",
        "name": "string",
        "position": "int64",
        "office": "int64",
    },
    name="topic",
)
DEPARTMENT = ibis.table({"id": "int64", "name": "string"}, name="department")
SURVEY = ibis.table({"contact": "uuid", "asked_at": AT}, name="survey")
SURVEY_ANSWER = ibis.table({"contact": "uuid", "item": "string", "points": "int64"}, name="survey_answer")
ARTICLE_USE = ibis.table(
    {"contact": "uuid", "article_id": "int64", "version_id": "int64", "how": "string", "at": AT}, name="article_use"
)
LOOKUP_USE = ibis.table({"contact": "uuid", "outcome": "string"}, name="lookup_use")
CASE = ibis.table(
    {
        "contact": "uuid",
        "topic": "int64",
        "department": "int64",
        "kind": "string",
        "term": "string",
        "state": "string",
        "received_at": AT,
        "due_at": AT,
        "answered_at": AT,
        "ended_at": AT,
    },
    name="case_file",
)
QUEUE = ibis.table(
    {"key": "string", "name": "string", "position": "int64", "service_level_seconds": "int64"}, name="queue"
)
ARTICLE = ibis.table({"id": "int64", "code": "string", "current_id": "int64"}, name="article")
ARTICLE_VERSION = ibis.table({"id": "int64", "article_id": "int64", "title": "string"}, name="article_version")
GAP = ibis.table(
    {"text": "string", "reason": "string", "times": "int64", "last_at": AT, "settled_at": AT}, name="article_gap"
)
SEARCH_MISS = ibis.table({"text": "string", "times": "int64", "last_at": AT, "settled_at": AT}, name="search_miss")
AGENT_STATUS = ibis.table({"agent": "int64", "state": "string"}, name="agent_status")
AGENT_PERIOD = ibis.table(
    {"agent": "int64", "state": "string", "started_at": AT, "ended_at": AT},
    name="agent_period",
)
SCOPE = ibis.table(
    {"since": AT, "until": AT, "now": AT, "short_abandon_seconds": "int64"},
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


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as Seoul's clocks and calendars show it; weekday 0 is Monday."""

    day: DateValue
    hour: IntegerValue
    weekday: IntegerValue


def seoul(at: TimestampValue) -> Clock:
    """In whole microseconds, so that neither the session's time zone nor the engine matters."""
    epoch = ibis.literal("1970-01-01T00:00:00+00:00").cast(AT)
    passed = at.delta(epoch, unit="microsecond") + _SEOUL_AHEAD
    days = (passed // 86_400_000_000).cast("int64")
    return Clock(
        day=(ibis.literal("1970-01-01").cast("timestamp") + days.as_interval("D")).cast("date"),
        hour=(passed // 3_600_000_000 % 24).cast("int64"),
        weekday=(days + 3) % 7,  # the first of 1970 was a Thursday
    )


def arrived(*, more_days: int = 0) -> Table:
    """The contacts that arrived in the scope, or within so many days after it, with the scope's columns."""
    scope = SCOPE.mutate(until=SCOPE.until + ibis.interval(days=more_days)) if more_days else SCOPE
    return CONTACT.cross_join(scope).filter(
        lambda row: row.arrived_at >= row.since, lambda row: row.arrived_at < row.until
    )


def cohort() -> Table:
    """The contacts that arrived in the scope, each with its waits in microseconds and its queue's promise.

    The arrival cohort: a contact belongs to the interval in which it arrived, however long it lasts. So no interval
    can exceed 100 %. Likewise it belongs to the queue that was asked for (`queue`), wherever it was moved, and
    `promise_failed` tells of the callback that was promised in it. `referred` is who was promised an officer's call,
    and who has a case at an office, see docs/decisions/0041.
    """
    contacts = arrived()
    asked = contacts.mutate(queue=contacts.asked_queue)
    joined = asked.left_join(QUEUE, asked.queue == QUEUE.key)
    return joined.mutate(
        answer_wait=joined.answered_at.delta(joined.queued_at, unit="microsecond"),
        abandon_wait=joined.ended_at.delta(joined.queued_at, unit="microsecond"),
        promise=joined.service_level_seconds * 1_000_000,
        promise_failed=joined.id.isin(_failed_promises().contact),
        referred=joined.referred | joined.id.isin(CASE.filter(CASE.state != "withdrawn").contact),
    )


def with_aids(contacts: Table) -> Table:
    """The contacts with their `topic` (0: none), and whether an `article` was used and something `looked_up`."""
    noted = contacts.left_join(CONTACT_NOTE, contacts.id == CONTACT_NOTE.contact)
    answered = LOOKUP_USE.filter(LOOKUP_USE.outcome.isin(["ok", "empty"]), LOOKUP_USE.contact.notnull())
    return noted.mutate(
        topic=noted.topic_id.fill_null(0),
        article=noted.id.isin(ARTICLE_USE.contact),
        looked_up=noted.id.isin(answered.contact),
    )


def _failed_promises() -> Table:
    """Promises of the scope's contacts whose citizen was never reached. One that was merged fails with the other."""
    older = PROMISE.view()
    made = PROMISE.cross_join(SCOPE).filter(lambda row: row.made_at >= row.since, lambda row: row.contact.notnull())
    merged = made.left_join(older, made.into == older.id, rname="older_{name}")
    outcome = merged.older_outcome.coalesce(merged.outcome)
    return merged.filter(outcome == PromiseOutcome.NOT_REACHED.value).select("contact")


def promised() -> Table:
    """The callbacks that were promised in the scope, each with its queue; those of officers have none."""
    return (
        PROMISE.cross_join(SCOPE)
        .filter(lambda row: row.made_at >= row.since, lambda row: row.made_at < row.until)
        .mutate(queue=lambda row: row.owner_queue)
    )
