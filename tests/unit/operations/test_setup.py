"""The set-up's steps: what is missing is named with the way to mend it; what is there costs nothing."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event

import pytest

from setup import steps
from setup.commands import SetupError, run
from setup.screen import Screen
from setup.steps import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "checkout", tmp_path / "cache", tests=False)


def test_a_failing_command_is_told_by_its_errors() -> None:
    said: list[str] = []
    with pytest.raises(SetupError, match="ERROR: no such package"):
        run(("sh", "-c", "echo looking; echo 'ERROR: no such package'; echo bye; exit 3"), said.append)
    assert said == ["looking", "ERROR: no such package", "bye"]


def test_a_silent_failure_is_told_by_its_code() -> None:
    with pytest.raises(SetupError, match="종료 코드 7"):
        run(("sh", "-c", "exit 7"), lambda _text: None)


def test_missing_packages_without_the_right_to_install_are_named(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError, match=r"sudo도 없습니다.*espeak-ng.*sox"):
        steps.system_packages(machine, lambda _text: None)


def test_another_system_is_told_what_to_install(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(SetupError, match=r"apt-get이 없습니다.*sip-tester"):
        steps.system_packages(machine, lambda _text: None)


def test_a_checkout_without_a_front_end_needs_no_node(machine: Machine) -> None:
    steps.frontend(machine, pytest.fail, Event())


def test_an_asterisk_that_is_there_is_not_fetched(machine: Machine) -> None:
    (machine.cache / "asterisk").mkdir(parents=True)
    (machine.cache / "asterisk/asterisk").touch()
    steps.asterisk(machine, pytest.fail)


def test_the_cache_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HAEDAP_CACHE", str(tmp_path / "elsewhere"))
    assert steps.here(tests=False).cache == tmp_path / "elsewhere"


def test_what_has_nothing_to_do_is_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen(tmp_path / "var/log/setup.log")
    for name in ("silent", "busy", "broken"):
        screen.start(name)
    screen.say("busy", "downloading")
    screen.finish("silent")
    screen.finish("busy")
    screen.finish("broken", failed="no room")
    screen.close()
    shown = capsys.readouterr().out
    assert "silent" not in shown
    assert "✓ busy" in shown
    assert "✗ broken: no room" in shown
    assert (tmp_path / "var/log/setup.log").read_text() == "busy: downloading\n"
