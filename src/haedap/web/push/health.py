"""What needs somebody now, as the screens are told it: faults of the centre, agents who call for a supervisor, and what
many citizens call about at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext, override

from haedap.apps.wallboard.faults import ENGINES, FAULTS, Level
from haedap.clock import wall_time
from haedap.web.push.rows import Connection

_QUERY = "SELECT key, since, detail FROM centre_health"
# A call for help is over with the talk, whether somebody looked or not.
_HELP = """
SELECT h.agent, a.name, h.contact, h.since
FROM call_for_help h
JOIN account a ON a.id = h.agent
JOIN agent_status s ON s.agent = h.agent AND s.contact = h.contact AND s.state = 'engaged'
ORDER BY h.since
"""
_ALARMS = """
SELECT id, title, since, observed, expected, state
FROM radar_alarm
WHERE state IN ('open', 'acknowledged')
ORDER BY raised_at
"""
_LANGUAGE = "ko"


class FaultLine(msgspec.Struct, frozen=True):
    """One fault in words."""

    key: str
    level: Level
    since: datetime
    text: str
    remedy: str


class HelpLine(msgspec.Struct, frozen=True):
    """An agent who calls for a supervisor in the talk with `contact`."""

    agent: int
    name: str
    contact: UUID
    since: datetime


class AlarmLine(msgspec.Struct, frozen=True):
    """What many citizens call about at once: an alarm of the radar that stands. `state`: open, acknowledged."""

    id: int
    title: str
    since: datetime
    observed: int
    expected: float
    state: str


class Health(msgspec.Struct, frozen=True, tag="health", tag_field="type"):
    """The message. `engine`, `standby`: whether one is at work, and whether another is ready; None: not known."""

    faults: tuple[FaultLine, ...] = ()
    help: tuple[HelpLine, ...] = ()
    alarms: tuple[AlarmLine, ...] = ()
    engine: bool | None = None
    standby: bool | None = None


async def read_health(connection: Connection) -> Health:
    """As it stands in the table, the gravest and oldest first. A key that this version does not know is left out."""
    rows = await (await connection.execute(_QUERY.encode())).fetchall()
    calls = await (await connection.execute(_HELP.encode())).fetchall()
    alarms = await (await connection.execute(_ALARMS.encode())).fetchall()
    lines = [_line(row["key"], row["since"], row["detail"]) for row in rows if row["key"] in FAULTS]
    engines = next((row["detail"] for row in rows if row["key"] == ENGINES), None)
    return Health(
        faults=tuple(sorted(lines, key=lambda line: (list(Level)[::-1].index(line.level), line.since))),
        help=tuple(HelpLine(**call) for call in calls),
        alarms=tuple(AlarmLine(**alarm) for alarm in alarms),
        engine=None if engines is None else engines.get("active") is not None,
        standby=None if engines is None else bool(engines.get("standby")),
    )


def database_away() -> Health:
    """What is known when nothing can be asked."""
    return Health(faults=(_line("database_away", wall_time(), {}),))


def _line(key: str, since: datetime, detail: dict[str, Any]) -> FaultLine:
    fault = FAULTS[key]
    with override(_LANGUAGE):
        return FaultLine(key, fault.level, since, _fill(gettext(fault.says), detail), gettext(fault.remedy))


def _fill(text: str, detail: dict[str, Any]) -> str:
    try:
        return text % detail
    except (KeyError, ValueError):
        return text
