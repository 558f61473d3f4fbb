"""What a standby does while another engine is at work: it replays the journal as it grows, so that it is ready."""

import asyncio
from collections.abc import Callable

import psycopg
import structlog

from haedap.engine import UnreadableJournalError
from haedap.engine.core import Core
from haedap.engine.recovery import advance, restore
from haedap.store import StoreUnavailableError
from haedap.store.connection import Connection, name_connection, reach
from haedap.store.journal import journal_tail

_LOOK_EVERY = 0.2
"""Seconds between two looks at the journal: what is left to replay at a takeover is what came since the last."""

_TRY_AGAIN = 2.0
"""Seconds after an error that a server which answers gives: who mends it takes longer than a look."""

_log = structlog.get_logger()


class Follower:
    """`run` it while the lock is waited for, then `finish`. `ready` is called whenever all there was is replayed."""

    def __init__(self, url: str, ready: Callable[[], None]) -> None:
        self._url = url
        self._ready = ready
        self._core: Core | None = None
        self._unreadable: UnreadableJournalError | None = None
        self._refused = False
        """Whether PostgreSQL refuses what is asked, and that has been told."""

    async def run(self) -> None:
        """Follow until cancelled, or until the journal is one of another version; PostgreSQL may go away and come back,
        and may refuse for a while to let the journal be read."""
        while self._unreadable is None:
            connection = await reach(self._url, "standby")
            try:
                await self._follow(connection)
            except StoreUnavailableError:
                _log.info("the standby waits for PostgreSQL")
            except UnreadableJournalError as error:
                self._unreadable = error
            except psycopg.Error as error:
                self._tell_refused(type(error).__name__)
            finally:
                await connection.close()
            await asyncio.sleep(_TRY_AGAIN if self._refused else _LOOK_EVERY)

    async def finish(self, connection: Connection, tail: int) -> Core:
        """The core after row `tail`, the last one. Raises UnreadableJournalError and StoreUnavailableError."""
        if self._unreadable is not None:
            raise self._unreadable
        core, self._core = self._core or await restore(connection, tail), None
        try:
            await advance(connection, core, tail)
        except psycopg.Error as error:
            raise UnreadableJournalError(type(error).__name__) from error
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
            self._refused = False
            self._ready()
            if not told:
                told = True
                await name_connection(connection, "standby ready")
            await asyncio.sleep(_LOOK_EVERY)

    def _tell_refused(self, error: str) -> None:
        """Once, however often it is tried: a log must not fill by it."""
        if not self._refused:
            _log.warning("the standby cannot read the journal; a takeover would take longer; trying again", error=error)
        self._refused = True
