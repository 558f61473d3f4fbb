"""What `haedap doctor` says of the Asterisk that a centre would start."""

from __future__ import annotations

from pathlib import Path

import pytest

from haedap.config import Settings, load_settings
from haedap.operations.checks import asterisk


def an_asterisk(folder: Path) -> Path:
    folder.mkdir(parents=True)
    program = folder / "asterisk"
    program.write_text("#!/bin/sh\necho Asterisk 22.8.0\n")
    program.chmod(0o755)
    return program


def settings_of(folder: Path) -> Settings:
    return load_settings({"HAEDAP_STATE": str(folder / "state"), "HAEDAP_ASTERISK_PREFIX": str(folder / "prefix")})


def test_the_one_in_the_prefix(tmp_path: Path) -> None:
    an_asterisk(tmp_path / "prefix")
    assert (asterisk(settings_of(tmp_path)).found, asterisk(settings_of(tmp_path)).ok) == ("Asterisk 22.8.0", True)


def test_the_systems_own_is_the_one_that_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{an_asterisk(tmp_path / 'bin').parent}:/bin")
    assert (asterisk(settings_of(tmp_path)).found, asterisk(settings_of(tmp_path)).ok) == ("Asterisk 22.8.0", True)


def test_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert "make setup" in asterisk(settings_of(tmp_path)).mend
