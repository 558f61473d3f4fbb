"""Which months of the archive's tables have changed in the database since the archive was last brought up to date.

PostgreSQL notes in each row which transaction wrote it (`xmin`). So one rule finds every change of every table, whoever
made it and whenever they committed: what was written by a transaction that was not over at the last time. What was
deleted shows in the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from haedap.analytics.archive.manifest import WHOLE, Manifest

_OF_CONTACT = "contact.arrived_at"
_ALWAYS = "NULL::timestamptz"
"""Of tables whose change concerns every month: what queues, topics and offices are called and promise."""


@dataclass(frozen=True, slots=True)
class _Trace:
    """A change of `table` is a change of the archive's `source`, in the month of `at`."""

    source: str
    table: str
    at: str
    joined: str = ""


def _of_contact(table: str, on: str) -> _Trace:
    return _Trace("fact", table, _OF_CONTACT, f"JOIN contact ON {on}")


_TRACES = (
    _Trace("fact", "contact", _OF_CONTACT),
    *(
        _of_contact(table, f"contact.id = {table}.contact")
        for table in (
            "segment",
            "contact_note",
            "contact_citizen",
            "case_file",
            "article_use",
            "lookup_use",
            "survey",
            "survey_answer",
        )
    ),
    # What becomes of a promise is told of the contacts, too, whose promises were merged into it.
    _Trace(
        "fact",
        "promise",
        _OF_CONTACT,
        'JOIN (SELECT id, contact FROM promise UNION ALL SELECT "into", contact FROM promise WHERE "into" IS NOT NULL)'
        " AS told ON told.id = promise.id JOIN contact ON contact.id = told.contact",
    ),
    _of_contact("citizen_number", "contact.caller = citizen_number.number"),
    _Trace(
        "fact",
        "citizen",
        _OF_CONTACT,
        "JOIN citizen_number ON citizen_number.citizen = citizen.id"
        " JOIN contact ON contact.caller = citizen_number.number",
    ),
    *(_Trace("fact", table, _ALWAYS) for table in ("queue", "topic", "department")),
    _Trace("promise", "promise", "promise.made_at"),
    _Trace("case_file", "case_file", "case_file.received_at"),
    *(_Trace("case_file", table, _ALWAYS) for table in ("topic", "department")),
    _Trace("article_use", "article_use", "article_use.at"),
    *(_Trace("article_use", table, _ALWAYS) for table in ("article", "article_version")),
    _Trace("survey", "survey_answer", "survey.asked_at", "JOIN survey ON survey.contact = survey_answer.contact"),
    _Trace("survey", "survey", "survey.asked_at"),
    _Trace("agent_period", "agent_period", "agent_period.started_at"),
)
_MONTHLY = frozenset(trace.source for trace in _TRACES)

STATE = """SELECT (SELECT system_identifier FROM pg_control_system())::text || '/' || oid::text,
    pg_snapshot_xmin(pg_current_snapshot())::text, (SELECT coalesce(max(seq), 0) FROM journal)
FROM pg_database WHERE datname = current_database()"""
"""Which database this is, the oldest transaction that is not over, and the last row of the journal."""

Row: TypeAlias = tuple[Any, ...]


def statement(transaction: int | None) -> str:
    """The question that `due` takes the rows of: source, table, month (null: all), rows, whether any has changed."""
    changed = "true" if transaction is None else "bool_or(age({table}.xmin) <= age('{xid}'::xid))"
    return "\nUNION ALL\n".join(
        f"SELECT '{trace.source}', '{trace.table}', to_char(month, 'YYYY-MM'), rows, changed FROM ("
        f"SELECT date_trunc('month', {trace.at} AT TIME ZONE 'Asia/Seoul') AS month, count(*) AS rows, "
        f"{changed.format(table=trace.table, xid=(transaction or 0) % 2**32)} AS changed "
        f"FROM {trace.table} {trace.joined} GROUP BY 1) AS traced"
        for trace in _TRACES
    )


def is_another(manifest: Manifest, database: str, transaction: int, journal: int) -> bool:
    """Whether the archive is of another database than this, or of a later state of it than was restored."""
    known = manifest.transaction
    if manifest.database != database or manifest.journal > journal or known is None or known > transaction:
        return True
    return transaction - known > 2**31 - 2**24  # xmin does not tell any more


def take_in(manifest: Manifest, rows: Iterable[Row]) -> None:
    """Note in the manifest what is due by what the database says, and what there was before."""
    counts: dict[str, dict[str, int]] = {}
    changed: set[tuple[str, str]] = set(manifest.due)
    always: set[str] = set()
    for source, table, month, count, is_changed in rows:
        counts.setdefault(f"{source}/{month or WHOLE}", {})[table] = count
        if is_changed:
            changed.add((source, month)) if month else always.add(source)
    for place in counts.keys() | manifest.counts.keys():
        source, _slash, month = place.partition("/")
        if counts.get(place) != manifest.counts.get(place):
            changed.add((source, month)) if month else always.add(source)
    months = _months(counts, manifest)
    changed |= {(source, month) for source, month in months if source in always}
    changed |= {("fact", before) for source, month in changed if source == "fact" for before in _before(month)}
    manifest.due = sorted(place for place in changed if place in months)
    manifest.counts = counts


def _months(counts: dict[str, dict[str, int]], manifest: Manifest) -> set[tuple[str, str]]:
    """All that there are in the database or in the archive."""
    named = {(source, month) for source, _slash, month in (place.partition("/") for place in counts) if month}
    kept = {(source, month) for source in _MONTHLY for month in manifest.tables.get(source, {})}
    return named | kept


def _before(month: str) -> list[str]:
    """The month before: its last contacts are followed by those of this one."""
    year, number = int(month[:4]), int(month[5:])
    return [f"{year - 1:04}-12" if number == 1 else f"{year:04}-{number - 1:02}"]
