"""The ASGI application behind `/ws`: one call a socket, and the server's lifespan."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from django.conf import settings
from django.db import DatabaseError
from django.http.request import validate_host
from psycopg_pool import PoolTimeout

from haedap.clock import centre_time
from haedap.settings_fields import bracketed
from haedap.web.push.clients import Client
from haedap.web.push.hub import Hub
from haedap.web.push.sessions import LOGGED_OUT, Sessions, session_key

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

NOT_UNDERSTOOD = 1003
NOT_ALLOWED = 1008
TRY_LATER = 1013

_LONGEST_MESSAGE = 1024
_MOST_MESSAGES = 20
_MESSAGES_SECONDS = 10.0
_PATH = "/ws"


class _Ping(msgspec.Struct, tag="ping", tag_field="type"):
    """All that a client has to say."""


class _Pong(msgspec.Struct, tag="pong", tag_field="type"):
    """By `now` the page's timers keep up with the centre's time, which after a jump goes faster or slower than its."""

    now: datetime


_decoder = msgspec.json.Decoder(_Ping)


class PushApplication:
    """Speaks `websocket` and `lifespan`. One a process; its hub begins with the server or the first socket."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._sessions: Sessions | None = None
        self._hub: Hub | None = None

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        hear, say = cast("Receive", receive), cast("Send", send)
        if scope["type"] == "lifespan":
            await self._live(hear, say)
        else:
            await self._serve(cast("Message", scope), hear, say)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._running()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def stop(self) -> None:
        """End the hub; a later socket begins a new one."""
        hub, self._hub, self._sessions = self._hub, None, None
        if hub is not None:
            await hub.stop()

    def _running(self) -> tuple[Hub, Sessions]:
        if self._hub is None or self._sessions is None:
            self._sessions = Sessions()
            self._hub = Hub(self._url, self._sessions)
        self._hub.start()
        return self._hub, self._sessions

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        await receive()
        if scope["path"] != _PATH or not _same_origin(headers):
            await send({"type": "websocket.close", "code": NOT_ALLOWED})
            return
        await send({"type": "websocket.accept"})
        code = await self._talk(headers.get(b"cookie", ""), receive, send)
        if code is not None:
            with contextlib.suppress(OSError):
                await send({"type": "websocket.close", "code": code})

    async def _talk(self, cookies: str, receive: Receive, send: Send) -> int | None:
        """From the accepted socket to its end; returns the code to close it with, None when it is closed already."""
        hub, sessions = self._running()
        key, known = session_key(cookies), hub.endings
        if key is None:
            return LOGGED_OUT
        try:
            viewer = (await sessions.seen([key]))[key]
        except (DatabaseError, PoolTimeout):
            return TRY_LATER
        if isinstance(viewer, int):
            return viewer
        return await _converse(hub, Client(viewer, key), known, receive, send)


async def _converse(hub: Hub, client: Client, known: int, receive: Receive, send: Send) -> int | None:
    """Send and receive until one of the two ends."""

    async def send_text(text: str) -> None:
        await send({"type": "websocket.send", "text": text})

    async def serve() -> int | None:
        await hub.add(client, known)
        return await client.serve(hub.state, send_text)

    tasks = [asyncio.create_task(serve()), asyncio.create_task(_hear(client, receive))]
    try:
        done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hub.remove(client)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    ended = done.pop()
    if ended.cancelled():  # it took nothing any more
        return None
    try:
        return ended.result()
    except OSError:  # the browser is gone
        return None


async def _hear(client: Client, receive: Receive) -> int | None:
    """Answer pings until the browser leaves (None) or says something that it should not (the code)."""
    loop = asyncio.get_running_loop()
    began, heard = loop.time(), 0
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return None
        if loop.time() - began > _MESSAGES_SECONDS:
            began, heard = loop.time(), 0
        heard += 1
        text = message.get("text")
        if heard > _MOST_MESSAGES or len(text or message.get("bytes") or "") > _LONGEST_MESSAGE:
            return NOT_ALLOWED
        try:
            _decoder.decode(text or "")
        except msgspec.DecodeError:
            return NOT_UNDERSTOOD
        client.reply(msgspec.json.encode(_Pong(centre_time())).decode())


def _same_origin(headers: dict[bytes, str]) -> bool:
    """Whether a page of this centre opens the socket: no other site may use the browser's cookie."""
    try:
        origin = urlsplit(headers.get(b"origin", ""))
        host = bracketed(origin.hostname or "")
    except ValueError:
        return False
    if origin.scheme not in {"http", "https"} or not validate_host(host, settings.ALLOWED_HOSTS):
        return False
    own = {headers.get(b"host", "").lower(), urlsplit(settings.HAEDAP.web_url).netloc.lower()}
    return origin.netloc.lower() in own
