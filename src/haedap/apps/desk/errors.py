"""Refusals of the desk's API."""

from __future__ import annotations

from typing import Any


class DeskError(Exception):
    """A refusal: HTTP status, a word for programs, a Korean sentence for people, and what else helps."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.more = more
