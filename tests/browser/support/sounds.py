"""What a citizen hears, and waiting for it."""

from __future__ import annotations

import asyncio

from tests.support.patience import PATIENCE
from tests.telephony.support.media import Media
from tests.telephony.support.sound import RATE, Samples, loudness

LOUD = 0.01
"""Above this something is to be heard; silence on the line is far below."""


def loud_share(samples: Samples) -> float:
    """The share of tenths of a second in which something is to be heard: music near 1, the agent's beeps well below."""
    step = RATE // 10
    windows = [samples[start : start + step] for start in range(0, len(samples) - step + 1, step)]
    return sum(loudness(window) > LOUD for window in windows) / max(1, len(windows))


async def hears_music(media: Media) -> None:
    """Wait for a second of sound without a gap."""
    await _until_share(media, 1.0, 0.9, 1.0)


async def hears_announcement(media: Media) -> None:
    """Wait for two seconds in which mostly something is to be heard."""
    await _until_share(media, 2.0, 0.5, 1.0)


async def hears_agent(media: Media) -> None:
    """Wait for a microphone that beeps: sound with gaps."""
    await _until_share(media, 2.0, 0.05, 0.6)


async def hears_nothing(media: Media) -> None:
    """Wait for two seconds in which nothing is to be heard, or nothing comes: longer than the gap between two beeps."""
    async with asyncio.timeout(PATIENCE):
        while True:
            mark = media.mark()
            await asyncio.sleep(2.0)
            if loud_share(media.since(mark)) == 0.0:
                return


async def _until_share(media: Media, seconds: float, least: float, most: float) -> None:
    async with asyncio.timeout(PATIENCE):
        while not least <= loud_share(await media.listen(seconds)) <= most:
            pass
