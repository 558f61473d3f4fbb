"""What is known of recordings beside the journal: whether the file is there, how long and how large it is."""

from datetime import datetime

import msgspec

from haedap.domain.ids import ContactId
from haedap.store.connection import Connection, passing_errors

_AT_ONCE = 200
_MOST_LATE = 2000


class EndedRecording(msgspec.Struct, frozen=True):
    """A recording whose contact is over and whose file has not been looked at yet."""

    contact: ContactId
    file: str
    started_at: datetime
    ended_at: datetime
    answered_at: datetime | None = None
    size: int | None = None
    """What was noted of it, in bytes."""


class FoundRecording(msgspec.Struct, frozen=True):
    """A complete file."""

    file: str
    seconds: float
    size: int
    """Bytes."""


async def ended_recordings(connection: Connection) -> list[EndedRecording]:
    """The oldest of them, some hundred at most. Raises StoreUnavailableError."""
    with passing_errors():
        cursor = await connection.execute(
            "SELECT r.contact::text, r.file, r.started_at, c.ended_at, c.answered_at"
            " FROM recording r JOIN contact c ON c.id = r.contact"
            " WHERE r.status = 'writing' AND c.ended_at IS NOT NULL ORDER BY r.started_at LIMIT %s",
            (_AT_ONCE,),
        )
        return [EndedRecording(*row) for row in await cursor.fetchall()]


async def late_recordings(connection: Connection, since: datetime) -> list[EndedRecording]:
    """Those that may have come, or grown, since they were noted: what is missing, and what has a message, for that may
    have waited for space. Of contacts that arrived from then on, the newest first, some thousand at most.

    Raises StoreUnavailableError.
    """
    with passing_errors():
        cursor = await connection.execute(
            "SELECT r.contact::text, r.file, r.started_at, c.ended_at, c.answered_at, r.bytes"
            " FROM contact c JOIN recording r ON r.contact = c.id"
            " WHERE c.arrived_at >= %s AND c.ended_at IS NOT NULL"
            " AND (r.status = 'missing' OR (r.status = 'ready' AND c.message_seconds > 0))"
            " ORDER BY c.arrived_at DESC LIMIT %s",
            (since, _MOST_LATE),
        )
        return [EndedRecording(*row) for row in await cursor.fetchall()]


async def recording_ready(connection: Connection, contact: ContactId, found: FoundRecording) -> None:
    """The file is there and complete. Raises StoreUnavailableError."""
    with passing_errors():
        await connection.execute(
            "UPDATE recording SET status = 'ready', file = %s, duration_seconds = %s, bytes = %s WHERE contact = %s",
            (found.file, found.seconds, found.size, contact),
        )


async def recording_missing(connection: Connection, contact: ContactId) -> None:
    """There is no file that can be heard. Raises StoreUnavailableError."""
    with passing_errors():
        await connection.execute("UPDATE recording SET status = 'missing' WHERE contact = %s", (contact,))


async def recording_empty(connection: Connection, contact: ContactId) -> None:
    """Nothing was said that could have been recorded. Raises StoreUnavailableError."""
    with passing_errors():
        await connection.execute("UPDATE recording SET status = 'empty' WHERE contact = %s", (contact,))
