"""The sign of life: until when the centre was at work, as far as anybody can tell after a power cut."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from haedap.store import StoreUnavailableError
from haedap.store.connection import Connection, passing_errors, reach

EVERY = 5.0
"""Seconds between two signs."""

_NOTE = """
INSERT INTO sign_of_life (id, at) VALUES (1, %s)
ON CONFLICT (id) DO UPDATE SET at = excluded.at
"""


async def keep_signs(url: str, now: Callable[[], datetime]) -> None:
    """Give a sign at once and every few seconds, until cancelled. PostgreSQL may go away and come back."""
    while True:
        connection = await reach(url, "life", durable=False)
        try:
            while True:
                await give_sign(connection, now())
                await asyncio.sleep(EVERY)
        except StoreUnavailableError:
            await asyncio.sleep(EVERY)
        finally:
            await connection.close()


async def give_sign(connection: Connection, at: datetime) -> None:
    """The centre is at work at this time. Raises StoreUnavailableError."""
    with passing_errors():
        await connection.execute(_NOTE, (at,))


async def last_sign(connection: Connection) -> datetime | None:
    """None: there was none yet. Raises StoreUnavailableError."""
    with passing_errors():
        cursor = await connection.execute("SELECT at FROM sign_of_life")
        row = await cursor.fetchone()
    return None if row is None else row[0]
