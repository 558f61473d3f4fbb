"""Connections to PostgreSQL: how they are made, and which of its errors pass by themselves."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection

from haedap.store import StoreUnavailableError

Connection = AsyncConnection[tuple[Any, ...]]

_PASSING = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction)
_log = structlog.get_logger()
_SESSION = (
    "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_session_timeout = 0; SET TimeZone = 'UTC';"
    "SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3"
)
"""The keepalives are the server's: it drops what a dead machine held. An administrator's limits are for those who come
and go: a standby waits for its lock and for the rows of the journal however long that takes."""
_SHORTEST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
"""Seconds between two tries to reach PostgreSQL, at most."""


@contextmanager
def passing_errors() -> Iterator[None]:
    """Raises StoreUnavailableError for the errors of a server that is away, starting, stopping, full or on standby."""
    try:
        yield
    except _PASSING as error:
        raise StoreUnavailableError(type(error).__name__) from error


async def connect(url: str, purpose: str, *, durable: bool = True) -> Connection:
    """An autocommit connection, seen by administrators as `haedap-engine <purpose> <process id>`.

    The server drops it within some seconds when this machine is gone. Raises StoreUnavailableError.

    Not `durable`: a crash of the server may take back the last commits, for rows that can be made again.
    """
    with passing_errors():
        connection = await AsyncConnection.connect(
            url,
            autocommit=True,
            application_name=_name(purpose),
            connect_timeout=5,
        )
        try:
            await connection.execute(_SESSION)
            if not durable:
                await connection.execute("SET synchronous_commit = off")
        except BaseException:
            await connection.close()
            raise
    return connection


async def name_connection(connection: Connection, purpose: str) -> None:
    """Let administrators see it as `haedap-engine <purpose> <process id>` from now on. Raises StoreUnavailableError."""
    with passing_errors():
        await connection.execute("SELECT set_config('application_name', %s, false)", (_name(purpose),))


def _name(purpose: str) -> str:
    return f"haedap-engine {purpose} {os.getpid()}"


@asynccontextmanager
async def connected(url: str, purpose: str, *, durable: bool = True) -> AsyncIterator[Connection]:
    """A connection that is closed at the end. Raises StoreUnavailableError, also for errors inside that pass."""
    connection = await connect(url, purpose, durable=durable)
    try:
        with passing_errors():
            yield connection
    finally:
        await connection.close()


async def reach(url: str, purpose: str, *, durable: bool = True) -> Connection:
    """A connection, however long it takes until PostgreSQL answers."""
    async for attempt in pauses():
        try:
            return await connect(url, purpose, durable=durable)
        except StoreUnavailableError as error:
            if attempt == 0:
                _log.warning("PostgreSQL cannot be reached; trying until it can", purpose=purpose, error=str(error))
    raise AssertionError


async def pauses() -> AsyncIterator[int]:
    """Counts attempts from 0, with growing pauses between them."""
    pause = _SHORTEST_PAUSE
    attempt = 0
    while True:
        yield attempt
        attempt += 1
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
