"""Taken ports are named with the way out."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from haedap.config import Settings, load_settings
from haedap.operations import OperationsError
from haedap.operations.ports import Port, refuse_taken_ports
from haedap.operations.supervisor import refuse_small_disk
from haedap.operations.watch import disk
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
    (proposed,) = re.findall(rf"HAEDAP_{name}=(\d+)", str(refusal.value))
    assert 1024 <= int(proposed) <= 65535


def test_free_ports_are_taken_as_they_are(tmp_path: Path) -> None:
    refuse_taken_ports(_settings(tmp_path, free_port_settings()))


@pytest.mark.parametrize("host", ["192.0.2.1", "256.256.256.256", "::zz", "2001:db8::1", "가" * 70])
def test_an_address_that_this_machine_has_not_is_refused(host: str) -> None:
    with pytest.raises(OperationsError, match=f"{host}.*HAEDAP_SIP_HOST"):
        Port("HAEDAP_SIP_TLS_PORT", host, 5161).taken()


def test_two_settings_with_the_same_port_are_named(tmp_path: Path) -> None:
    ports = free_port_settings()
    with pytest.raises(OperationsError, match=r"HAEDAP_WEB_PORT.*HAEDAP_ASTERISK_HTTP_PORT"):
        refuse_taken_ports(_settings(tmp_path, {**ports, "HAEDAP_ASTERISK_HTTP_PORT": ports["HAEDAP_WEB_PORT"]}))


def test_a_full_disk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperationsError, match="비운 뒤 다시 시작"):
        refuse_small_disk(tmp_path, smallest=2**62)


def test_a_disk_that_cannot_be_asked_ends_no_watch(tmp_path: Path) -> None:
    assert disk(tmp_path / "gone", 1) is None


def _settings(state: Path, ports: dict[str, str]) -> Settings:
    return load_settings({"HAEDAP_STATE": str(state), **ports})
