"""Which system user runs what."""

from __future__ import annotations

import os

import pytest

from haedap.operations.users import useradd


def test_the_service_user_is_made_by_a_root_with_an_ordinary_user_s_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/local/bin:/usr/bin:/bin")
    assert os.access(useradd(), os.X_OK)
