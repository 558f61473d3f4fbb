"""A whole Haedap centre, started by `haedap run`, with as many agents at desk telephones as a load needs."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import httpx
import psycopg
from psycopg.types.json import Jsonb

from bench.registrar import register
from haedap.config import load_settings
from haedap.operations.cluster import wait_until
from tests.support.centre import Centre, a_centre

NUMBER = "0200009000"
_NUMBER_E164 = "+82200009000"
_REALM = "haedap"
_PATIENCE_SECONDS = 120
_FLOW = {
    "start": "people",
    "steps": {"people": {"kind": "queue", "queue": "bench", "priority": 0, "prompts": [], "music": False}},
}


@contextmanager
def load_centre(agents: int, *, recorded: bool) -> Iterator[tuple[str, int]]:
    """Host and UDP port of a centre with `agents` available agents, answering the number `NUMBER` without any sound."""
    with a_centre(HAEDAP_ENVIRONMENT="production", HAEDAP_RECORDING="yes" if recorded else "no") as centre:
        centre.start()
        centre.wait_ready()
        sip = centre.info()["sip"]
        host, port = str(sip["host"]), int(sip["udp_port"])
        with psycopg.connect(_database(centre), autocommit=True) as connection:
            passwords = _write_plan(connection, agents)
            _keep_registrations(centre, passwords)
            register(passwords, host, port)
            _put_on_duty(connection, agents)
        yield host, port


def _keep_registrations(centre: Centre, users: Iterable[str]) -> None:
    """For an hour, not a minute: SIPp has the port at which the telephones ring, so that nobody can renew them."""
    settings = load_settings(centre.environment)
    body = {"fields": [{"attribute": "maximum_expiration", "value": "3600"}]}
    auth = settings.ari_user, settings.ari_password
    with httpx.Client(base_url=settings.ari_url, auth=auth, trust_env=False) as exchange:
        for user in users:
            exchange.put(f"/ari/asterisk/config/dynamic/res_pjsip/aor/{user}", json=body).raise_for_status()


def _database(centre: Centre) -> str:
    return f"postgresql://haedap@/haedap?host={centre.runtime}"


def _write_plan(connection: psycopg.Connection, agents: int) -> dict[str, str]:
    """Queue, flow, number, agents with their telephones; returns user names with passwords."""
    connection.execute("INSERT INTO skill (key, name) VALUES ('bench', 'bench')")
    connection.execute(
        "INSERT INTO queue (key, name, skill_id, wrap_up_seconds, announce_every_seconds)"
        " VALUES ('bench', 'bench', 'bench', 0, 0)"
    )
    connection.execute("INSERT INTO flow (key, name, definition) VALUES ('bench', 'bench', %s)", (Jsonb(_FLOW),))
    connection.execute("INSERT INTO number (number, flow_id) VALUES (%s, 'bench')", (_NUMBER_E164,))
    ids = [
        row[0]
        for row in connection.execute(
            "INSERT INTO account (username, name, role, telephone, password, must_change_password)"
            " SELECT 'bench' || n, 'bench' || n, 'agent', 'desk', '!', false FROM generate_series(1, %s) n"
            " RETURNING id",
            (agents,),
        )
    ]
    connection.execute(
        "INSERT INTO agent_skill (account_id, skill_id, level) SELECT unnest(%s::int[]), 'bench', 1", (ids,)
    )
    passwords = {f"desk-{agent}": uuid.uuid4().hex for agent in ids}
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO phone_credential (username, account_id, kind, ha1) VALUES (%s, %s, 'desk', %s)",
            [(user, int(user.removeprefix("desk-")), _ha1(user, password)) for user, password in passwords.items()],
        )
    _command(connection, [("plan_changed", None, {})])
    _command(connection, [("phone_issued", None, {"username": user}) for user in passwords])
    return passwords


def _ha1(user: str, password: str) -> str:
    return hashlib.md5(f"{user}:{_REALM}:{password}".encode(), usedforsecurity=False).hexdigest()


def _put_on_duty(connection: psycopg.Connection, agents: int) -> None:
    ids = [row[0] for row in connection.execute("SELECT id FROM account WHERE username LIKE 'bench%'")]
    _command(connection, [("sign_in", agent, {}) for agent in ids])
    _command(connection, [("available", agent, {}) for agent in ids])
    query = "SELECT count(*) FROM agent_status WHERE state = 'available' AND reachable AND agent = ANY(%s)"
    _wait(lambda: _count(connection, query, (ids,)) == agents, f"{agents} agents available")


def _command(connection: psycopg.Connection, commands: Sequence[tuple[str, int | None, dict[str, object]]]) -> None:
    """Give the commands to the engine and wait until all are done."""
    named = [(uuid.uuid4(), name, agent, Jsonb(data)) for name, agent, data in commands]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO command (id, name, agent, data) VALUES (%s, %s, %s, %s)", named)
    ids = [row[0] for row in named]
    query = "SELECT count(*) FROM command WHERE outcome = 'done' AND id = ANY(%s)"
    _wait(lambda: _count(connection, query, (ids,)) == len(ids), f"commands {commands[0][0]} done")


def _count(connection: psycopg.Connection, query: str, values: tuple[object, ...]) -> int:
    row = connection.execute(query.encode(), values).fetchone()
    return int(row[0]) if row else 0


def _wait(holds: Callable[[], bool], what: str) -> None:
    if not wait_until(holds, lambda: True, _PATIENCE_SECONDS):
        raise TimeoutError(what)
