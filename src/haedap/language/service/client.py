"""Asking the language process: one HTTP request over its unix socket."""

from __future__ import annotations

import socket
from http.client import HTTPConnection
from pathlib import Path


class UnixConnection(HTTPConnection):
    """A connection to a server at a unix socket."""

    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("language", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(self.timeout)
        try:
            line.connect(str(self._path))
        except OSError:
            line.close()
            raise
        self.sock = line


def request(path: Path, method: str, operation: str, body: bytes = b"", *, timeout: float) -> tuple[int, bytes]:
    """Status and body of the answer. Raises OSError (TimeoutError among them) or HTTPException when there is none."""
    connection = UnixConnection(path, timeout)
    try:
        connection.request(method, f"/{operation}", body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
