"""Settings: defaults, order of sources, and the sentence for each wrong value."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.http.request import validate_host
from psycopg.conninfo import conninfo_to_dict

from haedap.config import ConfigError, Encryption, Environment, Settings, load_settings
from haedap.operations.info import without_password
from haedap.operations.services import child_environment


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HAEDAP_STATE": str(tmp_path / "state"), "HAEDAP_CACHE": str(tmp_path / "cache")}


def test_defaults_are_a_local_demo(environ: dict[str, str], tmp_path: Path) -> None:
    settings = load_settings(environ)
    assert settings.environment is Environment.DEMO
    assert settings.web_url == "http://127.0.0.1:8000"
    assert settings.main_number_dialled == "02-0000-0120"
    assert [str(network) for network in settings.trunk_allowed] == ["127.0.0.2/32"]
    assert settings.database_embedded
    assert settings.recordings == tmp_path / "state/recordings"


def test_an_address_of_ipv6_is_one_that_browsers_and_the_engine_can_call(environ: dict[str, str]) -> None:
    settings = load_settings({**environ, "HAEDAP_WEB_HOST": "::1", "HAEDAP_ASTERISK_HTTP_HOST": "::1"})
    assert settings.web_url == "http://[::1]:8000"
    assert validate_host("[::1]", settings.web_allowed_hosts)
    assert settings.ari_url == "http://[::1]:8088"
    everywhere = load_settings({**environ, "HAEDAP_ASTERISK_HTTP_HOST": "::"})
    assert everywhere.ari_url == "http://127.0.0.1:8088"


def test_addresses_of_other_exchanges_are_addresses_and_nothing_else(environ: dict[str, str]) -> None:
    settings = load_settings(
        {**environ, "HAEDAP_TRUNK_HOST": "192.0.2.10:5062;transport=tls", "HAEDAP_EXCHANGE_HOST": "[2001:db8::1]"}
    )
    assert (settings.trunk_host, settings.exchange_host) == ("192.0.2.10:5062;transport=tls", "[2001:db8::1]")
    for wrong in ("sip:192.0.2.10", "a b", "host;transport=ws", "host;transport=tls;x=1", "host:0", "u@host"):
        with pytest.raises(ConfigError, match="trunk_host"):
            load_settings({**environ, "HAEDAP_TRUNK_HOST": wrong})


def test_what_would_silence_every_call_or_every_telephone_is_refused(environ: dict[str, str]) -> None:
    """Asterisk would start with either, and nobody be told."""
    for right in ("203.0.113.5", "2001:db8::1", "sip.city.example"):
        assert load_settings({**environ, "HAEDAP_SIP_EXTERNAL_ADDRESS": right}).sip_external_address == right
    for wrong in ("not an address", "203.0.113.5;x", "sip:203.0.113.5", "외부주소"):
        with pytest.raises(ConfigError, match="sip_external_address"):
            load_settings({**environ, "HAEDAP_SIP_EXTERNAL_ADDRESS": wrong})
    assert load_settings({**environ, "HAEDAP_SIP_REALM": "해답시; 상담실"}).sip_realm == "해답시; 상담실"
    for wrong in ('a"b', "a\\b"):
        with pytest.raises(ConfigError, match="sip_realm"):
            load_settings({**environ, "HAEDAP_SIP_REALM": wrong})


@pytest.mark.parametrize(
    ("registrar", "user", "wrong"),
    [
        ("sip.example.net", "centre", "trunk_registrar"),
        ("sip:user@sip.example.net", "centre", "trunk_registrar"),
        ("sip:sip.example.net\nendpoint=x", "centre", "trunk_registrar"),
        ("sip:sip.example.net", "", "trunk_user"),
        ("sip:sip.example.net:5060;transport=tcp", "centre", None),
    ],
)
def test_a_registration_that_could_not_be_made(
    registrar: str, user: str, wrong: str | None, environ: dict[str, str]
) -> None:
    """Asterisk would say so in its log, and go on without."""
    given = {**environ, "HAEDAP_TRUNK_REGISTRAR": registrar, "HAEDAP_TRUNK_USER": user}
    if wrong is None:
        assert load_settings(given).trunk_registrar == registrar
        return
    with pytest.raises(ConfigError, match=wrong):
        load_settings(given)


@pytest.mark.parametrize(
    ("where", "refused"),
    [
        ({"TRUNK_HOST": "192.0.2.10"}, "trunk_host"),
        ({"TRUNK_HOST": "192.0.2.10;transport=tcp"}, "trunk_host"),
        ({"TRUNK_REGISTRAR": "sip:192.0.2.10", "TRUNK_USER": "centre"}, "trunk_registrar"),
        ({"TRUNK_HOST": "192.0.2.10;transport=tls", "EXCHANGE_HOST": "192.0.2.20"}, None),
        ({"TRUNK_REGISTRAR": "sips:192.0.2.10", "TRUNK_USER": "centre"}, None),
        ({}, None),
    ],
)
def test_who_requires_encrypted_sound_does_not_tell_its_keys_in_the_clear(
    where: dict[str, str], refused: str | None, environ: dict[str, str]
) -> None:
    given = environ | {f"HAEDAP_{name}": value for name, value in where.items()}
    assert load_settings(given).trunk_encryption is Encryption.OPTIONAL
    strict = given | {"HAEDAP_TRUNK_ENCRYPTION": "required"}
    if refused is None:
        assert load_settings(strict).trunk_encryption is Encryption.REQUIRED
        return
    with pytest.raises(ConfigError, match=f"{refused}.*;transport=tls"):
        load_settings(strict)


def test_secrets_are_generated_once_and_kept_private(environ: dict[str, str], tmp_path: Path) -> None:
    first, second = load_settings(environ), load_settings(environ)
    assert first == second
    assert len({first.secret_key, first.ari_password, first.ami_password}) == 3
    assert stat.S_IMODE((tmp_path / "state/secrets.toml").stat().st_mode) == 0o600
    assert first.secret_key not in repr(first)
    assert first.ari_password not in repr(first)


def test_environment_wins_over_file_and_file_over_default(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "centre.toml"
    file.write_text('web_port = 9001\nsip_udp_port = 9002\ntrunk_allowed = ["192.0.2.0/24", "2001:db8::/32"]\n')
    settings = load_settings({**environ, "HAEDAP_CONFIG": str(file), "HAEDAP_WEB_PORT": "9003"})
    assert (settings.web_port, settings.sip_udp_port, settings.sip_tcp_port) == (9003, 9002, 5160)
    assert [str(network) for network in settings.trunk_allowed] == ["192.0.2.0/24", "2001:db8::/32"]


def test_the_pages_address_is_written_as_browsers_do(environ: dict[str, str]) -> None:
    """`HTTPS://` was taken for no TLS: cookies went without, and the telephones elsewhere."""
    settings = load_settings({**environ, "HAEDAP_WEB_URL": "HTTPS://Call.City.Example:8443/"})
    assert settings.web_url == "https://call.city.example:8443"


def test_an_external_database_replaces_the_embedded_one(environ: dict[str, str]) -> None:
    settings = load_settings({**environ, "DATABASE_URL": "postgresql://u:p@db.example:6000/haedap"})
    assert not settings.database_embedded
    assert without_password(settings.database_url) == "postgresql://u@db.example:6000/haedap"
    assert conninfo_to_dict(settings.database_url)["password"] == "p"


def test_of_several_servers_the_one_that_can_be_written_is_taken(environ: dict[str, str]) -> None:
    url = "postgresql://u:p@one.example:5432,two.example:5433/haedap"
    known = conninfo_to_dict(load_settings({**environ, "DATABASE_URL": url}).database_url)
    assert (known["host"], known["port"]) == ("one.example,two.example", "5432,5433")
    assert known["target_session_attrs"] == "read-write"
    assert without_password(url) == "user=u dbname=haedap host=one.example,two.example port=5432,5433"


def test_another_machines_postgresql_that_is_gone_is_noticed_in_seconds(environ: dict[str, str]) -> None:
    """Unplugged, it answers nothing at all: libpq waited for a quarter of an hour, and so did every call."""
    url = "postgresql://u:p@db.example/haedap?sslmode=require&connect_timeout=9"
    known = conninfo_to_dict(load_settings({**environ, "DATABASE_URL": url}).database_url)
    assert (known["tcp_user_timeout"], known["keepalives_idle"], known["connect_timeout"]) == ("10000", "5", "9")


@pytest.mark.parametrize(
    ("sip_host", "server"),
    [("192.0.2.20", "192.0.2.20:5160"), ("::", "call.city.example:5160"), ("2001:db8::20", "[2001:db8::20]:5160")],
)
def test_a_desk_telephone_is_told_an_address_that_it_can_reach(
    environ: dict[str, str], sip_host: str, server: str
) -> None:
    more = {"HAEDAP_SIP_HOST": sip_host, "HAEDAP_WEB_URL": "https://call.city.example"}
    assert load_settings({**environ, **more}).sip_server == server


@pytest.mark.parametrize("name", ["deep" * 30, "민원 센터", "50%", "a@b"])
def test_a_state_folder_that_cannot_hold_sockets_gets_a_short_plain_path(
    environ: dict[str, str], tmp_path: Path, name: str
) -> None:
    settings = load_settings({**environ, "HAEDAP_STATE": str(tmp_path / name)})
    assert len(str(settings.runtime)) < 60
    assert conninfo_to_dict(settings.database_url)["host"] == str(settings.runtime)


def test_a_folder_named_in_hangul_holds_its_sockets(environ: dict[str, str]) -> None:
    settings = load_settings({**environ, "HAEDAP_RUNTIME": "/run/민원센터"})
    assert conninfo_to_dict(settings.database_url)["host"] == "/run/민원센터"


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("HAEDAP_WEB_PORT", "abc", "1에서 65535"),
        ("HAEDAP_WEB_PORT", "0", "1에서 65535"),
        ("HAEDAP_WEB_PORT", "٣٣٣", "1에서 65535"),
        ("HAEDAP_ENVIRONMENT", "prod", "demo, production"),
        ("HAEDAP_TRUNK_ALLOWED", "127.0.0.2,localhost", "127.0.0.2/32"),
        ("HAEDAP_TRUNK_ALLOWED", "127.0.0.2/8", "127.0.0.2/32"),
        ("HAEDAP_MAIN_NUMBER", "02-0000-0120", "E.164"),
        ("HAEDAP_MAIN_NUMBER", "+9999999999", "E.164"),
        ("HAEDAP_TIME_ZONE", "Asia/Soeul", "Asia/Seoul"),
        ("HAEDAP_TIME_ZONE", "../../etc/passwd", "Asia/Seoul"),
        ("HAEDAP_RTP_END", "100", "rtp_start"),
        ("HAEDAP_RECORDINGS", "relative/folder", "절대 경로"),
        ("HAEDAP_RECORDINGS", "~nobody-at-all/folder", "절대 경로"),
        ("HAEDAP_STATE", "~nobody-at-all/folder", "절대 경로"),
        ("HAEDAP_RUNTIME", "/run/a b", "빈칸"),
        ("HAEDAP_RECORDINGS", "/srv/2025,2026", "같은 글자가 없는"),
        ("HAEDAP_PROMPTS", "/srv/a;b", "같은 글자가 없는"),
        ("HAEDAP_STATE", "/nonexistent/a,b", "같은 글자가 없는"),
        ("HAEDAP_WEB_URL", "call.city.example", "https://"),
        ("HAEDAP_WEB_URL", "https://city.example/haedap", "경로는 붙일 수 없고"),
        ("HAEDAP_WEB_URL", "https://콜센터.한국", "xn--"),
        ("HAEDAP_WEB_URL", "https://city.example:99999", "https://"),
        ("HAEDAP_WEBPORT", "9000", "HAEDAP_WEBPORT. HAEDAP_WEB_PORT를 뜻했으면"),
        ("HAEDAP_SIP_UPD_PORT", "9000", "HAEDAP_SIP_UPD_PORT. HAEDAP_SIP_UDP_PORT를 뜻했으면"),
        ("HAEDAP_WEB_HOST", "a" * 5000, "너무 길거나"),
        ("HAEDAP_WEB_HOST", "a\nb", "읽을 수 없는"),
        ("HAEDAP_LOG_LEVEL", "LOUD", "DEBUG, INFO"),
        ("DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("DATABASE_URL", "postgresql://user:p4ss@host:notaport/db", "postgresql://"),
        ("DATABASE_URL", "postgresql://user:p4ss@host", "postgresql://"),
        ("DATABASE_URL", "postgresql://user:p4ss%zz@host/db", "%25"),
        ("DATABASE_URL", "postgresql://user:p4@ss@host/db", "%40"),
        ("DATABASE_URL", "postgresql://user:p4@ss/w@host/db", "%2F"),
        ("DATABASE_URL", "postgresql://user:p4ss@host/d#b", "%23"),
        ("DATABASE_URL", "postgresql://user:p4ss@host/db?no_such=1", "postgresql://"),
        ("HAEDAP_CONFIG", "/nonexistent.toml", "설정 파일이 없습니다"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(
    environ: dict[str, str], variable: str, value: str, sentence: str
) -> None:
    with pytest.raises(ConfigError) as refusal:
        load_settings({**environ, variable: value})
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 400
    assert "p4ss" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"web_prot = 1\n", "web_prot"),
        (b"web_port = \n", "1번째 줄 12번째 글자"),
        (b"\xff\xfe", "UTF-8"),
        (b"web_port = true\n", "web_port"),
        (b"trunk_allowed = [1]\n", "trunk_allowed"),
        (b"secret_key = [1]\n", "secret_key"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(
    environ: dict[str, str], tmp_path: Path, text: bytes, sentence: str
) -> None:
    (tmp_path / "bad.toml").write_bytes(text)
    with pytest.raises(ConfigError) as refusal:
        load_settings({**environ, "HAEDAP_CONFIG": str(tmp_path / "bad.toml")})
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("name", ["HAEDAP_BACKUP_BUCKET", "HAEDAP_", "HAEDAP_TEST"])
def test_a_variable_of_another_program_is_left_alone(environ: dict[str, str], name: str) -> None:
    assert load_settings({**environ, name: "1"}) == load_settings(environ)


def test_a_file_of_windows_is_read(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "centre.toml").write_bytes(b"\xef\xbb\xbfweb_port = 9001\r\n")
    assert load_settings({**environ, "HAEDAP_CONFIG": str(tmp_path / "centre.toml")}).web_port == 9001


def test_processes_in_another_folder_read_the_same_file(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "centre.toml").write_text("web_port = 9001\n")
    monkeypatch.chdir(tmp_path)
    environ = {**environ, "HAEDAP_CONFIG": "centre.toml"}
    told = child_environment(load_settings(environ), environ)
    monkeypatch.chdir("/")
    assert load_settings(told).web_port == 9001


def test_a_damaged_secrets_file_is_named(environ: dict[str, str], tmp_path: Path) -> None:
    load_settings(environ)
    (tmp_path / "state/secrets.toml").write_text("secret_key = 1\n")
    with pytest.raises(ConfigError, match=r"secrets\.toml"):
        load_settings(environ)


def test_settings_cannot_be_changed(environ: dict[str, str]) -> None:
    settings: Settings = load_settings(environ)
    with pytest.raises(AttributeError):
        settings.web_port = 1  # type: ignore[misc]
