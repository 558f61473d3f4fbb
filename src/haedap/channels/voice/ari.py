"""A thin client of the Asterisk REST Interface: events and requests over one WebSocket."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

import msgspec
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from haedap.channels.voice import VoiceError
from haedap.channels.voice.wire import AnyWireEvent, ChannelUserevent, RESTResponse, decode

T = TypeVar("T")
OnEvent = Callable[[AnyWireEvent], None]

_LARGEST_MESSAGE = 64 * 2**20
ANSWER_SECONDS = 10.0
"""How long an answer, or an event of our own, may take."""
PROOF_EVERY_SECONDS = 5.0
_FIRST_PROOF_SECONDS = 2.0

_log = structlog.get_logger()


class AriLostError(VoiceError):
    """The connection is gone, or nothing came back in time: nobody knows whether the request was done."""


class AriRefusedError(VoiceError):
    """Asterisk said no: `status` is the HTTP status."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status


@asynccontextmanager
async def ari_connection(
    url: str,
    user: str,
    password: str,
    apps: Mapping[str, Sequence[str]],
    on_event: OnEvent,
    lost: asyncio.Event,
    patience: float = _FIRST_PROOF_SECONDS,
) -> AsyncIterator[Ari]:
    """An open connection for `apps`, each with the types of events that it wants.

    `on_event` is called for each event in the order of the wire, on the event loop; it must not block. `lost` is set
    when the connection ends or hears nothing any more; connections that belong together share it. Raises AriLostError
    when there is none, or when it does not hear within `patience` seconds.

    Asterisk gives an application to whoever asked for it last, and takes it away when a connection ends. When the end
    of the one before comes in just that moment, the new one gets answers but no event, for good; so it makes events
    itself and listens for them. Answers come under the name of the first application, which is therefore one that no
    other connection has.
    """
    name = f"haedap-{uuid4().hex}"
    address = f"{url.replace('http', 'ws', 1)}/ari/events?app={','.join((name, *apps))}&subscribeAll=false"
    proof = b64encode(f"{user}:{password}".encode()).decode()
    try:
        websocket = await connect(
            address,
            additional_headers={"Authorization": f"Basic {proof}"},
            compression=None,
            max_size=_LARGEST_MESSAGE,
            proxy=None,
        )
    except (OSError, WebSocketException, TimeoutError) as error:
        raise AriLostError("Asterisk does not answer") from error
    ari = Ari(name, websocket, on_event, lost)
    reader = asyncio.create_task(ari.read())
    try:
        for app, wanted in apps.items():
            body = {"allowed": [{"type": kind} for kind in (ChannelUserevent.__name__, *wanted)]}
            await ari.ask("PUT", f"applications/{app}/eventFilter", body=body)
        await ari.prove(apps, patience)
        proving = asyncio.create_task(_keep_proving(ari, apps))
        try:
            yield ari
        finally:
            proving.cancel()
    finally:
        await websocket.close()
        await reader


async def _keep_proving(ari: Ari, apps: Iterable[str]) -> None:
    """Another program that takes the name of an application and goes away leaves nobody who hears."""
    try:
        while True:
            await asyncio.sleep(PROOF_EVERY_SECONDS)
            await ari.prove(apps, ANSWER_SECONDS)
    except (AriLostError, AriRefusedError) as error:
        if not ari.lost.is_set():
            _log.warning("Asterisk's events do not arrive any more", reason=str(error))
            ari.lost.set()


class Ari:
    """One connection. `name` is an application of its own; after `lost` is set, every request raises AriLostError."""

    def __init__(self, name: str, websocket: ClientConnection, on_event: OnEvent, lost: asyncio.Event) -> None:
        self.lost = lost
        self.name = name
        self._websocket = websocket
        self._on_event = on_event
        self._waiting: dict[str, asyncio.Future[RESTResponse | None]] = {}
        """The answers to come, by the request's number; None when none will."""
        self._numbers = count(1)
        self._unproved: dict[str, asyncio.Event] = {}

    async def prove(self, apps: Iterable[str], patience: float) -> None:
        """Returns when an event of each application has come here.

        Raises AriLostError when one has not within `patience` seconds, AriRefusedError when there is no application.
        """
        self._unproved = {app: asyncio.Event() for app in apps}
        for app in apps:
            await self.ask("POST", f"events/user/{self.name}", {"application": app})
        try:
            async with asyncio.timeout(patience):
                for heard in self._unproved.values():
                    await heard.wait()
        except TimeoutError as error:
            raise AriLostError("Asterisk does not say what happens") from error

    async def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> RESTResponse:
        """One request; requests are done in the order in which they were begun.

        Raises AriRefusedError when Asterisk refuses it and AriLostError when the connection breaks.
        """
        number = str(next(self._numbers))
        message: dict[str, Any] = {"type": "RESTRequest", "request_id": number, "method": method, "uri": path}
        if query:
            message["query_strings"] = [{"name": name, "value": str(value)} for name, value in query.items()]
        if body is not None:
            message |= {"content_type": "application/json", "message_body": msgspec.json.encode(body).decode()}
        answer = await self._exchange(number, msgspec.json.encode(message).decode())
        if answer.status_code >= 400:
            raise AriRefusedError(answer.status_code, answer.reason_phrase)
        return answer

    async def get(self, path: str, kind: type[T]) -> T:
        """What is at `path`, read as `kind`."""
        answer = await self.ask("GET", path)
        return msgspec.json.decode(answer.message_body, type=kind, strict=False)

    async def read(self) -> None:
        """Hand on everything that arrives until the connection ends."""
        try:
            async for message in self._websocket:
                self._take(decode(message))
        except ConnectionClosed:
            pass
        finally:
            self.lost.set()
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_result(None)

    def _take(self, event: AnyWireEvent | None) -> None:
        if isinstance(event, RESTResponse):
            waiting = self._waiting.get(event.request_id)
            if waiting is not None and not waiting.done():
                waiting.set_result(event)
        elif isinstance(event, ChannelUserevent):
            self._hear_ourselves(event)
        elif event is not None:
            self._on_event(event)

    def _hear_ourselves(self, event: ChannelUserevent) -> None:
        if event.eventname == self.name and event.application in self._unproved:
            self._unproved[event.application].set()

    async def _exchange(self, number: str, message: str) -> RESTResponse:
        if self.lost.is_set():
            raise AriLostError("Asterisk is gone")
        waiting: asyncio.Future[RESTResponse | None] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        try:
            await self._websocket.send(message)
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await waiting
        except (ConnectionClosed, TimeoutError) as error:
            raise AriLostError("Asterisk does not answer") from error
        finally:
            del self._waiting[number]
        if answer is None:
            raise AriLostError("Asterisk is gone")
        return answer
