"""A PostgreSQL cluster of our own: on a unix socket only, no password, no other system user let in.

Beside the centre's own role there is the fake city's reader, who exists in a demo only and may read its views only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from haedap.config import Settings
from haedap.fake_city.database import DATABASE as FAKE_CITY
from haedap.fake_city.database import READER
from haedap.operations import OperationsError
from haedap.operations.postgres import install_postgres
from haedap.operations.users import ServiceUser, as_user, current_user, give, make_folder, service_user

ROLE = "haedap"
_TUNING = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=120",
    "shared_buffers=128MB",
    "effective_cache_size=1GB",
    "max_wal_size=1GB",
    "jit=off",
    "timezone=UTC",
    "log_timezone=UTC",
    "logging_collector=off",
    "log_line_prefix=%m [%p] ",
)
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")
"""Options for clusters that hold nothing worth keeping."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder with the programs that serve it; the server runs in the foreground, started by the caller."""

    programs: Path
    data: Path
    sockets: Path
    user: ServiceUser
    options: tuple[str, ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "LD_LIBRARY_PATH": str(self.programs / "lib"),
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.data.parent),
        }

    @property
    def command(self) -> tuple[str, ...]:
        settings = (
            *_TUNING,
            f"hba_file={self.data}/haedap_hba.conf",
            f"ident_file={self.data}/haedap_ident.conf",
            f"unix_socket_directories={self.sockets}",
            *self.options,
        )
        flags = [part for setting in settings for part in ("-c", setting)]
        return (str(self.programs / "bin/postgres"), "-D", str(self.data), *flags)

    def url(self, database: str = "haedap") -> str:
        return f"postgresql://{ROLE}@/{database}?host={self.sockets}"

    def prepare(self) -> None:
        """Make the data folder on first use, and write who may connect."""
        for folder in (self.data.parent, self.sockets):
            make_folder(folder, self.user)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._refuse_other_version()
        self._write_access()

    def make_database(self, name: str = "haedap") -> None:
        """Make the database unless it is there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.Error:
            return False
        return True

    def _initialise(self) -> None:
        draft = self.data.with_name(f"{self.data.name}.new")
        command = (
            *(str(self.programs / "bin/initdb"), "-D", str(draft), "-U", ROLE),
            *("--locale=C.UTF-8", "--encoding=UTF8", "--auth-local=peer", "--auth-host=reject"),
            *(("--no-sync",) if "fsync=off" in self.options else ()),
        )
        subprocess.run(("rm", "-rf", "--", str(draft)), check=True)
        done = subprocess.run(
            as_user(self.user, command),
            env=self.environment,
            cwd=self.data.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise OperationsError(f"데이터베이스를 {self.data}에 만들지 못했습니다: {' '.join(reason)}")
        draft.rename(self.data)

    def _refuse_other_version(self) -> None:
        kept = (self.data / "PG_VERSION").read_text(errors="replace").strip()
        if not kept.isdecimal():
            raise OperationsError(
                f"데이터베이스 폴더가 손상되었습니다: {self.data}. 백업에서 되살린 뒤 다시 시작하십시오."
            )
        done = subprocess.run(
            (str(self.programs / "bin/postgres"), "--version"),
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        ours = done.stdout.split()[-1].split(".")[0]
        if kept != ours:
            raise OperationsError(
                f"데이터베이스는 PostgreSQL {kept} 것이고 프로그램은 {ours}입니다. pg_upgrade로 옮긴 뒤 시작하십시오."
            )

    def _write_access(self) -> None:
        names = sorted({self.user.name, current_user().name, "root"})
        access = {
            "haedap_hba.conf": f"local all {ROLE} peer map={ROLE}\nlocal {FAKE_CITY} {READER} peer map={ROLE}\n",
            "haedap_ident.conf": "".join(f'{ROLE} "{name}" {role}\n' for name in names for role in (ROLE, READER)),
        }
        for name, text in access.items():
            path = self.data / name
            path.write_text(text, encoding="utf-8")
            give(path, self.user)


def wait_until(ready: Callable[[], bool], alive: Callable[[], bool], seconds: float) -> bool:
    """Whether `ready` came true while `alive` held, within the time."""
    deadline = time.monotonic() + seconds
    while alive() and time.monotonic() < deadline:
        if ready():
            return True
        time.sleep(0.02)
    return False


@contextmanager
def throwaway_cluster(cache: Path, folder: Path) -> Iterator[Cluster]:
    """A running cluster in `folder` (whose path must be short) that is stopped at once at the end."""
    user = service_user()
    cluster = Cluster(install_postgres(cache, user), folder / "data", folder / "run", user, THROWAWAY)
    cluster.prepare()
    with _served(cluster, folder / "postgresql.log"):
        yield cluster


def centre_cluster(settings: Settings, user: ServiceUser) -> Cluster:
    """The embedded PostgreSQL of this centre."""
    programs = install_postgres(settings.cache, user)
    return Cluster(programs, settings.state / "postgresql/data", settings.runtime, user)


@contextmanager
def _served(cluster: Cluster, log_path: Path) -> Iterator[None]:
    """The server of a prepared cluster, as long as the body runs."""
    with log_path.open("ab") as log:
        server = subprocess.Popen(
            as_user(cluster.user, cluster.command),
            env=cluster.environment,
            cwd=cluster.data,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            if not wait_until(cluster.answers, lambda: server.poll() is None, 30):
                raise OperationsError(log_path.read_text(errors="replace")[-500:])
            yield
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(30)
