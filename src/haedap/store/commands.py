"""Commands: what the web asks of the engine, each carried out once or refused with a code."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from haedap.domain.ids import AgentId
from haedap.store.connection import Connection, passing_errors

WAKE_CHANNEL = "haedap_command"
DONE_CHANNEL = "haedap_command_done"
_AT_ONCE = 500


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One open row: nothing of it has been checked. `data` is whatever JSON the web wrote."""

    id: str
    name: str
    agent: AgentId | None
    data: Any
    created_at: datetime


class Outcome(msgspec.Struct, frozen=True):
    """What became of a command; `detail` is a code when it was refused."""

    id: str
    outcome: Literal["done", "refused"]
    detail: str = ""


class OpenCommands:
    """Reads the commands that have no outcome yet and hands each out once."""

    def __init__(self) -> None:
        self._handed_out: set[str] = set()

    async def fetch(self, connection: Connection) -> list[Command]:
        """The commands that were not handed out before, oldest first. Raises StoreUnavailableError."""
        with passing_errors():
            cursor = await connection.execute(
                "SELECT id::text, name, agent, data, created_at FROM command WHERE outcome IS NULL"
                " ORDER BY created_at, id LIMIT %s",
                (_AT_ONCE,),
                prepare=True,
            )
            rows = await cursor.fetchall()
        found = [Command(id=row[0], name=row[1], agent=row[2], data=row[3], created_at=row[4]) for row in rows]
        new = [command for command in found if command.id not in self._handed_out]
        # What is not open any more cannot come again, so it need not be remembered.
        self._handed_out = {command.id for command in found}
        return new
