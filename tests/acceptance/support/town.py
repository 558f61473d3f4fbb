"""The plan of a small town: agents at desk telephones, in groups that each answer a number of their own."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from haedap.operations.sipp import AGENT, Sipp, run_sipp
from tests.browser.support.numbers import command
from tests.telephony.support.sound import to_ulaw, tone
from tests.telephony.support.telephone import Desk

Database = psycopg.Connection[Any]
TELEPHONES = "127.0.0.3"
AGENT_TONE = 1000.0
_REALM = "haedap"
_MENU = {
    "kind": "menu",
    "prompts": ["main_menu"],
    "choices": {"1": "wait"},
    "otherwise": "wait",
    "timeout_seconds": 30,
    "attempts": 9,
    "invalid_prompts": ["invalid_choice"],
}


class Group:
    """Agents who answer `number`; with `menu`, the citizen presses 1 first."""

    def __init__(self, key: str, number: str, people: int, *, menu_number: str = "") -> None:
        self.key = key
        self.number = number
        self.people = people
        self.menu_number = menu_number
        self.agents: list[int] = []


def settle(database: Database, groups: Sequence[Group]) -> dict[str, str]:
    """Write the groups into the plan; returns the password of each telephone."""
    for group in groups:
        _write_group(database, group)
    passwords = {f"desk-{agent}": uuid.uuid4().hex for group in groups for agent in group.agents}
    for user, password in passwords.items():
        ha1 = hashlib.md5(f"{user}:{_REALM}:{password}".encode(), usedforsecurity=False).hexdigest()
        database.execute(
            "INSERT INTO phone_credential (username, account_id, kind, ha1) VALUES (%s, %s, 'desk', %s)",
            (user, int(user.removeprefix("desk-")), ha1),
        )
    command(database, "plan_changed")
    for user in passwords:
        command(database, "phone_issued", username=user)
    return passwords


def _write_group(database: Database, group: Group) -> None:
    key = group.key
    database.execute("INSERT INTO skill (key, name) VALUES (%s, %s)", (key, key))
    database.execute(
        "INSERT INTO queue (key, name, skill_id, ring_seconds, wrap_up_seconds, announce_every_seconds)"
        " VALUES (%s, %s, %s, 120, 0, 0)",
        (key, key, key),
    )
    wait = {"kind": "queue", "queue": key, "prompts": []}
    _write_number(database, key, group.number, {"start": "wait", "steps": {"wait": wait}})
    if group.menu_number:
        menu = {"start": "menu", "steps": {"menu": _MENU, "wait": wait}}
        _write_number(database, f"{key}_menu", group.menu_number, menu)
    for place in range(group.people):
        row = database.execute(
            "INSERT INTO account (username, name, role, telephone, password, must_change_password)"
            " VALUES (%s, %s, 'agent', 'desk', '!', false) RETURNING id",
            (f"{key}{place}", f"{key} {place}"),
        ).fetchone()
        assert row is not None
        group.agents.append(row[0])
        database.execute("INSERT INTO agent_skill (account_id, skill_id, level) VALUES (%s, %s, 1)", (row[0], key))


def _write_number(database: Database, key: str, number: str, flow: Mapping[str, object]) -> None:
    database.execute("INSERT INTO flow (key, name, definition) VALUES (%s, %s, %s)", (key, key, Jsonb(flow)))
    database.execute("INSERT INTO number (number, label, flow_id) VALUES (%s, %s, %s)", (f"+82{number[1:]}", key, key))


async def on_duty(database: Database, agents: Sequence[int], *, available: bool = True) -> None:
    """Sign these agents in; the telephones of all are known to be reachable afterwards."""
    for agent in agents:
        await asyncio.to_thread(command, database, "sign_in", agent)
        if available:
            await asyncio.to_thread(command, database, "available", agent)


@asynccontextmanager
async def telephones(sip: tuple[str, int], passwords: Mapping[str, str]) -> AsyncIterator[None]:
    """All these telephones, behind one address: each call is answered at once and hears a tone."""
    async with Desk(sip, TELEPHONES) as line:
        for user, password in passwords.items():
            assert await line.register(user, password, expires=3600) == 200
        port = int(line.address.rpartition(":")[2])
    run = Sipp(
        scenario=AGENT,
        remote=f"{sip[0]}:{sip[1]}",
        local=TELEPHONES,
        local_port=port,
        calls=None,
        voice=to_ulaw(tone(AGENT_TONE, 1.0)),
    )
    running = asyncio.create_task(run_sipp(run))
    try:
        yield
        assert not running.done(), running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
