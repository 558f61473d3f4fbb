"""The configuration that Asterisk is given: what the settings say, and nothing that is open."""

from __future__ import annotations

import configparser
import re
import subprocess
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from haedap.channels.voice import VoiceError
from haedap.channels.voice.asterisk import AsteriskLayout, write_configuration
from haedap.config import Settings, load_settings

Write = Callable[..., tuple[AsteriskLayout, Path]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the configuration for these settings; returns the layout and the folder of the files."""
    prefix = tmp_path / "asterisk"
    (prefix / "root/usr/lib/x86_64-linux-gnu/asterisk/modules").mkdir(parents=True)
    (prefix / "asterisk").touch()

    def write_for(**settings: str) -> tuple[AsteriskLayout, Path]:
        return write_configuration(_settings(tmp_path, **settings)), tmp_path / "state/asterisk/etc"

    return write_for


def _settings(home: Path, **values: str) -> Settings:
    base = {"state": str(home / "state"), "runtime": str(home / "run"), "asterisk_prefix": str(home / "asterisk")}
    return load_settings({f"HAEDAP_{name.upper()}": value for name, value in (base | values).items()})


def _sections(file: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=(";",))
    parser.read(file, encoding="utf-8")
    return parser


def test_command_uses_the_launcher_and_the_written_file(write: Write, tmp_path: Path) -> None:
    layout, etc = write()
    assert layout.command == (str(tmp_path / "asterisk/asterisk"), "-f", "-C", str(etc / "asterisk.conf"))
    assert layout.environment["MALLOC_ARENA_MAX"] == "4"
    assert layout.folder == tmp_path / "state/asterisk"


def test_files_are_private(write: Write) -> None:
    _, etc = write()
    assert {file.stat().st_mode & 0o007 for file in etc.iterdir()} == {0}


def test_trunk_is_known_by_address_only(write: Write) -> None:
    _, etc = write(trunk_allowed="192.0.2.1/32,192.0.2.2/32")
    text = (etc / "pjsip.conf").read_text()
    assert "identify_by=ip\n" in text
    assert "match=192.0.2.1/32,192.0.2.2/32\n" in text
    assert "allow_transfer=no\n" in text
    assert "res_pjsip_endpoint_identifier_anonymous" not in (etc / "modules.conf").read_text()


def test_dialplan_dials_nobody(write: Write) -> None:
    _, etc = write()
    dialplan = (etc / "extensions.conf").read_text()
    assert "Dial(" not in dialplan
    loaded = {line.removeprefix("load=") for line in (etc / "modules.conf").read_text().splitlines()}
    assert not loaded & {"app_dial.so", "app_system.so", "func_shell.so", "app_originate.so", "chan_iax2.so"}


def test_no_limit_of_asterisks_goes_by_the_machines_clock(write: Write) -> None:
    _, etc = write()
    assert "TIMEOUT(" not in (etc / "extensions.conf").read_text(), "kept as a date: a clock set ahead ends all calls"


def test_no_key_is_made_longer_than_it_was_pressed(write: Write) -> None:
    """Of a telephone that dials by itself, 50 ms each with 50 ms between, every key after the second came twice."""
    _layout, folder = write()
    assert _sections(folder / "asterisk.conf")["options"]["mindtmfduration"] == "0"


def test_recording_can_be_turned_off(write: Write) -> None:
    _, etc = write()
    assert "MixMonitor(" in (etc / "extensions.conf").read_text()
    write(recording="no")
    assert "MixMonitor(" not in (etc / "extensions.conf").read_text()


def test_registration_only_when_the_provider_wants_one(write: Write) -> None:
    _, etc = write()
    assert "type=registration" not in (etc / "pjsip.conf").read_text()
    write(trunk_registrar="sip:sip.example.invalid", trunk_user="0200000120", trunk_password="a;b")
    text = (etc / "pjsip.conf").read_text()
    assert "client_uri=sip:0200000120@sip.example.invalid\n" in text
    assert "password=a\\;b\n" in text
    assert "auth_rejection_permanent=yes\nmax_random" in text, "a wrong password is tried every half minute otherwise"
    assert "fatal_retry_interval=300\n" in text


@pytest.mark.parametrize("registrar", ["sip:[2001:db8::1]:5061;transport=tls", "sips:[2001:db8::1]:5061"])
def test_who_registers_has_a_name_without_port_and_transport(registrar: str, write: Write) -> None:
    _, etc = write(trunk_registrar=registrar, trunk_user="centre")
    registration = _sections(etc / "pjsip.conf")["trunk-registration"]
    assert (registration["server_uri"].replace("\\;", ";"), registration["client_uri"]) == (
        registrar,
        "sip:centre@[2001:db8::1]",
    )


@pytest.mark.parametrize(("user", "called"), [("07000000120", "07000000120"), ("gwacheon-city", "0200000110")])
def test_a_provider_that_calls_whoever_registered_calls_a_number(user: str, called: str, write: Write) -> None:
    _, etc = write(trunk_registrar="sip:sip.example.invalid", trunk_user=user, main_number="+82200000110")
    registration = _sections(etc / "pjsip.conf")["trunk-registration"]
    assert (registration["contact_user"], registration["client_uri"]) == (called, f"sip:{user}@sip.example.invalid")


def test_the_centre_calls_only_where_the_settings_say(write: Write) -> None:
    _, etc = write()
    assert not {"outside", "exchange"} & set(_sections(etc / "pjsip.conf").sections())
    write(trunk_host="192.0.2.10", exchange_host="192.0.2.20:5062", trunk_user="0200000120")
    sections = _sections(etc / "pjsip.conf")
    assert sections["outside"]["outbound_auth"] == "trunk-credentials"
    assert "outbound_auth" not in sections["exchange"]
    for name in ("outside", "exchange"):
        assert (sections[name]["identify_by"], sections[name]["context"]) == ("ip", "nowhere")
    matches = [sections[name]["endpoint"] for name in sections if "match" in sections[name]]
    assert matches == ["trunk"]


@pytest.mark.parametrize(
    ("encryption", "trunk", "outside"),
    [("no", (None, None), (None, None)), ("optional", ("sdes", "yes"), ("sdes", "yes"))],
)
def test_encrypted_sound_is_offered_only_where_nobody_can_read_its_keys(
    encryption: str, trunk: tuple[str | None, ...], outside: tuple[str | None, ...], write: Write
) -> None:
    def offered(host: str) -> list[tuple[str | None, ...]]:
        _, etc = write(trunk_encryption=encryption, trunk_host=host, exchange_host="192.0.2.20")
        sections = _sections(etc / "pjsip.conf")
        names = ("media_encryption", "media_encryption_optimistic")
        return [tuple(sections[part].get(name) for name in names) for part in ("trunk", "outside", "exchange")]

    plain = (None, None)
    assert offered("192.0.2.10") == [trunk, plain, plain]
    assert offered("192.0.2.10;transport=tls") == [trunk, outside, plain]


def test_who_is_called_by_tls_proves_who_it_is(write: Write) -> None:
    def verified(**settings: str) -> tuple[str | None, str | None]:
        _, etc = write(trunk_user="centre", **settings)
        sections = _sections(etc / "pjsip.conf")
        return sections["tls"].get("verify_server"), sections["trunk"].get("rewrite_contact")

    assert verified(trunk_host="192.0.2.10", trunk_registrar="sip:192.0.2.10") == (None, None)
    assert verified(trunk_host="192.0.2.10;transport=tls") == ("yes", "yes")
    assert verified(trunk_registrar="sip:192.0.2.10;transport=tls") == ("yes", "yes")
    assert verified(exchange_host="192.0.2.20:5061;transport=tls") == ("yes", "yes")


def test_nobody_who_calls_in_reaches_what_is_for_called_citizens(write: Write) -> None:
    _, etc = write(trunk_host="192.0.2.10", exchange_host="192.0.2.20")
    contexts = {section.get("context") for section in _sections(etc / "pjsip.conf").values()} - {None}
    assert contexts == {"citizens", "nowhere"}
    text = (etc / "extensions.conf").read_text()
    assert "[called]\nexten => s,1," in text
    assert re.findall(r"\b(Dial|Goto|Originate|Redirect|include)\b", text) == []


def test_behind_a_proxy_with_tls_browsers_come_from_this_machine(write: Write) -> None:
    def allowed(**settings: str) -> list[str]:
        _, etc = write(telephones_allowed="10.20.0.0/16", **settings)
        return _sections(etc / "pjsip.conf")["strangers"]["permit"].split(",")

    tls = {"web_url": "https://call.city.example", "web_allowed_hosts": "call.city.example"}
    assert (narrow := allowed()) == ["127.0.0.2/32", "10.20.0.0/16"]
    every = "0.0.0.0"  # noqa: S104 - written into a file of this test
    assert allowed(**tls, asterisk_http_host=every) == [*narrow, "127.0.0.1", "::1"]
    assert allowed(**tls, asterisk_http_host="10.20.0.5")[-1] == "10.20.0.5"


def test_control_listens_where_the_settings_say(write: Write) -> None:
    _, etc = write(asterisk_http_port="18123")
    http = _sections(etc / "http.conf")["general"]
    assert (http["bindaddr"], http["bindport"]) == ("127.0.0.1", "18123")
    manager = _sections(etc / "manager.conf")["general"]
    assert (manager["bindaddr"], manager["port"]) == ("127.77.0.1", "18123")
    _, etc = write(asterisk_http_host="::", asterisk_http_port="18123")
    sections = _sections(etc / "manager.conf")
    assert sections["general"]["port"] == "18122", "every address has 18123 taken"
    assert sections["haedap"]["deny"] == "0.0.0.0/0.0.0.0,::/0", "a rule for IPv4 says nothing of IPv6"
    assert sections["haedap"]["permit"] == "127.0.0.1/255.255.255.255,::1/128"


def test_own_certificate_is_made_once_and_private(write: Write, tmp_path: Path) -> None:
    write()
    certificate = tmp_path / "state/asterisk/tls/sip.pem"
    first = certificate.read_bytes()
    assert b"PRIVATE KEY" in first
    assert certificate.stat().st_mode & 0o007 == 0
    write()
    assert certificate.read_bytes() == first


@pytest.mark.parametrize("part", ["nothing", "no key", "no certificate", "other text", "a key with a password"])
def test_a_certificate_that_asterisk_could_not_use_is_refused_at_the_start(
    part: str, write: Write, tmp_path: Path
) -> None:
    """It would listen, and hang up on everybody."""
    write()
    own = (tmp_path / "state/asterisk/tls/sip.pem").read_text()
    certificate = own[own.index("-----BEGIN CERTIFICATE") :].partition("-----END CERTIFICATE-----")
    key = own.replace("".join(certificate[:2]), "")
    command = ("openssl", "pkey", "-aes256", "-passout", "pass:secret")
    locked = subprocess.run(command, input=own, capture_output=True, text=True, check=True).stdout
    texts = {
        "nothing": "",
        "no key": "".join(certificate[:2]),
        "no certificate": key,
        "other text": "root:x:0:0",
        "a key with a password": locked + "".join(certificate[:2]),
    }
    given = tmp_path / "given.pem"
    given.write_text(texts[part])
    with pytest.raises(VoiceError, match="sip_tls_certificate"):
        write(sip_tls_certificate=str(given))


def test_missing_certificate_and_missing_asterisk_say_what_to_do(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(VoiceError, match="sip_tls_certificate"):
        write(sip_tls_certificate=str(tmp_path / "none.pem"))
    monkeypatch.chdir(tmp_path)
    write()
    Path("own.pem").write_bytes((tmp_path / "state/asterisk/tls/sip.pem").read_bytes())
    assert str(tmp_path / "own.pem") in (write(sip_tls_certificate="own.pem")[1] / "pjsip.conf").read_text()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(VoiceError, match="make setup"):
        write_configuration(_settings(tmp_path, asterisk_prefix=str(tmp_path / "nowhere")))


@pytest.mark.parametrize(("told", "refused"), [('{"cause": {}}', True), ('{"cause": {}, "tech_cause": {}}', False)])
def test_an_asterisk_that_does_not_tell_the_sip_status_is_refused(
    write: Write, tmp_path: Path, told: str, refused: bool
) -> None:
    events = tmp_path / "asterisk/root/usr/share/asterisk/rest-api/events.json"
    events.parent.mkdir(parents=True)
    events.write_text(told)
    with pytest.raises(VoiceError, match=r"오래되었습니다.*22\.7 이상") if refused else nullcontext():
        write()
