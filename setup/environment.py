"""The Python environment of a checkout: made by the hashed lock once, copied from the cache folder afterwards."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from importlib.metadata import distributions
from pathlib import Path

from setup.commands import Say, run

_NOT_COMPILED = r"/(geodata|carrierdata|tzdata|pip|setuptools|hatchling|trove_classifiers|tests?|countries)/"
"""Big and never or seldom imported. pip itself would compile these, too, and all on one processor."""
_KEPT = 4
_HEADING = re.compile(
    rb"""\A#!(?:/bin/sh\n'''exec' "?[^\n"]*/(?P<wrapped>python[\d.]*)"? [^\n]*\n' '''"""
    rb"""|[^\n]*/(?P<plain>python[\d.]*))\n"""
)
"""How a program that pip has made begins: in a path with a space the kernel would not find the interpreter by `#!`."""
_OUTSIDE_THE_LOCK = {"pip", "setuptools", "haedap"}


def make(venv: Path, lock: Path, cache: Path, say: Say) -> None:
    """A new environment in `venv` with exactly what `lock` names."""
    kept = cache / "python" / _mark(lock)
    if kept.is_dir():
        say("캐시에 둔 꾸러미를 옮깁니다")
        run((sys.executable, "-m", "venv", "--clear", "--without-pip", venv), say)
        _copy_out(kept, venv, say)
        return
    say("가상 환경을 만듭니다")
    run((sys.executable, "-m", "venv", "--clear", venv), say)
    install(venv, lock, say)
    _keep(venv, kept, say)


def install(venv: Path, lock: Path, say: Say) -> None:
    """Bring an environment that is there in step with the lock; what the lock no longer names goes."""
    python = venv / "bin/python"
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    if gone := dropped(venv, lock):
        run((*pip, "uninstall", "--yes", *gone), say)
    run((*pip, "install", "--progress-bar", "off", "--no-deps", "--no-compile", "--require-hashes", "-r", lock), say)
    say("바이트코드를 만듭니다")
    run((python, "-m", "compileall", "-q", "-j", "0", "-x", _NOT_COMPILED, _packages(venv)), say)
    point_programs(venv)


def dropped(venv: Path, lock: Path) -> list[str]:
    """What is installed and not in the lock: neither pip, which installs, nor the project itself."""
    locked = {_plain(name) for name in re.findall(r"^([\w.-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE)}
    there = {_plain(str(found.name)) for found in distributions(path=[str(_packages(venv))])}
    return sorted(there - locked - _OUTSIDE_THE_LOCK)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _keep(venv: Path, kept: Path, say: Say) -> None:
    """Put a copy of a fresh environment into the cache, before anything of the checkout is in it."""
    draft = kept.with_name(f".{kept.name}")
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "bin").mkdir(parents=True)
    _copy(_packages(venv), draft / "site-packages", say)
    for program in _programs(venv / "bin"):
        shutil.copy2(program, draft / "bin")
    draft.rename(kept)
    _forget_old(kept.parent)


def keep_tree(source: Path, kept: Path) -> None:
    """Put a copy of the folder `source` into the cache as `kept`; the newest few beside it stay."""
    draft = kept.with_name(f".{kept.name}")
    for left in (draft, kept):
        shutil.rmtree(left, ignore_errors=True)
    shutil.copytree(source, draft)
    draft.rename(kept)
    _forget_old(kept.parent)


def _copy_out(kept: Path, venv: Path, say: Say) -> None:
    packages = _packages(venv)
    packages.rmdir()
    _copy(kept / "site-packages", packages, say)
    for program in (kept / "bin").iterdir():
        shutil.copy2(program, venv / "bin")
    point_programs(venv)
    kept.touch()


def point_programs(venv: Path) -> None:
    """Let the programs of an environment that was copied or moved find the interpreter beside them."""
    for program in _programs(venv / "bin"):
        with program.open("rb") as file:
            if file.read(2) != b"#!":
                continue
            data = b"#!" + file.read()
        if heading := _HEADING.match(data):
            python = os.fsencode(venv / "bin") + b"/" + (heading["wrapped"] or heading["plain"])
            program.write_bytes(
                b"#!/bin/sh\n'''exec' \"" + python + b'" "$0" "$@"\n\' \'\'\'\n' + data[heading.end() :]
            )


def _copy(source: Path, target: Path, say: Say) -> None:
    run(("cp", "--archive", "--reflink=auto", "--no-target-directory", source, target), say)


def _packages(venv: Path) -> Path:
    return venv / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"


def _programs(folder: Path) -> list[Path]:
    made_by_venv = ("python", "activate", "Activate")
    return [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(made_by_venv)]


def _mark(lock: Path) -> str:
    """Names an environment by what decides its content: lock, interpreter, machine."""
    digest = hashlib.sha256(lock.read_bytes())
    digest.update(f"{sys.version} {os.uname().machine}".encode())
    return f"{lock.stem}-{digest.hexdigest()[:16]}"


def _forget_old(folder: Path) -> None:
    """Of what is finished all but the newest; of what was broken off everything."""
    drafts = [path for path in folder.iterdir() if path.name.startswith(".")]
    finished = sorted(set(folder.iterdir()).difference(drafts), key=lambda path: path.stat().st_mtime)
    for path in (*drafts, *finished[:-_KEPT]):
        shutil.rmtree(path, ignore_errors=True)
