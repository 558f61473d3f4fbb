"""Datagrams and streams that are no proper SIP, for what the open internet sends."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import Iterable, Mapping

from tests.support.patience import PATIENCE


def invite(host: str, port: int, replaced: Mapping[str, bytes] | None = None) -> bytes:
    """An INVITE as bytes; `replaced` puts other bytes in place of a part: to, caller, display, call_id, body, more."""
    offer = f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n"
    part = {
        "caller": b"01000001234",
        "display": b"citizen",
        "call_id": uuid.uuid4().hex.encode(),
        "more": b"",
        "to": b"0200000120",
        "body": offer.encode(),
    } | dict(replaced or {})
    own = f"{host}:{port}".encode()
    return b"\r\n".join(
        [
            b"INVITE sip:%b@127.0.0.1 SIP/2.0" % part["to"],
            b"Via: SIP/2.0/UDP %b;branch=z9hG4bK%b" % (own, uuid.uuid4().hex.encode()),
            b'From: "%b" <sip:%b@%b>;tag=%b' % (part["display"], part["caller"], own, uuid.uuid4().hex[:8].encode()),
            b"To: <sip:%b@127.0.0.1>" % part["to"],
            b"Call-ID: " + part["call_id"],
            b"CSeq: 1 INVITE",
            b"Contact: <sip:citizen@%b>" % own,
            b"Max-Forwards: 70",
            *([part["more"]] if part["more"] else []),
            b"Content-Type: application/sdp",
            b"Content-Length: %d" % len(part["body"]),
            b"",
            part["body"],
        ]
    )


class Sender:
    """A UDP socket that says whatever it is given. A context manager."""

    def __init__(self, centre: tuple[str, int], host: str = "127.0.0.2") -> None:
        self._centre = centre
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.settimeout(0)
        self.host, self.port = self._socket.getsockname()

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, *error: object) -> None:
        self._socket.close()

    def send(self, *messages: bytes) -> None:
        for message in messages:
            self._socket.sendto(message, self._centre)

    async def status(self, least: int = 200) -> int:
        """The status of the next response that is at least `least`."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE):
            while True:
                words = (await loop.sock_recv(self._socket, 65_535)).split(b" ", 2)
                if words[0] == b"SIP/2.0" and int(words[1]) >= least:
                    return int(words[1])

    def answers(self) -> list[bytes]:
        """All that has arrived by now."""
        found = []
        while True:
            try:
                found.append(self._socket.recv(65_535))
            except BlockingIOError:
                return found


async def through_tcp(centre: tuple[str, int], chunks: Iterable[bytes]) -> None:
    """Open a stream, write the chunks, close it; the centre may close first."""
    _, writer = await asyncio.open_connection(*centre, local_addr=("127.0.0.2", 0))
    try:
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
