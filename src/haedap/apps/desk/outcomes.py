"""Listens for outcomes of commands: one connection to PostgreSQL for each process, opened at the first need."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from weakref import WeakKeyDictionary

import psycopg
import structlog
from django.db import connections
from psycopg.conninfo import make_conninfo

_CHANNEL = "haedap_command_done"
_AGAIN_SECONDS = 1.0
_log = structlog.get_logger(__name__)


class Outcomes:
    """Wakes who waits for a command. It may miss a notification (a lost connection), so waiters look again anyway."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Event] = {}
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def expected(self, command: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set when the outcome of `command` is there."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen_for_ever())
        event = self._waiting[command] = asyncio.Event()
        try:
            yield event
        finally:
            del self._waiting[command]

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                await self._listen()
            except psycopg.OperationalError as error:
                _log.warning("outcomes_connection_lost", error=type(error).__name__)
                await asyncio.sleep(_AGAIN_SECONDS)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(_conninfo(), autocommit=True) as connection:
            await connection.execute(f"LISTEN {_CHANNEL}")
            async for notification in connection.notifies():
                event = self._waiting.get(notification.payload)
                if event is not None:
                    event.set()


_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Outcomes] = WeakKeyDictionary()


def outcomes() -> Outcomes:
    """The listener of the running event loop: a server has one loop, so one listener."""
    return _by_loop.setdefault(asyncio.get_running_loop(), Outcomes())


def _conninfo() -> str:
    database = connections["default"].settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    parts = {name: str(database[key]) for name, key in names.items() if database[key]}
    options = {name: value for name, value in database["OPTIONS"].items() if isinstance(value, str)}
    return make_conninfo(**parts, **options, application_name="haedap-web-outcomes")
