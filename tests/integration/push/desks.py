"""What a browser does with `/ws`, in Python; and the projector's hand that writes what it shows."""

from __future__ import annotations

import asyncio
import json
import socket
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import uvicorn
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from haedap.apps.accounts.models import Account
from haedap.apps.centre.models import AgentSkill, Queue, Skill
from haedap.domain.ids import AgentId, ContactId, PromiseId
from haedap.store.connection import Connection
from haedap.store.connection import connect as connect_store
from haedap.store.record_rows import AgentStatusRow, Changes, ContactRow, PromiseRow
from haedap.store.tables import write_changes
from haedap.web.connections import LimitedHttp, LimitedWebSocket
from haedap.web.push.application import PushApplication
from tests.support.patience import PATIENCE

NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class People:
    """Two agents and a supervisor, each logged in once: ids and session keys."""

    url: str
    first: int
    second: int
    supervisor: int
    sessions: dict[int, str]


def make_people(url: str) -> People:
    """In the database that Django is pointed at."""
    skill = Skill.objects.create(key="tax", name="세금")
    Queue.objects.create(key="tax", name="세금", skill=skill)
    made = [
        Account.objects.create_account(name, name=name, role=role, password=None, must_change_password=False)
        for name, role in (("kim", "agent"), ("lee", "agent"), ("park", "supervisor"))
    ]
    AgentSkill.objects.create(account=made[0], skill=skill)
    first, second, supervisor = (each.pk for each in made)
    return People(url, first, second, supervisor, {each.pk: log_in(each) for each in made})


def log_in(account: Account) -> str:
    """A session as the log-in page makes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "haedap.apps.accounts.backend.AccountBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    assert session.session_key is not None
    return session.session_key


async def in_django(work: Callable[[], object]) -> None:
    """ORM work in a thread whose connection is closed again."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    await asyncio.to_thread(run)


class Server:
    """A real uvicorn with the push application on a free port."""

    def __init__(self, url: str) -> None:
        self.application = PushApplication(url)
        config = uvicorn.Config(
            self.application,
            port=0,
            log_config=None,
            http=LimitedHttp,
            ws=LimitedWebSocket,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=5,
        )
        self._server = uvicorn.Server(config)
        self.port, self.origin = 0, ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Server]:
        serving = asyncio.create_task(self._server.serve())
        try:
            await until(lambda: self._server.started)
            port = self._server.servers[0].sockets[0].getsockname()[1]
            self.port, self.origin = port, f"http://127.0.0.1:{port}"
            yield self
        finally:
            self._server.should_exit = True
            await serving

    @property
    def address(self) -> str:
        return self.origin.replace("http", "ws", 1) + "/ws"


class Desk:
    """One socket and the reducer: snapshot, then deltas; a delta that is not newer changes nothing."""

    def __init__(self, server: Server, session: str) -> None:
        self._server = server
        self._session = session
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self.closed_with: int | None = None
        self.reads = asyncio.Event()
        self.reads.set()
        self.forget()

    def forget(self) -> None:
        self.state: dict[str, Any] | None = None
        self.figures: list[dict[str, Any]] = []
        self.deltas = 0
        self.snapshots = 0

    async def open(self, **options: Any) -> Desk:
        self.forget()
        self._socket = await open_socket(self._server, self._session, **options)
        self._reading = asyncio.create_task(self._read(self._socket))
        return self

    async def reaches(self, seq: int) -> None:
        """Wait until it knows what was projected up to `seq`."""
        await until(lambda: self.seq >= seq)

    async def ends(self) -> int | None:
        """Wait until the server closed it; returns the code."""
        await until(lambda: self.closed_with is not None)
        return self.closed_with

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reading is not None:
            await self._reading

    async def say(self, text: str | bytes) -> None:
        assert self._socket is not None
        await self._socket.send(text)

    async def _read(self, line: ClientConnection) -> None:
        try:
            async for text in line:
                self._take(json.loads(text))
                await self.reads.wait()
        except ConnectionClosed:
            pass
        self.closed_with = line.close_code

    def _take(self, message: dict[str, Any]) -> None:
        kind = message.pop("type")
        if kind == "figures":
            self.figures.append(message)
        elif kind == "snapshot":
            self.snapshots += 1
            message.pop("now")
            self.state = message
        elif kind == "delta" and self.state is not None and message["seq"] > self.state["seq"]:
            self.deltas += 1
            self.state["seq"] = message["seq"]
            self.state["agents"] |= message["agents"]
            contacts = self.state["contacts"] | message["contacts"]
            self.state["contacts"] = {key: row for key, row in contacts.items() if row["state"] != "ended"}
            promises = self.state["promises"] | message["promises"]
            self.state["promises"] = {key: row for key, row in promises.items() if row["state"] != "ended"}

    @property
    def seq(self) -> int:
        return -1 if self.state is None else int(self.state["seq"])

    @property
    def contacts(self) -> dict[str, dict[str, Any]]:
        assert self.state is not None
        found: dict[str, dict[str, Any]] = self.state["contacts"]
        return found


async def open_socket(server: Server, session: str, **options: Any) -> ClientConnection:
    headers = {"Cookie": f"haedap_session={session}"} if session else {}
    options = {"origin": server.origin, "compression": None, "max_size": None, "open_timeout": PATIENCE, **options}
    return await connect(server.address, additional_headers=headers, **options)


def narrow_line(server: Server) -> socket.socket:
    """A connection whose far end can hold little that was not read."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", server.port))
    line.settimeout(0)
    return line


async def until(condition: Callable[[], object]) -> None:
    """Wait for the condition."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.005)


async def refetched(server: Server, session: str) -> dict[str, Any]:
    """The snapshot that a new socket of this session gets now."""
    desk = await Desk(server, session).open()
    await until(lambda: desk.state is not None)
    await desk.close()
    assert desk.state is not None
    return desk.state


class Projector:
    """Writes rows the way the engine's projector does."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.seq = 0

    @classmethod
    @asynccontextmanager
    async def at(cls, url: str) -> AsyncIterator[Projector]:
        connection = await connect_store(url, "test")
        try:
            yield cls(connection)
        finally:
            await connection.close()

    async def write(
        self, contacts: list[ContactRow], agents: list[AgentStatusRow], promises: Sequence[PromiseRow] = ()
    ) -> int:
        """One projection of these rows; returns its number. Its rows get numbers up to it."""
        rows: list[ContactRow | AgentStatusRow | PromiseRow] = [*contacts, *agents, *promises]
        for row in rows:
            self.seq += 1
            row.seq = self.seq
        self.seq += 1
        changes = Changes(
            contacts={row.id: row for row in contacts},
            agents={row.agent: row for row in agents},
            promises={row.id: row for row in promises},
        )
        await write_changes(self.connection, changes, self.seq)
        return self.seq


def promise_row(owner: int | None = None) -> PromiseRow:
    """A citizen is to be called back, by this agent or by whoever is free."""
    return PromiseRow(
        id=PromiseId(str(uuid.uuid4())),
        citizen="+821000005678",
        owner_kind="queue" if owner is None else "agent",
        owner_agent=None if owner is None else AgentId(owner),
        reason="queue",
        state="open",
        made_at=NOW,
        place_at=NOW,
        due_at=NOW,
        deadline=NOW,
        seq=0,
    )


def contact_row(state: str = "waiting", agent: int | None = None, **fields: Any) -> ContactRow:
    values: dict[str, Any] = {
        "id": ContactId(str(uuid.uuid4())),
        "channel": "voice",
        "state": state,
        "called": "+82200000120",
        "caller": "+821000001234",
        "caller_text": "010-0000-1234",
        "caller_name": "김해답",
        "withheld": False,
        "flow": "main",
        "queue": "tax",
        "arrived_at": NOW,
        "queued_at": NOW,
        "agent": None if agent is None else AgentId(agent),
        "seq": 0,
    }
    return ContactRow(**(values | fields))


def agent_row(agent: int, state: str = "available", **fields: Any) -> AgentStatusRow:
    return AgentStatusRow(agent=AgentId(agent), state=state, since=NOW, seq=0, **fields)
