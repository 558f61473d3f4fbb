"""Numbers of the centre that lead straight to people, so that a test need not listen to the announcements."""

from __future__ import annotations

import time
import uuid
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from tests.support.patience import PATIENCE

QUICK = "0200007001"
"""All agents of the demonstration. It rings as long as anything is looked at meanwhile on a machine that is busy."""
IMPATIENT = "0200007002"
"""The same agents; a lost citizen is kept for them only for five seconds."""
CALLING_BACK = "0200007003"
"""The same agents; who waits for a second is offered a call instead."""
WATER = "0200007004"
"""The demonstration's own queue for water."""
_QUEUES = (
    (QUICK, "quick", "빠른 상담", 60, 30),
    (IMPATIENT, "impatient", "급한 상담", 60, 5),
    (CALLING_BACK, "calling_back", "콜백 상담", 60, 30),
)


def add_numbers(connection: psycopg.Connection[Any]) -> None:
    """Add them to the plan of a running centre."""
    for number, key, name, ring, reconnect in _QUEUES:
        connection.execute(
            "INSERT INTO queue (key, name, skill_id, ring_seconds, reconnect_seconds, wrap_up_seconds,"
            " announce_every_seconds, service_level_seconds, position)"
            " VALUES (%s, %s, 'general', %s, %s, 60, 0, 20, 90)",
            (key, name, ring, reconnect),
        )
        _lead(connection, number, key, name)
    _lead(connection, WATER, "water", "상하수도 직통")
    connection.execute("UPDATE queue SET callback_offer_seconds = 1 WHERE key = 'calling_back'")
    command(connection, "plan_changed")


def _lead(connection: psycopg.Connection[Any], number: str, queue: str, name: str) -> None:
    """The number leads straight into the queue."""
    flow = {"start": "wait", "steps": {"wait": {"kind": "queue", "queue": queue, "prompts": []}}}
    key = f"straight_{queue}"
    connection.execute("INSERT INTO flow (key, name, definition) VALUES (%s, %s, %s)", (key, name, Jsonb(flow)))
    connection.execute(
        "INSERT INTO number (number, label, flow_id) VALUES (%s, %s, %s)", (f"+82{number[1:]}", name, key)
    )


def command(connection: psycopg.Connection[Any], name: str, agent: int | None = None, **data: object) -> None:
    """Give the engine a command, and wait until it is done."""
    outcome = _outcome(connection, name, agent, data)
    assert outcome == "done", (name, outcome)


def send_all_home(connection: psycopg.Connection[Any]) -> None:
    """Bring the centre to rest: no promise is open, no contact is there, nobody is on duty, and nobody's rest after an
    abusive call outlasts the test."""
    supervisor = connection.execute("SELECT id FROM account WHERE role = 'supervisor' AND is_active").fetchone()
    assert supervisor is not None
    deadline = time.monotonic() + PATIENCE
    while left := _not_at_rest(connection):
        assert time.monotonic() < deadline, left
        for kind, key, agent in left:
            if kind == "promise":
                _outcome(connection, "settle_promise", None, {"promise": key, "outcome": "cancelled"})
            elif kind == "contact" and agent is not None:
                _outcome(connection, "control", agent, {"contact": key, "control": "end", "digits": ""})
            elif kind == "agent":
                _outcome(connection, "force_state", supervisor[0], {"agent": agent, "state": "available"})
                _outcome(connection, "sign_out", agent, {})
        time.sleep(0.02)


def _not_at_rest(connection: psycopg.Connection[Any]) -> list[tuple[str, str, int | None]]:
    """What is open, as (promise, contact or agent; its id; the agent). A contact nobody has ends with its caller."""
    return connection.execute(
        "SELECT 'promise', id::text, NULL FROM promise WHERE state <> 'ended'"
        " UNION ALL SELECT 'contact', c.id::text, s.agent FROM contact c LEFT JOIN agent_status s ON s.contact = c.id"
        " WHERE c.state <> 'ended'"
        " UNION ALL SELECT 'agent', agent::text, agent FROM agent_status WHERE state <> 'signed_out'"
    ).fetchall()


def _outcome(connection: psycopg.Connection[Any], name: str, agent: int | None, data: dict[str, object]) -> str:
    """What the engine makes of the command: `done`, or why not."""
    key = uuid.uuid4()
    connection.execute(
        "INSERT INTO command (id, name, agent, data) VALUES (%s, %s, %s, %s)", (key, name, agent, Jsonb(data))
    )
    deadline = time.monotonic() + PATIENCE
    while True:
        row = connection.execute("SELECT outcome, detail FROM command WHERE id = %s", (key,)).fetchone()
        assert row is not None
        if row[0] is not None:
            return str(row[1] or row[0])
        assert time.monotonic() < deadline, f"the engine did nothing about {name}"
        time.sleep(0.02)
