"""The settings of one centre: read once, from the environment and an optional TOML file.

An environment variable `HAEDAP_<NAME>` wins over the key `<name>` of the file, which wins over the default. The
file is `HAEDAP_CONFIG`, or `haedap.toml` in the state folder. `DATABASE_URL` names an external PostgreSQL.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from haedap import settings_fields as fields
from haedap.paths import (
    HaedapFolders,
    default_folders,
    holds_sockets,
    socket_folder,
)
from haedap.settings_fields import ConfigError, Network

__all__ = ["ConfigError", "Encryption", "Environment", "Settings", "Speech", "get_settings", "load_settings"]


class Environment(StrEnum):
    """What the centre is for: `DEMO` has invented people and a browser telephone, `PRODUCTION` has neither."""

    DEMO = "demo"
    PRODUCTION = "production"


class Speech(StrEnum):
    """What turns the calls into text: nothing, an endpoint of OpenAI's transcription form, faster-whisper here."""

    NONE = "none"
    ENDPOINT = "endpoint"
    WHISPER = "whisper"


class Encryption(StrEnum):
    """Whether sound is encrypted (SRTP, its keys told in the signalling): never, with whoever can, always."""

    NO = "no"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that is decided outside the database. Paths are absolute; ports are numbers 1 to 65535."""

    environment: Environment
    checkout: Path
    cache: Path
    """What is big and can be fetched again: PostgreSQL, Asterisk, packages. Shared by all checkouts of this user."""
    state: Path
    """What is this centre's own: database, recordings, logs, secrets."""
    runtime: Path
    """Short folder for unix sockets, process ids and the lock."""
    database_url: str = field(repr=False)
    database_embedded: bool
    secret_key: str = field(repr=False)
    web_host: str
    web_port: int
    web_url: str
    """The address under which browsers reach the centre, without a closing slash."""
    web_allowed_hosts: tuple[str, ...]
    """Names and addresses by which browsers may call it, as an address of the web has them: IPv6 in brackets."""
    sip_host: str
    sip_udp_port: int
    sip_tcp_port: int
    sip_tls_port: int
    trunk_allowed: tuple[Network, ...]
    """Addresses whose SIP is taken as the trunk's; everybody else is a stranger."""
    trunk_registrar: str
    """`sip:sip.example.net` when the provider wants a registration, else empty."""
    trunk_user: str
    trunk_password: str = field(repr=False)
    trunk_host: str
    """Where outgoing calls go, `host:port` and maybe `;transport=tls`; empty: the centre can call nobody outside."""
    trunk_encryption: Encryption
    exchange_host: str
    """The city's own exchange, where extensions of 2 to 8 digits are called; empty: there are none."""
    telephones_allowed: tuple[Network, ...]
    """Addresses from which agents' telephones may register."""
    telephones_encryption: Encryption
    """Of desk telephones; what browsers say and hear is always encrypted."""
    sip_realm: str
    """Part of each telephone's HA1: after a change all telephones need new credentials."""
    sip_external_address: str
    """The address that the provider sees when the centre is behind NAT, else empty."""
    sip_tls_certificate: str
    """Path of a PEM file with certificate and key; empty: a self-made one in the state folder."""
    recording: bool
    rtp_timeout: int
    """Seconds without sound from a citizen after which the line counts as lost."""
    telephone_rtp_timeout: int
    """The same for an agent's telephone."""
    max_calls: int
    """Calls at the same time, both legs of a conversation counted; more are refused."""
    main_number: str
    """E.164; used until the database has the centre's own numbers."""
    asterisk_prefix: Path
    """Holds the launcher `asterisk` and the file tree `root/usr/...`."""
    asterisk_http_host: str
    asterisk_http_port: int
    """One port for ARI, AMI over HTTP, the browsers' SIP WebSocket and the metrics."""
    ari_user: str
    ari_password: str = field(repr=False)
    ami_user: str
    ami_password: str = field(repr=False)
    rtp_start: int
    rtp_end: int
    recordings: Path
    prompts: Path
    offices_api_url: str
    """An open API of the data.go.kr kind that lists the city's people; empty: there is none."""
    offices_api_key: str = field(repr=False)
    offices_api_fields: tuple[str, ...]
    """`column=theirs`, for names of fields that are not known by themselves."""
    offices_ldap_url: str
    """`ldaps://host` of the city's directory; empty: there is none."""
    offices_ldap_base: str
    offices_ldap_user: str
    offices_ldap_password: str = field(repr=False)
    offices_ldap_filter: str
    offices_ldap_fields: tuple[str, ...]
    mail_url: str = field(repr=False)
    """`smtp://user:password@host:port` (`smtps`, `smtp+starttls`); empty: no mail is sent."""
    mail_from: str
    messenger_url: str = field(repr=False)
    """The gateway of the city's messenger, see docs/reference/messenger.md; empty: nothing is sent to it."""
    text_message_url: str = field(repr=False)
    """The gateway that sends text messages to citizens, see docs/reference/messenger.md; empty: none are sent."""
    message_token: str = field(repr=False)
    """What a gateway for citizens' text messages says to be let in; empty: none is."""
    abuse_flag_days: int
    """How long the number of a caller whose talk was ended for abuse stays flagged."""
    log_level: str
    time_zone: str
    standby: bool
    """Whether `haedap run` keeps a second engine ready to take over."""
    language: bool
    """Whether `haedap run` keeps the language process; without it the search only compares letters."""
    embeddings: bool
    """Whether the search compares meanings, too: some 230 MB and 10 ms a question."""
    speech: Speech
    speech_url: str
    """The endpoint's address before `/v1/…`."""
    speech_key: str = field(repr=False)
    speech_model: str
    speech_whisper_model: Path
    """The folder of a model for faster-whisper."""
    transcript_days: int
    """How long transcripts are kept."""
    summary_url: str
    """An endpoint of OpenAI's chat form, before `/v1/…`; empty: nothing is summarized."""
    summary_key: str = field(repr=False)
    summary_model: str
    stall_seconds: int
    """How long an engine may be silent before it counts as hung and is ended."""
    fake_city: bool
    """Whether a demo centre opens the systems of the invented city; production never does."""
    fake_city_port: int
    disk_warning_mb: int
    """Free space, in megabytes, below which the wallboard warns."""

    @property
    def demo(self) -> bool:
        return self.environment is Environment.DEMO

    @property
    def opens_fake_city(self) -> bool:
        return self.demo and self.fake_city

    @property
    def logs(self) -> Path:
        return self.state / "log"

    @property
    def ari_url(self) -> str:
        return f"http://{fields.url_host(self.asterisk_http_host)}:{self.asterisk_http_port}"

    @property
    def sip_server(self) -> str:
        """`host:port` where a desk telephone registers: at the name of the pages when the centre listens everywhere."""
        everywhere = self.sip_host in {"0.0.0.0", "::"}  # noqa: S104 - asked, not bound
        host = (urlsplit(self.web_url).hostname or "") if everywhere else self.sip_host
        return f"{fields.url_host(host)}:{self.sip_udp_port}"

    @property
    def main_number_dialled(self) -> str:
        """The main number as a citizen dials it, for example `02-0000-0120`."""
        return fields.dialled(self.main_number)


_PRIVATE_NETWORKS = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")


@cache
def get_settings() -> Settings:
    """The settings of this process.

    Raises ConfigError with one Korean sentence when a value is wrong.
    """
    return load_settings(os.environ)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from `environ` and the file it names; generates the secrets when the state folder has none yet."""
    folders = default_folders(environ)
    source = fields.Source(environ, _read_file(environ, folders.state))
    fields.refuse_commanding(source, "state", folders.state)
    kept = _kept_secrets(folders)
    runtime = source.path("runtime", socket_folder(folders.state))
    if not holds_sockets(runtime):
        raise source.wrong("runtime", runtime, "80바이트를 넘지 않고 빈칸이나 쉼표 같은 글자가 없는 경로여야 합니다")
    external = environ.get("DATABASE_URL", "").strip()
    host = source.text("web_host", "127.0.0.1")
    port = source.port("web_port", 8000)
    rtp_start, rtp_end = source.port_range(("rtp_start", "rtp_end"), (20000, 29998))
    settings = Settings(
        environment=Environment(source.choice("environment", "demo", tuple(Environment))),
        checkout=folders.checkout,
        cache=folders.cache,
        state=folders.state,
        runtime=runtime,
        database_url=fields.database_url(external) if external else f"postgresql://haedap@/haedap?host={runtime}",
        database_embedded=not external,
        secret_key=source.text("secret_key", kept["secret_key"]),
        web_host=host,
        web_port=port,
        web_url=fields.site(source, "web_url") or f"http://{fields.url_host(host)}:{port}",
        web_allowed_hosts=tuple(
            map(fields.bracketed, source.texts("web_allowed_hosts", (host, "localhost", "127.0.0.1")))
        ),
        sip_host=source.text("sip_host", "127.0.0.1"),
        sip_udp_port=source.port("sip_udp_port", 5160),
        sip_tcp_port=source.port("sip_tcp_port", 5160),
        sip_tls_port=source.port("sip_tls_port", 5161),
        trunk_allowed=source.networks("trunk_allowed", ("127.0.0.2/32",)),
        trunk_registrar=fields.sip_registrar(source, "trunk_registrar"),
        trunk_user=source.text("trunk_user", ""),
        trunk_password=source.text("trunk_password", ""),
        trunk_host=fields.sip_peer(source, "trunk_host"),
        trunk_encryption=Encryption(source.choice("trunk_encryption", "optional", tuple(Encryption))),
        exchange_host=fields.sip_peer(source, "exchange_host"),
        telephones_allowed=source.networks("telephones_allowed", _PRIVATE_NETWORKS),
        telephones_encryption=Encryption(source.choice("telephones_encryption", "no", tuple(Encryption))),
        sip_realm=fields.realm(source, "sip_realm", "haedap"),
        sip_external_address=fields.sip_host(source, "sip_external_address"),
        sip_tls_certificate=source.text("sip_tls_certificate", ""),
        recording=source.choice("recording", "yes", ("yes", "no")) == "yes",
        rtp_timeout=source.number("rtp_timeout", 30, 1, 3600),
        telephone_rtp_timeout=source.number("telephone_rtp_timeout", 10, 1, 3600),
        max_calls=source.number("max_calls", 1000, 1, 100_000),
        main_number=source.telephone("main_number", "+82200000120"),
        asterisk_prefix=source.path("asterisk_prefix", folders.cache / "asterisk"),
        asterisk_http_host=source.text("asterisk_http_host", "127.0.0.1"),
        asterisk_http_port=source.port("asterisk_http_port", 8088),
        ari_user=source.text("ari_user", "haedap"),
        ari_password=source.text("ari_password", kept["ari_password"]),
        ami_user=source.text("ami_user", "haedap"),
        ami_password=source.text("ami_password", kept["ami_password"]),
        rtp_start=rtp_start,
        rtp_end=rtp_end,
        recordings=fields.sound_folder(source, "recordings", folders.state / "recordings"),
        prompts=fields.sound_folder(source, "prompts", folders.state / "prompts"),
        offices_api_url=fields.address(source, "offices_api_url", ("https", "http")),
        offices_api_key=source.text("offices_api_key", ""),
        offices_api_fields=source.texts("offices_api_fields", ()),
        offices_ldap_url=fields.address(source, "offices_ldap_url", ("ldaps", "ldap")),
        offices_ldap_base=source.text("offices_ldap_base", ""),
        offices_ldap_user=source.text("offices_ldap_user", ""),
        offices_ldap_password=source.text("offices_ldap_password", ""),
        offices_ldap_filter=source.text("offices_ldap_filter", "(objectClass=inetOrgPerson)"),
        offices_ldap_fields=source.texts("offices_ldap_fields", ()),
        mail_url=fields.address(source, "mail_url", ("smtp", "smtps", "smtp+starttls")),
        mail_from=source.text("mail_from", "haedap@localhost"),
        messenger_url=fields.address(source, "messenger_url", ("http", "https")),
        text_message_url=fields.address(source, "text_message_url", ("http", "https")),
        message_token=fields.token(source, "message_token"),
        abuse_flag_days=source.number("abuse_flag_days", 7, 1, 365),
        log_level=source.choice("log_level", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        time_zone=source.time_zone("time_zone", "Asia/Seoul"),
        standby=source.choice("standby", "yes", ("yes", "no")) == "yes",
        language=source.choice("language", "yes", ("yes", "no")) == "yes",
        embeddings=source.choice("embeddings", "yes", ("yes", "no")) == "yes",
        speech=Speech(source.choice("speech", "none", tuple(Speech))),
        speech_url=fields.address(source, "speech_url", ("https", "http")),
        speech_key=source.text("speech_key", ""),
        speech_model=source.text("speech_model", "whisper-1"),
        speech_whisper_model=source.path("speech_whisper_model", folders.state / "models" / "whisper"),
        transcript_days=source.number("transcript_days", 30, 1, 3650),
        summary_url=fields.address(source, "summary_url", ("https", "http")),
        summary_key=source.text("summary_key", ""),
        summary_model=source.text("summary_model", "gpt-4o-mini"),
        stall_seconds=source.number("stall_seconds", 5, 2, 300),
        fake_city=source.choice("fake_city", "yes", ("yes", "no")) == "yes",
        fake_city_port=source.port("fake_city_port", 8090),
        disk_warning_mb=source.number("disk_warning_mb", 2000, 1, 10_000_000),
    )
    source.refuse_unknown()
    if settings.speech is Speech.ENDPOINT and not settings.speech_url:
        raise source.wrong("speech_url", "", "speech가 endpoint이면 https://host:port 같은 주소여야 합니다")
    if settings.trunk_registrar and not settings.trunk_user:
        raise source.wrong("trunk_user", "", "trunk_registrar를 적으면 통신사가 준 사용자 이름이 있어야 합니다")
    _refuse_keys_in_the_clear(source, settings)
    return settings


def _refuse_keys_in_the_clear(source: fields.Source, settings: Settings) -> None:
    """The keys of encrypted sound stand in the signalling: whoever reads that could hear the calls all the same."""
    if settings.trunk_encryption is not Encryption.REQUIRED:
        return
    for name, where in (("trunk_host", settings.trunk_host), ("trunk_registrar", settings.trunk_registrar)):
        if where and not fields.is_by_tls(where):
            rule = "소리의 열쇠가 신호에 실리므로, trunk_encryption이 required이면 ;transport=tls로 끝나야 합니다"
            raise source.wrong(name, where, rule)


def _read_file(environ: Mapping[str, str], state: Path) -> dict[str, object]:
    named = environ.get("HAEDAP_CONFIG", "").strip()
    path = Path(named) if named else state / "haedap.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Windows' editors put a mark before the text
    except FileNotFoundError:
        if named:
            raise ConfigError(f"설정 파일이 없습니다: {path}. HAEDAP_CONFIG의 경로를 확인하십시오.") from None
        return {}
    except OSError as error:
        raise ConfigError(f"설정 파일을 읽을 수 없습니다: {path}. 파일인지, 권한이 있는지 확인하십시오.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"설정 파일이 UTF-8이 아닙니다: {path}. 편집기에서 UTF-8로 저장하십시오.") from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        where = f"{found[1]}번째 줄 {found[2]}번째 글자" if found else "파일 끝"
        raise ConfigError(f"설정 파일이 올바른 TOML이 아닙니다: {path}의 {where}. 그 자리를 고치십시오.") from error


_SECRETS = ("secret_key", "ari_password", "ami_password")


def _kept_secrets(folders: HaedapFolders) -> dict[str, str]:
    """The generated secrets of this centre, made on first use and readable by its own user only."""
    path = folders.state / "secrets.toml"
    try:
        if not path.exists():
            _write_secrets(path)
        kept = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"비밀값 파일을 읽거나 쓸 수 없습니다: {path}. "
            "폴더의 권한과 디스크를 확인하거나 HAEDAP_STATE로 쓸 수 있는 폴더를 지정하십시오."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"비밀값 파일이 손상되었습니다: {path}. 지우면 새로 만들어집니다.") from error
    missing = [name for name in _SECRETS if not isinstance(kept.get(name), str)]
    if missing:
        raise ConfigError(f"비밀값 파일 {path}에 {missing[0]} 값이 없습니다. 파일을 지우면 새로 만들어집니다.")
    return {name: str(kept[name]) for name in _SECRETS}


def _write_secrets(path: Path) -> None:
    """Link a finished private file into place, so that of two first starts one wins and nobody reads half a file."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    draft = path.with_name(f".secrets-{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f'{name} = "{secrets.token_urlsafe(40)}"\n' for name in _SECRETS)
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        owner = path.parent.stat()
        if os.geteuid() == 0:
            os.chown(path, owner.st_uid, owner.st_gid)
    finally:
        draft.unlink(missing_ok=True)
