"""Recordings: where they lie, and keeping personal numbers out of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Container
from datetime import datetime, timedelta
from itertools import chain, repeat
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import structlog

from haedap import recording_files
from haedap.clock import wall_time
from haedap.config import Settings
from haedap.domain.ids import ContactId
from haedap.plain_http import NO_CERTIFICATES

_log = structlog.get_logger()
_SECONDS = 5
_ANYBODY = ContactId("anybody")
_LOOK_EVERY = 0.5
_LOOKS = 60
_LETS_GO_SECONDS = 0.1
"""With the next packets, fifty a second from each side, Asterisk lets go of a recording that was stopped."""
_LEFT_SECONDS = 30.0
"""After so long each call that lives is known: who waits for an engine tries twice a second."""
_LEFT_AGAIN_SECONDS = 600.0
PAUSED_VARIABLE = "PAUSED"
"""Says on a citizen's leg that the recording is paused, for an engine that takes the call over."""


def recording_file(settings: Settings, contact: ContactId, arrived_at: datetime) -> Path:
    """Where Asterisk writes the recording of a contact that arrived then."""
    return settings.recordings / recording_files.recording_file(contact, arrived_at, ZoneInfo(settings.time_zone))


class Recordings:
    """Pause, resume, begin anew. ARI cannot reach a recording that the dialplan started; the manager interface can."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._address = f"{settings.ari_url}/arawman"
        self._proof = httpx.DigestAuth(settings.ami_user, settings.ami_password)

    async def silence(self, channel_name: str, *, paused: bool) -> None:
        """While paused, the recording of that channel holds silence in both directions."""
        query = {"action": "MixMonitorMute", "channel": channel_name, "direction": "both", "state": str(int(paused))}
        if not await self._ask(query):
            _log.error("voice: recording could not be paused or resumed", paused=paused)

    async def go_on_anew(self, channel_name: str, contact: ContactId, arrived_at: datetime) -> None:
        """What is recorded of that channel from now on is put behind what there is, and not paused.

        Whom Asterisk records it takes for one stream of packets, whoever speaks: of a telephone whose packets are
        numbered as if they were late, behind those of the one that spoke before, it records nothing for minutes. What
        begins anew knows of none before. Nothing is done where nothing is recorded.
        """
        file = recording_file(self._settings, contact, arrived_at)
        if not (self._settings.recording and file.exists()):
            return
        await self.stop(channel_name)
        await asyncio.sleep(_LETS_GO_SECONDS)
        query = {"action": "MixMonitor", "channel": channel_name, "file": str(file), "options": "ab"}
        if not await self._ask(query):
            _log.error("voice: a recording could not go on")

    async def stop(self, channel_name: str) -> None:
        """Close the recording of that channel, if there is one: what was said so far stays in it."""
        await self._ask({"action": "StopMixMonitor", "channel": channel_name})

    def holds_sound(self, contact: ContactId, arrived_at: datetime) -> bool:
        """Whether anything has been recorded: what an earlier engine joined, this one must not throw away."""
        return recording_files.has_sound(recording_file(self._settings, contact, arrived_at))

    async def remove_empty(self, contact: ContactId, arrived_at: datetime) -> None:
        """Nobody ever spoke with this citizen: the file holds nothing but a header.

        It is made by a thread of its own, which on a busy machine comes later than the end of a short call.
        """
        if not self._settings.recording:
            return
        file = recording_file(self._settings, contact, arrived_at)
        for _ in range(_LOOKS):
            with contextlib.suppress(FileNotFoundError):
                file.unlink()
                return
            await asyncio.sleep(_LOOK_EVERY)

    def remove_left(self, contact: ContactId, arrived_at: datetime) -> None:
        """What Asterisk began for a citizen with whom nobody spoke, and died before it could be removed: no sound."""
        if not self.holds_sound(contact, arrived_at):
            with contextlib.suppress(OSError):
                recording_file(self._settings, contact, arrived_at).unlink()

    async def remove_left_over(self, there: Container[ContactId]) -> None:
        """Until cancelled: what is empty and of nobody who is `there`. The engine died that would have cleared it away,
        or the call was taken back before any engine heard of it."""
        if not self._settings.recording:
            return
        for pause in chain((_LEFT_SECONDS,), repeat(_LEFT_AGAIN_SECONDS)):
            await asyncio.sleep(pause)
            for file in await asyncio.to_thread(self._empty, wall_time() - timedelta(seconds=_LEFT_SECONDS)):
                if ContactId(file.stem) not in there:
                    with contextlib.suppress(OSError):
                        file.unlink()

    def _empty(self, before: datetime) -> list[Path]:
        """The files of that day and the one before that were begun before then, and hold no sound."""
        days = (before, before - timedelta(days=1))
        files = [file for day in days for file in recording_file(self._settings, _ANYBODY, day).parent.glob("*.wav")]
        return [file for file in files if recording_files.is_empty_since(file, before)]

    async def _ask(self, query: dict[str, str]) -> bool:
        try:
            async with httpx.AsyncClient(
                auth=self._proof, timeout=_SECONDS, trust_env=False, verify=NO_CERTIFICATES
            ) as client:
                answer = await client.get(self._address, params=query)
        except httpx.HTTPError:
            return False
        return "Response: Success" in answer.text
