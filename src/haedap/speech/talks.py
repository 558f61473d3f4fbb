"""Which talks may be written down now. The record says so; whoever cannot read it writes nothing down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row

Connection: TypeAlias = AsyncConnection[dict[str, Any]]
CHANNEL = "haedap_push"
"""What the projector tells after each change of the record."""
_TALKS = """
SELECT c.id AS contact, s.offer, c.muted FROM contact c
JOIN segment s ON s.contact = c.id AND s.ended_at IS NULL AND s.talk_from IS NOT NULL
WHERE c.state = 'engaged' AND c.channel = 'voice' AND NOT c.held AND NOT c.recording_paused
"""


@dataclass(frozen=True, slots=True)
class Talk:
    """A citizen and an agent who are neither on hold nor want to be unrecorded."""

    contact: UUID
    offer: str
    """The id of the agent's leg."""
    muted: bool
    """Whether the citizen does not hear the agent: then we do not, either."""


async def connect(url: str) -> Connection:
    """A connection that hears of changes and notices within seconds when the server is gone."""
    connection = await AsyncConnection.connect(
        url,
        autocommit=True,
        row_factory=dict_row,
        connect_timeout=5,
        application_name="haedap speech",
    )
    await connection.execute(f"LISTEN {CHANNEL}".encode())
    return connection


async def read_talks(connection: Connection) -> list[Talk]:
    """As the record has them."""
    cursor = await connection.execute(_TALKS)
    return [Talk(**row) for row in await cursor.fetchall()]
