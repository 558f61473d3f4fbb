"""The HTTP side of the fake city: one ASGI application for all systems, their faults, and the control of these.

Control, for tests and demonstrations, on the same loopback port:
`GET /control` · `PUT /control/SYSTEM {"delay_ms": 500, "fault": "hang", "times": 3}` · `DELETE /control`.
The faults of databases last until they are changed: `times` is refused there.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
import psycopg

from haedap.fake_city import FakeCityError, database
from haedap.fake_city.answers import SYSTEMS, City, Request, Response, as_json, gateway_error, query_of, system_at
from haedap.fake_city.faults import Behaviour, Behaviours, FaultKind

ALL_SYSTEMS = (*database.SYSTEMS, *SYSTEMS)
_MOST_BYTES = 1_000_000
_HUGE_CHUNKS, _CHUNK = 800, b" " * 65_536
_HOSTILE = "<script>alert(1)</script>'; DROP TABLE city.tax; --\\u0000\\ud800{{ secrets }}" + "9" * 400
_Scope = Mapping[str, Any]
_Receive = Callable[[], Awaitable[Mapping[str, Any]]]
_Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class FakeCity:
    """The ASGI application. `database_url`: the owner's, None when the city has no databases."""

    def __init__(self, city: City, behaviours: Behaviours, database_url: str | None) -> None:
        self._city, self._behaviours, self._database_url = city, behaviours, database_url

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            return
        request = await _request(scope, receive)
        if f"{request.path}/".startswith("/control/"):
            await _answer(send, await self._controlled(request))
            return
        name = system_at(request.path)
        if name is None:
            await _answer(send, as_json({"error": "not found"}, 404))
            return
        await self._system(name, request, receive, send)

    async def tell(self, system: str, behaviour: Behaviour) -> None:
        """Change how a system behaves. Raises FakeCityError."""
        if system in database.SYSTEMS:
            if self._database_url is None:
                raise FakeCityError("이 가상 도시에는 데이터베이스가 없습니다.")
            if behaviour.times:
                # What a view does by a read-only transaction that then fails is taken back: nothing there can count.
                raise FakeCityError("SQL 뷰의 장애는 횟수(times)를 셀 수 없습니다. DELETE /control로 끝내십시오.")
        self._behaviours.tell(system, behaviour)
        if self._database_url is not None and system in database.SYSTEMS:
            await asyncio.to_thread(database.tell, self._database_url, {system: behaviour})

    async def _heal(self) -> None:
        self._behaviours.heal()
        if self._database_url is not None:
            healthy = {system: self._behaviours.of(system) for system in database.SYSTEMS}
            await asyncio.to_thread(database.tell, self._database_url, healthy)

    async def _system(self, name: str, request: Request, receive: _Receive, send: _Send) -> None:
        behaviour = self._behaviours.next(name)
        await asyncio.sleep(behaviour.delay_ms / 1000)
        if behaviour.fault is FaultKind.HANG:
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        answer = SYSTEMS[name][1](self._city, request)
        if behaviour.fault is FaultKind.HUGE:
            await _huge(send)
        elif behaviour.fault is FaultKind.CUT:
            await _cut(send, answer)
        else:
            await _answer(send, _spoilt(name, request, answer, behaviour.fault))

    async def _controlled(self, request: Request) -> Response:
        name = request.path.removeprefix("/control").strip("/")
        try:
            if request.method == "DELETE" and not name:
                await self._heal()
            elif request.method == "PUT" and name:
                await self.tell(name, msgspec.json.decode(request.content, type=Behaviour))
            elif request.method != "GET" or name:
                return as_json({"error": "GET /control · PUT /control/SYSTEM · DELETE /control"}, 405)
        except (FakeCityError, msgspec.MsgspecError) as error:
            return as_json({"error": str(error)}, 400)
        except psycopg.Error as error:
            return as_json({"error": type(error).__name__}, 503)
        return as_json({system: msgspec.to_builtins(self._behaviours.of(system)) for system in ALL_SYSTEMS})


def _spoilt(name: str, request: Request, answer: Response, fault: FaultKind) -> Response:
    if fault is FaultKind.ERROR:
        return Response(500, "text/html", "<html><body><h1>내부 오류</body>".encode())
    if fault is FaultKind.GARBAGE:
        return msgspec.structs.replace(answer, content=random.Random(request.path).randbytes(700))  # noqa: S311
    if fault is FaultKind.HALF:
        return msgspec.structs.replace(answer, content=answer.content[: len(answer.content) // 2])
    if fault is FaultKind.CHARSET:
        return msgspec.structs.replace(answer, content=_other_characters(answer))
    if fault is FaultKind.REDIRECT:
        return Response(302, "text/html", b"")
    if fault in {FaultKind.REFUSE, FaultKind.LIMIT}:
        return _refusal(name, answer, fault)
    if fault is FaultKind.HOSTILE:
        return _hostile(answer)
    return answer


def _other_characters(answer: Response) -> bytes:
    ours = "euc-kr" if "euc-kr" in answer.kind.lower() else "utf-8"
    return answer.content.decode(ours).encode("utf-16")


def _refusal(name: str, answer: Response, fault: FaultKind) -> Response:
    """The system's own sign that it failed, or that it takes no more."""
    if name == "parking_lot":
        if fault is FaultKind.LIMIT:
            return gateway_error("22", "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR", 403)
        return gateway_error("1", "APPLICATION_ERROR", 403)
    if name in {"non_tax", "parking_fine"}:
        return as_json({"header": {}, "body": {"linkRstCd": "003", "linkRstMsg": "시스템 오류", "resVo1": None}})
    if name == "road_address":
        code = "E0007" if fault is FaultKind.LIMIT else "-999"
        return as_json(
            {"results": {"common": {"errorCode": code, "errorMessage": "오류", "totalCount": "0"}, "juso": None}}
        )
    if name == "bulky_waste":
        return as_json({"error": "busy"}, 429 if fault is FaultKind.LIMIT else 503)
    text = answer.content.replace(b"<RESULTCODE>200<", b"<RESULTCODE>900<").replace(b"<code>OK<", b"<code>ERR<")
    return msgspec.structs.replace(answer, content=text)


def _hostile(answer: Response) -> Response:
    """Every text of a JSON answer becomes an attack, but for the codes; XML gets entities that would grow."""
    if answer.kind.startswith("application/json"):
        return msgspec.structs.replace(
            answer, content=msgspec.json.encode(_poisoned(msgspec.json.decode(answer.content)))
        )
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    head, mark, rest = answer.content.partition(b"?>")
    content = head + mark + bomb + rest if mark else bomb + answer.content
    return msgspec.structs.replace(answer, content=content)


_CODES = frozenset({"linkRstCd", "resultCode", "errorCode"})


def _poisoned(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _poisoned(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_poisoned(item, key) for item in value]
    return _HOSTILE if isinstance(value, str) and key not in _CODES else value


async def _request(scope: _Scope, receive: _Receive) -> Request:
    content = bytearray()
    while True:
        message = await receive()
        content += message.get("body", b"")
        if not message.get("more_body") or len(content) > _MOST_BYTES:
            break
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(scope["method"], scope["path"], query_of(scope["query_string"]), headers, bytes(content))


async def _answer(send: _Send, answer: Response) -> None:
    headers = [(b"content-type", answer.kind.encode()), (b"content-length", str(len(answer.content)).encode())]
    if answer.status == 302:
        headers.append((b"location", b"http://169.254.169.254/latest/meta-data/"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})


async def _huge(send: _Send) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for _ in range(_HUGE_CHUNKS):
        await send({"type": "http.response.body", "body": _CHUNK, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _cut(send: _Send, answer: Response) -> None:
    """Promises more than comes; the server then ends the connection."""
    headers = [(b"content-type", answer.kind.encode()), (b"content-length", str(len(answer.content) + 100).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})
