"""The engine's end of a command, as a test needs it: it hears the same NOTIFY and answers in the same table."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg

from haedap.apps.desk import commands
from tests.support.patience import PATIENCE

Answer = Callable[[str, int | None, dict[str, Any]], tuple[str, str]]


def done(_name: str, _agent: int | None, _data: dict[str, Any]) -> tuple[str, str]:
    return "done", ""


@contextmanager
def answering(url: str, answer: Answer = done) -> Iterator[list[tuple[str, int | None, dict[str, Any]]]]:
    """Answers every command at `url` until the block ends; gives the list of what was asked."""
    asked: list[tuple[str, int | None, dict[str, Any]]] = []
    listening, stop = threading.Event(), threading.Event()

    def serve() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("LISTEN haedap_command")
            listening.set()
            while not stop.is_set():
                for _notification in connection.notifies(timeout=0.05, stop_after=1):
                    pass
                _answer_all(connection, answer, asked)

    thread = threading.Thread(target=serve)
    thread.start()
    assert listening.wait(PATIENCE)
    try:
        with patch.object(commands, "LIMIT_SECONDS", PATIENCE):  # this engine shares its processor with the tests
            yield asked
    finally:
        stop.set()
        thread.join(PATIENCE)


def _answer_all(connection: psycopg.Connection[Any], answer: Answer, asked: list[Any]) -> None:
    query = "SELECT id, name, agent, data FROM command WHERE outcome IS NULL ORDER BY created_at"
    for key, name, agent, data in connection.execute(query).fetchall():
        asked.append((name, agent, json.loads(data) if isinstance(data, str) else data))
        outcome, detail = answer(name, agent, asked[-1][2])
        with connection.transaction():
            connection.execute(
                "UPDATE command SET outcome = %s, detail = %s, finished_at = now() WHERE id = %s AND outcome IS NULL",
                (outcome, detail, key),
            )
            connection.execute("SELECT pg_notify('haedap_command_done', %s)", (str(key),))
