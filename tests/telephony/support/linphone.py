"""Linphone's console, a real SIP client, as people use it: nothing of it knows Haedap."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from tests.support.patience import PATIENCE
from tests.telephony.support.client import Client, running
from tests.telephony.support.exchange import read_wav, write_wav
from tests.telephony.support.sound import level, tone

_CONFIGURATION = """\
[sip]
sip_port=-1
sip_tcp_port=-1
sip_tls_port=-1
use_ipv6=0
bind_address={host}
guess_hostname=0
contact=sip:{user}@{host}
verify_server_certs=0
[rtp]
bind_address={host}
audio_rtp_port=-1
[net]
dns_srv_enabled=0
"""

_ACCOUNT = """\
[proxy_0]
reg_proxy=<sip:127.0.0.1:{port};transport={transport}>
reg_identity=sip:{user}@127.0.0.1
reg_expires=60
reg_sendregister=1
[auth_info_0]
username={user}
passwd={password}
"""
_PROMPT = "linphonec> "


class Linphone(Client):
    """One running client. `heard()` tells what came out of its loudspeaker."""

    async def says(self, text: str, *, after: int = 0) -> None:
        """Wait until it has printed `text`, past the first `after` characters."""
        try:
            async with asyncio.timeout(PATIENCE):
                while text not in self.said[after:]:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"no {text!r} in: {self.said}") from None

    async def type(self, *commands: str) -> None:
        """What its owner types, each once the console has done the one before: newer ones keep but the last line."""
        for command in commands:
            before = len(self.said)
            self._enter(command)
            await self.says(_PROMPT, after=before)

    @asynccontextmanager
    async def answering(self, question: str, text: str) -> AsyncIterator[None]:
        """Meanwhile its owner types `text` should it print `question`: it depends on its version whether it asks."""
        owner = asyncio.create_task(self._answer(question, text))
        try:
            yield
        finally:
            owner.cancel()
            await asyncio.wait([owner])

    async def _answer(self, question: str, text: str) -> None:
        await self.says(question)
        self._enter(text)

    async def sit_down(self) -> None:
        """Speak from a file and hear into one: there is no sound card. To be done before there is a call."""
        voice, heard = self._folder / "voice.wav", self._folder / "heard.wav"
        await self.type("soundcard use files", f"play {voice}", f"record {heard}")

    def heard(self, frequency: float) -> float:
        """How loud that tone was in the tenth of a second in which it was loudest; once the call has ended."""
        sound = read_wav(self._folder / "heard.wav")
        return max(level(part, frequency) for part in np.array_split(sound, max(1, len(sound) // 800)))

    def leave(self) -> None:
        """As a user does: it takes back its registration first."""
        self._enter("quit")
        # A newer C library waits for the thread that still reads what is typed.
        self._stdin.close()

    def _enter(self, line: str) -> None:
        self._stdin.write(f"{line}\n".encode())

    @property
    def _stdin(self) -> asyncio.StreamWriter:
        assert self._process.stdin is not None
        return self._process.stdin


def account(user: str, password: str, port: int, transport: str) -> str:
    """The part of its settings that makes it register with the centre."""
    return _ACCOUNT.format(user=user, password=password, port=port, transport=transport)


def _prepare(folder: Path, host: str, user: str, account: str, frequency: float) -> None:
    # Without a place for its database it starts without a network and without a word about it.
    (folder / ".local" / "share" / "linphone").mkdir(parents=True)
    (folder / "settings").write_text(_CONFIGURATION.format(host=host, user=user) + account)
    write_wav(folder / "voice.wav", tone(frequency, 30))


@asynccontextmanager
async def linphone(folder: Path, host: str, user: str, frequency: float, account: str = "") -> AsyncIterator[Linphone]:
    """A client at `host` that calls itself `user`, whose owner says a tone of `frequency`."""
    _prepare(folder, host, user, account, frequency)
    command = ["linphonec", "-c", str(folder / "settings"), "-b", "/dev/null"]
    # Its sound library would leave a folder of its own under /tmp.
    environment = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "LC_ALL": "C.UTF-8"}
    async with running(Linphone, folder, command, environment) as client:
        await client.says(_PROMPT)
        yield client
