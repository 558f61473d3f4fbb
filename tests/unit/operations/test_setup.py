"""The set-up's steps: what is missing is named with the way to mend it; what is there costs nothing."""

from __future__ import annotations

import fcntl
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from gettext import GNUTranslations
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest

from haedap.operations.lock import in_use
from setup import environment, steps
from setup.__main__ import refuse_full_disk
from setup.commands import Commands, SetupError, reason_in, run
from setup.screen import Screen
from setup.steps import Machine
from tests.support.patience import PATIENCE


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "checkout", tmp_path / "cache", tests=False)


def test_a_failing_command_is_told_by_its_errors() -> None:
    said: list[str] = []
    with pytest.raises(SetupError, match="ERROR: no such package"):
        run(("sh", "-c", "echo looking; echo 'ERROR: no such package'; echo bye; exit 3"), said.append)
    assert said == ["looking", "ERROR: no such package", "bye"]


def test_a_silent_failure_is_told_by_its_code() -> None:
    with pytest.raises(SetupError, match="종료 코드 7"):
        run(("sh", "-c", "exit 7"), lambda _text: None)


def test_a_command_that_was_killed_is_told_so_and_not_by_what_it_said_last() -> None:
    with pytest.raises(SetupError, match=r"^sh 명령이 밖에서 끊겼습니다\(신호 9\)"):
        run(("sh", "-c", "echo fetching; kill -9 $$"), lambda _text: None)


def test_missing_packages_without_the_right_to_install_are_named(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError, match=r"sudo도 없습니다.*espeak-ng.*sox"):
        steps.system_packages(machine, lambda _text: None)


@pytest.mark.parametrize("tests", [False, True])
def test_libraries_are_missed_only_by_what_needs_them(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tests: bool
) -> None:
    monkeypatch.setattr(steps, "find_library", lambda _name: None)
    missing = steps.missing_packages(replace(machine, tests=tests))
    assert "libpangoft2-1.0-0" in missing
    assert ("libatomic1" in missing) is tests


def test_packages_are_installed_by_a_root_with_an_ordinary_user_s_path(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "env").symlink_to("/usr/bin/env")
    for name in ("apt-get", "dpkg"):
        (tmp_path / name).write_text(
            f"""#!/bin/sh
            case $PATH in
            *:/usr/sbin) echo "{name} $1" ;;
            *) echo "dpkg: error: 2 expected programs not found in PATH"; exit 2 ;;
            esac
            """
        )
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    said: list[str] = []
    steps.system_packages(machine, said.append)
    assert said[1:] == ["apt-get -q", "dpkg --configure", "apt-get -q"]


@pytest.mark.parametrize("fails", ["", "install", "install-deps"])
def test_where_apt_has_no_chromium_playwright_s_own_is_fetched_once_with_its_libraries(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fails: str
) -> None:
    """As on Ubuntu, which has it as a snap only."""
    machine = replace(machine, tests=True)
    machine.cache.mkdir()
    (machine.venv / "bin").mkdir(parents=True)
    does = f"""#!/bin/sh
    [ "$1" = "{fails}" ] && {{ echo "Error: cannot be reached"; exit 1; }}
    echo "${{0##*/}} $1 $2"
    """
    installs = "#!/bin/sh\ncase $* in *chromium*) exit 100 ;; esac\n"
    scripts = {"apt-cache": "#!/bin/sh\necho 'Candidate: (none)'\n", "apt-get": installs, "dpkg": "#!/bin/sh\n"}
    for name, text in scripts.items():
        (tmp_path / name).write_text(text)
    (machine.venv / "bin/playwright").write_text(does)
    for path in (*(tmp_path / name for name in scripts), machine.venv / "bin/playwright"):
        path.chmod(0o755)
    for name in ("env", "sh"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    ready = Event()
    ready.set()
    said: list[str] = []
    steps.system_packages(machine, lambda _text: None)
    if fails:
        with pytest.raises(SetupError, match=r"cannot be reached\).*snap install chromium"):
            steps.browser(machine, said.append, system_ready=ready, venv_ready=ready)
        assert "chromium-headless-shell" in steps.missing_packages(machine), "the next set-up tries again"
        return
    for _ in range(2):
        steps.browser(machine, said.append, system_ready=ready, venv_ready=ready)
    asked = ["install", "install-deps", "install"]
    assert said == [f"playwright {verb} chromium-headless-shell" for verb in asked]
    assert "chromium-headless-shell" not in steps.missing_packages(machine)
    steps.browser(replace(machine, tests=False), said.append, system_ready=Event(), venv_ready=ready)
    assert len(said) == len(asked)


def test_translations_are_those_of_the_text_that_is_there(machine: Machine) -> None:
    """Also when it is older than what was compiled, and never anew when it is the same."""
    folder = machine.checkout / "src/haedap/locale/ko/LC_MESSAGES"
    folder.mkdir(parents=True)
    machine.venv.symlink_to(sys.prefix)
    source = folder / "django.po"

    def compiled(korean: str, age: int) -> tuple[str, bool]:
        """What `Yes` is then, and whether it was compiled for that."""
        head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        source.write_text(f'{head}msgid "Yes"\nmsgstr "{korean}"\n', encoding="utf-8")
        os.utime(source, (time.time() - age,) * 2)
        said: list[str] = []
        steps.translations(machine, said.append)
        after = len(said)
        steps.translations(machine, said.append)
        assert len(said) == after
        with (folder / "django.mo").open("rb") as file:
            return GNUTranslations(file).gettext("Yes"), bool(said)

    assert compiled("예", 60) == ("예", True)
    assert compiled("네", 50) == ("네", True)
    assert compiled("그렇습니다", 3600) == ("그렇습니다", True)
    assert sorted(path.name for path in folder.iterdir()) == ["django.mo", "django.po"]


def test_another_system_is_told_what_to_install(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(SetupError, match=r"apt-get이 없습니다.*sip-tester"):
        steps.system_packages(machine, lambda _text: None)


def test_what_a_running_centre_stands_on_is_not_changed(machine: Machine) -> None:
    """Who pulls a new version and starts it beside the old one keeps the old one whole, and is told so."""
    for path in ("requirements/runtime.txt", "requirements/dev.txt", "pyproject.toml", "frontend/package-lock.json"):
        (machine.checkout / path).parent.mkdir(parents=True, exist_ok=True)
        (machine.checkout / path).touch()
    machine.venv.mkdir()
    (machine.venv / "pyvenv.cfg").touch()
    machine.stamp.write_text("of another lock")
    ready = Event()
    ready.set()
    with in_use(machine.venv / "pyvenv.cfg"), in_use(machine.venv / "pyvenv.cfg"):
        for step in (steps.python_packages, steps.frontend):
            with pytest.raises(SetupError, match="먼저 센터를 끝내십시오"):
                step(machine, pytest.fail, ready)
    assert steps._read(machine.stamp) == "of another lock"


def test_a_checkout_without_a_front_end_needs_no_node(machine: Machine) -> None:
    steps.frontend(machine, pytest.fail, Event())


def test_an_asterisk_that_is_there_is_not_fetched(machine: Machine) -> None:
    program = machine.cache / "asterisk/asterisk"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho Asterisk 22.10.1+dfsg-1\n")
    program.chmod(0o755)
    steps.asterisk(replace(machine, checkout=Path(steps.__file__).parent.parent), pytest.fail)


def a_distribution(folder: Path, release: str = "trixie", **offered: str) -> tuple[str, ...]:
    """A command that fetches Asterisk on a Debian whose suites offer these versions; no suite but these is there.

    Its configuration calls the release `release`, after a repository of another house, whose signature is another.
    The lists are closed: another apt is just replacing them, unless the release can only be looked up there.
    """
    keyring = folder / "debian-archive-keyring.gpg"
    keyring.touch()
    (folder / "os-release").write_text("ID=debian\nVERSION_CODENAME=trixie\n")
    for suite, version in offered.items():
        (folder / f"suite-{suite}").write_text(version)
    apt = f"state=$(dirname \"${{APT_CONFIG:-/}}\"); suite={folder}/suite-$(awk '{{ print $4 }}' $state/sources.list)\n"
    for name, program in {
        "dpkg": "echo amd64",
        "apt-get": """case "$*" in
            indextargets*Dir::State::Lists=*--no-release-info*)
                printf 'http://%s.example/ %s $(CODENAME)\n' vendor RELEASE mirror RELEASE mirror RELEASE-updates ;;
            indextargets*)
                [ RELEASE = stable ] || { echo "E: can not open lists (13: Permission denied)" >&2; exit 100; }
                echo http://mirror.example/ stable trixie ;;
            esac
            case "$*" in
            indextargets*) exit ;;
            *update*) grep -q mirror.example $(dirname "${APT_CONFIG:-/}")/sources.list ||
                { echo "E: vendor.example is not signed" >&2; exit 100; } ;;
            esac
            """.replace("RELEASE", release)
        + apt
        + """case "$*" in
            *update*) [ -e $suite ] || { echo "E: mirror.example has no Release file" >&2; exit 100; } ;;
            *) cp $suite $state/archives/asterisk.deb ;;
            esac""",
        "apt-cache": apt + 'if [ -s $suite ]; then echo "asterisk | 1:$(cat $suite) | http://mirror.example/"; fi',
        "dpkg-deb": """lib=$3/usr/lib/x86_64-linux-gnu; mkdir -p $lib/asterisk/modules
            printf '#!/bin/sh\\necho Asterisk %s\\n' $(cat $2) > $lib/ld-linux-x86-64.so.2
            chmod 755 $lib/ld-linux-x86-64.so.2""",
    }.items():
        (folder / name).write_text(f"#!/bin/bash\n{program}\n")
        (folder / name).chmod(0o755)
    script = (Path(steps.__file__).parent / "asterisk.sh").read_text(encoding="utf-8")
    script = script.replace("/etc/os-release", str(folder / "os-release")).replace("/usr/share/keyrings", str(folder))
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return ("env", f"PATH={path}", "bash", "-c", script, "asterisk.sh", str(folder / "made"), str(folder / "packages"))


@pytest.mark.parametrize(
    "offered",
    [
        {"forky": "22.10.1+dfsg-1", "sid": "23.2.0+dfsg-1"},
        {"forky": "23.1.0~dfsg-1", "sid": "22.10.1+dfsg-1"},
        {"forky": "22.5.2~dfsg-1", "sid": "22.10.1+dfsg-1"},
    ],
)
def test_asterisk_22_is_taken_from_the_first_suite_that_offers_it(tmp_path: Path, offered: dict[str, str]) -> None:
    said: list[str] = []
    run(a_distribution(tmp_path, **offered), said.append)
    assert said == ["Asterisk 22.10.1+dfsg-1"]


def test_a_release_that_is_called_by_an_alias_is_looked_up_in_the_lists(tmp_path: Path) -> None:
    said: list[str] = []
    run(a_distribution(tmp_path, "stable", forky="22.10.1+dfsg-1"), said.append)
    assert said == ["Asterisk 22.10.1+dfsg-1"]


def test_an_asterisk_that_nobody_has_tested_is_named_and_taken_only_by_choice(tmp_path: Path) -> None:
    command = a_distribution(tmp_path, forky="23.1.0~dfsg-1")
    none = r"^배포판에 Asterisk 22 판이 없습니다\(forky 23\.1\.0, sid 없음, 22\.7부터 됩니다\)\. [^.]*\.$"
    with pytest.raises(SetupError, match=none):
        run(command, lambda _text: None)
    assert not (tmp_path / "made").exists()
    said: list[str] = []
    run(command, said.append, ASTERISK_VERSION="23")
    assert said == ["Asterisk 23.1.0~dfsg-1"]


def test_an_asterisk_that_is_too_old_gives_way_to_a_newer_one(tmp_path: Path) -> None:
    command = a_distribution(tmp_path, forky="22.10.1+dfsg-1")
    run(command, lambda _text: None)
    (tmp_path / "made/asterisk").write_text("#!/bin/sh\necho Asterisk 22.5.2~dfsg-1\n")
    (tmp_path / "packages/version").write_text("22.5.2~dfsg-1\n")
    (tmp_path / "suite-forky").write_text("22.11.0+dfsg-1")
    said: list[str] = []
    run(command, said.append)
    run(command, said.append)
    assert said == ["Asterisk 22.11.0+dfsg-1"]


def test_a_mirror_without_newer_suites_is_told_by_apt(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"^E: vendor\S+ is not signed / E: mirror\S+ has no Release file$"):
        run(a_distribution(tmp_path), lambda _text: None)


def test_the_cache_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HAEDAP_CACHE", str(tmp_path / "elsewhere"))
    assert steps.here(tests=False).cache == tmp_path / "elsewhere"


def test_a_disk_too_small_for_all_of_it_is_refused_before_anything_is_fetched(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.checkout.mkdir()
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=2_200_000_000))
    with pytest.raises(SetupError, match=r"checkout 폴더가 있는 디스크에 4\.5 GB.*지금 2200 MB"):
        refuse_full_disk(machine)
    (machine.cache / "python").mkdir(parents=True)
    (machine.cache / "asterisk").mkdir()
    refuse_full_disk(machine)


def test_what_has_nothing_to_do_is_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen(tmp_path / "var/log/setup.log")
    for name in ("silent", "busy", "broken"):
        screen.start(name)
    screen.say("busy", "downloading")
    screen.finish("silent")
    screen.finish("busy")
    screen.finish("broken", failed="no room")
    screen.close()
    shown = capsys.readouterr().out
    assert "silent" not in shown
    assert "✓ busy" in shown
    assert "✗ broken: no room" in shown
    assert (tmp_path / "var/log/setup.log").read_text() == "busy: downloading\n"


class Terminal(io.StringIO):
    """Standard output that keeps what another thread draws: `capsys` loses what comes while it is read."""

    def isatty(self) -> bool:
        return True


def test_a_long_reason_stays_once_on_a_narrow_terminal_and_what_runs_takes_one_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "40")
    screen = Screen(tmp_path / "var/log/setup.log")
    for name in ("broken", "busy"):
        screen.start(name)
    screen.say("busy", "꾸러미를 받습니다 " * 9)
    screen.finish("broken", failed="아주 긴 까닭 " * 9)
    deadline = time.monotonic() + PATIENCE
    while terminal.getvalue().count("busy") < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    screen.close()
    shown = terminal.getvalue()
    assert shown.count("broken") == 1
    running = [line for line in shown.splitlines() if "busy" in line]
    assert max(len(line.encode("euc-kr", "replace")) for line in running) < 40 + len("\x1b[2m\x1b[0m\x1b[1F\x1b[J")


@pytest.mark.parametrize(
    "said",
    [
        "E: Release file for http://mirror.example/InRelease is expired (invalid since 16d). Updates",
        "E: Release file for http://mirror.example/InRelease is not valid yet (invalid for another 2d).",
    ],
)
def test_a_mirror_and_a_clock_that_disagree_are_told_so(said: str) -> None:
    assert reason_in(["Get:1", said]).startswith("이 기계의 시계와 꾸러미 미러의 날짜가 맞지 않습니다.")


@pytest.mark.parametrize(
    "said",
    [
        "W: Failed to fetch http://mirror.example/x  Could not connect to 127.0.0.1:9 (127.0.0.1).",
        "WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.')'",
        "npm error code ECONNREFUSED",
        "W: Temporary failure resolving 'mirror.example'",
    ],
)
def test_a_network_that_does_not_answer_is_the_reason_and_not_what_follows_from_it(said: str) -> None:
    reason = reason_in(["looking", said, "E: Unable to locate package sox"])
    assert reason.startswith("내려받지 못했습니다. 네트워크와 프록시 설정")
    assert "Unable to locate" not in reason


def test_an_administrator_s_password_is_not_asked_when_nothing_is_missing(
    monkeypatch: pytest.MonkeyPatch, machine: Machine
) -> None:
    monkeypatch.setattr(steps, "missing_packages", lambda _machine: [])
    monkeypatch.setattr(steps, "needs_password", lambda: pytest.fail("sudo was asked"))
    steps.system_packages(machine, pytest.fail)


def test_what_the_lock_no_longer_names_is_dropped(tmp_path: Path) -> None:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for name in ("Old_Thing", "kept.one", "pip", "haedap"):
        folder = tmp_path / f"venv/lib/{version}/site-packages/{name}-1.0.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lock = tmp_path / "runtime.txt"
    lock.write_text("kept-one==1.0 \\\n    --hash=sha256:00\n")
    assert environment.dropped(tmp_path / "venv", lock) == ["old-thing"]


def test_what_a_killed_set_up_has_left_running_keeps_the_next_one_waiting(tmp_path: Path) -> None:
    commands = Commands()
    with (tmp_path / "setup.lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        commands.hold(first.fileno())
        left = commands.start(("sleep", "60"), tmp_path, {"PATH": os.defpath})
    with left, (tmp_path / "setup.lock").open("w") as second:
        with pytest.raises(BlockingIOError):
            fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
        left.kill()
        left.wait()
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize(
    "heading",
    ["#!{old}/bin/python\n", "#!/bin/sh\n'''exec' \"{old}/bin/python\" \"$0\" \"$@\"\n' '''\n"],
    ids=("plain", "wrapped"),
)
def test_programs_of_an_environment_that_was_moved_run_from_a_folder_with_a_space(heading: str, tmp_path: Path) -> None:
    venv = tmp_path / "민원 콜/.venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").symlink_to(sys.executable)
    program, other = venv / "bin/pybabel", venv / "bin/other"
    program.write_text(heading.format(old=tmp_path / "gone/.venv") + "import sys\nprint(sys.argv[1])\n")
    program.chmod(0o755)
    other.write_text("#!/usr/bin/env bash\n")
    environment.point_programs(venv)
    assert subprocess.run((program, "compile"), capture_output=True, text=True, check=True).stdout == "compile\n"
    assert other.read_text() == "#!/usr/bin/env bash\n"


def test_without_the_system_s_packages_the_later_steps_name_what_they_wait_for(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = Event()
    over.set()
    monkeypatch.setattr(steps, "_has_venv", lambda: False)
    with pytest.raises(SetupError, match=r"python3\.\d+-venv 꾸러미가 먼저"):
        steps.python_packages(machine, pytest.fail, over)
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(SetupError, match="파이썬 꾸러미가 먼저"):
        steps.node_path(machine, pytest.fail, over)


def test_after_a_stop_commands_end_and_none_begins(tmp_path: Path) -> None:
    commands = Commands()
    sleeper = commands.start(("sleep", "60"), tmp_path, {"PATH": os.defpath})
    with sleeper:
        commands.stop()
    assert sleeper.returncode == -signal.SIGTERM
    with pytest.raises(SetupError):
        commands.start(("true",), tmp_path, {"PATH": os.defpath})


def test_built_screens_come_from_the_cache_without_node(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.frontend.mkdir(parents=True)
    (machine.frontend / "package-lock.json").write_text("{}")
    (machine.frontend / "desk.ts").write_text("1;")
    output = machine.checkout / "src/haedap/web/static/build"
    monkeypatch.setattr(steps, "node_path", lambda *_: "")
    builds: list[str] = []

    def build(*_: object) -> None:
        builds.append("build")
        output.mkdir(parents=True, exist_ok=True)
        (output / "desk.js").write_text("1;")
        (machine.frontend / "node_modules").mkdir(exist_ok=True)

    monkeypatch.setattr(steps, "_build_frontend", build)
    said: list[str] = []
    steps.frontend(machine, said.append, Event())
    shutil.rmtree(output)
    steps.frontend(machine, said.append, Event())
    assert (builds, (output / "desk.js").read_text()) == (["build"], "1;")
    (machine.frontend / "desk.ts").write_text("2;")
    steps.frontend(machine, said.append, Event())
    assert builds == ["build", "build"]


def test_a_cache_that_was_taken_away_makes_nobody_wait_for_node(tmp_path: Path) -> None:
    shutil.copytree(Path(steps.__file__).parent, tmp_path / "setup")
    environment = {"PATH": "/nonexistent", "HAEDAP_CACHE": str(tmp_path / "cache"), "PYTHONUTF8": "1"}
    done = subprocess.run(
        (sys.executable, "-m", "setup.node"),
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("해답: Node.js를 받으려면")
