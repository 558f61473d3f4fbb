"""Texts and uploads of the real table become files, by the engine and by the command."""

import asyncio
import io
from pathlib import Path

import numpy as np
import psycopg
import pytest
import soundfile

from haedap.channels.voice.prompts import EspeakVoice, PromptLibrary
from haedap.channels.voice.prompts.audio import RATE
from haedap.engine.prompts import UPLOADS, refresh_prompts
from haedap.store import StoreUnavailableError

COLUMNS = "upload, uploaded, file, problem"


@pytest.fixture
def library(tmp_path: Path) -> PromptLibrary:
    (tmp_path / "prompts" / UPLOADS).mkdir(parents=True)
    return PromptLibrary(tmp_path / "prompts", EspeakVoice(), tmp_path / "cache")


@pytest.fixture
def table(database: str) -> str:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO prompt (key, text) VALUES ('welcome', '안녕하십니까'), ('closed', '끝났습니다')"
        )
    return database


def change(url: str, assignment: str, *values: object) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"UPDATE prompt SET {assignment} WHERE key = 'welcome'", values)  # noqa: S608


def welcome(url: str) -> tuple[object, ...] | None:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(f"SELECT {COLUMNS} FROM prompt WHERE key = 'welcome'").fetchone()  # noqa: S608


def recording() -> bytes:
    target = io.BytesIO()
    soundfile.write(target, 0.4 * np.sin(np.arange(48_000)), 48_000, format="WAV")
    return target.getvalue()


def upload(url: str, library: PromptLibrary, data: bytes, name: str = "a.wav") -> Path:
    path = library.folder / UPLOADS / name
    path.write_bytes(data)
    change(url, "upload = %s", name)
    return path


def refresh(url: str, library: PromptLibrary) -> set[str]:
    return set(asyncio.run(refresh_prompts(url, library)).made)


def test_texts_are_spoken(table: str, library: PromptLibrary) -> None:
    assert refresh(table, library) == {"welcome", "closed"}
    assert refresh(table, library) == set()
    change(table, "text = '어서 오십시오'")
    assert refresh(table, library) == {"welcome"}


def test_an_upload_takes_the_place_and_can_be_taken_back(table: str, library: PromptLibrary) -> None:
    refresh(table, library)
    spoken = (library.folder / "welcome.wav").read_bytes()
    waiting = upload(table, library, recording())
    assert refresh(table, library) == set()
    assert welcome(table) == ("", True, "welcome.wav", "")
    assert soundfile.info(library.folder / "welcome.wav").samplerate == RATE
    assert (library.folder / "welcome.wav").read_bytes() != spoken
    assert not waiting.exists()
    change(table, "uploaded = false")
    assert refresh(table, library) == {"welcome"}
    assert welcome(table) == ("", False, "", "")
    assert (library.folder / "welcome.wav").read_bytes() == spoken


def test_a_bad_upload_is_refused_with_its_code(table: str, library: PromptLibrary) -> None:
    waiting = upload(table, library, b"<html>")
    assert refresh(table, library) == {"welcome", "closed"}
    assert welcome(table) == ("", False, "", "not_wav")
    assert not waiting.exists()


def test_an_upload_that_is_gone_is_refused(table: str, library: PromptLibrary) -> None:
    change(table, "upload = 'nothing.wav'")
    refresh(table, library)
    assert welcome(table) == ("", False, "", "gone")


def test_no_other_folder_is_read(table: str, library: PromptLibrary, tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(recording())
    change(table, "upload = '../../secret.wav'")
    refresh(table, library)
    assert welcome(table) == ("", False, "", "gone")
    assert secret.exists()


def test_a_database_that_is_away_is_told(library: PromptLibrary, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError):
        refresh(f"postgresql://haedap@/none?host={tmp_path}", library)
