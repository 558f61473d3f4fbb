"""The line to the language process. Whoever asks gets None while it is away, or slow, and goes on without."""

from __future__ import annotations

import time
from functools import cache
from http.client import HTTPException
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from django.conf import settings

from haedap.language.service import socket_of
from haedap.language.service.client import request

_PATIENCE = 1.0
_REST = 5.0
"""Seconds for which a process that was too slow is left alone, so that only one question in that time is slow."""
_OK = 200
_Answer = TypeVar("_Answer")


class LanguageClient:
    """May be used by all threads of the web."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rests_until = 0.0

    def ask(self, operation: str, asked: Any, answer: type[_Answer], patience: float = _PATIENCE) -> _Answer | None:
        """What the process answers, or None when it does not, or not within `patience` seconds."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            status, said = request(self._path, "POST", operation, msgspec.json.encode(asked), timeout=patience)
            return msgspec.json.decode(said, type=answer) if status == _OK else None
        except TimeoutError:
            # Who was in a hurry learns nothing about the process.
            if patience >= _PATIENCE:
                self._rests_until = time.monotonic() + _REST
            return None
        except (OSError, HTTPException, msgspec.MsgspecError):
            return None


@cache
def language() -> LanguageClient:
    """The one client of this process."""
    return LanguageClient(socket_of(settings.HAEDAP.runtime))
