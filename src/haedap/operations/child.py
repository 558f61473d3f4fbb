"""One supervised process: started, kept alive, ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from haedap.operations import OperationsError
from haedap.operations.heartbeat import Heartbeat
from haedap.operations.logs import RotatingLog, keep
from haedap.operations.users import ServiceUser, as_user

Ready = Callable[[], Awaitable[bool]]

_MOST_DEATHS = 5
_WITHIN_SECONDS = 60.0
_LONGEST_PAUSE = 5.0
_REST = 60.0
"""Before a process that keeps dying, and that the centre can do without, is tried once more."""
_LAST_WORDS_SECONDS = 0.5
_LISTEN_EVERY = 0.25
_ASK_EVERY = 0.15
"""Seconds between two questions whether a process is ready: each costs it, and us, time in which it might become so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How a process is run. `ready` is asked over and over until it is true or `patience` seconds are over.

    `ready` None: the process says so itself, at its notify socket.
    """

    name: str
    label: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    user: ServiceUser
    folder: Path
    ready: Ready | None
    told: Callable[[], Mapping[str, str]] | None = None
    """What is added to the environment of each life."""
    notify: Path | None = None
    """Where the process tells that it lives, if it does."""
    stall_patience: float = 0.0
    """Seconds of silence there after which it counts as hung and is killed; 0: never."""
    needed: bool = True
    """Whether there is no centre without it; else it is tried again and again, however often it dies."""
    niceness: int = 0
    """How far it stands behind the others when processor time is short; below 0: before them, where that is allowed."""
    patience: float = 120.0
    """A slow machine that is busy needs most of it, and so does a database that repeats its journal after a crash."""
    stop_signal: signal.Signals = signal.SIGTERM
    stop_patience: float = 10.0


@dataclass(slots=True)
class Deaths:
    """When a process died lately; says how long to wait before the next try, or that there is no use."""

    times: list[float] = field(default_factory=list)

    def pause(self, now: float) -> float | None:
        """Seconds to wait after a death at `now`; None when it died too often."""
        self.times = [at for at in self.times if now - at < _WITHIN_SECONDS] + [now]
        if len(self.times) >= _MOST_DEATHS:
            return None
        return 0.0 if len(self.times) == 1 else min(0.1 * 2.0 ** len(self.times), _LONGEST_PAUSE)


def rank(pid: int, niceness: int) -> None:
    """Let a process that has just begun a session of its own stand behind the others (above 0) or before them.

    Linux shares the processors out between sessions first ("autogroup"), and niceness counts only within one: so both
    are said. Only root may put anybody before the others, and anybody else may rank ten sessions a second; what is not
    allowed, or not there, is left as it is.
    """
    if niceness == 0:
        return
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid) + niceness)
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness), encoding="ascii")


class Child:
    """A service's process, over its lives."""

    def __init__(self, service: Service, logs: Path) -> None:
        self.service = service
        self.log_path = logs / f"{service.name}.log"
        self._log = RotatingLog(self.log_path)
        self._process: asyncio.subprocess.Process | None = None
        self._copier: asyncio.Task[None] | None = None
        self._heartbeat = Heartbeat(service.notify, service.user) if service.notify is not None else None
        self._guard: asyncio.Task[None] | None = None
        self.stalled = False
        """Whether its present or last life was ended because it hung."""

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def begin(self, changed: Callable[[], None]) -> None:
        """Start the process."""
        await self._spawn()
        changed()

    async def start(self, changed: Callable[[], None]) -> None:
        """Start the process and wait until it is ready; raises OperationsError when it dies first or takes too long.

        Of one that died its last words are in the log by then.
        """
        await self.begin(changed)
        deadline = time.monotonic() + self.service.patience
        while not await self._ready():
            if self.pid is None:
                await self.wait()
                raise OperationsError(
                    f"{self.service.label} 프로세스가 시작하자마자 끝났습니다. 까닭은 {self.log_path} 끝에 있습니다."
                )
            if time.monotonic() > deadline:
                raise OperationsError(
                    f"{self.service.label} 프로세스가 {self.service.patience:.0f}초 안에 준비되지 않았습니다. "
                    f"{self.log_path} 파일을 확인하십시오."
                )
            await asyncio.sleep(_ASK_EVERY)

    async def stay_alive(self, changed: Callable[[], None], tell: Callable[[str], None]) -> None:
        """Start it again whenever it dies, until cancelled; raises OperationsError when it keeps dying."""
        deaths = Deaths()
        while True:
            await self.wait()
            pause = deaths.pause(time.monotonic())
            if pause is None and not self.service.needed:
                pause = _REST
            if pause is None:
                raise OperationsError(
                    f"{self.service.label} 프로세스가 1분 안에 {_MOST_DEATHS}번 멈추어 센터를 끝냅니다. "
                    f"{self.log_path} 파일을 확인하십시오."
                )
            how = "응답하지 않아 끝내고" if self.stalled else f"멈추어({self._returncode})"
            tell(f"{self.service.label} 프로세스가 {how} 다시 시작합니다.")
            await asyncio.sleep(pause)
            try:
                await self._spawn()
            except OSError as error:  # no memory, no process id: another death
                tell(f"{self.service.label} 프로세스를 시작하지 못했습니다({error.strerror}). 다시 시도합니다.")
                continue
            changed()

    async def wait(self) -> None:
        """Return when the process has ended and its last words are in the log."""
        if self._process is not None:
            await self._process.wait()
        if self._guard is not None:
            self._guard.cancel()
        self._signal_group(signal.SIGKILL)
        if self._copier is not None:
            await asyncio.wait((self._copier,), timeout=_LAST_WORDS_SECONDS)

    async def stop(self) -> None:
        """End it: politely first, after `stop_patience` seconds by force, with all of its group."""
        if self._process is None:
            return
        self._signal(self.service.stop_signal)
        try:
            async with asyncio.timeout(self.service.stop_patience):
                await self._process.wait()
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self._process.wait()
        await self.wait()
        if self._copier is not None:
            self._copier.cancel()
        if self._heartbeat is not None:
            self._heartbeat.close()
        self._log.close()

    @property
    def _returncode(self) -> int | None:
        return self._process.returncode if self._process is not None else None

    async def _ready(self) -> bool:
        if self.service.ready is not None:
            return await self.service.ready()
        return self._heartbeat is not None and self._heartbeat.ready

    async def _end_when_hung(self, heartbeat: Heartbeat) -> None:
        """A process that is stopped, or whose event loop hangs, keeps what it holds: only its end sets that free."""
        while True:
            await asyncio.sleep(_LISTEN_EVERY)
            silent = heartbeat.silent(_LISTEN_EVERY)
            if 0 < self.service.stall_patience < silent:
                self.stalled = True
                self._signal(signal.SIGKILL)
                return

    async def _spawn(self) -> None:
        self.stalled = False
        environment = {**self.service.environment, **(self.service.told() if self.service.told is not None else {})}
        if self._heartbeat is not None:
            self._heartbeat.begin()
            environment["NOTIFY_SOCKET"] = str(self._heartbeat.path)
        self._process = await asyncio.create_subprocess_exec(
            *as_user(self.service.user, self.service.command),
            env=environment,
            cwd=self.service.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        rank(self._process.pid, self.service.niceness)
        if self._heartbeat is not None:
            self._guard = asyncio.create_task(self._end_when_hung(self._heartbeat))
        if self._process.stdout is not None:
            self._copier = asyncio.create_task(keep(self._process.stdout, self._log))

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    def _signal_group(self, number: signal.Signals) -> None:
        """What the process itself started and left; its group bears its own id."""
        if self._process is not None:
            try:
                os.killpg(self._process.pid, number)
            except (ProcessLookupError, PermissionError):
                return
