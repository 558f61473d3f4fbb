"""The live rows out of PostgreSQL. Each reading is one statement, and so one snapshot of the database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeAlias

from psycopg import AsyncConnection, IsolationLevel
from psycopg.rows import dict_row

from haedap.analytics.figures import Figures, UsualCurve, ask_today
from haedap.web.push.state import Directory, JsonRow, Reading

Connection: TypeAlias = AsyncConnection[dict[str, Any]]

_AGENTS = """
SELECT s.agent, a.name,
       ARRAY(SELECT k.skill_id FROM agent_skill k WHERE k.account_id = s.agent ORDER BY k.skill_id) AS skills,
       s.state, s.reason, s.since, s.until, s.pending, s.pending_reason, s.contact, s.reachable
FROM agent_status s JOIN account a ON a.id = s.agent
"""
_CONTACTS = """
SELECT id, channel, state, outcome, ended_by, called, caller, caller_text, caller_name, withheld, flow, queue, priority,
       arrived_at, queued_at, offered_at, answered_at, ended_at, agent, segments, hold_seconds, held, muted,
       recording_paused, recorded, direction, promise, resumes, returned, abusive,
       (SELECT to_json(t) FROM (
            SELECT number, mode, agent, target_kind, target_agent, target_queue, target_number, target_name, started_at,
                   answered_at, ended_at, outcome, returned_at, citizen, consulted
            FROM transfer WHERE transfer.contact = contact.id ORDER BY number DESC LIMIT 1) t) AS transfer,
       (SELECT to_json(s) FROM (
            SELECT supervisor, mode, started_at FROM supervision
            WHERE supervision.contact = contact.id AND ended_at IS NULL ORDER BY id DESC LIMIT 1) s) AS supervision,
       (SELECT step FROM protection_step WHERE protection_step.contact = contact.id ORDER BY id DESC LIMIT 1)
            AS protection
FROM contact
"""
_READ = """
SELECT (SELECT coalesce(max(seq), 0) FROM projection) AS seq,
       (SELECT coalesce(json_object_agg(agent, to_json(r)), '{{}}') FROM ({agents}) r) AS agents,
       (SELECT coalesce(json_object_agg(id, to_json(r)), '{{}}') FROM ({contacts}) r) AS contacts
"""
_CHANGED = _READ.format(
    agents=f"{_AGENTS} WHERE s.seq > %(seq)s",
    contacts=f"{_CONTACTS} WHERE seq > %(seq)s",
)
_WHOLE = _READ.format(agents=_AGENTS, contacts=f"{_CONTACTS} WHERE state <> 'ended'")
_CONFIGURED = """
SELECT (SELECT coalesce(json_object_agg(agent, json_build_array(name, skills)), '{{}}') FROM ({agents}) r) AS agents,
       (SELECT coalesce(json_agg(json_build_array(key, name, service_level_seconds) ORDER BY position, name), '[]')
        FROM queue) AS queues
"""
_DIRECTORY = _CONFIGURED.format(agents=_AGENTS)


async def connect(url: str) -> Connection:
    """A connection in UTC that commits by itself and notices within seconds when the server is gone."""
    return await AsyncConnection.connect(
        url,
        autocommit=True,
        row_factory=dict_row,
        connect_timeout=5,
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=3,
        options="-c timezone=UTC -c statement_timeout=10000",
        application_name="haedap push",
    )


async def read_changed(connection: Connection, seq: int) -> Reading:
    """The rows that were written after `seq`, ended contacts included."""
    return await _read(connection, _CHANGED, {"seq": seq})


async def read_whole(connection: Connection) -> Reading:
    """Every agent and every live contact."""
    return await _read(connection, _WHOLE, {})


async def read_directory(connection: Connection) -> Directory:
    """What the centre has configured and no projection tells: agents' names and skills, and the queues."""
    row = await _one(connection, _DIRECTORY, {})
    queues = {key: {"name": name, "service_level_seconds": seconds} for key, name, seconds in row["queues"]}
    return Directory(row["agents"], queues)


async def read_figures(connection: Connection, usual: UsualCurve) -> Figures:
    """Today's figures, all of one snapshot of the database."""
    await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
    async with connection.transaction():
        questions = ask_today(datetime.now(UTC), usual)
        statement = next(questions)
        while True:
            answer = await connection.execute(statement.sql.encode(), statement.parameters)
            try:
                statement = questions.send(await answer.fetchall())
            except StopIteration as done:
                figures: Figures = done.value
                return figures


async def _read(connection: Connection, sql: str, values: dict[str, int]) -> Reading:
    row = await _one(connection, sql, values)
    return Reading(row["seq"], row["agents"], row["contacts"])


async def _one(connection: Connection, sql: str, values: dict[str, int]) -> JsonRow:
    row = await (await connection.execute(sql.encode(), values, prepare=True)).fetchone()
    if row is None:
        raise AssertionError("a statement without FROM has one row")
    return row
