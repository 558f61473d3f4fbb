"""Taken ports are named with the way out."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from haedap.config import Settings, load_settings
from haedap.operations import OperationsError
from haedap.operations.ports import Port, refuse_taken_ports
from haedap.operations.supervisor import refuse_small_disk
from tests.support.centre import free_port_settings


@pytest.mark.parametrize(
    ("kind", "name"),
    [(socket.SOCK_STREAM, "WEB_PORT"), (socket.SOCK_DGRAM, "SIP_UDP_PORT"), (socket.SOCK_STREAM, "SIP_TLS_PORT")],
)
def test_a_taken_port_is_refused(tmp_path: Path, kind: socket.SocketKind, name: str) -> None:
    free = free_port_settings()
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            other.listen()
        taken = str(other.getsockname()[1])
        with pytest.raises(OperationsError) as refusal:
            refuse_taken_ports(_settings(tmp_path, {**free, f"HAEDAP_{name}": taken}))
    assert f"{taken}/" in str(refusal.value)
    assert f"HAEDAP_{name}" in str(refusal.value)


def test_free_ports_are_taken_as_they_are(tmp_path: Path) -> None:
    refuse_taken_ports(_settings(tmp_path, free_port_settings()))


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(OperationsError, match=r"192\.0\.2\.1"):
        Port("HAEDAP_WEB_PORT", "192.0.2.1", 8000).taken()


def test_a_full_disk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperationsError, match="비운 뒤 다시 시작"):
        refuse_small_disk(tmp_path, smallest=2**62)


def _settings(state: Path, ports: dict[str, str]) -> Settings:
    return load_settings({"HAEDAP_STATE": str(state), **ports})
