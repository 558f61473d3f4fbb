"""The adapter to an open API, against a real HTTP server that speaks as data.go.kr does."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
import uvicorn

from haedap.apps.offices.errors import SourceError
from haedap.apps.offices.rows import read
from haedap.apps.offices.sources import OpenApiDirectory
from tests.support.patience import PATIENCE

KEY = "a+key/with=signs"
Answer = tuple[int, str]
PEOPLE = [
    {
        "deptNm": "경제국 > 세정과",
        "empNm": f"김{number:04d}",
        "empNo": f"E{number}",
        "telNo": "02-0000-1000",
        "lnNo": number,
    }
    for number in range(1000, 2201)
]


def page(items: Any, total: int, code: str = "00") -> Answer:
    header = {"resultCode": code, "resultMsg": "NORMAL SERVICE"}
    body = {"items": {"item": items} if items else "", "numOfRows": 500, "pageNo": 1, "totalCount": total}
    return 200, json.dumps({"response": {"header": header, "body": body}}, ensure_ascii=False)


class City:
    """The server: `answer` may be changed by a test; `asked` keeps what was asked for."""

    def __init__(self) -> None:
        self.answer: Callable[[dict[str, str]], Answer] = self.pages
        self.asked: list[dict[str, str]] = []
        self.url = ""

    def pages(self, asked: dict[str, str]) -> Answer:
        start = (int(asked["pageNo"]) - 1) * int(asked["numOfRows"])
        return page(PEOPLE[start : start + int(asked["numOfRows"])], len(PEOPLE))

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        asked = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        self.asked.append(asked)
        status, text = self.answer(asked)
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
        )
        await send({"type": "http.response.body", "body": text.encode()})


@pytest.fixture
def server() -> Iterator[City]:
    found = City()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found.url = f"http://127.0.0.1:{listening.getsockname()[1]}/1741000/staff/list"
        web = uvicorn.Server(uvicorn.Config(found, log_level="critical", lifespan="off", ws="none"))
        thread = threading.Thread(target=web.run, kwargs={"sockets": [listening]})
        thread.start()
        deadline = time.monotonic() + PATIENCE
        while not web.started:
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.01)
        yield found
        web.should_exit = True
        thread.join(PATIENCE)


def refusal(city: City, key: str = KEY) -> str:
    with pytest.raises(SourceError) as caught:
        OpenApiDirectory(city.url, key).rows()
    assert key not in str(caught.value)
    return str(caught.value)


def test_everybody_is_read_page_by_page(server: City) -> None:
    rows = OpenApiDirectory(server.url, KEY).rows()
    assert [asked["pageNo"] for asked in server.asked] == ["1", "2", "3"]
    assert {asked["serviceKey"] for asked in server.asked} == {KEY}
    found = read(rows)
    assert (len(found.entries), found.problems) == (1201, [])
    last = found.entries[-1]
    assert (last.department, last.name, last.code, last.telephone, last.extension) == (
        ("경제국", "세정과"),
        "김2200",
        "E2200",
        "+82200001000",
        "2200",
    )


def test_a_key_that_was_handed_out_encoded(server: City) -> None:
    OpenApiDirectory(server.url, "a%2Bkey%2Fwith%3Dsigns").rows()
    assert server.asked[0]["serviceKey"] == KEY


def test_own_names_of_fields(server: City) -> None:
    server.answer = lambda _asked: page({"SOSOK": "수도과", "STAFF": "이바다", "JOB": None}, 1)
    rows = OpenApiDirectory(server.url, KEY, {"department": "sosok", "name": "staff", "duties": "job"}).rows()
    assert rows == [(1, {"department": "수도과", "name": "이바다", "duties": ""})]


def test_nobody(server: City) -> None:
    server.answer = lambda _asked: page([], 0)
    assert OpenApiDirectory(server.url, KEY).rows() == []
    server.answer = lambda _asked: page([], 0, code="03")
    assert OpenApiDirectory(server.url, KEY).rows() == []


@pytest.mark.parametrize(
    ("code", "words"),
    [("20", "권한"), ("22", "한도"), ("30", "등록되지 않은"), ("31", "기한"), ("32", "주소"), ("99", "99")],
)
def test_the_gateway_refuses_in_its_own_shape(server: City, code: str, words: str) -> None:
    header = {"errMsg": "SERVICE ERROR", "returnAuthMsg": "X", "returnReasonCode": code}
    server.answer = lambda _asked: (403, json.dumps({"OpenAPI_ServiceResponse": {"cmmMsgHeader": header}}))
    assert words in refusal(server)


@pytest.mark.parametrize(
    "answer",
    [
        (500, "Internal Server Error"),
        (200, "<html>점검 중</html>"),
        (200, "[]"),
        (200, "null"),
        (200, '{"response": []}'),
        (200, '{"response": {"header": {"resultCode": "00"}, "body": {"items": {"item": ["x"]}, "totalCount": 1}}}'),
        (200, '{"response": {"header": {"resultCode": "00"}, "body": {"items": "", "totalCount": "many"}}}'),
    ],
)
def test_something_else_than_a_list(server: City, answer: Answer) -> None:
    server.answer = lambda _asked: answer
    assert "명단이 아닌" in refusal(server)


def test_fewer_than_announced_is_not_taken_for_all(server: City) -> None:
    server.answer = lambda asked: page(PEOPLE[:500] if asked["pageNo"] == "1" else [], 700)
    sentence = refusal(server)
    assert "700" in sentence
    assert "500" in sentence


def test_a_list_without_an_end_is_left(server: City) -> None:
    server.answer = lambda _asked: page(PEOPLE[:500], 10_000_000)
    assert "20000명" in refusal(server)


def test_nobody_listens(server: City) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(SourceError, match="응답하지 않습니다"):
        OpenApiDirectory(f"http://127.0.0.1:{port}/", KEY).rows()
