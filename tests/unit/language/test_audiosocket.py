"""The AudioSocket's listener: who is expected is heard, everybody else is shut out, and garbage harms nobody."""

from __future__ import annotations

import asyncio
import contextlib
from uuid import UUID

import pytest

from haedap.speech.audiosocket import Streams, listening
from tests.support.patience import PATIENCE


def message(kind: int, payload: bytes = b"") -> bytes:
    return bytes([kind]) + len(payload).to_bytes(2, "big") + payload


async def send(port: int, data: bytes, *, chunk: int = 10_000) -> None:
    """Everything, and wait until the other side hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for start in range(0, len(data), chunk):
        writer.write(data[start : start + chunk])
        await writer.drain()
    async with asyncio.timeout(PATIENCE):
        assert await reader.read() == b""
    writer.close()


STREAM = UUID("00000000-0000-4000-8000-000000000001")
HELLO = message(0x01, STREAM.bytes)


@pytest.mark.parametrize("chunk", [1, 7, 10_000])
async def test_sound_arrives_in_order(chunk: int) -> None:
    heard = bytearray()
    async with listening({STREAM: heard.extend}) as port:
        await send(
            port, HELLO + message(0x10, b"ab") + message(0x03, b"5") + message(0x10, b"cd") + message(0), chunk=chunk
        )
    assert heard == b"abcd"


@pytest.mark.parametrize(
    "data",
    [
        message(0x01, UUID(int=7).bytes) + message(0x10, b"ab"),
        message(0x10, b"ab") + HELLO,
        message(0x01, b"short"),
        message(0x01, b"") * 3,
        b"GET / HTTP/1.1\r\n\r\n" + bytes(70_000),
    ],
    ids=["unknown", "sound first", "half a name", "no name", "another protocol"],
)
async def test_strangers_are_shut_out(data: bytes) -> None:
    heard = bytearray()
    async with listening({STREAM: heard.extend}) as port:
        with contextlib.suppress(ConnectionError):  # hung up before all of it was sent
            await send(port, data)
    assert not heard


async def test_a_stream_that_is_over_takes_nothing_more() -> None:
    heard = bytearray()
    streams: Streams = {}

    def take(sound: bytes) -> None:
        heard.extend(sound)
        streams.clear()

    streams[STREAM] = take
    async with listening(streams) as port:
        await send(port, HELLO + message(0x10, b"ab") + message(0x10, b"cd"))
    assert heard == b"ab"


async def test_who_still_speaks_at_the_end_is_shut_out_and_left_to_nobody() -> None:
    """Of Python 3.11 each was an error in the log, whenever the process ended while somebody spoke."""
    spoken = asyncio.Event()
    async with listening({STREAM: lambda _sound: spoken.set()}) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HELLO + message(0x10, b"ab"))
        async with asyncio.timeout(PATIENCE):
            await spoken.wait()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert await reader.read() == b""
    writer.close()
