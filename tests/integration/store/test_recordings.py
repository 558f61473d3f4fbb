"""What is noted of recordings once their contacts are over."""

from __future__ import annotations

import uuid
import wave
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from haedap.engine.recordings import RecordingFolder, note_found, note_recordings
from haedap.store.connection import connected
from tests.support.engine import KOREA

ENDED = datetime(2026, 11, 21, 9, tzinfo=UTC)


async def _recording(
    url: str,
    file: str,
    ended_at: datetime | None = ENDED,
    started_at: datetime = ENDED,
    answered_at: datetime | None = None,
) -> str:
    contact = str(uuid.uuid4())
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(
            "INSERT INTO contact (id, channel, state, arrived_at, answered_at, ended_at, seq)"
            " VALUES (%s, 'voice', 'x', %s, %s, %s, 1)",
            (contact, ENDED, answered_at, ended_at),
        )
        await connection.execute(
            "INSERT INTO recording (contact, file, started_at) VALUES (%s, %s, %s)", (contact, file, started_at)
        )
    return contact


async def _noted(url: str, folder: Path, seconds_later: float) -> tuple[Any, ...]:
    async with connected(url, "test") as connection:
        await note_recordings(connection, RecordingFolder(folder, KOREA), ENDED + timedelta(seconds=seconds_later))
        cursor = await connection.execute("SELECT status, duration_seconds, bytes FROM recording")
        return (await cursor.fetchall())[0]


def _sound(path: Path, seconds: int) -> None:
    path.parent.mkdir(parents=True)
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16_000 * seconds))


async def test_a_file_is_measured_once_it_had_time_to_be_closed(database: str, tmp_path: Path) -> None:
    await _recording(database, "2026/11/21/a.wav")
    _sound(tmp_path / "2026/11/21/a.wav", 3)
    assert await _noted(database, tmp_path, 1) == ("writing", None, None)
    assert await _noted(database, tmp_path, 3) == ("ready", 3.0, 48_044)


async def test_a_contact_that_goes_on_is_left_alone(database: str, tmp_path: Path) -> None:
    await _recording(database, "a.wav", ended_at=None)
    assert await _noted(database, tmp_path, 3600) == ("writing", None, None)


@pytest.mark.parametrize("content", [None, b"", b"RIFF", b"no sound at all" * 100])
async def test_no_file_or_a_broken_one_is_missing_after_a_minute(
    content: bytes | None, database: str, tmp_path: Path
) -> None:
    await _recording(database, "a.wav")
    if content is not None:
        (tmp_path / "a.wav").write_bytes(content)
    assert await _noted(database, tmp_path, 30) == ("writing", None, None)
    assert await _noted(database, tmp_path, 61) == ("missing", None, None)


@pytest.mark.parametrize(("days", "status"), [(6, "ready"), (8, "missing")])
async def test_what_was_missing_is_found_when_it_comes_within_a_week(
    days: int, status: str, database: str, tmp_path: Path
) -> None:
    """A message that a full disk did not take waits beside, and lies in its place when there is space."""
    await _recording(database, "2026/11/21/a.wav")
    assert (await _noted(database, tmp_path, 61))[0] == "missing"
    _sound(tmp_path / "2026/11/21/a.wav", 3)
    async with connected(database, "test") as connection:
        await note_found(connection, RecordingFolder(tmp_path, KOREA), ENDED + timedelta(days=days))
    assert (await _noted(database, tmp_path, 62))[0] == status


@pytest.mark.parametrize(("days", "seconds"), [(6, 5.0), (8, 3.0)])
async def test_a_message_that_waited_behind_a_talk_is_noted_when_it_comes_within_a_week(
    days: int, seconds: float, database: str, tmp_path: Path
) -> None:
    """What could be heard was longer than was noted of it."""
    contact, file = await _recording(database, "2026/11/21/a.wav"), tmp_path / "2026/11/21/a.wav"
    async with connected(database, "test") as connection:
        await connection.execute("UPDATE contact SET message_seconds = 2 WHERE id = %s", (contact,))
    _sound(file, 3)
    assert await _noted(database, tmp_path, 61) == ("ready", 3.0, 48_044)
    _sound(tmp_path / "later/a.wav", 5)
    (tmp_path / "later/a.wav").replace(file)
    async with connected(database, "test") as connection:
        await note_found(connection, RecordingFolder(tmp_path, KOREA), ENDED + timedelta(days=days))
    assert (await _noted(database, tmp_path, 62))[:2] == ("ready", seconds)


@pytest.mark.parametrize(("talk", "status"), [(0.015, "empty"), (5, "missing")])
async def test_nothing_is_missing_of_a_call_that_was_over_as_soon_as_it_was_answered(
    talk: float, status: str, database: str, tmp_path: Path
) -> None:
    """The exchange leaves a header, or not even that; after a talk such a file is a disk that was full."""
    await _recording(database, "a.wav", answered_at=ENDED - timedelta(seconds=talk))
    with wave.open(str(tmp_path / "a.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
    assert await _noted(database, tmp_path, 30) == ("writing", None, None)
    assert await _noted(database, tmp_path, 61) == (status, None, None)
    assert (tmp_path / "a.wav").exists() == (status == "missing")


async def test_an_empty_file_that_cannot_be_deleted_is_noted_all_the_same(database: str, tmp_path: Path) -> None:
    """The folder may be another user's, or read-only for now: what is noted of recordings must not end the centre."""
    await _recording(database, "a.wav", answered_at=ENDED)
    (tmp_path / "a.wav").mkdir()
    assert await _noted(database, tmp_path, 61) == ("empty", None, None)


async def test_a_call_just_before_midnight_is_found_under_its_own_day(database: str, tmp_path: Path) -> None:
    midnight = datetime(2026, 11, 20, 15, 0, 1, tzinfo=UTC)
    contact = await _recording(database, "2026/11/21/x.wav", started_at=midnight)
    _sound(tmp_path / f"2026/11/20/{contact}.wav", 1)
    assert (await _noted(database, tmp_path, 3))[0] == "ready"


async def test_a_call_while_the_exchanges_clock_shows_another_day_is_found(database: str, tmp_path: Path) -> None:
    """The machine's clock was set a day ahead: the exchange goes by it, the record by the centre's time."""
    contact = await _recording(database, "2026/11/21/x.wav")
    _sound(tmp_path / f"2026/11/22/{contact}.wav", 2)
    assert (await _noted(database, tmp_path, 30))[0] == "writing"
    assert await _noted(database, tmp_path, 61) == ("ready", 2.0, 32_044)


async def test_what_was_recorded_when_the_exchange_died_can_be_heard(database: str, tmp_path: Path) -> None:
    """It tells the length of the sound when it closes the file, and never did."""
    contact = await _recording(database, "2026/11/21/x.wav")
    path = tmp_path / f"2026/11/21/{contact}.wav"
    _sound(path, 2)
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + bytes(4) + whole[8:40] + bytes(4) + whole[44:])
    assert (await _noted(database, tmp_path, 30))[0] == "writing", "it may be open still"
    assert await _noted(database, tmp_path, 61) == ("ready", 2.0, 32_044)
    assert path.read_bytes() == whole
