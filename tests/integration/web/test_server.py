"""The whole ASGI server, as it runs in a centre: static files, pages, the pool, the schema."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from haedap.plain_http import NO_CERTIFICATES
from tests.support.patience import PATIENCE


@pytest.fixture
def server(orm_database: str) -> Iterator[httpx.Client]:
    """uvicorn on a free port."""
    from haedap.apps.demo.seed import seed

    seed()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": orm_database, "HAEDAP_WEB_PORT": str(port)}
    command = [sys.executable, "-m", "uvicorn", "haedap.web.asgi:application", "--port", str(port), "--no-access-log"]
    command += ["--http", "haedap.web.connections:LimitedHttp", "--ws", "haedap.web.connections:LimitedWebSocket"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, trust_env=False, verify=NO_CERTIFICATES
        ) as client:
            _wait_until_answering(client, process)
            yield client
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _wait_until_answering(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            client.get("/login")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not answer")


def log_in(client: httpx.Client, username: str) -> None:
    page = client.get("/login").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {"username": username, "password": "haedap-Demo-1", "csrfmiddlewaretoken": token[1]}
    assert client.post("/login", data=form).status_code == 302


def test_pages_static_files_and_errors_give_every_connection_back(server: httpx.Client, orm_database: str) -> None:
    assert server.get("/static/images/haedap.svg").headers["content-type"].startswith("image/svg+xml")
    log_in(server, "admin")
    paths = ["/contacts/", "/centre/", "/centre/people/", "/no-such-page", "/api/me", "/api/none", "/jsi18n/"] * 12
    with ThreadPoolExecutor(6) as pool:
        statuses = set(pool.map(lambda path: server.get(path).status_code, paths))
    assert statuses == {200, 404}
    with psycopg.connect(orm_database) as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
        (busy,) = connection.execute(query).fetchone() or (None,)
    assert busy == 1  # this one


def test_a_silent_engine_is_said_by_the_real_server(server: httpx.Client) -> None:
    log_in(server, "agent1")
    token = server.get("/api/me").json()["csrf"]
    answer = server.post("/api/desk/sign-in", json={}, headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.json()["code"]) == (503, "engine_silent")


def test_the_schema_can_be_exported_and_declares_its_errors() -> None:
    from haedap.web.http_api import api

    schema = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    away = schema["paths"]["/api/desk/away"]["post"]["responses"]
    assert {"200", "401", "403", "409", "422", "503"} <= {str(status) for status in away}
