"""What is left of a recording in which nobody spoke."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from haedap.channels.voice.recordings import Recordings, recording_file
from haedap.config import load_settings
from haedap.domain.ids import ContactId

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


async def test_nothing_is_waited_for_where_nothing_is_recorded(tmp_path: Path) -> None:
    settings = load_settings({"HAEDAP_STATE": str(tmp_path), "HAEDAP_RECORDING": "no"})
    async with asyncio.timeout(0):
        await Recordings(settings).remove_empty(CONTACT, NOW)
