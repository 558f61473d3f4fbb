"""The process's answers: one operation an address, JSON in and out, by HTTP over a unix socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import msgspec
import structlog
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

Operation = Callable[[bytes], bytes]
_Asked = TypeVar("_Asked")
_LARGEST = 1_000_000
_WORKERS = 2
_log = structlog.get_logger(__name__)


def operation(asked: type[_Asked], answer: Callable[[_Asked], Any]) -> Operation:
    """An operation of a function: what is asked is decoded as the type, what it returns is encoded."""
    decode, encode = msgspec.json.Decoder(asked).decode, msgspec.json.Encoder().encode
    return lambda body: encode(answer(decode(body)))


class Application:
    """`operations` by their names, `state` is what GET /ready tells once it is not None. Both may grow as it runs."""

    def __init__(self, operations: Mapping[str, Operation], state: Callable[[], Mapping[str, Any] | None]) -> None:
        self._operations = operations
        self._state = state
        self._threads = ThreadPoolExecutor(_WORKERS, thread_name_prefix="answer")
        self.busy = 0
        """Operations that run or wait at the moment."""

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            raise ValueError("only HTTP is spoken here")
        status, body = await self._answer(scope["path"].strip("/"), receive)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def _answer(self, name: str, receive: ASGIReceiveCallable) -> tuple[int, bytes]:
        state = self._state()
        if state is None:
            return 503, b"{}"
        if name == "ready":
            return 200, msgspec.json.encode(state)
        chosen = self._operations.get(name)
        if chosen is None:
            return 404, b"{}"
        body = await _body(receive)
        if body is None:
            return 413, b"{}"
        self.busy += 1
        try:
            return 200, await asyncio.get_running_loop().run_in_executor(self._threads, chosen, body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return 400, b"{}"
        except Exception as error:
            # Its message could quote what was asked.
            _log.error("an operation failed", operation=name, error=type(error).__name__)
            return 500, b"{}"
        finally:
            self.busy -= 1


async def _body(receive: ASGIReceiveCallable) -> bytes | None:
    """The whole body; None when it is too large."""
    body, more = b"", True
    while more:
        event = await receive()
        if event["type"] != "http.request":
            return None
        body += event["body"]
        more = event["more_body"]
        if len(body) > _LARGEST:
            return None
    return body
