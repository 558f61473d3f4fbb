"""Citizens. One who calls has SIPp as a telephone, with ears: the sound goes to this process, which listens and presses
keys. One who is called is at home."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from haedap.operations.sipp import Outcome, Sipp, run_sipp
from tests.support.patience import PATIENCE
from tests.support.ports import free_ports
from tests.telephony.support.media import Media
from tests.telephony.support.telephone import Desk as Telephone

SCENARIO = Path(__file__).with_name("citizen_with_ears.xml")
ADDRESS = "127.0.0.2"
TONE = 440.0
_HANG_UP = "\r\n".join(
    (
        "MESSAGE sip:citizen SIP/2.0",
        "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKhangup",
        "From: <sip:test@127.0.0.1>;tag=test",
        "To: <sip:{called}@{remote}>",
        "Call-ID: {call_id}",
        "CSeq: 1 MESSAGE",
        "Content-Length: 0",
        "\r\n",
    )
)
"""What the test says to SIPp for the citizen to hang up."""


class Ears(Media):
    """Speaks to wherever the first sound comes from, as a telephone behind any NAT does."""

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.talk_to(addr)
        super().datagram_received(data, addr)


class SippCitizen:
    """One call. `media` is its sound; `ended` tells how SIPp saw the call."""

    def __init__(self, media: Ears, run: Sipp, call: asyncio.Task[Outcome]) -> None:
        self.media = media
        self._run = run
        self._call = call

    async def ended(self) -> Outcome:
        """Wait for the call's end."""
        async with asyncio.timeout(PATIENCE):
            return await asyncio.shield(self._call)

    async def hang_up(self) -> None:
        """Leave the line, if the call is not over yet. Who merely vanished would wait on in the queue for a while."""
        word = _HANG_UP.format(called=self._run.called, remote=self._run.remote, call_id=self._run.call_id)
        async with asyncio.timeout(PATIENCE):
            with socket.socket(type=socket.SOCK_DGRAM) as finger:
                while not self._call.done():
                    finger.sendto(word.encode(), (self._run.local, self._run.local_port or 0))
                    await asyncio.wait([self._call], timeout=0.5)


@asynccontextmanager
async def calling(sip: tuple[str, int], *, called: str, caller: str, name: str = "") -> AsyncIterator[SippCitizen]:
    """Call the centre; the citizen stays on the line until the centre hangs up, or hangs up when the block is left."""
    run = Sipp(
        scenario=SCENARIO,
        remote=f"{sip[0]}:{sip[1]}",
        local=ADDRESS,
        local_port=free_ports(1, ADDRESS)[0],
        called=called,
        people=((caller, name),),
        call_id=uuid4().hex,
    )
    async with _on_the_line(run) as citizen:
        try:
            yield citizen
        finally:
            await citizen.hang_up()


def at_home(sip: tuple[str, int], line_out: str) -> Telephone:
    """A citizen's telephone at the other end of the trunk, `host:port`. It rings and answers when it is told to."""
    host, _colon, port = line_out.partition(":")
    return Telephone(sip, host, TONE, int(port))


@asynccontextmanager
async def _on_the_line(run: Sipp) -> AsyncIterator[SippCitizen]:
    loop = asyncio.get_running_loop()
    _, media = await loop.create_datagram_endpoint(lambda: Ears(TONE), local_addr=(ADDRESS, 0))
    call = asyncio.create_task(run_sipp(replace(run, more={"ears": str(media.address[1])})))
    try:
        yield SippCitizen(media, run, call)
    finally:
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        media.close()
