"""The process `haedap language` for tests, on a database of the test's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

from haedap.config import get_settings
from haedap.language.service import socket_of
from haedap.language.service.client import request
from tests.support.patience import PATIENCE


class LanguageProcess:
    """`start` waits until it answers; `kill` is the sudden end."""

    def __init__(self, database: str, log: Path) -> None:
        self._database = database
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        settings = get_settings()
        self._socket = socket_of(settings.runtime)
        # Where this process looks, whatever the environment has said since its settings were read.
        self._places = {"HAEDAP_RUNTIME": str(settings.runtime), "HAEDAP_STATE": str(settings.state)}

    def start(self) -> None:
        get_settings().runtime.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                (sys.executable, "-m", "haedap", "language"),
                env={**os.environ, **self._places, "DATABASE_URL": self._database},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_for(lambda: self.state() is not None, self._log)

    def state(self) -> dict[str, int] | None:
        """What it says of itself, or None while it does not answer."""
        try:
            status, body = request(self._socket, "GET", "ready", timeout=2.0)
        except (OSError, HTTPException):
            return None
        return dict(json.loads(body)) if status == 200 else None

    def post(self, operation: str, body: bytes) -> int:
        """The status of the answer."""
        return request(self._socket, "POST", operation, body, timeout=PATIENCE)[0]

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)


@contextmanager
def a_language_process(database: str, folder: Path) -> Iterator[LanguageProcess]:
    """Started, and ended with the test. One at a time: its socket stands where this worker's settings say."""
    process = LanguageProcess(database, folder / "language.log")
    try:
        process.start()
        yield process
    finally:
        process.kill()


def wait_for(holds: Callable[[], bool], log: Path) -> None:
    """Wait until it holds; what the process said is in the failure."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.05)
