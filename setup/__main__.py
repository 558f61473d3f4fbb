"""`python3 -m setup [--tests]`: everything missing at once, in parallel; seconds when nothing is."""

from __future__ import annotations

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while this is still being read ends it without a word

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event

from setup import steps
from setup.commands import Say, SetupError, commands, sentence_for
from setup.screen import Screen
from setup.steps import Machine

_ENVIRONMENT_BYTES = 2_000_000_000
_ENVIRONMENT_COPY_BYTES = 1_500_000_000
_OTHER_CACHE_BYTES = 1_000_000_000
_INTERRUPTED = 130


def main() -> int:
    parser = argparse.ArgumentParser(description="해답에 필요한 것을 갖춥니다")
    parser.add_argument("--tests", action="store_true", help="시험에 필요한 것까지 갖춥니다")
    machine = steps.here(tests=parser.parse_args().tests)
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        refuse_full_disk(machine)
        if steps.missing_packages(machine) and steps.needs_password():
            subprocess.run(("sudo", "-v"), check=False)
        with _one_at_a_time(machine):
            return _set_up(machine)
    except SetupError as error:
        return _refused(str(error))
    except OSError as error:
        return _refused(sentence_for(error))
    except KeyboardInterrupt:
        print("\n해답: 그만두었습니다. 같은 명령을 다시 실행하면 남은 것부터 이어서 합니다.", file=sys.stderr)
        # The steps' threads are left where they are; what they ran has been ended.
        os._exit(_INTERRUPTED)


def _refused(sentence: str) -> int:
    print(f"해답: {sentence}", file=sys.stderr)
    return 1


def _set_up(machine: Machine) -> int:
    screen = Screen(machine.checkout / "var/log/setup.log")
    try:
        failed = _run_all(machine, screen)
    finally:
        screen.close()
    if failed:
        print(
            "해답: 위의 까닭을 바로잡고 같은 명령을 다시 실행하십시오. 자세한 것은 var/log/setup.log에 있습니다.",
            file=sys.stderr,
        )
    return 1 if failed else 0


@contextmanager
def _one_at_a_time(machine: Machine) -> Iterator[None]:
    """Set-ups of one user share the cache folder, and two would spoil each other's halves there."""
    machine.cache.mkdir(parents=True, exist_ok=True)
    with (machine.cache / "setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("해답: 다른 곳에서 갖추는 일이 끝나기를 기다립니다 …", file=sys.stderr)
            fcntl.flock(file, fcntl.LOCK_EX)
        commands.hold(file.fileno())
        yield


def _run_all(machine: Machine, screen: Screen) -> bool:
    """All steps side by side; those that need another's work wait for it. Returns whether any failed."""
    system_ready, venv_ready = Event(), Event()
    jobs: tuple[tuple[str, Callable[[Say], None], Event | None], ...] = (
        ("시스템 꾸러미", partial(steps.system_packages, machine), system_ready),
        ("파이썬 꾸러미", partial(steps.python_packages, machine, system_ready=system_ready), venv_ready),
        ("Asterisk", partial(steps.asterisk, machine), None),
        ("화면", partial(steps.frontend, machine, venv_ready=venv_ready), None),
        ("브라우저", partial(steps.browser, machine, system_ready=system_ready, venv_ready=venv_ready), None),
    )
    pool = ThreadPoolExecutor(len(jobs))
    try:
        failures = list(pool.map(lambda job: _one(screen, *job), jobs))
    except KeyboardInterrupt:
        commands.stop()
        raise
    finally:
        pool.shutdown(wait=False)
    return any(failures) or _one(screen, "번역", partial(steps.translations, machine), None)


def _one(screen: Screen, name: str, job: Callable[[Say], None], done: Event | None) -> bool:
    screen.start(name)
    try:
        job(partial(screen.say, name))
    except SetupError as error:
        screen.finish(name, failed=str(error))
        return True
    except OSError as error:
        screen.finish(name, failed=sentence_for(error))
        return True
    finally:
        if done is not None:
            done.set()
    screen.finish(name)
    return False


def refuse_full_disk(machine: Machine) -> None:
    """Raises SetupError when what is still to be fetched does not fit; the checkout and the cache may share a disk."""
    cache = next(folder for folder in (machine.cache, *machine.cache.parents) if folder.exists())
    needed: dict[int, int] = {}
    disks: dict[int, Path] = {}
    for folder, size in _still_to_come(machine, cache):
        disk = folder.stat().st_dev
        needed[disk] = needed.get(disk, 0) + size
        disks.setdefault(disk, folder)
    for disk, folder in disks.items():
        free = shutil.disk_usage(folder).free
        if free < needed[disk]:
            raise SetupError(
                f"{folder} 폴더가 있는 디스크에 {needed[disk] / 1e9:.1f} GB가 비어 있어야 합니다"
                f"(지금 {free // 1_000_000} MB). 자리를 비운 뒤 다시 시작하십시오."
            )


def _still_to_come(machine: Machine, cache: Path) -> Iterator[tuple[Path, int]]:
    """Where how many bytes will be put; `haedap run` looks for itself whether there is room for the centre's data."""
    if not machine.python.exists():
        yield machine.checkout, _ENVIRONMENT_BYTES
        if not (machine.cache / "python").exists():
            yield cache, _ENVIRONMENT_COPY_BYTES
    if not (machine.cache / "asterisk").exists():
        yield cache, _OTHER_CACHE_BYTES


if __name__ == "__main__":
    sys.exit(main())
