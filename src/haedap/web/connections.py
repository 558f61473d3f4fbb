"""The server's side of a connection, with an end to what one client may send before anybody asks who it is.

HTTP: uvicorn keeps a request's head however long it is and however long it takes. The body has its own limit, see
`haedap.web.handler`.

WebSocket: uvicorn hands complete messages to the application, which counts them. What is answered or kept below that
(pings, pongs, pieces of a message) is counted here: a client that sends them without pause would hold up everybody, and
one that does not read the answers would fill the memory.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

LONGEST_HEAD = 64 * 1024
"""Bytes of a request but for its body: browsers and proxies send a few thousand."""
_CHUNK = 32
"""What surrounds one chunk of a body at most, in bytes."""
_HEAD_SECONDS = 20.0
_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"

_MOST_FRAMES = 50
_FRAMES_SECONDS = 10.0
"""Browsers send one pong in twenty seconds, and no piece at all."""
_AT_A_TIME = 1024
"""Bytes that are read before the limit is looked at: the smallest frame has six."""
_NOT_ALLOWED = 1008


class LimitedHttp(HttpToolsProtocol):
    """Answers 431 to a request whose head does not end, and closes on who takes too long over it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._kept = 0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first request is waited for."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(_HEAD_SECONDS, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for."""
        super().connection_lost(exc)
        self._stop_waiting()

    def data_received(self, data: bytes) -> None:
        """A part of a request, or of several."""
        self._kept += len(data)
        super().data_received(data)
        if self._kept > LONGEST_HEAD and not self.transport.is_closing():
            self.transport.write(_TOO_LONG)
            self.transport.close()

    def on_message_begin(self) -> None:
        """The next request on this connection is waited for as the first was."""
        super().on_message_begin()
        if self._deadline is None:
            self._deadline = self.loop.call_later(_HEAD_SECONDS, self.transport.close)

    def on_headers_complete(self) -> None:
        """The head has come."""
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Its size is somebody else's matter."""
        self._kept = max(0, self._kept - len(body) - _CHUNK)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """What follows is another request."""
        self._kept = 0
        super().on_message_complete()

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class LimitedWebSocket(WebSocketsSansIOProtocol):
    """Closes with 1008 who sends too many frames, and ends the connection of who does not take the end."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._began, self._heard = 0.0, 0

    def data_received(self, data: bytes) -> None:
        """A little at a time, until nothing more is wanted."""
        for start in range(0, len(data), _AT_A_TIME):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + _AT_A_TIME])
        if self.conn.handshake_exc is not None and not self.transport.is_closing():
            # A request that could not be read: uvicorn keeps the answer, and the connection.
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def handle_ping(self) -> None:
        """Answer it."""
        super().handle_ping()
        self._count()

    def handle_pong(self, event: Frame) -> None:
        """Take it for a sign of life."""
        super().handle_pong(event)
        self._count()

    def handle_cont(self, event: Frame) -> None:
        """Keep this piece of a message."""
        super().handle_cont(event)
        self._count()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """The application has ended; so does the connection, even if the client does not take what was sent last."""
        super().on_task_complete(task)
        self.loop.call_later(self.close_timeout, self.transport.abort)

    def _count(self) -> None:
        now = self.loop.time()
        if now - self._began > _FRAMES_SECONDS:
            self._began, self._heard = now, 0
        self._heard += 1
        if self._heard > _MOST_FRAMES and not self.transport.is_closing():
            self.conn.fail(_NOT_ALLOWED, "too many frames")
            self.handle_parser_exception()
