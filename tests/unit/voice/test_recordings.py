"""What is left of a recording in which nobody spoke."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from haedap.channels.voice import recordings
from haedap.channels.voice.recordings import Recordings, recording_file
from haedap.clock import wall_time
from haedap.config import load_settings
from haedap.domain.ids import ContactId
from tests.support.patience import PATIENCE

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
CONTACT = ContactId("c1")


async def test_a_file_that_is_made_after_the_end_of_a_short_call_is_removed(tmp_path: Path) -> None:
    settings = load_settings({"HAEDAP_STATE": str(tmp_path)})
    file = recording_file(settings, CONTACT, NOW)
    removal = asyncio.create_task(Recordings(settings).remove_empty(CONTACT, NOW))
    await asyncio.sleep(0)
    assert not removal.done()
    file.parent.mkdir(parents=True)
    file.touch()
    await removal
    assert not file.exists()


async def test_what_is_empty_and_of_nobody_who_is_there_is_removed_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "_LEFT_SECONDS", 0.0)
    monkeypatch.setattr(recordings, "_LEFT_AGAIN_SECONDS", 0.01)
    settings = load_settings({"HAEDAP_STATE": str(tmp_path)})

    def begin(name: str, size: int = 44) -> Path:
        file = recording_file(settings, ContactId(name), wall_time())
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(size))
        return file

    stay = [begin("waits"), begin("spoke", 46)]
    work = asyncio.create_task(Recordings(settings).remove_left_over({ContactId("waits")}))
    async with asyncio.timeout(PATIENCE):
        for name in ("one", "another"):
            file = begin(name)
            while file.exists():
                await asyncio.sleep(0.01)
    work.cancel()
    assert all(file.exists() for file in stay)


async def test_nothing_is_waited_for_where_nothing_is_recorded(tmp_path: Path) -> None:
    settings = load_settings({"HAEDAP_STATE": str(tmp_path), "HAEDAP_RECORDING": "no"})
    async with asyncio.timeout(0):
        await Recordings(settings).remove_empty(CONTACT, NOW)
