"""The telephones' credentials, as the web has issued them."""

from datetime import datetime

import msgspec

from haedap.domain.ids import AgentId
from haedap.store.connection import Connection, passing_errors

_QUERY = (
    "SELECT username, kind, account_id, ha1, expires_at FROM phone_credential"
    " WHERE (expires_at IS NULL OR expires_at > now())"
)


class PhoneRow(msgspec.Struct, frozen=True, kw_only=True):
    """One valid credential; `ha1` is a secret."""

    username: str
    kind: str
    agent: AgentId | None
    ha1: str
    expires_at: datetime | None

    def __repr__(self) -> str:
        return f"PhoneRow({self.username})"


async def load_phones(connection: Connection) -> list[PhoneRow]:
    """All credentials that are valid now. Raises StoreUnavailableError."""
    with passing_errors():
        cursor = await connection.execute(_QUERY + " ORDER BY username")
        return [_phone(row) for row in await cursor.fetchall()]


async def load_phone(connection: Connection, username: str) -> PhoneRow | None:
    """The credential of this name, if it is valid now. Raises StoreUnavailableError."""
    with passing_errors():
        cursor = await connection.execute(_QUERY + " AND username = %s", (username,))
        row = await cursor.fetchone()
    return _phone(row) if row else None


def _phone(row: tuple[str, str, int | None, str, datetime | None]) -> PhoneRow:
    agent = None if row[2] is None else AgentId(row[2])
    return PhoneRow(username=row[0], kind=row[1], agent=agent, ha1=row[3], expires_at=row[4])
