"""The live rows out of PostgreSQL. Each reading is one statement, and so one snapshot of the database."""

from __future__ import annotations

from typing import Any, TypeAlias

from psycopg import AsyncConnection, IsolationLevel
from psycopg.rows import dict_row

from haedap.analytics.figures import Figures, UsualCurve, ask_today
from haedap.clock import centre_time
from haedap.web.push.state import Directory, JsonRow, Reading

Connection: TypeAlias = AsyncConnection[dict[str, Any]]

_AGENTS = """
SELECT s.agent, a.name,
       ARRAY(SELECT k.skill_id FROM agent_skill k WHERE k.account_id = s.agent ORDER BY k.skill_id) AS skills,
       s.state, s.reason, s.since, s.until, s.pending, s.pending_reason, s.contact, s.reachable
FROM agent_status s JOIN account a ON a.id = s.agent
"""
# What goes with a contact is looked up for the few rows of a change by the indexes on the contact.
_CONTACTS = """
SELECT c.id, channel, state, outcome, ended_by, called, caller, caller_text, caller_name, withheld, flow, queue,
       priority, arrived_at, queued_at, offered_at, answered_at, ended_at, agent, segments, hold_seconds, held, muted,
       recording_paused, recorded, direction, promise, resumes, transferred, referred, returned, moved, abusive,
       message_seconds,
       (SELECT to_json(t) FROM (
            SELECT number, segment, agent, mode, target_kind, target_agent, target_queue, target_number, target_officer,
                   target_name, brief, started_at, answered_at, ended_at, outcome, returned_at, citizen, consulted
            FROM transfer WHERE contact = c.id ORDER BY number DESC LIMIT 1) t) AS transfer,
       (SELECT coalesce(json_agg(to_json(p)), '[]') FROM (
            SELECT step, kind, agent, at FROM protection_step WHERE contact = c.id ORDER BY id) p) AS protection,
       (SELECT json_build_object('supervisor', supervisor, 'mode', mode, 'since', started_at)
        FROM supervision WHERE contact = c.id AND ended_at IS NULL ORDER BY id DESC LIMIT 1) AS supervision,
       (SELECT json_build_object('kind', kind, 'until', until) FROM flagged_number
        WHERE number = c.caller AND lifted_at IS NULL AND until > now() ORDER BY until DESC LIMIT 1) AS flagged
FROM contact c
"""
_PROMISES = """
SELECT id, citizen, owner_kind, owner_queue, owner_agent, owner_officer, owner_name, owner_number, reason, state,
       made_at, place_at, due_at, deadline, attempts, escalated_at, ended_at, outcome, "into", contact, kept_in,
       made_by, ended_by
FROM promise
"""
_READ = """
SELECT (SELECT coalesce(max(seq), 0) FROM projection) AS seq,
       (SELECT coalesce(json_object_agg(agent, to_json(r)), '{{}}') FROM ({agents}) r) AS agents,
       (SELECT coalesce(json_object_agg(id, to_json(r)), '{{}}') FROM ({contacts}) r) AS contacts,
       (SELECT coalesce(json_object_agg(id, to_json(r)), '{{}}') FROM ({promises}) r) AS promises
"""
_CHANGED = _READ.format(
    agents=f"{_AGENTS} WHERE s.seq > %(seq)s",
    contacts=f"{_CONTACTS} WHERE c.seq > %(seq)s",
    promises=f"{_PROMISES} WHERE seq > %(seq)s",
)
_WHOLE = _READ.format(
    agents=_AGENTS,
    contacts=f"{_CONTACTS} WHERE state <> 'ended'",
    promises=f"{_PROMISES} WHERE state <> 'ended'",
)
_CONFIGURED = """
SELECT (SELECT coalesce(json_object_agg(agent, json_build_array(name, skills)), '{{}}') FROM ({agents}) r) AS agents,
       (SELECT coalesce(json_agg(json_build_array(key, name, service_level_seconds, notice_seconds, end_seconds)
                                 ORDER BY position, name), '[]')
        FROM queue) AS queues
"""
_DIRECTORY = _CONFIGURED.format(agents=_AGENTS)
_SESSION = "SET TimeZone = 'UTC'; SET statement_timeout = 10000; SET idle_session_timeout = 0"
"""Said by statements: an address may have `options` of its own, and PgBouncer takes none."""


async def connect(url: str) -> Connection:
    """A connection in UTC that commits by itself and notices within seconds when the server is gone."""
    connection = await AsyncConnection.connect(
        url, autocommit=True, row_factory=dict_row, connect_timeout=5, application_name="haedap push"
    )
    try:
        await connection.execute(_SESSION)
    except BaseException:
        await connection.close()
        raise
    return connection


async def read_changed(connection: Connection, seq: int) -> Reading:
    """The rows that were written after `seq`, ended contacts and promises included."""
    return await _read(connection, _CHANGED, {"seq": seq})


async def read_whole(connection: Connection) -> Reading:
    """Every agent, every live contact and every promise that is not over."""
    return await _read(connection, _WHOLE, {})


async def read_directory(connection: Connection) -> Directory:
    """What the centre has configured and no projection tells: agents' names and skills, and the queues."""
    row = await _one(connection, _DIRECTORY, {})
    fields = ("name", "service_level_seconds", "notice_seconds", "end_seconds")
    queues = {key: dict(zip(fields, values, strict=True)) for key, *values in row["queues"]}
    return Directory(row["agents"], queues)


async def read_figures(connection: Connection, usual: UsualCurve) -> Figures:
    """Today's figures, all of one snapshot of the database."""
    await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
    async with connection.transaction():
        questions = ask_today(centre_time(), usual)
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
    return Reading(row["seq"], row["agents"], row["contacts"], row["promises"])


async def _one(connection: Connection, sql: str, values: dict[str, int]) -> JsonRow:
    row = await (await connection.execute(sql.encode(), values, prepare=True)).fetchone()
    if row is None:
        raise AssertionError("a statement without FROM has one row")
    return row
