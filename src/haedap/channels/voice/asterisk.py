"""Everything Asterisk reads, written from the settings: after this it can be started with the layout's command."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from haedap.channels.voice import VoiceError, dialplan, sip_configuration, system_files
from haedap.config import Settings


@dataclass(frozen=True, slots=True)
class AsteriskLayout:
    """How to start Asterisk. It stays in the foreground; `folder` must belong to the user who runs it."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path


@dataclass(frozen=True, slots=True)
class Distribution:
    """Where an installed Asterisk keeps its parts."""

    launcher: Path
    modules: Path
    data: Path
    programs: Path


def write_configuration(settings: Settings) -> AsteriskLayout:
    """Write the configuration below `settings.state / "asterisk"`, replacing what was there.

    Raises VoiceError with one Korean sentence when Asterisk is not there or too old, or no certificate
    can be made, or the given one cannot be used.
    """
    distribution = find_distribution(settings.asterisk_prefix)
    _refuse_old(distribution)
    home = settings.state / "asterisk"
    folders = _folders(home, settings)
    certificate = _certificate(settings, home)
    files = {
        "asterisk.conf": _directories(distribution, home, folders) + system_files.options(settings),
        "pjsip.conf": sip_configuration.pjsip(settings, certificate),
        "sorcery.conf": sip_configuration.SORCERY,
        "extensions.conf": dialplan.extensions(settings),
        **system_files.files(settings),
    }
    for name, text in files.items():
        _write_private(folders["etc"] / name, text)
    configuration = folders["etc"] / "asterisk.conf"
    # The allocator otherwise keeps an arena per thread and grows to six times the size.
    return AsteriskLayout((str(distribution.launcher), "-f", "-C", str(configuration)), {"MALLOC_ARENA_MAX": "4"}, home)


def launcher(prefix: Path) -> Path:
    """The program that is started: the one unpacked at `prefix`, else the system's own. Raises VoiceError."""
    unpacked = prefix / "asterisk"
    installed = str(unpacked) if unpacked.exists() else shutil.which("asterisk")
    if installed is None:
        raise VoiceError(f"{prefix}에 Asterisk가 없습니다. make setup을 실행하십시오.")
    return Path(installed)


def find_distribution(prefix: Path) -> Distribution:
    """What belongs to the launcher. Raises VoiceError."""
    program, root = launcher(prefix), prefix / "root" / "usr"
    if program.parent == prefix:
        return Distribution(program, _modules(root), root / "share" / "asterisk", root / "sbin")
    return Distribution(program, _modules(Path("/usr")), Path("/usr/share/asterisk"), program.parent)


def _refuse_old(distribution: Distribution) -> None:
    """Before 22.7 it does not tell with which SIP status a leg ended: who did not answer would be the centre's own
    fault, and a carrier's refusal a citizen's. Its description of ARI shows that; one built by hand may have none."""
    events = distribution.data / "rest-api" / "events.json"
    if events.is_file() and '"tech_cause"' not in events.read_text(encoding="utf-8"):
        raise VoiceError(f"Asterisk가 너무 오래되었습니다({distribution.launcher}). 22.7 이상으로 바꾸십시오.")


def _modules(usr: Path) -> Path:
    found = [*sorted(usr.glob("lib/*/asterisk/modules")), *usr.glob("lib/asterisk/modules")]
    if not found:
        raise VoiceError(f"{usr}에 Asterisk의 모듈이 없습니다. make setup을 다시 실행하십시오.")
    return found[0]


def _folders(home: Path, settings: Settings) -> dict[str, Path]:
    folders = {name: home / name for name in ("etc", "var", "cache", "db", "keys", "tls", "spool", "spool/recording")}
    folders["run"] = settings.runtime / "asterisk"
    folders["log"] = settings.logs / "asterisk"
    for folder in (home, *folders.values(), settings.recordings):
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return folders


def _directories(distribution: Distribution, home: Path, folders: Mapping[str, Path]) -> str:
    places = {
        "astetcdir": folders["etc"],
        "astmoddir": distribution.modules,
        "astvarlibdir": folders["var"],
        "astcachedir": folders["cache"],
        "astdbdir": folders["db"],
        "astkeydir": home,
        "astdatadir": distribution.data,
        "astagidir": folders["var"],
        "astspooldir": folders["spool"],
        "astrundir": folders["run"],
        "astlogdir": folders["log"],
        "astsbindir": distribution.programs,
    }
    return "[directories]\n" + "".join(f"{name} => {place}\n" for name, place in places.items())


def _certificate(settings: Settings, home: Path) -> Path:
    """The PEM file for SIP over TLS: the city's own, else one made here that telephones must be told to accept."""
    if settings.sip_tls_certificate:
        given = Path(settings.sip_tls_certificate).absolute()  # Asterisk works in another folder
        if not given.is_file():
            raise VoiceError(f"인증서 파일이 없습니다: {given}. 설정 sip_tls_certificate를 고치십시오.")
        _refuse_unusable(given)
        return given
    path = home / "tls" / "sip.pem"
    if not path.exists():
        _make_certificate(path)
    return path


def _refuse_unusable(certificate: Path) -> None:
    """Asterisk would start with it, and hang up on everybody who comes by TLS."""
    try:
        # No password: a key that wants one would ask the terminal for it.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, password="")
    except (OSError, ValueError):
        raise VoiceError(
            f"인증서 파일을 쓸 수 없습니다: {certificate}. 인증서와 그에 맞는 암호 없는 키를 PEM으로 함께 넣거나 "
            "설정 sip_tls_certificate를 고치십시오."
        ) from None


def _make_certificate(path: Path) -> None:
    key, certificate = path.with_suffix(".key"), path.with_suffix(".crt")
    subject = ("-subj", "/CN=haedap", "-days", "3650", "-nodes")
    command = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", *subject)
    try:
        subprocess.run((*command, "-keyout", key, "-out", certificate), capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise VoiceError("TLS 인증서를 만들지 못했습니다. openssl 패키지를 설치하십시오.") from error
    _write_private(path, certificate.read_text() + key.read_text())
    key.unlink()
    certificate.unlink()


def _write_private(path: Path, text: str) -> None:
    """Secrets stand in these files: only the owner and the group may read them."""
    path.touch(mode=0o640)
    path.write_text(text, encoding="utf-8")
