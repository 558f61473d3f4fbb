"""The read models' tables: one statement writes what changed, and what can still change is read back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from psycopg import sql

from haedap.domain.ids import PromiseId
from haedap.store.connection import Connection, passing_errors
from haedap.store.record_rows import (
    AgentPeriodRow,
    AgentStatusRow,
    Changes,
    ContactRow,
    LiveAgent,
    LiveContact,
    LivePromise,
    PromiseAttemptRow,
    PromiseRow,
    ProtectionStepRow,
    SegmentRow,
    SupervisionRow,
    TransferRow,
)

PROJECTION = "records"
"""The name of these read models in the table `projection`."""
PUSH_CHANNEL = "haedap_push"

AnyRow = TypeVar("AnyRow", bound=msgspec.Struct)
_encode = msgspec.json.Encoder().encode


def _upsert(table: str, row: type[msgspec.Struct], key: str) -> sql.Composed:
    """Writes all rows of a JSON array; a row that is there already takes the new values."""
    fields = row.__struct_fields__
    columns = sql.SQL(", ").join(map(sql.Identifier, fields))
    changes = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in fields if name != key
    )
    return sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"
        " ORDER BY {key} ON CONFLICT ({key}) DO UPDATE SET {changes}"
    ).format(table=sql.Identifier(table), columns=columns, key=sql.Identifier(key), changes=changes)


# Rows are written in the order of their keys, so that a period is closed before its successor is opened. Composed once:
# doing it for each write took half of the projector's time.
_WRITE = (
    sql.SQL(
        "WITH contacts AS ({}), segments AS ({}), agents AS ({}), periods AS ({}), transfers AS ({}),"
        " protection_steps AS ({}), supervisions AS ({}), promises AS ({}), attempts AS ({}), recordings AS ("
        "INSERT INTO recording (contact, file, started_at, status) SELECT contact, file, started_at, status"
        " FROM jsonb_populate_recordset(NULL::recording, %s::jsonb) ON CONFLICT (contact) DO NOTHING),"
        " referred AS (UPDATE contact SET referred = true, seq = r.seq"
        " FROM jsonb_to_recordset(%s::jsonb) AS r(id uuid, seq bigint)"
        " WHERE contact.id = r.id AND NOT contact.referred),"
        ' merged AS (UPDATE promise SET "into" = m."into"'
        ' FROM jsonb_to_recordset(%s::jsonb) AS m(id uuid, citizen text, "into" uuid)'
        ' WHERE promise.citizen = m.citizen AND promise."into" = m.id),'
        " projected AS (INSERT INTO projection (name, seq) VALUES ({}, %s)"
        " ON CONFLICT (name) DO UPDATE SET seq = excluded.seq)"
        " SELECT pg_notify({}, %s)"
    )
    .format(
        _upsert("contact", ContactRow, "id"),
        _upsert("segment", SegmentRow, "id"),
        _upsert("agent_status", AgentStatusRow, "agent"),
        _upsert("agent_period", AgentPeriodRow, "id"),
        _upsert("transfer", TransferRow, "id"),
        _upsert("protection_step", ProtectionStepRow, "id"),
        _upsert("supervision", SupervisionRow, "id"),
        _upsert("promise", PromiseRow, "id"),
        _upsert("promise_attempt", PromiseAttemptRow, "id"),
        PROJECTION,
        PUSH_CHANNEL,
    )
    .as_bytes()
)
_FOLDED = {
    "contact": "seq",
    "segment": "id",
    "agent_status": "seq",
    "agent_period": "id",
    "transfer": "id",
    "protection_step": "id",
    "supervision": "id",
    "promise": "seq",
    "promise_attempt": "id",
    "projection": "seq",
}
"""The read models' tables, each with the column that holds a journal row's number, 1 or more. Where it is less, the row
does not come from the journal: it belongs to a synthetic year."""


async def write_changes(connection: Connection, changes: Changes, seq: int) -> None:
    """Write the rows as of journal row `seq` in one transaction, and wake the screens. Raises StoreUnavailableError."""
    tables: tuple[Iterable[Any], ...] = (
        changes.contacts.values(),
        changes.segments.values(),
        changes.agents.values(),
        changes.periods.values(),
        changes.transfers.values(),
        changes.protection_steps.values(),
        changes.supervisions.values(),
        changes.promises.values(),
        changes.attempts.values(),
        changes.recordings.values(),
        ({"id": contact, "seq": row} for contact, row in changes.referred.items()),
        (
            {"id": row.id, "citizen": row.citizen, "into": row.into}
            for row in changes.promises.values()
            if row.into is not None
        ),
    )
    rows = [_encode(list(table)).decode() for table in tables]
    with passing_errors():
        await connection.execute(_WRITE, (*rows, seq, str(seq)), prepare=True)


async def clear(connection: Connection) -> None:
    """Take out of the read models what came from the journal.

    What is known of recordings stays: it does not come from the journal alone. A synthetic year stays, too.
    """
    with passing_errors():
        for table, number in _FOLDED.items():
            statement = sql.SQL("DELETE FROM {} WHERE {} > 0")
            await connection.execute(statement.format(sql.Identifier(table), sql.Identifier(number)))


async def projected_seq(connection: Connection) -> int:
    """The journal row up to which the read models are written."""
    with passing_errors():
        cursor = await connection.execute("SELECT seq FROM projection WHERE name = %s", (PROJECTION,))
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def load_contacts(connection: Connection) -> list[LiveContact]:
    """The contacts that are not over, as they stand in the tables."""
    rows = await _load(connection, ContactRow, "SELECT * FROM contact WHERE state <> 'ended'")
    last = await _load(
        connection,
        SegmentRow,
        "SELECT DISTINCT ON (s.contact) s.* FROM segment s JOIN contact c ON c.id = s.contact"
        " WHERE c.state <> 'ended' ORDER BY s.contact, s.number DESC",
    )
    segments = {segment.contact: segment for segment in last}
    transfers = await _load(
        connection,
        TransferRow,
        "SELECT DISTINCT ON (t.contact) t.* FROM transfer t JOIN contact c ON c.id = t.contact"
        " WHERE c.state <> 'ended' ORDER BY t.contact, t.number DESC",
    )
    transfer_of = {transfer.contact: transfer for transfer in transfers}
    supervisions = await _load(
        connection,
        SupervisionRow,
        "SELECT s.* FROM supervision s JOIN contact c ON c.id = s.contact"
        " WHERE c.state <> 'ended' AND s.ended_at IS NULL",
    )
    supervision_of = {supervision.contact: supervision for supervision in supervisions}
    held = await _hold_times(connection)
    found = []
    for row in rows:
        segment = segments.get(row.id)
        found.append(
            LiveContact(
                row=row,
                segment=segment if segment and segment.ended_at is None else None,
                hold_since=held.get(row.id) if row.held else None,
                last_agent=segment.agent if segment else None,
                transfer=transfer_of.get(row.id),
                supervision=supervision_of.get(row.id),
            )
        )
    return found


async def load_agents(connection: Connection) -> list[LiveAgent]:
    """All agents who ever had a state."""
    rows = await _load(connection, AgentStatusRow, "SELECT * FROM agent_status")
    periods = await _load(connection, AgentPeriodRow, "SELECT * FROM agent_period WHERE ended_at IS NULL")
    wrap_ups = await _load(
        connection,
        SegmentRow,
        "SELECT s.* FROM agent_status a CROSS JOIN LATERAL"
        " (SELECT * FROM segment WHERE agent = a.agent ORDER BY started_at DESC LIMIT 1) s"
        " WHERE s.ended_at IS NOT NULL AND s.wrap_up_seconds IS NULL",
    )
    period_of = {period.agent: period for period in periods}
    wrap_up_of = {segment.agent: segment for segment in wrap_ups}
    return [LiveAgent(row=row, period=period_of.get(row.agent), wrap_up=wrap_up_of.get(row.agent)) for row in rows]


async def load_promises(connection: Connection) -> list[LivePromise]:
    """The promises that are not over."""
    rows = await _load(connection, PromiseRow, "SELECT * FROM promise WHERE state <> 'ended'")
    attempts = await _load(
        connection,
        PromiseAttemptRow,
        "SELECT DISTINCT ON (a.promise) a.* FROM promise_attempt a JOIN promise p ON p.id = a.promise"
        " WHERE p.state <> 'ended' AND a.ended_at IS NULL ORDER BY a.promise, a.id DESC",
    )
    attempt_of = {attempt.promise: attempt for attempt in attempts}
    return [LivePromise(row=row, attempt=attempt_of.get(row.id)) for row in rows]


async def last_attempts(connection: Connection) -> dict[PromiseId, int]:
    """The number of the last attempt to keep each promise that is not over; it is missing when there was none."""
    with passing_errors():
        cursor = await connection.execute(
            "SELECT a.promise::text, max(a.number) FROM promise_attempt a JOIN promise p ON p.id = a.promise"
            " WHERE p.state <> 'ended' GROUP BY a.promise"
        )
        return {PromiseId(promise): number for promise, number in await cursor.fetchall()}


async def _hold_times(connection: Connection) -> dict[str, datetime]:
    """Since when each contact on hold is held; times before the last `hold` that began one do not matter."""
    with passing_errors():
        cursor = await connection.execute(
            "SELECT j.contact::text, j.data->>'control', j.at FROM contact c JOIN journal j ON j.contact = c.id"
            " WHERE c.held AND j.seq <= c.seq"
            " AND j.name IN ('ControlApplied', 'LegLost', 'SegmentEnded', 'TransferStarted')"
            " AND j.data->'held' IS DISTINCT FROM 'true' ORDER BY j.seq"
        )
        rows = await cursor.fetchall()
    since: dict[str, datetime] = {}
    for contact, control, at in rows:
        if control == "hold":
            since.setdefault(contact, at)
        elif control in {None, "unhold"}:
            since.pop(contact, None)
    return since


async def _load(connection: Connection, row: type[AnyRow], query: str) -> list[AnyRow]:
    with passing_errors():
        cursor = await connection.execute(sql.SQL("SELECT to_jsonb(t)::text FROM ({}) t").format(sql.SQL(query)))
        found = await cursor.fetchall()
    return [msgspec.json.decode(item[0], type=row) for item in found]
