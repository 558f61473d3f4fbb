"""What a standby does while another engine is at work: it replays the journal as it grows, so that it is ready."""

import asyncio
from collections.abc import Callable

import structlog

from haedap.engine import UnreadableJournalError
from haedap.engine.core import Core
from haedap.engine.recovery import advance, restore
from haedap.store import StoreUnavailableError
from haedap.store.connection import Connection, name_connection, reach
from haedap.store.journal import journal_tail

_LOOK_EVERY = 0.2
"""Seconds between two looks at the journal: what is left to replay at a takeover is what came since the last."""

_log = structlog.get_logger()


class Follower:
    """`run` it while the lock is waited for, then `finish`. `ready` is called whenever all there was is replayed."""

    def __init__(self, url: str, ready: Callable[[], None]) -> None:
        self._url = url
        self._ready = ready
        self._core: Core | None = None
        self._unreadable: UnreadableJournalError | None = None

    async def run(self) -> None:
        """Follow until cancelled; PostgreSQL may go away and come back."""
        while self._unreadable is None:
            connection = await reach(self._url, "standby")
            try:
                await self._follow(connection)
            except StoreUnavailableError:
                _log.info("the standby waits for PostgreSQL")
            except UnreadableJournalError as error:
                self._unreadable = error
            finally:
                await connection.close()
            await asyncio.sleep(_LOOK_EVERY)

    async def finish(self, connection: Connection, tail: int) -> Core:
        """The core after row `tail`, the last one. Raises UnreadableJournalError and StoreUnavailableError."""
        if self._unreadable is not None:
            raise self._unreadable
        core, self._core = self._core or await restore(connection, tail), None
        await advance(connection, core, tail)
        _log.info("the journal is replayed", seq=tail)
        return core

    async def _follow(self, connection: Connection) -> None:
        told = False
        while True:
            tail = await journal_tail(connection)
            if self._core is None:
                self._core = await restore(connection, tail)
            if self._core.seq < tail:
                await advance(connection, self._core, tail)
            self._ready()
            if not told:
                told = True
                await name_connection(connection, "standby ready")
            await asyncio.sleep(_LOOK_EVERY)
