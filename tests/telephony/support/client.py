"""What the real SIP clients have in common: a program that is started, read along and ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from tests.support.patience import PATIENCE


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
        """Have it leave, and wait for its end."""
        if self._process.returncode is None:
            self.leave()
        try:
            await asyncio.wait_for(self._process.wait(), PATIENCE)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
            raise

    def leave(self) -> None:
        """As a user does who closes the window."""
        self._process.terminate()


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
    except Exception as error:
        error.add_note(f"What the client said:\n{client.said}")
        raise
    finally:
        await client.stop()
        await reader
