"""The end of Asterisk's AudioSocket: a TCP listener to which each side of a call brings its sound.

A message is a kind (1 byte), a length (2 bytes, big-endian) and that many bytes. The first is the
stream's UUID.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

_HANGUP, _UUID, _SOUND, _ERROR = 0x00, 0x01, 0x10, 0xFF
_UUID_BYTES = 16
_HEADER_BYTES = 3
_FIRST_SECONDS = 5.0
_SILENT_SECONDS = 30.0

Take = Callable[[bytes], None]
Streams = dict[UUID, Take]
"""Who is expected, and what takes their samples (signed, 16 bits, little-endian, 8 kHz). A UUID is good for once."""


@asynccontextmanager
async def listening(streams: Streams) -> AsyncIterator[int]:
    """A listener on a free port of this machine alone; gives the port. Who is not expected is shut out."""
    open_: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_[writer] = asyncio.current_task()
        try:
            await _read(reader, streams)
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            pass  # the other end is gone, or says nothing
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            del open_[writer]

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in open_:
            writer.close()
        # Python 3.11 does not wait for them, and calls it an error when they are cancelled.
        await asyncio.gather(*filter(None, open_.values()), return_exceptions=True)
        await server.wait_closed()


async def _read(reader: asyncio.StreamReader, streams: Streams) -> None:
    async with asyncio.timeout(_FIRST_SECONDS):
        kind, payload = await _message(reader)
    if kind != _UUID or len(payload) != _UUID_BYTES:
        return
    stream = UUID(bytes=payload)
    take = streams.get(stream)
    while take is not None and streams.get(stream) is take:
        async with asyncio.timeout(_SILENT_SECONDS):
            kind, payload = await _message(reader)
        if kind in {_HANGUP, _ERROR}:
            return
        # Asked again: while this was on its way the stream may have ended, and what is said then is nobody's.
        if kind == _SOUND and streams.get(stream) is take:
            take(payload)


async def _message(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    header = await reader.readexactly(_HEADER_BYTES)
    return header[0], await reader.readexactly(int.from_bytes(header[1:], "big"))
