"""Which system user runs what."""

from __future__ import annotations

import os
import pwd
import threading
from pathlib import Path

import pytest

from haedap.operations import users
from haedap.operations.users import SERVICE_USER, useradd
from tests.support.patience import PATIENCE

_USERADD = """#!/bin/sh
echo made >> {folder}/times
sleep 0.2
echo {number} > {folder}/new && mv {folder}/new {folder}/number
"""


def test_the_service_user_is_made_by_a_root_with_an_ordinary_user_s_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/local/bin:/usr/bin:/bin")
    assert os.access(useradd(), os.X_OK)


def test_who_start_in_one_moment_make_one_service_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """useradd itself lets each make one, with a number of its own; the folders of all but the last belong to nobody."""
    program, number = tmp_path / "useradd", 990
    program.write_text(_USERADD.format(folder=tmp_path, number=number))
    program.chmod(0o755)

    def known(name: str) -> pwd.struct_passwd:
        try:
            uid = int((tmp_path / "number").read_text())
        except FileNotFoundError as error:
            raise KeyError(name) from error
        return pwd.struct_passwd((name, "x", uid, uid, "", "/", "/bin/false"))

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", known)
    monkeypatch.setattr(users, "useradd", lambda: str(program))
    found: list[users.ServiceUser] = []
    starting = [threading.Thread(target=lambda: found.append(users.service_user())) for _ in range(3)]
    for each in starting:
        each.start()
    for each in starting:
        each.join(PATIENCE)
    assert found == [users.ServiceUser(SERVICE_USER, number, number)] * 3
    assert (tmp_path / "times").read_text().split() == ["made"]
