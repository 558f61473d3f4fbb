"""The statements behind the figures: Ibis expressions, compiled to PostgreSQL's SQL once a process.

A statement takes its scope as parameters (`Scope.values`), so that one text serves every interval and the server's
plan stays the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import ibis
from ibis.expr.types import NumericValue, Table

from haedap.analytics import AnalyticsError, conditions, measures, tables
from haedap.analytics.measures import CALLBACK_KEPT, HANDLE_TIME, OCCUPANCY, WAITING, Measure, ServiceLevelFormula
from haedap.analytics.tables import Scope
from haedap.domain.states import AgentState

SLOT_SECONDS = 900
"""The wallboard's curve has one point a quarter of an hour."""

QUEUES = "SELECT key, name, service_level_seconds FROM queue ORDER BY position, name"
CASES_OVERDUE = (
    "SELECT count(*) AS cases_overdue FROM case_file WHERE ended_at IS NULL AND due_at < %s"
    " AND state NOT IN ('suspended', 'answered')"
)
"""What offices owe too long already; takes the time of the question."""
SETTINGS = "SELECT short_abandon_seconds, service_level_formula, repeat_days FROM centre_settings WHERE id = 1"

_SCOPE = """WITH scope(since, until, now, short_abandon_seconds)
AS NOT MATERIALIZED (VALUES (%s::timestamptz, %s::timestamptz, %s::timestamptz, %s::bigint))"""
_CHOICE = """WHERE (%s::text IS NULL OR queue = %s) AND (%s::boolean IS NULL OR counted = %s)
ORDER BY arrived_at DESC, id LIMIT %s OFFSET %s"""


def _compiled(expression: Table) -> str:
    """The expression as SQL with placeholders for its scope (psycopg's style: a literal % is doubled).

    One row of VALUES is folded into the plan as constants, however often it is named, so that the index on the times is
    used at any size.
    """
    body = str(ibis.to_sql(expression, dialect="postgres")).replace("%", "%%")
    return f"{_SCOPE},{body[4:]}" if body.startswith("WITH ") else f"{_SCOPE}\n{body}"


def _grouped(table: Table, by_queue: bool, values: dict[str, NumericValue]) -> Table:
    return table.group_by("queue").aggregate(**values) if by_queue else table.aggregate(**values)


@cache
def cohort_figures(formula: ServiceLevelFormula, *, by_queue: bool) -> str:
    """One row with a column per measure of the arrival cohort; by queue: one row per `queue`."""
    contacts = tables.cohort()
    if by_queue:
        contacts = contacts.filter(conditions.offered(contacts))
    chosen = measures.cohort_measures(formula)
    return _compiled(_grouped(contacts, by_queue, {each.definition.key: each.value(contacts) for each in chosen}))


@cache
def handle_time(*, by_queue: bool) -> str:
    """The mean handle time of the cohort's contacts, over segments with talk whose wrap-up is over."""
    done = _handled(tables.cohort().select("id", "queue"))
    mean = done.handled_seconds.sum() / done.id.nunique().nullif(0)
    return _compiled(_grouped(done, by_queue, {HANDLE_TIME.key: mean}))


def _handled(contacts: Table) -> Table:
    """The segments of these contacts with talk whose wrap-up is over, each with its `handled_seconds`."""
    joined = contacts.inner_join(tables.SEGMENT, [("id", "contact")])
    done = joined.filter(joined.ended_at.notnull(), joined.talk_from.notnull(), joined.wrap_up_seconds.notnull())
    talked = done.ended_at.delta(done.talk_from, unit="microsecond") / 1_000_000
    return done.mutate(handled_seconds=talked + done.wrap_up_seconds)


_AIDS = ("topic", "article", "looked_up")


@cache
def effect() -> str:
    """The answered and ended contacts of the scope by `topic` (0: none), `article` and `looked_up`.

    Columns: `contacts`, `self_handled`, `passed_on`.
    """
    contacts = _aided()
    counted = contacts.group_by(_AIDS).aggregate(
        contacts=contacts.count(),
        self_handled=contacts.count(where=conditions.self_handled(contacts)),
        passed_on=contacts.count(where=conditions.passed_on(contacts)),
    )
    return _compiled(counted)


@cache
def effect_times() -> str:
    """The same contacts by the same columns: `handled`, how many have a handle time, and `handled_seconds` of all."""
    done = _handled(_aided().select("id", *_AIDS))
    return _compiled(
        done.group_by(_AIDS).aggregate(handled=done.id.nunique(), handled_seconds=done.handled_seconds.sum())
    )


def _aided() -> Table:
    contacts = tables.with_aids(tables.cohort())
    return contacts.filter(conditions.answered(contacts), contacts.ended_at.notnull())


@cache
def callbacks(*, by_queue: bool) -> str:
    """The share of the scope's promises that were kept in time."""
    promises = tables.promised()
    if by_queue:
        promises = promises.filter(promises.queue.notnull())
    return _compiled(_grouped(promises, by_queue, {CALLBACK_KEPT.definition.key: CALLBACK_KEPT.value(promises)}))


@cache
def occupancy() -> str:
    """The share of their working time that agents spent on contacts, within the scope up to now."""
    spent = tables.AGENT_PERIOD.cross_join(tables.SCOPE)
    spent = spent.filter(
        spent.started_at < spent.until,
        (spent.ended_at > spent.since) | spent.ended_at.isnull(),
    )
    start = ibis.greatest(spent.started_at, spent.since)
    end = ibis.least(ibis.coalesce(spent.ended_at, spent.now), spent.until)
    spent = spent.mutate(spent_time=ibis.greatest(end.delta(start, unit="microsecond"), 0))
    handling = spent.state.isin([AgentState.ENGAGED.value, AgentState.WRAP_UP.value])
    working = handling | (spent.state == AgentState.AVAILABLE.value)
    share = spent.spent_time.sum(where=handling).fill_null(0) / spent.spent_time.sum(where=working).nullif(0)
    return _compiled(spent.aggregate(**{OCCUPANCY.key: share}))


@cache
def waiting(*, by_queue: bool) -> str:
    """Who waits now and since when; takes no scope."""
    contacts = tables.CONTACT.filter(conditions.waiting(tables.CONTACT))
    values = {WAITING.key: contacts.count(), "longest_wait_since": contacts.queued_at.min()}
    return str(ibis.to_sql(_grouped(contacts, by_queue, values), dialect="postgres"))


@cache
def agents_by_state() -> str:
    """How many agents are in each state now; takes no scope."""
    status = tables.AGENT_STATUS
    return str(ibis.to_sql(status.group_by("state").aggregate(agents=status.count()), dialect="postgres"))


def _slots(contacts: Table) -> Table:
    asked = contacts.filter(conditions.offered(contacts))
    slot = asked.arrived_at.delta(asked.since, unit="microsecond") // (SLOT_SECONDS * 1_000_000)
    return asked.mutate(slot=slot.cast("int64"))


@cache
def offered_by_slot() -> str:
    """`slot` (0 to 95, quarter hours since the scope's start), `offered`, `answered`; empty slots are left out."""
    asked = _slots(tables.cohort())
    answered = asked.count(where=conditions.answered(asked))
    return _compiled(asked.group_by("slot").aggregate(offered=asked.count(), answered=answered))


def compile_usual() -> None:
    """Compile what the wallboard asks, which takes half a second; may be called from any thread."""
    for by_queue in (False, True):
        cohort_figures(ServiceLevelFormula.STANDARD, by_queue=by_queue)
        handle_time(by_queue=by_queue)
        callbacks(by_queue=by_queue)
        waiting(by_queue=by_queue)
    occupancy()
    agents_by_state()
    offered_by_slot()


@cache
def contacts_behind(formula: ServiceLevelFormula, key: str) -> str:
    """The contacts that the figure `key` of a scope looks at, latest first.

    Columns: `id`, `arrived_at`, `queue`, `state`, `outcome`, `waited_seconds`, and `counted`: whether the
    figure counts it, or for a share whether it stands above the line. The parameters are `Behind.values`.
    Raises AnalyticsError for a figure that is not made of contacts of a cohort.
    """
    contacts = tables.cohort()
    measure = _measure(formula, key)
    behind = contacts.filter(measure.population(contacts))
    body = ibis.to_sql(
        behind.select(
            "id",
            "arrived_at",
            "queue",
            "state",
            "outcome",
            waited_seconds=behind.answer_wait.coalesce(behind.abandon_wait) / 1_000_000,
            counted=measure.hits(behind),
        ),
        dialect="postgres",
    )
    escaped = str(body).replace("%", "%%")
    return f"{_SCOPE}\nSELECT * FROM (\n{escaped}\n) AS behind\n{_CHOICE}"


@dataclass(frozen=True, slots=True)
class Behind:
    """Which of the contacts behind a figure: all, or those of one queue, or those that count or do not."""

    scope: Scope
    queue: str | None = None
    counted: bool | None = None
    limit: int = 100
    offset: int = 0

    @property
    def values(self) -> tuple[object, ...]:
        """The parameters of `contacts_behind`."""
        chosen = (self.queue, self.queue, self.counted, self.counted, self.limit, self.offset)
        return (*self.scope.values, *chosen)


def opens_down(key: str) -> bool:
    """Whether `contacts_behind` knows the figure."""
    return any(each.definition.key == key for each in measures.cohort_measures(ServiceLevelFormula.STANDARD))


def _measure(formula: ServiceLevelFormula, key: str) -> Measure:
    for measure in measures.cohort_measures(formula):
        if measure.definition.key == key:
            return measure
    raise AnalyticsError("상담 건으로 펼쳐 볼 수 없는 지표입니다. 상황판의 지표 가운데 하나를 고르십시오.")
