"""Systems of a city that a test drives: an HTTP server whose paths answer what, and when, the test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class SlowCity:
    """`answers`: the JSON by path. `slow`: seconds by path, but no longer than the test. `asked`: all so far."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.answers: dict[str, Any] = {}
        self.slow: dict[str, float] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.over = threading.Event()

    def configuration(self, key: str, **changes: Any) -> str:
        """A system of the kind `rest` that asks the path `/KEY` by name and customer number."""
        data = {
            "key": key,
            "title": f"{key} 조회",
            "kind": "rest",
            "subject": [
                {"name": "name", "label": "성명", "personal": True},
                {"name": "customer_no", "label": "수용가번호", "required": False},
            ],
            "answer": {
                "records": "items",
                "title": "{{ month }}월분 {{ payer }}",
                "fields": [
                    {"name": "month", "label": "월", "type": "number"},
                    {"name": "payer", "label": "납부자", "personal": True},
                    {"name": "amount", "label": "금액", "type": "won"},
                    {"name": "remark", "label": "비고"},
                ],
            },
            "read_out": {"some": "{{ records[0].payer }} 님, {{ count }}건입니다.", "none": "없습니다."},
            "limits": limits(30.0),
            "system": {
                "site": {"address": self.address, "unencrypted": True},
                "request": {"path": f"/{key}", "parameters": {"name": "{{ name }}", "no": "{{ customer_no }}"}},
            },
            **changes,
        }
        return json.dumps(data, ensure_ascii=False, indent=2)


def limits(seconds: float) -> dict[str, Any]:
    """A system that may take so long, once, and is left alone after two failures."""
    return {"seconds": seconds, "attempts": 1, "failures": 2, "rest_seconds": 60}


@contextmanager
def a_slow_city() -> Iterator[SlowCity]:
    """A server on a free port of the loopback, ended afterwards with everything that still waits."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    city = SlowCity(server.server_port)

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            city.asked.append((parts.path[1:], {name: values[0] for name, values in parse_qs(parts.query).items()}))
            city.over.wait(city.slow.get(parts.path[1:], 0))
            body = json.dumps(city.answers.get(parts.path[1:], {"items": []})).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server.RequestHandlerClass = Desk
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield city
    finally:
        city.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
