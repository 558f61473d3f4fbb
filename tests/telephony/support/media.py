"""One end of a conversation's sound: RTP over UDP, sending a tone and keeping what arrives."""

from __future__ import annotations

import asyncio
import struct
from itertools import count
from typing import cast

from tests.support.patience import PATIENCE
from tests.telephony.support.sound import RATE, Samples, from_ulaw, to_ulaw, tone

_FRAME = 160
_PCMU, _EVENT = 0, 101
_DIGITS = "0123456789*#ABCD"


class Media(asyncio.DatagramProtocol):
    """Made by `open_media`. Sends nothing until told where to; `heard` is all sound that arrived, in order."""

    def __init__(self, frequency: float) -> None:
        self.digits = ""
        """Keys that arrived as RTP events."""
        self.speaking = True
        self._sound = to_ulaw(tone(frequency, 1.0))
        self._heard = bytearray()
        self._packets = count(1)
        self._time = 0
        self._pressed = 0
        self._last_event: bytes = b""
        self._peer: tuple[str, int] | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._sender: asyncio.Task[None] | None = None

    @property
    def address(self) -> tuple[str, int]:
        assert self._transport is not None
        host, port = self._transport.get_extra_info("sockname")[:2]
        return host, port

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        payload = data[1] & 0x7F
        if payload == _PCMU:
            self._heard += data[12:]
        elif payload == _EVENT and data[13] & 0x80 and data[4:8] != self._last_event:
            self._last_event = data[4:8]
            self.digits += _DIGITS[data[12]]

    def talk_to(self, peer: tuple[str, int]) -> None:
        """Send sound there from now on."""
        self._peer = peer
        if self._sender is None:
            self._sender = asyncio.create_task(self._speak())

    def whisper(self) -> None:
        """From now on packets of silence."""
        self.sing()

    def sing(self, *frequencies: float) -> None:
        """From now on these tones at once."""
        self._sound = to_ulaw(sum((tone(frequency, 1.0, 0.2) for frequency in frequencies), tone(0.0, 1.0)))

    def number_from(self, number: int) -> None:
        """What is sent from now on is numbered so: a telephone begins anywhere, and numbers come round."""
        self._packets = count(number)

    def mark(self) -> int:
        """A point in what was heard, for `since`."""
        return len(self._heard)

    def since(self, mark: int) -> Samples:
        """What was heard after `mark`."""
        return from_ulaw(bytes(self._heard[mark:]))

    async def listen(self, seconds: float) -> Samples:
        """The next `seconds` of sound. Fails when they do not arrive."""
        mark, wanted = self.mark(), round(seconds * RATE)
        async with asyncio.timeout(PATIENCE):
            while len(self._heard) - mark < wanted:
                await asyncio.sleep(0.02)
        return self.since(mark)[:wanted]

    def press(self, digit: str) -> None:
        """A key as RTP events (RFC 4733), with the three repeated ends."""
        code = _DIGITS.index(digit)
        self._pressed = stamp = max(self._time, self._pressed + 2 * 1200)
        for end, duration in ((0, 400), (0, 800), (1, 1200), (1, 1200), (1, 1200)):
            self._send(_EVENT, struct.pack("!BBH", code, (end << 7) | 10, duration), stamp)

    def close(self) -> None:
        if self._sender is not None:
            self._sender.cancel()
        if self._transport is not None:
            self._transport.close()

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        for number in count():
            if self.speaking:
                offset = (number * _FRAME) % RATE
                self._send(_PCMU, self._sound[offset : offset + _FRAME], self._time)
            self._time += _FRAME
            await asyncio.sleep(max(0.0, start + (number + 1) * 0.02 - loop.time()))

    def _send(self, payload: int, data: bytes, stamp: int) -> None:
        assert self._transport is not None
        if self._peer is not None and not self._transport.is_closing():
            header = struct.pack(
                "!BBHII", 0x80, payload, next(self._packets) & 0xFFFF, stamp & 0xFFFFFFFF, id(self) & 0xFFFF
            )
            self._transport.sendto(header + data, self._peer)


async def open_media(host: str, frequency: float) -> Media:
    """A free port on `host` that will send a tone of `frequency` when it is told where to."""
    loop = asyncio.get_running_loop()
    _, media = await loop.create_datagram_endpoint(lambda: Media(frequency), local_addr=(host, 0))
    return media
