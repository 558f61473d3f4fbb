"""The processes of a centre: how each is started and when it counts as ready."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg

from haedap.clock import AHEAD, SteadyClock, wall_time
from haedap.config import Settings
from haedap.language.model import models_in
from haedap.language.service import socket_of
from haedap.operations import OperationsError
from haedap.operations.child import Child, Ready, Service
from haedap.operations.cluster import Cluster, centre_cluster
from haedap.operations.lock import only_one
from haedap.operations.users import (
    ServiceUser,
    as_user,
    current_user,
    give,
    make_folder,
    refuse_unreadable,
    service_user,
)
from haedap.plain_http import NO_CERTIFICATES

CLOCK = SteadyClock(wall_time, time.monotonic)
"""The centre's time as long as `haedap run` lasts: what starts after a jump of the wall clock goes on by it."""
_QUICK = httpx.Timeout(2.0)
CALLS_FIRST = -10
"""The niceness of what a citizen waits for: Asterisk and the engines."""


def application_user(user: ServiceUser, checkout: Path) -> ServiceUser:
    """Who runs our own code: the service user where it can read the checkout and its Python, else the caller."""
    if user.uid == os.geteuid():
        return user
    command = as_user(user, (sys.executable, "-c", "import django, haedap.config"))
    done = subprocess.run(command, cwd="/", env={"PATH": os.defpath}, capture_output=True, check=False)
    readable = done.returncode == 0 and os.access(checkout, os.R_OK)
    return user if readable else current_user()


def child_environment(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """What our own processes are told: all we were, and the folders, for another user would derive others."""
    return {
        **environ,
        "HAEDAP_CHECKOUT": str(settings.checkout),
        "HAEDAP_CACHE": str(settings.cache),
        "HAEDAP_STATE": str(settings.state),
        # They work in another folder.
        "HAEDAP_CONFIG": str(Path(named).absolute()) if (named := environ.get("HAEDAP_CONFIG", "").strip()) else "",
        "HAEDAP_RUNTIME": str(settings.runtime),
        "DJANGO_SETTINGS_MODULE": "haedap.web.settings",
        "HOME": str(settings.state),
        "LC_ALL": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }


def postgres_service(cluster: Cluster) -> Service:
    async def ready() -> bool:
        return await asyncio.to_thread(cluster.answers)

    return Service(
        name="postgresql",
        label="PostgreSQL",
        command=cluster.command,
        environment=cluster.environment,
        user=cluster.user,
        folder=cluster.data,
        ready=ready,
        stop_signal=signal.SIGINT,  # the fast shutdown: connections are cut, nothing is lost
        stop_patience=30.0,
    )


@asynccontextmanager
async def database_of(settings: Settings) -> AsyncIterator[None]:
    """The centre's database answers while the body runs: its own PostgreSQL is started for that where no centre runs.

    An external database is left as it is. Raises OperationsError when there is none yet, or a centre starts just then.
    """
    cluster = centre_cluster(settings, service_user())
    if not settings.database_embedded or cluster.answers():
        yield
        return
    if not (cluster.data / "PG_VERSION").exists():
        raise OperationsError(
            f"이 폴더에는 아직 센터의 자료가 없습니다: {settings.state}. HAEDAP_STATE를 확인하십시오."
        )
    with only_one(settings.runtime / "haedap.lock"):
        cluster.prepare()
        make_folder(settings.logs, cluster.user)
        server = Child(postgres_service(cluster), settings.logs)
        try:
            await server.start(lambda: None)
            yield
        finally:
            await server.stop()


def asterisk_service(settings: Settings, user: ServiceUser) -> Service:
    """Asterisk with the configuration that the voice channel writes, and with music: it needs some at its start."""
    from haedap.channels.voice import VoiceError
    from haedap.channels.voice.asterisk import write_configuration
    from haedap.channels.voice.prompts import PromptError, library_of

    try:
        layout = write_configuration(settings)
        library_of(settings).ensure_sounds()
    except VoiceError as error:
        raise OperationsError(str(error)) from error
    except PromptError as error:
        raise OperationsError(
            f"안내 음성 폴더 {settings.prompts}에 쓸 수 없습니다. 권한과 디스크를 확인한 뒤 다시 시작하십시오."
        ) from error
    if settings.sip_tls_certificate:
        refuse_unreadable(Path(settings.sip_tls_certificate).absolute(), user, "sip_tls_certificate")
    return Service(
        name="asterisk",
        label="Asterisk",
        command=layout.command,
        environment={"PATH": os.defpath, "HOME": str(settings.state), "LC_ALL": "C.UTF-8", **layout.environment},
        user=user,
        folder=settings.state,
        ready=_ari(settings, "asterisk/info"),
        niceness=CALLS_FIRST,
    )


def engine_service(settings: Settings, user: ServiceUser, environment: Mapping[str, str]) -> Service:
    """Ready when it has subscribed to Asterisk: from then on a call is taken."""
    from haedap.channels.voice.dialplan import APP

    ready = _ari(settings, f"applications/{APP}")
    return _engine("engine", "엔진", settings, user, environment, ready)


def standby_service(settings: Settings, user: ServiceUser, environment: Mapping[str, str]) -> Service:
    """A second engine. Ready when it follows the journal of the first; after a takeover the two have changed places."""
    return _engine("standby", "예비 엔진", settings, user, environment, None)


def _engine(
    name: str,
    label: str,
    settings: Settings,
    user: ServiceUser,
    environment: Mapping[str, str],
    ready: Ready | None,
) -> Service:
    arguments = ("-m", "haedap", "engine")
    service = _own(name, label, arguments, settings, user, environment, ready, niceness=CALLS_FIRST)
    return replace(
        service,
        notify=settings.runtime / f"{name}.notify",
        stall_patience=float(settings.stall_seconds),
    )


def worker_service(settings: Settings, user: ServiceUser, environment: Mapping[str, str]) -> Service:
    """Ready when it, and not one of an earlier start, has said so to the database, by whose clock it does."""
    began = time.monotonic()

    def registered() -> bool:
        try:
            with psycopg.connect(settings.database_url, connect_timeout=2) as connection:
                query = "SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > now() - %s LIMIT 1"
                passed = timedelta(seconds=time.monotonic() - began)
                return connection.execute(query, (passed,)).fetchone() is not None
        except psycopg.Error:
            return False

    async def ready() -> bool:
        return await asyncio.to_thread(registered)

    arguments = ("-m", "haedap", "worker")
    return _own("worker", "뒷일 처리기", arguments, settings, user, environment, ready, niceness=5)


def language_service(settings: Settings, user: ServiceUser, environment: Mapping[str, str]) -> Service:
    """Ready when it answers. Nobody waits for that: while it is away the search is the simple one.

    The folder of its model is made the user's: the cache is root's where root has set up.
    """
    give(make_folder(models_in(settings.cache), user, 0o755), user)
    socket = socket_of(settings.runtime)

    async def ready() -> bool:
        with contextlib.suppress(httpx.HTTPError):
            transport = httpx.AsyncHTTPTransport(uds=str(socket), verify=NO_CERTIFICATES)
            async with httpx.AsyncClient(transport=transport, timeout=_QUICK, trust_env=False) as client:
                return (await client.get("http://language/ready")).status_code == httpx.codes.OK
        return False

    arguments = ("-m", "haedap", "language")
    return replace(
        _own("language", "말 처리기", arguments, settings, user, environment, ready, niceness=5), needed=False
    )


def speech_service(settings: Settings, user: ServiceUser, environment: Mapping[str, str]) -> Service:
    """Nobody waits for it, and calls go on without it."""
    arguments = ("-m", "haedap", "speech")
    return replace(_own("speech", "받아쓰기", arguments, settings, user, environment, None, niceness=5), needed=False)


def web_service(settings: Settings, user: ServiceUser, environment: Mapping[str, str]) -> Service:
    host, port = settings.web_host, settings.web_port
    local = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - recognised here, not bound
    address = f"http://{f'[{local}]' if ':' in local else local}:{port}/login"

    async def ready() -> bool:
        with contextlib.suppress(httpx.HTTPError):
            async with httpx.AsyncClient(timeout=_QUICK, trust_env=False, verify=NO_CERTIFICATES) as client:
                answer = await client.get(address, headers={"Host": urlsplit(settings.web_url).netloc})
                return answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR
        return False

    return _own("web", "웹", web_arguments(host, port), settings, user, environment, ready)


def web_arguments(host: str, port: int) -> tuple[str, ...]:
    """What Python is told to be the web process at this address."""
    return (
        *("-m", "uvicorn", "haedap.web.asgi:application", "--host", host, "--port", str(port), "--no-access-log"),
        *("--http", "haedap.web.connections:LimitedHttp"),
        *("--ws", "haedap.web.connections:LimitedWebSocket", "--ws-max-size", "65536"),
        *("--ws-per-message-deflate", "false"),
        *("--timeout-graceful-shutdown", "3"),
    )


def fake_city_service(settings: Settings, user: ServiceUser, environment: Mapping[str, str]) -> Service:
    """The invented city's systems, for the demo. Ready when they can be asked."""
    address = f"http://127.0.0.1:{settings.fake_city_port}/control"

    async def ready() -> bool:
        with contextlib.suppress(httpx.HTTPError):
            async with httpx.AsyncClient(timeout=_QUICK, trust_env=False, verify=NO_CERTIFICATES) as client:
                return (await client.get(address)).is_success
        return False

    arguments = ("-m", "haedap", "fake-city", "--json")
    return _own("fake-city", "가상 도시", arguments, settings, user, environment, ready, niceness=5)


def _own(
    name: str,
    label: str,
    arguments: tuple[str, ...],
    settings: Settings,
    user: ServiceUser,
    environment: Mapping[str, str],
    ready: Ready | None,
    niceness: int = 0,
) -> Service:
    return Service(
        name=name,
        label=label,
        command=(sys.executable, *arguments),
        environment=environment,
        user=user,
        folder=settings.state,
        ready=ready,
        told=lambda: {AHEAD: str(CLOCK.ahead.total_seconds())},
        niceness=niceness,
    )


def _ari(settings: Settings, path: str) -> Ready:
    async def ready() -> bool:
        with contextlib.suppress(httpx.HTTPError):
            async with httpx.AsyncClient(timeout=_QUICK, trust_env=False, verify=NO_CERTIFICATES) as client:
                answer = await client.get(
                    f"{settings.ari_url}/ari/{path}", auth=(settings.ari_user, settings.ari_password)
                )
                return answer.status_code == httpx.codes.OK
        return False

    return ready
