"""A PostgreSQL of a test's own, which may be killed and started again.

The tables are made once in a test run: a data folder with the migrated, otherwise empty database `haedap`, which every
server of the run begins with a copy of.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from haedap.config import get_settings
from haedap.operations.cluster import Cluster, wait_until
from haedap.operations.lock import start_time
from haedap.operations.postgres import install_postgres
from haedap.operations.users import as_user, make_folder, service_user
from tests.support.patience import PATIENCE

RUN_FOLDER = "HD_TESTS_FOLDER"
"""Names, in the environment, the folder that the processes of one test run share. Measurements have none."""
CHECKOUT = Path(__file__).resolve().parents[2]
# Commits are durable against the death of the server, as in a centre; only the death of the machine is left out.
QUICK = ("fsync=off", "shared_buffers=32MB")
DURABLE: tuple[str, ...] = ()
"""As in a centre."""


class OwnCluster:
    """The server and its process."""

    def __init__(self, folder: Path, options: tuple[str, ...]) -> None:
        user = service_user()
        self.cluster = Cluster(
            install_postgres(get_settings().cache, user), folder / "data", folder / "run", user, options
        )
        self._log = folder / "postgresql.log"
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.cluster.url()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.launch()
        server = self._server
        assert server is not None
        assert wait_until(self.cluster.answers, lambda: server.poll() is None, PATIENCE), self._log.read_text()

    def launch(self) -> None:
        """Start the server without waiting."""
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(
                as_user(self.cluster.user, self.cluster.command),
                env=self.cluster.environment,
                cwd=self.cluster.data,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End all of its processes at once, without any last word.

        Its children lead sessions of their own. As long as one of them holds the shared memory, no server can start
        on the same data, which is the matter of whoever starts it in a centre and not of these tests.
        """
        assert self._server is not None
        children = _children(self._server.pid)
        for pid in (self._server.pid, *children):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._server.wait(PATIENCE)
        assert wait_until(lambda: not any(map(start_time, children)), lambda: True, PATIENCE)

    def make_tables(self) -> None:
        """Make and migrate the database, while the server runs."""
        self.cluster.make_database()
        subprocess.run(
            (sys.executable, "-m", "haedap", "manage", "migrate", "--skip-checks", "--verbosity", "0"),
            env={**os.environ, "DATABASE_URL": self.url},
            cwd=CHECKOUT,
            check=True,
        )

    def end(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """SIGQUIT is quick; after SIGINT the data folder is as after a checkpoint."""
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(how)
            self._server.wait(PATIENCE)


def _children(parent: int) -> list[int]:
    done = subprocess.run(("ps", "-o", "pid=", "--ppid", str(parent)), capture_output=True, text=True, check=False)
    return [int(pid) for pid in done.stdout.split()]


@contextmanager
def own_cluster(folder: Path, options: tuple[str, ...] = QUICK) -> Iterator[OwnCluster]:
    """A running server with all tables, in `folder`, whose path must be short."""
    server = OwnCluster(folder, options)
    copied = put_prepared(server.cluster.data)
    server.cluster.prepare()
    try:
        server.start()
        if not copied:
            server.make_tables()
        yield server
    finally:
        server.end()


def put_prepared(data: Path) -> bool:
    """Copy the prepared data folder of this test run to `data`; False when there is no test run around."""
    if RUN_FOLDER not in os.environ:
        return False
    shared = Path(os.environ[RUN_FOLDER])
    done = shared / "prepared"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _prepare(shared)
            done.touch()
    make_folder(data.parent, service_user())
    subprocess.run(("cp", "-a", "--reflink=auto", str(shared / "data"), str(data)), check=True)
    return True


def _prepare(shared: Path) -> None:
    server = OwnCluster(shared, QUICK)
    server.cluster.prepare()
    try:
        server.start()
        server.make_tables()
    finally:
        server.end(signal.SIGINT)
