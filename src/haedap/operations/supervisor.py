"""`haedap run`: starts the processes in order, keeps them alive, and ends all of them together."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, cast

from rich.console import Console

from haedap.config import Settings, Speech, get_settings
from haedap.operations import OperationsError
from haedap.operations.child import Child, Service
from haedap.operations.cluster import centre_cluster
from haedap.operations.console import StartScreen, Unfailing, show_ready
from haedap.operations.database import has_administrator, refuse_unfit_database
from haedap.operations.lock import Remembered, in_use, only_one
from haedap.operations.logs import masked
from haedap.operations.ports import refuse_taken_ports
from haedap.operations.services import (
    CLOCK,
    application_user,
    asterisk_service,
    child_environment,
    engine_service,
    fake_city_service,
    language_service,
    postgres_service,
    speech_service,
    standby_service,
    web_service,
    worker_service,
)
from haedap.operations.users import ServiceUser, as_user, give, make_folder, refuse_unreachable, service_user
from haedap.operations.watch import Watch

_SMALLEST_DISK = 300_000_000
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopAsked(Exception):  # noqa: N818 - not an error
    """Somebody asked the centre to end."""


class Supervisor:
    """Owns the children. Whatever happens, leaving `running()` ends them, last started first."""

    def __init__(self, state: Path, logs: Path, tell: Callable[[str], None]) -> None:
        self._logs = logs
        self._remembered = Remembered(state / "processes.json")
        self.children: list[Child] = []
        self._keepers: list[asyncio.Task[None]] = []
        self._tell = tell

    async def start(self, service: Service) -> None:
        """Start a process and wait until it is ready; from then on it is started again when it dies."""
        child = self._child(service)
        await child.start(self._remember)
        self._keep(child)

    async def start_beside(self, service: Service) -> None:
        """Start a process that nobody waits for; from then on it is started again when it dies."""
        child = self._child(service)
        await child.begin(self._remember)
        self._keep(child)

    async def watch(self) -> None:
        """Return never; raises OperationsError when a process keeps dying."""
        await asyncio.gather(*self._keepers)

    async def stop(self) -> None:
        """End all processes, the last started first; engines at the same time, so that none takes over another."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        engines = [child for child in self.children if child.service.notify is not None]
        for child in reversed(self.children):
            await asyncio.gather(*(each.stop() for each in (engines if child in engines else (child,))))
        self._remembered.forget()

    def end_leftovers(self) -> None:
        left = self._remembered.end_leftovers()
        if left:
            self._tell(f"지난번에 남은 프로세스를 끝냈습니다: {', '.join(left)}")

    def _child(self, service: Service) -> Child:
        child = Child(service, self._logs)
        self.children.append(child)
        return child

    def _keep(self, child: Child) -> None:
        task = asyncio.create_task(child.stay_alive(self._remember, self._tell), name=child.service.name)
        self._keepers.append(task)

    def _remember(self) -> None:
        running = {child.service.name: child.pid for child in self.children}
        with contextlib.suppress(OSError):  # a full disk costs this memory, never the centre
            self._remembered.write({name: pid for name, pid in running.items() if pid is not None})


@dataclass(frozen=True, slots=True)
class _Centre:
    """What the start-up steps share."""

    settings: Settings
    supervisor: Supervisor
    screen: StartScreen
    servers: ServiceUser
    application: ServiceUser
    environment: dict[str, str]


def run_centre() -> int:
    """Run the centre until it is asked to end; returns the exit code. Raises OperationsError or ConfigError."""
    settings = get_settings()
    console = Console(file=cast("TextIO", Unfailing(sys.stdout)), highlight=False)
    servers = service_user()
    for folder in (settings.state, settings.runtime, settings.logs, settings.recordings, settings.prompts):
        make_folder(folder, servers)
    refuse_unreachable(settings.state, servers)
    with only_one(settings.runtime / "haedap.lock"), in_use(Path(sys.prefix) / "pyvenv.cfg"):
        give(settings.state, servers)
        supervisor = Supervisor(
            settings.runtime, settings.logs, lambda text: console.print(f"  [yellow]![/yellow] {text}")
        )
        supervisor.end_leftovers()
        refuse_small_disk(settings.state)
        refuse_taken_ports(settings)
        application = application_user(servers, settings.checkout)
        environment = child_environment(settings, os.environ)
        centre = _Centre(settings, supervisor, StartScreen(console), servers, application, environment)
        return asyncio.run(_until_stopped(centre, console))


def refuse_small_disk(folder: Path, smallest: int = _SMALLEST_DISK) -> None:
    """Raise OperationsError when the disk has too little room to start on."""
    free = shutil.disk_usage(folder).free
    if free < smallest:
        raise OperationsError(
            f"디스크에 남은 곳이 {free // 1_000_000} MB뿐입니다: {folder}. "
            f"{smallest // 1_000_000} MB 이상 비운 뒤 다시 시작하십시오."
        )


async def _until_stopped(centre: _Centre, console: Console) -> int:
    try:
        async with stoppable():
            await _start_all(centre)
            show_ready(console, centre.settings, begun=has_administrator(centre.settings.database_url))
            await _together(centre.supervisor.watch(), Watch(centre.settings, CLOCK).run())
    except StopAsked:
        console.print("\n센터를 끝냅니다 …")
        return 0
    finally:
        centre.screen.end()
        await asyncio.shield(centre.supervisor.stop())
        console.print("모두 끝났습니다.")
    return 0


@contextlib.asynccontextmanager
async def stoppable() -> AsyncIterator[None]:
    """Turns the signals that end a program into StopAsked, wherever the body waits. A second signal changes nothing."""
    loop = asyncio.get_running_loop()
    body = asyncio.current_task()
    asked = False

    def ask() -> None:
        nonlocal asked
        if not asked and body is not None:
            asked = True
            body.cancel()

    outlives_its_terminal = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # started by `nohup`
    for number in _STOP_SIGNALS:
        if not (number is signal.SIGHUP and outlives_its_terminal):
            loop.add_signal_handler(number, ask)
    try:
        yield
    except asyncio.CancelledError:
        if not asked:
            raise
        if body is not None:
            body.uncancel()
        raise StopAsked from None
    finally:
        asked = True


async def _start_all(centre: _Centre) -> None:
    settings, screen, supervisor = centre.settings, centre.screen, centre.supervisor
    screen.begin()
    if settings.database_embedded:
        await screen.step("PostgreSQL", _start_postgres(centre))
    else:
        await screen.step("데이터베이스 연결", asyncio.to_thread(refuse_unfit_database, settings.database_url))
    await _together(screen.step("자료 준비", _prepare(centre)), screen.step("Asterisk", _start_asterisk(centre)))
    makers = (worker_service, web_service, *((fake_city_service,) if settings.opens_fake_city else ()))
    services = [make(settings, centre.application, centre.environment) for make in makers]
    beside = (screen.step(service.label, supervisor.start(service)) for service in services)
    await _together(_start_engines(centre), *beside)
    # Last, for its models take the processors for some seconds, and calls are answered without it.
    if settings.language:
        await supervisor.start_beside(language_service(settings, centre.application, centre.environment))
    if settings.speech is not Speech.NONE:
        await supervisor.start_beside(speech_service(settings, centre.application, centre.environment))
    screen.end()


async def _start_engines(centre: _Centre) -> None:
    """One after the other, so that the second is the standby."""
    screen, supervisor = centre.screen, centre.supervisor
    first = engine_service(centre.settings, centre.application, centre.environment)
    await screen.step(first.label, supervisor.start(first))
    if centre.settings.standby:
        second = standby_service(centre.settings, centre.application, centre.environment)
        await screen.step(second.label, supervisor.start(second))


async def _start_postgres(centre: _Centre) -> None:
    cluster = await asyncio.to_thread(centre_cluster, centre.settings, centre.servers)
    await asyncio.to_thread(cluster.prepare)
    await centre.supervisor.start(postgres_service(cluster))
    await asyncio.to_thread(cluster.make_database)


async def _start_asterisk(centre: _Centre) -> None:
    service = await asyncio.to_thread(asterisk_service, centre.settings, centre.servers)
    # What was written just now is ours; settings may have put the last two outside the first.
    for folder in (centre.settings.state, centre.settings.runtime, centre.settings.prompts):
        give(folder, centre.servers)
    await centre.supervisor.start(service)


async def _prepare(centre: _Centre) -> None:
    """Migrations and the demo's people, by a process that may read and write what the web may."""
    command = as_user(centre.application, (sys.executable, "-m", "haedap.operations.prepare"))
    process = await asyncio.create_subprocess_exec(
        *command,
        env=centre.environment,
        cwd=centre.settings.state,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C is ours to hear
    )
    try:
        said, _ = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):  # it has ended by itself
            process.kill()
        await process.wait()
        raise
    path = centre.settings.logs / "prepare.log"
    text = masked(said)  # a row that a migration cannot take may be in it
    path.write_text(text, encoding="utf-8")
    if process.returncode != 0:
        last = text.strip().rpartition("\n")[2]
        raise OperationsError(f"데이터베이스를 준비하지 못했습니다: {last[:300]} (자세한 것은 {path})")


async def _together(*works: Awaitable[None]) -> None:
    """All at once; the first failure ends the others and is raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
