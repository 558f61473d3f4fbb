"""A citizen whose telephone is SIPp, with ears: the sound goes to this process, which listens and presses keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from haedap.operations.sipp import Outcome, Sipp, run_sipp
from tests.telephony.support.media import Media

SCENARIO = Path(__file__).with_name("citizen_with_ears.xml")
CALLED = Path(__file__).with_name("citizen_called.xml")
RINGS_MS = 4000
"""How long a called citizen's telephone rings before they answer."""
ADDRESS = "127.0.0.2"
TONE = 440.0


class Ears(Media):
    """Speaks to wherever the first sound comes from, as a telephone behind any NAT does."""

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.talk_to(addr)
        super().datagram_received(data, addr)


class SippCitizen:
    """One call. `media` is its sound; `ended` tells how SIPp saw the call."""

    def __init__(self, media: Ears, call: asyncio.Task[Outcome]) -> None:
        self.media = media
        self._call = call

    async def ended(self, seconds: float = 20.0) -> Outcome:
        """Wait for the call's end."""
        async with asyncio.timeout(seconds):
            return await asyncio.shield(self._call)


def calling(
    sip: tuple[str, int], *, called: str, caller: str, name: str = ""
) -> AbstractAsyncContextManager[SippCitizen]:
    """Call the centre; the citizen stays on the line until the centre hangs up, or the block is left."""
    return _on_the_line(
        Sipp(
            scenario=SCENARIO,
            remote=f"{sip[0]}:{sip[1]}",
            local=ADDRESS,
            called=called,
            people=((caller, name),),
        )
    )


def at_home(sip: tuple[str, int], line_out: str) -> AbstractAsyncContextManager[SippCitizen]:
    """A citizen at the other end of the trunk, `host:port`, who answers one call of the centre."""
    host, _colon, port = line_out.partition(":")
    return _on_the_line(
        Sipp(
            scenario=CALLED,
            remote=f"{sip[0]}:{sip[1]}",
            local=host,
            local_port=int(port),
            answer_ms=RINGS_MS,
        )
    )


@asynccontextmanager
async def _on_the_line(run: Sipp) -> AsyncIterator[SippCitizen]:
    loop = asyncio.get_running_loop()
    _, media = await loop.create_datagram_endpoint(lambda: Ears(TONE), local_addr=(ADDRESS, 0))
    call = asyncio.create_task(run_sipp(replace(run, more={"ears": str(media.address[1])})))
    try:
        yield SippCitizen(media, call)
    finally:
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        media.close()
