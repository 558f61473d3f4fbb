"""Taken ports are named with the way out."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from haedap.config import Settings, load_settings
from haedap.operations import OperationsError
from haedap.operations.ports import Port, refuse_taken_ports
from haedap.operations.supervisor import refuse_small_disk


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"HAEDAP_STATE": str(tmp_path)})


@pytest.mark.parametrize(
    ("kind", "field", "variable"),
    [
        (socket.SOCK_STREAM, "web_port", "HAEDAP_WEB_PORT"),
        (socket.SOCK_DGRAM, "sip_udp_port", "HAEDAP_SIP_UDP_PORT"),
        (socket.SOCK_STREAM, "sip_tls_port", "HAEDAP_SIP_TLS_PORT"),
    ],
)
def test_a_taken_port_is_refused(settings: Settings, kind: socket.SocketKind, field: str, variable: str) -> None:
    fields = ("web_port", "sip_udp_port", "sip_tcp_port", "sip_tls_port", "asterisk_http_port")
    free = dict(zip(fields, _free_ports(len(fields)), strict=True))
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(OperationsError) as refusal:
            refuse_taken_ports(replace(settings, **{**free, field: taken}))  # type: ignore[arg-type]
    assert f"{taken}/" in str(refusal.value)
    assert variable in str(refusal.value)
    refuse_taken_ports(replace(settings, **free))


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(OperationsError, match=r"192\.0\.2\.1"):
        Port("HAEDAP_WEB_PORT", "192.0.2.1", 8000).taken()


def test_a_full_disk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperationsError, match="비운 뒤 다시 시작"):
        refuse_small_disk(tmp_path, smallest=2**62)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    numbers = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return numbers
