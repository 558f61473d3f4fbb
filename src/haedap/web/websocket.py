"""The server's side of a WebSocket, with an end to what one client may send.

uvicorn hands complete messages to the application, which counts them. What is answered or kept below that (pings,
pongs, pieces of a message) is counted here: a client that sends them without pause would hold up everybody, and one
that does not read the answers would fill the memory.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

_MOST_FRAMES = 50
_FRAMES_SECONDS = 10.0
"""Browsers send one pong in twenty seconds, and no piece at all."""
_AT_A_TIME = 1024
"""Bytes that are read before the limit is looked at: the smallest frame has six."""
_NOT_ALLOWED = 1008


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
