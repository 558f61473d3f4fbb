"""One open socket."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from haedap.clock import centre_time
from haedap.web.push.state import CentreState, Delta, Viewer

Send = Callable[[str], Awaitable[None]]

MOST_WAITING = 64
"""Deltas that may wait for a socket; one more, and they are all dropped for a fresh snapshot."""
PATIENCE = 20.0
"""Seconds that a socket may take nothing at all before it is given up."""


class Client:
    """What waits to be sent to one socket. Telling it something never waits, so no client holds up another."""

    def __init__(self, viewer: Viewer, session: str) -> None:
        self.viewer = viewer
        self.session = session
        self._needs_snapshot = True
        self._deltas: deque[str] = deque()
        self._replies: deque[str] = deque(maxlen=4)
        self._figures: str | None = None
        self._health: str | None = None
        self._close: int | None = None
        self._something = asyncio.Event()
        self._sending: asyncio.Task[Any] | None = None
        self._sending_since = 0.0

    def tell(self, delta: Delta) -> None:
        """Changes that follow what the client was told before."""
        if self._needs_snapshot:
            return
        if len(self._deltas) >= MOST_WAITING:
            self.refresh()
            return
        self._deltas.append(delta.text_for(self.viewer))
        self._something.set()

    def refresh(self) -> None:
        """Tell everything anew: the client fell behind, or something changed that no delta can say."""
        self._deltas.clear()
        self._needs_snapshot = True
        self._something.set()

    def look_as(self, viewer: Viewer) -> None:
        """The account's role changed."""
        if viewer != self.viewer:
            self.viewer = viewer
            self.refresh()

    def tell_figures(self, text: str) -> None:
        """The newest figures; older ones that were not sent yet are forgotten."""
        self._figures = text
        self._something.set()

    def tell_health(self, text: str) -> None:
        """What is wrong with the centre now; likewise."""
        self._health = text
        self._something.set()

    def reply(self, text: str) -> None:
        """An answer to the client's own message."""
        self._replies.append(text)
        self._something.set()

    def close(self, code: int) -> None:
        """End the socket with `code`, before anything else that waits."""
        self._close = code
        self._something.set()

    async def serve(self, state: CentreState, send: Send) -> int:
        """Send until the client is closed; returns the code."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        while True:
            await self._something.wait()
            self._something.clear()
            while self._close is None and (text := self._next(state)) is not None:
                self._sending, self._sending_since = task, loop.time()
                await send(text)
                self._sending = None
            if self._close is not None:
                return self._close

    def give_up_if_stuck(self, now: float) -> None:
        """Cancel `serve` when the socket has taken nothing for long. Asked now and then: a timer a message is dear."""
        if self._sending is not None and now - self._sending_since > PATIENCE:
            self._sending.cancel()

    def start(self) -> None:
        """From now on `state` is whole: the first snapshot may go out."""
        self._something.set()

    def _next(self, state: CentreState) -> str | None:
        """What to send now. A snapshot is made at the last moment, and the deltas told from then on follow it."""
        if self._needs_snapshot:
            self._needs_snapshot = False
            return state.snapshot_for(self.viewer, centre_time())
        if self._deltas:
            return self._deltas.popleft()
        if self._replies:
            return self._replies.popleft()
        if self._health is not None:
            told, self._health = self._health, None
            return told
        text, self._figures = self._figures, None
        return text
