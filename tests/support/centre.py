"""A whole centre for tests: `haedap run` on free ports, with a state folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from haedap.operations.users import make_folder, service_user
from tests.support.own_cluster import put_prepared
from tests.support.patience import LONG_PATIENCE, PATIENCE
from tests.support.ports import free_ports

CHECKOUT = Path(__file__).resolve().parents[2]
_READY = "해답이 준비되었습니다"


class Centre:
    """A centre started by `haedap run`. `output` holds what it has said so far."""

    def __init__(self, home: Path, environment: Mapping[str, str], *, from_nothing: bool = False) -> None:
        self.home = home
        self.from_nothing = from_nothing
        self.state = home / "state"
        self.environment = {**_plain_environment(), "HAEDAP_STATE": str(self.state), **environment}
        self.output = ""
        self.process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['HAEDAP_WEB_PORT']}"

    def start(self) -> None:
        """Start it without waiting."""
        self._prepare_database()
        self.process = subprocess.Popen(
            ("setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "haedap", "run"),
            env=self.environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, args=(self.process,), daemon=True)
        self._reader.start()

    def wait_ready(self) -> None:
        """Wait until the last panel is shown; what was said until then is in the failure."""
        self.wait_for(_READY, LONG_PATIENCE)

    def wait_for(self, text: str, patience: float = PATIENCE) -> None:
        deadline = time.monotonic() + patience
        while text not in self.output:
            assert self.process is not None
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        if self._reader is not None:
            self._reader.join(PATIENCE)
        return code

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `haedap …` against this centre."""
        return subprocess.run(
            (sys.executable, "-m", "haedap", *arguments),
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=LONG_PATIENCE,
            check=False,
        )

    def info(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.command("info", "--json").stdout)
        return answer

    def pid(self, name: str) -> int:
        """The process id of a supervised process: postgresql, asterisk, engine, worker or web."""
        record = json.loads((self.runtime / "processes.json").read_text(encoding="utf-8"))
        return int(record[name][0])

    @property
    def runtime(self) -> Path:
        return self.state / "run"

    def _prepare_database(self) -> None:
        """Tables need not be made anew for every test."""
        data = self.state / "postgresql/data"
        if not (self.from_nothing or "DATABASE_URL" in self.environment or data.exists()):
            make_folder(self.state, service_user())
            put_prepared(data)

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.output += line


@contextmanager
def a_centre(*, from_nothing: bool = False, **environment: str) -> Iterator[Centre]:
    """A centre that is not started yet, on free ports; ended and removed afterwards. Its fake city is left out, and its
    language process, which a test that needs it asks for by `HAEDAP_LANGUAGE="yes"`.

    `from_nothing`: it makes its database itself, as on a new machine.
    """
    home = Path(tempfile.mkdtemp(prefix="hd-"))
    home.chmod(0o755)
    left_out = {"HAEDAP_FAKE_CITY": "no", "HAEDAP_LANGUAGE": "no"}
    centre = Centre(home, {**left_out, **free_port_settings(), **environment}, from_nothing=from_nothing)
    try:
        yield centre
    finally:
        if centre.process is not None and centre.process.poll() is None:
            centre.stop()
        shutil.rmtree(home, ignore_errors=True)


def free_port_settings() -> dict[str, str]:
    """Free ports, as environment variables."""
    names = ("WEB_PORT", "SIP_UDP_PORT", "SIP_TCP_PORT", "SIP_TLS_PORT", "ASTERISK_HTTP_PORT", "FAKE_CITY_PORT")
    return {f"HAEDAP_{name}": str(port) for name, port in zip(names, free_ports(len(names)), strict=True)}


def _plain_environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("HAEDAP_")}
    own.pop("DATABASE_URL", None)
    kept = {"HAEDAP_CACHE": os.environ["HAEDAP_CACHE"]} if "HAEDAP_CACHE" in os.environ else {}
    return {**own, **kept, "HAEDAP_ENVIRONMENT": "demo", "PYTHONUTF8": "1", "COLUMNS": "120"}
