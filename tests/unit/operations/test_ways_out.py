"""`haedap doctor` says where the centre can call, and what to do when it can call nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from haedap.config import load_settings
from haedap.operations.checks import ways_out
from haedap.operations.doctor import show


@pytest.mark.parametrize(
    ("values", "found", "ok"),
    [
        ({"ENVIRONMENT": "production"}, "없음", False),
        ({"ENVIRONMENT": "production", "EXCHANGE_HOST": "192.0.2.20"}, "내선 192.0.2.20", False),
        ({"ENVIRONMENT": "production", "TRUNK_HOST": "192.0.2.10"}, "국선 192.0.2.10 암호화하지 않은 소리", True),
        ({"TRUNK_HOST": "192.0.2.10;transport=tls"}, "국선 192.0.2.10;transport=tls 소리 암호화를 내놓음", True),
        ({"TRUNK_HOST": "192.0.2.10;transport=tls", "TRUNK_ENCRYPTION": "no"}, "암호화하지 않은 소리", True),
        ({"ENVIRONMENT": "demo"}, "시민 전화", True),
    ],
)
def test_ways_out_are_told(tmp_path: Path, values: dict[str, str], found: str, ok: bool) -> None:
    environ = {"HAEDAP_STATE": str(tmp_path), "HAEDAP_CACHE": str(tmp_path)}
    finding = ways_out(load_settings(environ | {f"HAEDAP_{name}": value for name, value in values.items()}))
    assert found in finding.found
    assert finding.ok is ok
    assert ok or "HAEDAP_TRUNK_HOST" in finding.mend


def test_an_address_of_ipv6_is_shown_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show([ways_out(load_settings({"HAEDAP_STATE": str(tmp_path), "HAEDAP_TRUNK_HOST": "[fd00::1]:5060"}))])
    assert "국선 [fd00::1]:5060" in capsys.readouterr().out
