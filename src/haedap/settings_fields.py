"""How a single setting is read from text, and the sentence that refuses a wrong one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Network: TypeAlias = IPv4Network | IPv6Network

PREFIX = "HAEDAP_"
_PLACES = frozenset({"config", "checkout", "cache", "state"})
"""Settings that say where things are; haedap.paths reads them before any file can be read."""
_BETWEEN_PROCESSES = frozenset({"clock_ahead"})
"""What `haedap run` tells its own processes, and nobody sets."""
_LONGEST = 4096
_NEARLY = 0.8
"""How alike two names must be, of 1, that one is taken for the other misspelt."""
_SHORTEST_TOKEN = 24
_SECRETS = ("_key", "_password", "_token", "mail_url", "messenger_url", "text_message_url")
NOTICING = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "target_session_attrs": "read-write",
}
"""What makes libpq notice within seconds that another machine's PostgreSQL is gone without a word: keepalives while
nothing is asked, then the one while an answer is waited for. TCP alone would wait for a quarter of an hour. One that
can only be read, before or after a failover, is gone, too: an engine that took the lock there would hold it alone. Of
several servers it is passed over."""
_COMMANDING = frozenset(',;$"\\')
"""What divides, ends or replaces something in Asterisk's files and requests."""
_QUOTING = frozenset('"\\')
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_HOST_NAME = "[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})"
_HOST = re.compile(rf"{_HOST_NAME}|[0-9A-Fa-f:.]{{2,45}}")
_SIP_PEER = re.compile(rf"({_HOST_NAME}|\[[0-9A-Fa-f:.]{{2,45}}\])(:[1-9][0-9]{{0,4}})?")
_SITE = re.compile(rf"https?://{_SIP_PEER.pattern}/?", re.IGNORECASE)
_SIP_WAY = re.compile(rf"{_SIP_PEER.pattern}(;transport=(udp|tcp|tls))?")
_SIP_REGISTRAR = re.compile(rf"sips?:{_SIP_WAY.pattern}")


class ConfigError(Exception):
    """A setting is wrong; the message is one Korean sentence that says which and what to do."""


class Source:
    """Values by name: the environment first, the file second, the default last."""

    def __init__(self, environ: Mapping[str, str], file: Mapping[str, object]) -> None:
        self._environ = environ
        self._file = file
        self._known: set[str] = set(_PLACES)

    def text(self, name: str, default: str) -> str:
        self._known.add(name)
        variable = PREFIX + name.upper()
        found = self._environ.get(variable, "").strip()
        if not found and name in self._file:
            raw = self._file[name]
            if isinstance(raw, bool) or not isinstance(raw, str | int):
                raise self.wrong(name, raw, "글자나 수여야 합니다")
            found = str(raw).strip()
        if len(found) > _LONGEST or not found.isprintable():
            raise self.wrong(name, found, "너무 길거나 읽을 수 없는 글자가 있습니다")
        return found or default

    def texts(self, name: str, default: Sequence[str]) -> tuple[str, ...]:
        """A list: commas in the environment, an array or commas in the file."""
        raw = self._file.get(name)
        if isinstance(raw, list) and not self._environ.get(PREFIX + name.upper(), "").strip():
            self._known.add(name)
            if not all(isinstance(part, str) for part in raw):
                raise self.wrong(name, raw, "글자의 목록이어야 합니다")
            return tuple(str(part) for part in raw)
        return tuple(part.strip() for part in self.text(name, ",".join(default)).split(",") if part.strip())

    def choice(self, name: str, default: str, allowed: Sequence[str]) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise self.wrong(name, value, f"{', '.join(allowed)} 가운데 하나여야 합니다")
        return value

    def port(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
            raise self.wrong(name, value, "1에서 65535 사이의 포트 번호여야 합니다")
        return int(value)

    def number(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
            raise self.wrong(name, value, f"{least}에서 {most} 사이의 수여야 합니다")
        return int(value)

    def port_range(self, names: tuple[str, str], default: tuple[int, int]) -> tuple[int, int]:
        first, last = self.port(names[0], default[0]), self.port(names[1], default[1])
        if last - first < 3:
            raise self.wrong(names[1], last, f"{names[0]}({first})보다 적어도 3 커야 합니다")
        return first, last

    def path(self, name: str, default: Path) -> Path:
        value = Path(self.text(name, str(default)))
        with suppress(RuntimeError):  # `~name` of nobody is no absolute path
            value = value.expanduser()
        if not value.is_absolute():
            raise self.wrong(name, value, "절대 경로여야 합니다")
        return value

    def networks(self, name: str, default: Sequence[str]) -> tuple[Network, ...]:
        values = self.texts(name, default)
        try:
            return tuple(ip_network(value) for value in values)
        except ValueError:
            raise self.wrong(name, ",".join(values), "127.0.0.2/32 같은 주소 대역의 목록이어야 합니다") from None

    def telephone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        digits = value.removeprefix("+")
        e164 = value.startswith("+") and digits.isascii() and digits.isdigit() and 5 <= len(digits) <= 15
        if not e164 or (value != default and not _has_country(value)):
            raise self.wrong(name, value, "+82212345678 같은 국제 표기(E.164) 전화번호여야 합니다")
        return value

    def time_zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise self.wrong(name, value, "Asia/Seoul 같은 시간대 이름이어야 합니다") from None
        return value

    def refuse_unknown(self) -> None:
        """A misspelt name would otherwise be a setting that silently does nothing."""
        unknown = sorted(set(self._file) - self._known)
        if unknown:
            raise ConfigError(f"설정 파일에 모르는 항목이 있습니다: {unknown[0]}. 이름을 고치거나 지우십시오.")
        known = self._known | _BETWEEN_PROCESSES
        for variable in sorted(name for name in self._environ if name.startswith(PREFIX)):
            name = variable.removeprefix(PREFIX).lower()
            # Another program's variable may begin as ours do; one that is nearly ours was meant for us.
            meant = get_close_matches(name, known, 1, _NEARLY) if name not in known else []
            if meant:
                rule = f"{PREFIX}{meant[0].upper()}를 뜻했으면 고치고 아니면 지우십시오."
                raise ConfigError(f"모르는 설정이 환경 변수에 있습니다: {variable}. {rule}")

    def wrong(self, name: str, value: object, rule: str) -> ConfigError:
        shown = "(숨김)" if name.endswith(_SECRETS) else repr(str(value)[:80])
        return ConfigError(
            f"설정 {name}에 쓸 수 없는 값이 있습니다: {shown}. {rule} (환경 변수 {PREFIX}{name.upper()})."
        )


def refuse_commanding(source: Source, name: str, path: Path) -> None:
    """Raise ConfigError when the path would be more than a path where Asterisk reads it: it would record elsewhere, and
    play nothing."""
    if not _COMMANDING.isdisjoint(str(path)):
        raise source.wrong(name, path, f"{' '.join(sorted(_COMMANDING))} 같은 글자가 없는 경로여야 합니다")


def sound_folder(source: Source, name: str, default: Path) -> Path:
    """A folder out of which Asterisk plays, or into which it records."""
    path = source.path(name, default)
    refuse_commanding(source, name, path)
    return path


def address(source: Source, name: str, schemes: Sequence[str]) -> str:
    """A checked URL of one of the schemes, or empty; the refusal never repeats it, for it may hold a password."""
    value = source.text(name, "")
    try:
        parts = urlsplit(value)
        usable = not value or (parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0)
    except ValueError:
        usable = False
    if not usable:
        raise source.wrong(name, value, f"{schemes[0]}://host:port 같은 주소여야 합니다")
    return value


def site(source: Source, name: str) -> str:
    """The address of a whole site as browsers name it, without a closing slash, or empty: pages need its root."""
    value = address(source, name, ("https", "http"))
    if value and not _SITE.fullmatch(value):
        raise source.wrong(
            name,
            value,
            "https://host 또는 https://host:port여야 합니다. 경로는 붙일 수 없고, 한글 이름은 xn--로 적습니다",
        )
    return value.rstrip("/").lower()


def token(source: Source, name: str) -> str:
    """What another system says to be let in, or empty; too short a one could be guessed."""
    value = source.text(name, "")
    if value and len(value) < _SHORTEST_TOKEN:
        raise source.wrong(name, value, f"{_SHORTEST_TOKEN}자 이상이어야 합니다")
    return value


def database_url(value: str) -> str:
    """A checked address of an external PostgreSQL, with what it leaves open of `NOTICING`.

    The refusal never repeats it, for it holds a password.
    """
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    known: dict[str, object] = {}
    try:
        known = dict(conninfo_to_dict(value))
        ports = f"{known.get('port', '')}".split(",")  # of several hosts, each has its own
        usable = value.startswith(("postgresql://", "postgres://")) and bool(known.get("dbname"))
        usable = usable and all(port == "" or _PORT.fullmatch(port) for port in ports)
        # A password's own @, / and # would be read as the host or the database.
        usable = usable and not re.search("[@/#]", f"{known.get('dbname')}") and "@" not in f"{known.get('host')}"
    except (ValueError, psycopg.Error):
        usable = False
    if not usable:
        raise ConfigError(
            "DATABASE_URL이 잘못되었습니다: postgresql://사용자:비밀번호@주소:5432/데이터베이스 꼴이어야 하고, "
            "비밀번호의 %, @, /, # 같은 글자는 %25, %40, %2F, %23처럼 적어야 합니다."
        )
    more = urlencode({name: least for name, least in NOTICING.items() if name not in known})
    return f"{value}{'&' if '?' in value else '?'}{more}" if more else value


def sip_peer(source: Source, name: str) -> str:
    """Where SIP requests go, `host` or `host:port`, and by what; empty: nowhere. It becomes part of an address, so
    nothing else."""
    value = source.text(name, "")
    if value and not _SIP_WAY.fullmatch(value):
        rule = "192.0.2.10, sip.example.net:5060 또는 sip.example.net:5061;transport=tls 같은 주소여야 합니다"
        raise source.wrong(name, value, rule)
    return value


def sip_registrar(source: Source, name: str) -> str:
    """Where the centre registers, an address of SIP; empty: nowhere."""
    value = source.text(name, "")
    if value and not _SIP_REGISTRAR.fullmatch(value):
        raise source.wrong(name, value, "sip:sip.example.net 또는 sip:192.0.2.10:5060 같은 주소여야 합니다")
    return value


def sip_host(source: Source, name: str) -> str:
    """An address, or a name of one, that the centre gives as its own; empty: none. Asterisk would go on without."""
    value = source.text(name, "")
    if value and not _HOST.fullmatch(value):
        raise source.wrong(name, value, "203.0.113.5 또는 sip.city.example 같은 주소여야 합니다")
    return value


def realm(source: Source, name: str, default: str) -> str:
    """A part of each digest. It is sent between quotes: with one in it no telephone could ever answer."""
    value = source.text(name, default)
    if not _QUOTING.isdisjoint(value):
        raise source.wrong(name, value, '따옴표(")와 역사선(\\)이 없어야 합니다')
    return value


def is_by_tls(where: str) -> bool:
    """Whether requests to this peer or registrar go by TLS."""
    return where.startswith("sips:") or where.endswith(";transport=tls")


def url_host(host: str) -> str:
    """The host as browsers name it: a wildcard address is reached on this machine itself."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - recognised here, not bound
        return "127.0.0.1"
    return bracketed(host)


def bracketed(host: str) -> str:
    """The host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _has_country(number: str) -> bool:
    """Whether an E.164 number begins with the code of a country; without one it cannot be shown as it is dialled."""
    import phonenumbers

    try:
        phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return True


def dialled(number: str) -> str:
    """An E.164 number as it is dialled inside Korea: `+82200000120` becomes `02-0000-0120`."""
    import phonenumbers

    parsed = phonenumbers.parse(number, "KR")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
