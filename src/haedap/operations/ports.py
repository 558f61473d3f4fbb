"""The ports that a centre listens on, and whether somebody else has them."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from haedap.config import Settings
from haedap.operations import OperationsError


@dataclass(frozen=True, slots=True)
class Port:
    """One listening address; `setting` is the environment variable that moves it."""

    setting: str
    host: str
    number: int
    kind: socket.SocketKind = socket.SOCK_STREAM

    @property
    def text(self) -> str:
        return f"{self.number}/{'UDP' if self.kind is socket.SOCK_DGRAM else 'TCP'}"

    def taken(self) -> bool:
        """Whether another program listens there; asked by trying to bind it."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, self.kind) as probe:
            if self.kind is socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.number))
            except PermissionError:
                raise OperationsError(
                    f"포트 {self.text}번을 열 권한이 없습니다. {self.setting}에 1024 이상을 지정하십시오."
                ) from None
            except OSError as error:
                if error.errno == _ADDRESS_NOT_HERE:
                    raise OperationsError(f"이 기계에 없는 주소입니다: {self.host}. 설정을 확인하십시오.") from None
                return True
        return False


_ADDRESS_NOT_HERE = 99


def ports_of(settings: Settings) -> tuple[Port, ...]:
    """Every port of the centre, in the order in which they matter to people."""
    fake_city = (Port("HAEDAP_FAKE_CITY_PORT", "127.0.0.1", settings.fake_city_port),)
    return (
        Port("HAEDAP_WEB_PORT", settings.web_host, settings.web_port),
        Port("HAEDAP_SIP_UDP_PORT", settings.sip_host, settings.sip_udp_port, socket.SOCK_DGRAM),
        Port("HAEDAP_SIP_TCP_PORT", settings.sip_host, settings.sip_tcp_port),
        Port("HAEDAP_SIP_TLS_PORT", settings.sip_host, settings.sip_tls_port),
        Port("HAEDAP_ASTERISK_HTTP_PORT", settings.asterisk_http_host, settings.asterisk_http_port),
        *(fake_city if settings.opens_fake_city else ()),
    )


def refuse_taken_ports(settings: Settings) -> None:
    """Raise OperationsError with the way out when a port is not free."""
    for port in ports_of(settings):
        if port.taken():
            raise OperationsError(
                f"포트 {port.text}번을 다른 프로그램이 쓰고 있습니다. 그 프로그램을 끝내거나 "
                f"{port.setting}={port.number + 1000} make run처럼 다른 번호를 지정하십시오."
            )
