"""A citizen whose telephone is SIPp, with ears: the sound goes to this process, which listens and presses keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from haedap.operations.sipp import Outcome, Sipp, run_sipp
from tests.telephony.support.media import Media

SCENARIO = Path(__file__).with_name("citizen_with_ears.xml")
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


@asynccontextmanager
async def calling(sip: tuple[str, int], *, called: str, caller: str, name: str = "") -> AsyncIterator[SippCitizen]:
    """Call the centre; the citizen stays on the line until the centre hangs up, or the block is left."""
    loop = asyncio.get_running_loop()
    _, media = await loop.create_datagram_endpoint(lambda: Ears(TONE), local_addr=(ADDRESS, 0))
    run = Sipp(
        scenario=SCENARIO,
        remote=f"{sip[0]}:{sip[1]}",
        local=ADDRESS,
        called=called,
        people=((caller, name),),
        more={"ears": str(media.address[1])},
    )
    call = asyncio.create_task(run_sipp(run))
    try:
        yield SippCitizen(media, call)
    finally:
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        media.close()
