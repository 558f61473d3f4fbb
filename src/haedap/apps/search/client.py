"""The line to the language process. Whoever asks gets None while it is away, or slow, and goes on without."""

from __future__ import annotations

import time
from functools import cache
from typing import Any, TypeVar

import httpx
import msgspec
from django.conf import settings

from haedap.language.service import socket_of

_PATIENCE = 1.0
_REST = 5.0
"""Seconds for which a process that was too slow is left alone, so that only one question in that time is slow."""
_Answer = TypeVar("_Answer")


class LanguageClient:
    """Connections are kept and shared by the threads of the web."""

    def __init__(self) -> None:
        transport = httpx.HTTPTransport(uds=str(socket_of(settings.HAEDAP.runtime)))
        self._http = httpx.Client(transport=transport, base_url="http://language", timeout=_PATIENCE, trust_env=False)
        self._rests_until = 0.0

    def ask(self, operation: str, asked: Any, answer: type[_Answer]) -> _Answer | None:
        """What the process answers, or None when it does not, or not in time."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            said = self._http.post(f"/{operation}", content=msgspec.json.encode(asked))
            return msgspec.json.decode(said.content, type=answer) if said.status_code == httpx.codes.OK else None
        except httpx.TimeoutException:
            self._rests_until = time.monotonic() + _REST
            return None
        except (httpx.HTTPError, msgspec.MsgspecError):
            return None


@cache
def language() -> LanguageClient:
    """The one client of this process."""
    return LanguageClient()
