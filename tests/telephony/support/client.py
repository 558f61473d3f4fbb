"""What the real SIP clients have in common: a program that is started, read along and ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar


class Client:
    """One running client. `said` is what it printed."""

    def __init__(self, folder: Path, process: asyncio.subprocess.Process) -> None:
        self.said = ""
        self._news = asyncio.Event()
        self._folder = folder
        self._process = process

    async def read(self) -> None:
        assert self._process.stdout is not None
        while chunk := await self._process.stdout.read(4096):
            self.said += chunk.decode("utf-8", "replace")
            self._news.set()

    async def stop(self) -> None:
        """Leave as a user does who closes the window."""
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()


AClient = TypeVar("AClient", bound=Client)


@asynccontextmanager
async def running(
    kind: type[AClient], folder: Path, command: Sequence[str], environment: Mapping[str, str] | None = None
) -> AsyncIterator[AClient]:
    """The client that `command` starts in `folder`; it dies with the test."""
    process = await asyncio.create_subprocess_exec(
        *("setpriv", "--pdeathsig", "KILL", *command),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=folder,
        env=environment,
    )
    client = kind(folder, process)
    reader = asyncio.create_task(client.read())
    try:
        yield client
    finally:
        await client.stop()
        await reader
