"""Tells whoever started this process how it is, by the notify socket that systemd made common.

`READY=1` once, `STATUS=standby` or `STATUS=active`, and `WATCHDOG=1` every second from the event loop: an engine that
hangs falls silent, and who watches ends it, so that its lock goes to the standby.
"""

import asyncio
import os
import socket
from collections.abc import Mapping

BEAT_EVERY = 1.0


class Notifier:
    """Without a socket in the environment it says nothing. Never waits and never fails."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) if address else None
        self._status = ""

    def status(self, status: str) -> None:
        """What this engine is now: told when it changes, and that it is ready."""
        if status != self._status:
            self._status = status
            self._tell(f"READY=1\nSTATUS={status}")

    async def beat(self) -> None:
        """Say again and again that the event loop runs, until cancelled."""
        while self._socket is not None:
            self._tell("WATCHDOG=1")
            await asyncio.sleep(BEAT_EVERY)

    def _tell(self, message: str) -> None:
        if self._socket is None:
            return
        try:
            self._socket.sendto(message.encode(), self._address)
        except OSError:
            return
