"""One per process: listens to PostgreSQL, keeps the live rows, and tells every client.

NOTIFY only wakes; the rows tell. So a notification that is lost (a restart of PostgreSQL, a broken line) loses nothing:
after every reconnection the hub reads everything, and it looks for changes every few seconds in any case.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator

import msgspec
import psycopg
import structlog
from django.db import DatabaseError
from psycopg_pool import PoolTimeout

from haedap.analytics import queries
from haedap.analytics.figures import UsualCurve
from haedap.apps.wallboard.faults import HEALTH_CHANNEL
from haedap.apps.wallboard.wake import SESSION_CHANNEL
from haedap.clock import centre_time, keep_up
from haedap.web.push import rows
from haedap.web.push.clients import Client
from haedap.web.push.health import Health, database_away, read_health
from haedap.web.push.rows import Connection
from haedap.web.push.sessions import Sessions
from haedap.web.push.state import CentreState, Directory

PUSH_CHANNEL = "haedap_push"

TOO_MANY = 4429
MOST_SOCKETS = 10
"""Sockets of one account; the oldest is closed for one more."""

_AT_A_TIME = 10
"""Clients that are told something before others get a turn: a hundred sockets are ten milliseconds of sending."""
_LOOK_EVERY = 5.0
_CHECK_EVERY = 10.0
_HEALTH_EVERY = 1.0
"""Also how soon an outage of the database is seen."""
_PAUSE_PER_CLIENT = 0.0001
_LONGEST_PAUSE = 0.1
_FIGURES_APART = 0.5
_FIGURES_AT_LEAST_EVERY = 15.0
_RETRY_SHORTEST, _RETRY_LONGEST = 0.05, 2.0

_log = structlog.get_logger("haedap.push")


class Hub:
    """`start` once a loop, `add` and `remove` clients, `stop` at the end."""

    def __init__(self, url: str, sessions: Sessions) -> None:
        self._url = url
        self._sessions = sessions
        self.state = CentreState()
        self._directory = Directory({}, {})
        self._directory_due = 0.0
        self._clients: dict[Client, None] = {}
        self._changed = asyncio.Event()
        self._figures_due = asyncio.Event()
        self._sessions_due = asyncio.Event()
        self._ready = asyncio.Event()
        self.endings = 0
        """How often log-ins may have ended since the start."""
        self._usual = UsualCurve()
        self._figures = ""
        self._health = Health()
        self._health_due = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, unless the hub runs already."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="push hub")

    async def stop(self) -> None:
        """End every task and connection."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._sessions.close()

    async def add(self, client: Client, known: int) -> None:
        """Tell `client` everything from now on. Waits until the state is known for the first time.

        `known`: `endings` before its log-in was looked up; if there were more since, it is looked up again.
        """
        await self._ready.wait()
        same = [other for other in self._clients if other.viewer.agent == client.viewer.agent]
        for oldest in same[: max(0, len(same) + 1 - MOST_SOCKETS)]:
            oldest.close(TOO_MANY)
        self._clients[client] = None
        client.start()
        if self._figures:
            client.tell_figures(self._figures)
        client.tell_health(_encoded(self._health))
        self._figures_due.set()
        if known != self.endings:
            self._sessions_due.set()

    def remove(self, client: Client) -> None:
        """Forget `client`."""
        self._clients.pop(client, None)

    # --- the tasks

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._again_and_again(self._follow), name="push rows")
            group.create_task(self._again_and_again(self._count), name="push figures")
            group.create_task(self._again_and_again(self._watch_health), name="push health")
            group.create_task(self._again_and_again(self._check_sessions), name="push sessions")
            group.create_task(keep_up(centre_time), name="push clock")

    async def _again_and_again(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` anew, with growing pauses, whenever PostgreSQL goes away, and even if the work has a fault."""
        pause = _RETRY_SHORTEST
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await work()
            except (psycopg.Error, OSError) as error:
                _log.warning("the database is away; the screens stay as they are", error=type(error).__name__)
            except Exception:
                _log.exception("a part of the push hub failed; it begins anew")
            if asyncio.get_running_loop().time() - began > 2 * _RETRY_LONGEST:
                pause = _RETRY_SHORTEST
            await asyncio.sleep(pause)
            pause = min(2 * pause, _RETRY_LONGEST)

    async def _follow(self) -> None:
        """Listen first, then read everything, then follow: nothing can slip in between."""
        async with await rows.connect(self._url) as ear, await rows.connect(self._url) as eye:
            await ear.execute(f"LISTEN {PUSH_CHANNEL}".encode())
            await ear.execute(f"LISTEN {SESSION_CHANNEL}".encode())
            await ear.execute(f"LISTEN {HEALTH_CHANNEL}".encode())
            await self._read_everything(eye)
            listening = asyncio.create_task(self._listen(ear), name="push listen")
            listening.add_done_callback(lambda _task: self._changed.set())
            try:
                while not listening.done():
                    await self._look(eye)
                    await asyncio.sleep(min(_PAUSE_PER_CLIENT * len(self._clients), _LONGEST_PAUSE))
                    await self._wait_for_change()
                listening.result()
            finally:
                listening.cancel()
                await asyncio.wait([listening])

    async def _listen(self, ear: Connection) -> None:
        async for notice in ear.notifies():
            due = {SESSION_CHANNEL: self._sessions_due, HEALTH_CHANNEL: self._health_due}
            due.get(notice.channel, self._changed).set()
            self.endings += notice.channel == SESSION_CHANNEL

    async def _wait_for_change(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_EVERY):
                await self._changed.wait()

    async def _read_everything(self, eye: Connection) -> None:
        self._directory = await self._read_directory(eye)
        self.state.replace(await rows.read_whole(eye), self._directory.queues)
        self._ready.set()
        self.endings += 1  # what was told while nobody listened is lost
        self._sessions_due.set()
        self._figures_due.set()
        for client in self._clients:
            client.refresh()

    async def _read_directory(self, eye: Connection) -> Directory:
        self._directory_due = asyncio.get_running_loop().time() + _LOOK_EVERY
        return await rows.read_directory(eye)

    async def _look(self, eye: Connection) -> None:
        """Tell what changed. Called on every notification and, as a safeguard, every few seconds without one.

        What nobody notifies is looked at every few seconds, too, however much happens meanwhile.
        """
        self._changed.clear()
        reading = await rows.read_changed(eye, self.state.seq)
        due = asyncio.get_running_loop().time() >= self._directory_due
        unforeseen = reading.seq < self.state.seq
        if unforeseen or (due and await self._read_directory(eye) != self._directory):
            await self._read_everything(eye)
            return
        delta = self.state.advance(reading)
        if delta is not None:
            # Whoever has the contact looks at it now: their screens come first.
            for few in _in_turns(sorted(self._clients, key=lambda each: not delta.is_own(each.viewer))):
                for client in few:
                    client.tell(delta)
                await asyncio.sleep(0)
            self._figures_due.set()

    async def _count(self) -> None:
        """The figures: counted once for all clients, soon after a change, and never more often than twice a second."""
        await asyncio.to_thread(queries.compile_usual)
        async with await rows.connect(self._url) as connection:
            while True:
                await self._figures_due.wait()
                self._figures_due.clear()
                if self._clients:
                    await self._tell_figures(connection)
                await asyncio.sleep(_FIGURES_APART)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_FIGURES_AT_LEAST_EVERY):
                        await self._figures_due.wait()
                self._figures_due.set()

    async def _tell_figures(self, connection: Connection) -> None:
        figures = await rows.read_figures(connection, self._usual)
        self._figures = msgspec.json.encode(figures.message()).decode()
        for few in _in_turns(list(self._clients)):
            for client in few:
                client.tell_figures(self._figures)
            await asyncio.sleep(0)

    async def _watch_health(self) -> None:
        """Faults as they are written, and the one that nobody can write: that the database is away."""
        try:
            async with await rows.connect(self._url) as connection:
                while True:
                    self._health_due.clear()
                    self._tell_health(await read_health(connection))
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(_HEALTH_EVERY):
                            await self._health_due.wait()
        except (psycopg.Error, OSError):
            if not any(line.key == "database_away" for line in self._health.faults):
                self._tell_health(database_away())
            raise

    def _tell_health(self, health: Health) -> None:
        if health != self._health:
            self._health = health
            text = _encoded(health)
            for client in self._clients:
                client.tell_health(text)

    async def _check_sessions(self) -> None:
        """Close the sockets of those who logged out, were logged out for idling, or may not log in any more."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CHECK_EVERY):
                    await self._sessions_due.wait()
            self._sessions_due.clear()
            clients = list(self._clients)
            for client in clients:
                client.give_up_if_stuck(asyncio.get_running_loop().time())
            if clients:
                await self._check(clients)

    async def _check(self, clients: list[Client]) -> None:
        try:
            seen = await self._sessions.seen({client.session for client in clients})
        except (DatabaseError, PoolTimeout) as error:  # nobody is logged out for that
            _log.warning("log-ins could not be checked", error=type(error).__name__)
            return
        for client in clients:
            viewer = seen[client.session]
            if isinstance(viewer, int):
                client.close(viewer)
            else:
                client.look_as(viewer)


def _encoded(health: Health) -> str:
    return msgspec.json.encode(health).decode()


def _in_turns(clients: list[Client]) -> Iterator[list[Client]]:
    for start in range(0, len(clients), _AT_A_TIME):
        yield clients[start : start + _AT_A_TIME]
