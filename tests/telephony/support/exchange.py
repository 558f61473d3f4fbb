"""A real Asterisk for tests, on ports of its own, configured as in production but quicker to lose patience."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import time
import wave
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from haedap.channels.voice.asterisk import write_configuration
from haedap.config import get_settings, load_settings
from haedap.language.masking.logs import mask_line
from haedap.plain_http import NO_CERTIFICATES
from tests.support.patience import PATIENCE
from tests.support.ports import free_ports
from tests.telephony.support.sound import RATE, Samples, tone

RTP_TIMEOUT = 6
"""Seconds: longer than a test that has the processor taken from it is silent, shorter than in production."""
TRUNK_PEER, CITY_EXCHANGE = "127.0.0.5", "127.0.0.6"
"""Where outgoing calls of the centre arrive."""
TRUNK_USER, TRUNK_PASSWORD = "0200000120", "cl;ose-to 지키미"
"""The centre's account at the trunk, for when it asks."""
MUSIC, WELCOME, BEEP = 700.0, 500.0, 880.0
"""The tones that stand for music, for the prompt `welcome` and for the tone before a message."""


class Exchange:
    """Asterisk as a process that can be killed and started again."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        """What makes another process of ours use this Asterisk."""
        self.settings = settings = load_settings(environ)
        self._log = settings.logs / "asterisk.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._client = httpx.Client(
            base_url=f"{settings.ari_url}/ari/",
            auth=(settings.ari_user, settings.ari_password),
            timeout=PATIENCE,
            trust_env=False,
            verify=NO_CERTIFICATES,
        )

    @property
    def sip(self) -> tuple[str, int]:
        return self.settings.sip_host, self.settings.sip_udp_port

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def start(self) -> None:
        """Start it and wait until it answers. Not in a thread of its own: it dies with the thread that started it."""
        layout = write_configuration(self.settings)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                ("setpriv", "--pdeathsig", "KILL", *layout.command),
                env={**os.environ, **layout.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                restore_signals=False,  # a file that may not grow is an error to it, as on a full disk, not its end
            )
        self._wait_until_it_answers()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        if self._process is not None:
            self.kill()
        self._client.close()

    @contextmanager
    def no_space_behind(self, size: int) -> Iterator[None]:
        """No file of Asterisk grows beyond so many bytes."""
        _soft, hard = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (hard, hard))

    def ask(self, path: str) -> Any:
        """What ARI says over HTTP at `path`."""
        answer = self._client.get(path)
        answer.raise_for_status()
        return answer.json()

    def knows(self, username: str) -> bool:
        """Whether the telephone with this name may register: it is told after the voice channel has started."""
        return any(endpoint["resource"] == username for endpoint in self.ask("endpoints/PJSIP"))

    def reaches(self, username: str) -> bool:
        """Whether the telephone with this name is registered, by what Asterisk tells the voice channel."""
        registered = (endpoint for endpoint in self.ask("endpoints/PJSIP") if endpoint["state"] == "online")
        return any(endpoint["resource"] == username for endpoint in registered)

    def has_application(self, name: str) -> bool:
        """Whether somebody listens under this name. (The list of all fails when one goes away meanwhile.)"""
        return self._client.get(f"applications/{name}").is_success

    def clear(self) -> None:
        """End whatever a failed test left behind, for the sake of the next."""
        for kind in ("channels", "bridges"):
            for left in self.ask(kind):
                self._client.delete(f"{kind}/{left['id']}")

    def log(self) -> str:
        """What it said, as a centre keeps it."""
        return "".join(map(mask_line, self._log.read_text(errors="replace").splitlines(keepends=True)))

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            assert self.process.poll() is None, "Asterisk ended at once"
            try:
                if self.ask("asterisk/ping")["ping"] == "pong":
                    return
            except httpx.HTTPError:
                assert time.monotonic() < deadline, "Asterisk does not answer"
                time.sleep(0.05)


@contextmanager
def running_exchange(home: Path, **environ: str) -> Iterator[Exchange]:
    """Asterisk with a state folder below `home`, stopped at the end; `environ` is what is to be otherwise."""
    exchange = Exchange({**_environment(home), **environ})
    _make_prompts(exchange.settings.prompts)
    try:
        exchange.start()
        yield exchange
    finally:
        exchange.close()


def _environment(home: Path) -> dict[str, str]:
    udp, tls, http, peer = free_ports(4)
    first = _free_range(600)
    environ = {
        "CACHE": get_settings().cache,
        "STATE": home / "state",
        "RUNTIME": home / "run",
        "SIP_UDP_PORT": udp,
        "SIP_TCP_PORT": udp,
        "SIP_TLS_PORT": tls,
        "ASTERISK_HTTP_PORT": http,
        "RTP_START": first,
        "RTP_END": first + 599,
        "RTP_TIMEOUT": RTP_TIMEOUT,
        "TELEPHONE_RTP_TIMEOUT": RTP_TIMEOUT,
        "TRUNK_ALLOWED": "127.0.0.2/32",
        "TELEPHONES_ALLOWED": "127.0.0.1/32,127.0.0.3/32",
        "TRUNK_HOST": f"{TRUNK_PEER}:{peer}",
        "TRUNK_USER": TRUNK_USER,
        "TRUNK_PASSWORD": TRUNK_PASSWORD,
        "EXCHANGE_HOST": f"{CITY_EXCHANGE}:{peer}",
    }
    return {f"HAEDAP_{name}": str(value) for name, value in environ.items()}


def _free_range(size: int) -> int:
    """The first of `size` ports below those that the kernel hands out, none of them in use now."""
    start: int = 10_000 + (os.getpid() * 1_000) % 20_000
    for first in chain(range(start, 30_000, size), range(10_000, start, size)):
        if all(_is_free(port) for port in range(first, first + size, 20)):
            return first
    raise AssertionError("no range of free ports")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        try:
            udp.bind(("0.0.0.0", port))  # noqa: S104 - as Asterisk would
        except OSError:
            return False
        return True


def _make_prompts(folder: Path) -> None:
    (folder / "music").mkdir(parents=True)
    write_wav(folder / "music" / "hold.wav", tone(MUSIC, 5.0))
    write_wav(folder / "tone.wav", tone(BEEP, 0.4))
    write_wav(folder / "welcome.wav", tone(WELCOME, 0.5))
    write_wav(folder / "long.wav", tone(WELCOME, 30.0))


def write_wav(path: Path, samples: Samples) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def read_wav(path: Path) -> Samples:
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64) / 32768.0
