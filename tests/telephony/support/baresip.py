"""baresip, a real SIP client, as people use it: nothing of it knows Haedap."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from tests.telephony.support.client import Client, running
from tests.telephony.support.exchange import read_wav, write_wav
from tests.telephony.support.sound import Samples, tone

_CONFIGURATION = """\
module_path /usr/lib/baresip/modules
module g711.so
module srtp.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
sip_verify_server no
net_interface {host}
audio_source aufile,{folder}/voice.wav
audio_player aubridge,loudspeaker
audio_alert aubridge,bell
snd_path {folder}
audio_srate 8000
audio_channels 1
"""


class Baresip(Client):
    """One running client. `heard()` is what came out of its loudspeaker."""

    def heard(self) -> Samples:
        """All of it, once the call has ended."""
        files = sorted(self._folder.glob("dump-*-dec.wav"))
        return read_wav(files[0]) if files else np.zeros(0)


def _prepare(folder: Path, host: str, account: str, frequency: float, more: str) -> None:
    folder.mkdir()
    (folder / "config").write_text(_CONFIGURATION.format(host=host, folder=folder) + more)
    (folder / "accounts").write_text(account + "\n")
    (folder / "contacts").touch()
    write_wav(folder / "voice.wav", tone(frequency, 30))


@asynccontextmanager
async def baresip(
    folder: Path, host: str, account: str, frequency: float, *commands: str, more: str = ""
) -> AsyncIterator[Baresip]:
    """A client at `host` with one `account`, whose owner says a tone of `frequency`; `commands` are its keys.

    `more` are lines of its configuration.
    """
    _prepare(folder, host, account, frequency, more)
    keys = [part for command in commands for part in ("-e", command)]
    async with running(Baresip, folder, ["baresip", "-4", "-f", str(folder), *keys]) as client:
        yield client
