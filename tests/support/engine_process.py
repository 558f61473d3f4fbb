"""Engines in processes of their own, which can be killed.

`python -m tests.support.engine_process URL SOCKET SNAPSHOT_EVERY` is one; `EnginePair` keeps two, of which one waits.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from haedap.clock import wall_time
from haedap.engine.logs import configure_log
from haedap.engine.main import run_until_signal
from haedap.engine.notify import Notifier
from haedap.engine.recordings import RecordingFolder
from haedap.engine.service import Engine
from haedap.operations.engines import Engines, find_engines
from tests.support.engine import KOREA
from tests.support.exchange import RemoteExchange
from tests.support.patience import PATIENCE

CHECKOUT = Path(__file__).resolve().parents[2]


class EnginePair:
    """An engine and its standby, at work on the exchange that is served at `folder/exchange`."""

    def __init__(self, url: str, folder: Path, snapshot_every: int = 20_000) -> None:
        self._url = url
        self._folder = folder
        self._more = (url, str(folder / "exchange"), str(snapshot_every))
        self._processes: dict[int, asyncio.subprocess.Process] = {}

    async def __aenter__(self) -> EnginePair:
        for _ in range(2):
            await self.start()
        return self

    async def __aexit__(self, *_failure: object) -> None:
        for process in self._processes.values():
            process.kill()
            await process.wait()

    async def start(self) -> None:
        """One engine more."""
        command = ("setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "tests.support.engine_process", *self._more)
        with (self._folder / "engines.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT, stderr=log)
        self._processes[process.pid] = process

    async def until_ready(self) -> Engines:
        """Wait until one is at work and the other could take over."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await asyncio.to_thread(find_engines, self._url)
                if found.active and found.standby and found.standby.ready:
                    return found
                await asyncio.sleep(0.05)

    def kill(self, pid: int, number: signal.Signals = signal.SIGKILL) -> None:
        """Send the signal; a killed one is forgotten."""
        os.kill(pid, number)

    async def bury(self, pid: int) -> None:
        """Wait for the end of a killed one."""
        await self._processes.pop(pid).wait()


async def _main(url: str, path: Path, snapshot_every: int) -> bool:
    engine = Engine(
        url,
        RemoteExchange(path),
        wall_time,
        recordings=RecordingFolder(path.parent, KOREA),
        snapshot_every=snapshot_every,
        notifier=Notifier(),
    )
    return await run_until_signal(engine)


if __name__ == "__main__":
    configure_log("INFO")
    sys.exit(0 if asyncio.run(_main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))) else 1)
