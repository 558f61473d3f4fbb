"""One `haedap run` a state folder, and the memory of its processes for the start after a crash."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from haedap.operations import OperationsError

_GLANCE_SECONDS = 0.5
"""`running_pid` holds the lock for a moment; a start just then must not take it for a running centre."""


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock file; raises OperationsError when another process does. The file is gone afterwards."""
    descriptor = _locked_descriptor(path)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


@contextmanager
def in_use(path: Path) -> Iterator[None]:
    """Hold the file with whoever else holds it, so that the set-up sees that a centre stands on what it belongs to.
    A file that is not there holds nobody up."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def running_pid(path: Path) -> int | None:
    """The process that holds the lock file; None when nobody does."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 32).decode(errors="replace").strip()
        return int(holder) if holder.isdigit() else 0
    finally:
        os.close(descriptor)
    return None


def _locked_descriptor(path: Path) -> int:
    deadline = time.monotonic() + _GLANCE_SECONDS
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode(errors="replace").strip()
            os.close(descriptor)
            if time.monotonic() > deadline:
                raise OperationsError(
                    f"이 센터는 이미 돌고 있습니다(프로세스 {holder or '?'}). "
                    "하나 더 띄우려면 HAEDAP_STATE와 포트를 따로 지정하십시오."
                ) from None
            time.sleep(0.05)
            continue
        if _same_file(descriptor, path):
            return descriptor
        os.close(descriptor)  # its holder removed it between our opening and locking


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


class Remembered:
    """Process ids with their start times, kept in a file so that the next start can end what a crash left behind."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, processes: Mapping[str, int]) -> None:
        record = {name: [pid, start_time(pid)] for name, pid in processes.items()}
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(record), encoding="utf-8")
        draft.replace(self._path)

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)

    def running(self) -> dict[str, int]:
        """The ids of those that run, by name."""
        return {name: pid for name, (pid, started) in self._read().items() if started and start_time(pid) == started}

    def end_leftovers(self, patience: float = 10.0) -> list[str]:
        """End processes of an earlier start that still run; returns their names."""
        left = self.running()
        for pid in left.values():
            _signal(pid, signal.SIGTERM)
        deadline = time.monotonic() + patience
        while self.running() and time.monotonic() < deadline:
            time.sleep(0.05)
        for pid in self.running().values():  # by now another's process may have the id of one that has ended
            _signal(pid, signal.SIGKILL)
        self.forget()
        return sorted(left)

    def _read(self) -> dict[str, tuple[int, int]]:
        try:
            record = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(name): (int(pid), int(started)) for name, (pid, started) in record.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


def start_time(pid: int) -> int:
    """When the process started, in clock ticks since boot; 0 when it does not run. Tells a reused id apart."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0
    state, ticks = fields[0], int(fields[19])
    return 0 if state in {"Z", "X"} else ticks


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
