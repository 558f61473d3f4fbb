"""The supervisor's ear for a process that tells how it is: a notify socket as systemd has it."""

from __future__ import annotations

import socket
import time
from pathlib import Path

from haedap.operations.users import ServiceUser, give

_LONGEST = 4096


class Heartbeat:
    """Listens at `path`. `silent(now)` is how long the process said nothing, as far as we were awake to hear it."""

    def __init__(self, path: Path, user: ServiceUser) -> None:
        path.unlink(missing_ok=True)
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.bind(str(path))
        path.chmod(0o600)
        give(path, user)
        self.begin()

    def begin(self) -> None:
        """A new life of the process: nothing was said yet, and until it says something it may be silent."""
        self.ready = False
        self.status = ""
        self._heard = False
        self._silent = 0.0
        self._looked = time.monotonic()

    def silent(self, interval: float) -> float:
        """Seconds of silence since the last word; to be asked every `interval` seconds.

        A time in which nobody asked counts as two intervals at most: then it was the machine that slept.
        """
        now = time.monotonic()
        self._silent += min(now - self._looked, 2 * interval)
        self._looked = now
        if self._listen():
            self._silent = 0.0
            self._heard = True
        return self._silent if self._heard else 0.0

    def close(self) -> None:
        self._socket.close()
        self.path.unlink(missing_ok=True)

    def _listen(self) -> bool:
        heard = False
        while True:
            try:
                message = self._socket.recv(_LONGEST)
            except BlockingIOError:
                return heard
            heard = True
            for line in message.decode(errors="replace").splitlines():
                name, _, value = line.partition("=")
                if name == "STATUS":
                    self.status = value
                elif name == "READY":
                    self.ready = value == "1"
