"""Recordings: where they lie, and keeping personal numbers out of them."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import structlog

from haedap import recording_files
from haedap.config import Settings
from haedap.domain.ids import ContactId
from haedap.plain_http import NO_CERTIFICATES

_log = structlog.get_logger()
_SECONDS = 5
_LOOK_EVERY = 0.5
_LOOKS = 60


def recording_file(settings: Settings, contact: ContactId, arrived_at: datetime) -> Path:
    """Where Asterisk writes the recording of a contact that arrived then."""
    return settings.recordings / recording_files.recording_file(contact, arrived_at, ZoneInfo(settings.time_zone))


class Recordings:
    """Pause and resume. ARI cannot silence a recording that the dialplan started; the manager interface can."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._address = f"{settings.ari_url}/arawman"
        self._proof = httpx.DigestAuth(settings.ami_user, settings.ami_password)

    async def silence(self, channel_name: str, *, paused: bool) -> None:
        """While paused, the recording of that channel holds silence in both directions."""
        query = {"action": "MixMonitorMute", "channel": channel_name, "direction": "both", "state": str(int(paused))}
        if not await self._ask(query):
            _log.error("voice: recording could not be paused or resumed", paused=paused)

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

    async def _ask(self, query: dict[str, str]) -> bool:
        try:
            async with httpx.AsyncClient(
                auth=self._proof, timeout=_SECONDS, trust_env=False, verify=NO_CERTIFICATES
            ) as client:
                answer = await client.get(self._address, params=query)
        except httpx.HTTPError:
            return False
        return "Response: Success" in answer.text
