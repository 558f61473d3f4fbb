"""Ports for what a test starts later.

They lie below those that the kernel hands out to whoever asks for any, and stay this process's until it ends: no other
process of tests is given the same. A port that was merely free a moment ago may be somebody else's by the time at which
a centre has come so far as to listen there.
"""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack

_FROM, _TO = 30_600, 32_700
_HELD: dict[int, socket.socket] = {}
"""By port: a name that only one process of the machine can have at a time."""


def free_ports(number: int, host: str = "127.0.0.1") -> list[int]:
    """So many ports that nobody listens at, for UDP and for TCP."""
    size, start = _TO - _FROM, os.getpid() * 97
    found: list[int] = []
    for place in range(size):
        if len(found) == number:
            return found
        port = _FROM + (start + place) % size
        if port not in _HELD and _take(port) and _is_free(host, port):
            found.append(port)
    raise AssertionError("no free ports")


def _take(port: int) -> bool:
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0haedap-test-port-{port}")
    except OSError:
        name.close()
        return False
    _HELD[port] = name
    return True


def _is_free(host: str, port: int) -> bool:
    with ExitStack() as stack:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            probe = stack.enter_context(socket.socket(socket.AF_INET, kind))
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True
