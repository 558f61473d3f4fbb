"""What the language process says of itself, for `haedap info` and `haedap doctor`."""

from __future__ import annotations

import json
from http.client import HTTPException
from pathlib import Path

from haedap.language.service import socket_of
from haedap.language.service.client import request

_PATIENCE = 2.0
_OK = 200


def language_state(runtime: Path) -> dict[str, str | int | bool] | None:
    """`entries`, `embedded`, `embeddings`; None while it does not answer."""
    try:
        status, said = request(socket_of(runtime), "GET", "ready", timeout=_PATIENCE)
        return dict(json.loads(said)) if status == _OK else None
    except (OSError, HTTPException, ValueError):
        return None


def language_text(state: dict[str, str | int | bool] | None) -> str:
    """The same in Korean."""
    if state is None:
        return "응답 없음 (글자만 견주어 찾습니다)"
    meaning = f"뜻까지 {state['embedded']}건" if state["embeddings"] else "뜻은 견주지 않음"
    return f"찾을 것 {state['entries']}건, {meaning}"
