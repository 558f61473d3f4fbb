"""Telephones that stay registered: a relay between Asterisk and the SIPp that answers for them.

Desk telephones register again and again from the address at which they ring. SIPp cannot do both at one port, so the
relay has the port: answers to registrations stay here, all else goes to SIPp and back.
"""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import Iterable, Mapping

from bench.registrar import authorization, request

_PATIENCE = 1.0


class Relay(asyncio.DatagramProtocol):
    """Telephones at `host`, known at Asterisk's address `exchange`. SIPp answers for them at `sipp_port`."""

    def __init__(self, host: str, exchange: tuple[str, int]) -> None:
        self._local = host, 0
        self._sipp = host, 0
        self._exchange = exchange
        self._wire: asyncio.DatagramTransport | None = None
        self._asked: dict[str, asyncio.Future[str]] = {}

    async def open(self) -> None:
        """Take a free port, and find one for SIPp: others may run the same on this machine."""
        loop = asyncio.get_running_loop()
        self._wire, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=self._local)
        self._local = self._wire.get_extra_info("sockname")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(self._sipp)
            self._sipp = probe.getsockname()

    @property
    def sipp_port(self) -> int:
        return self._sipp[1]

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """From SIPp to Asterisk, and back; the answer to a registration to whoever asked."""
        if self._wire is None:
            return
        if addr == self._sipp:
            self._wire.sendto(data, self._exchange)
            return
        text = data.decode(errors="replace")
        asked = self._asked.get(_key(text)) if text.startswith("SIP/2.0") else None
        if asked is None:
            self._wire.sendto(data, self._sipp)
        elif not asked.done() and not text.startswith("SIP/2.0 1"):
            asked.set_result(text)

    async def register(self, telephones: Mapping[str, str], users: Iterable[str]) -> bool:
        """Register these users with their passwords; False when one of them was not taken."""
        for user in users:
            try:
                if not await self._register(user, telephones[user]):
                    return False
            except TimeoutError:
                return False
        return True

    async def _register(self, user: str, password: str) -> bool:
        uri, call = f"sip:{self._exchange[0]}:{self._exchange[1]}", uuid.uuid4().hex
        challenge = await self._ask(request(user, uri, call, 1, "", self._local))
        if not challenge.startswith("SIP/2.0 401"):
            return False
        proof = authorization(challenge, user, password, uri)
        return (await self._ask(request(user, uri, call, 2, proof, self._local))).startswith("SIP/2.0 200")

    async def _ask(self, text: str) -> str:
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._asked[_key(text)] = answer
        try:
            if self._wire is not None:
                self._wire.sendto(text.encode(), self._exchange)
            async with asyncio.timeout(_PATIENCE):
                return await answer
        finally:
            del self._asked[_key(text)]


def _key(message: str) -> str:
    """Call and number of a message."""
    wanted = ("call-id:", "cseq:")
    return "|".join(sorted(line.strip() for line in message.splitlines() if line.lower().startswith(wanted)))
