"""The ports that a centre listens on, and whether somebody else has them."""

from __future__ import annotations

import errno
import re
import socket
from dataclasses import dataclass

from haedap.config import Settings
from haedap.operations import OperationsError

_LAST = 65_535


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
        try:
            probe = socket.socket(family, self.kind)
        except OSError:
            raise self._no_address() from None
        with probe:
            if self.kind is socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.number))
            except PermissionError:
                raise OperationsError(
                    f"{self.text} 포트를 열 권한이 없습니다. {self.setting}에 1024 이상을 지정하십시오."
                ) from None
            except (TypeError, UnicodeError):  # no name of any machine
                raise self._no_address() from None
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise self._no_address() from None
                return True
        return False

    def _no_address(self) -> OperationsError:
        setting = re.sub("(_UDP|_TCP|_TLS)?_PORT$", "_HOST", self.setting)
        return OperationsError(f"이 기계에 없는 주소입니다: {self.host}. {setting}를 확인하십시오.")


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
    """Raise OperationsError with the way out when a port is not free, or when two settings want the same one."""
    wanted: dict[tuple[str, int, socket.SocketKind], Port] = {}
    for port in ports_of(settings):
        other = wanted.setdefault((port.host, port.number, port.kind), port)
        if other is not port:
            raise OperationsError(
                f"{other.setting}와 {port.setting}가 같은 포트 {port.text}번입니다. 둘 가운데 하나를 바꾸십시오."
            )
        if port.taken():
            raise OperationsError(
                f"{port.text} 포트를 다른 프로그램이 쓰고 있습니다. 그 프로그램을 끝내거나 "
                f"{port.setting}={_another(port.number)} make run처럼 다른 번호를 지정하십시오."
            )


def _another(number: int) -> int:
    """A port to propose instead."""
    return number + 1000 if number + 1000 <= _LAST else number - 1000
