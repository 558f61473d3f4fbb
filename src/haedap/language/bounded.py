"""Requests to an endpoint that the settings name: to no other host, within a time, and with an answer of a size."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

LARGEST_ANSWER = 1_000_000


class TooLarge(Exception):  # noqa: N818 - said of the answer
    """The answer goes on and on."""


def client(base: str, key: str) -> httpx.AsyncClient:
    """Speaks with `base` alone: no redirection is followed, no proxy of the environment is used."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.AsyncClient(base_url=base.rstrip("/") + "/", headers=headers, follow_redirects=False, trust_env=False)


async def post(
    client_: httpx.AsyncClient, path: str, seconds: float, largest: int = LARGEST_ANSWER, **content: Any
) -> tuple[int, bytes]:
    """Status and body of a POST. Raises TimeoutError when all of it took longer, TooLarge, or httpx.HTTPError."""
    async with asyncio.timeout(seconds), client_.stream("POST", path, timeout=seconds, **content) as answer:
        body = bytearray()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > largest:
                raise TooLarge
        return answer.status_code, bytes(body)
