"""Which system user runs what: as root, servers are given to the user `haedap`; else everything is the caller's."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from haedap.operations import OperationsError

SERVICE_USER = "haedap"
_ACCOUNTS = "/etc"
"""The folder in which the system keeps its users; locked while one is made."""
_ALREADY_THERE = 9
"""How useradd ends when there is such a user, by whomever made."""


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """A system user, by name and numbers."""

    name: str
    uid: int
    gid: int


def current_user() -> ServiceUser:
    """The user who runs this process; a user without an entry in the password file goes by the number."""
    uid = os.geteuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    return ServiceUser(name, uid, os.getegid())


def service_user() -> ServiceUser:
    """The user for PostgreSQL and Asterisk, which do not run as root; made when root starts for the first time."""
    if os.geteuid() != 0:
        return current_user()
    entry = _known() or _made()
    return ServiceUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def as_user(user: ServiceUser, command: tuple[str, ...]) -> tuple[str, ...]:
    """`command` as `user`, ended by the kernel when its parent dies, so that no crash leaves orphans."""
    switch = ("--reuid", str(user.uid), "--regid", str(user.gid), "--clear-groups") if user.uid != os.geteuid() else ()
    return ("setpriv", *switch, "--pdeathsig", "TERM", "--", *command)


def give(path: Path, user: ServiceUser) -> None:
    """Make `path` and all below it the user's; does nothing for an ordinary user, who owns what he makes."""
    if os.geteuid() != 0:
        return
    _give_one(path, user)
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            _give_one(Path(folder, name), user)


def make_folder(path: Path, user: ServiceUser, mode: int = 0o750) -> Path:
    """A folder that belongs to `user`; refuses one that somebody else put in its place."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid not in {0, os.geteuid(), user.uid}:
        raise OperationsError(f"폴더 {path}의 주인이 다른 사용자입니다. 그 폴더를 옮기거나 지운 뒤 다시 시작하십시오.")
    _give_one(path, user)
    return path


def refuse_unreachable(folder: Path, user: ServiceUser) -> None:
    """Raise OperationsError when the user cannot get to his own folder, for example below /root."""
    if user.uid == os.geteuid():
        return
    if subprocess.run(as_user(user, ("test", "-x", str(folder))), cwd="/", check=False).returncode != 0:
        raise OperationsError(
            f"PostgreSQL과 Asterisk를 돌릴 사용자 {user.name} 계정이 폴더 {folder}에 들어갈 수 없습니다. "
            "HAEDAP_STATE로 /srv 아래처럼 누구나 들어갈 수 있는 곳을 지정하십시오."
        )


def refuse_unreadable(file: Path, user: ServiceUser, setting: str) -> None:
    """Raise OperationsError when the user cannot read a file that somebody else keeps for him, such as a key."""
    if user.uid == os.geteuid():
        return
    if subprocess.run(as_user(user, ("test", "-r", str(file))), cwd="/", check=False).returncode != 0:
        raise OperationsError(
            f"Asterisk를 돌릴 사용자 {user.name} 계정이 파일 {file} 내용을 읽을 수 없습니다. "
            f"읽을 권한을 주거나 설정 {setting}에 다른 파일을 지정하십시오."
        )


def _give_one(path: Path, user: ServiceUser) -> None:
    with suppress(FileNotFoundError):  # it may be a half-written file of somebody at work there
        if os.geteuid() == 0 and path.lstat().st_uid != user.uid:
            os.chown(path, user.uid, user.gid, follow_symlinks=False)


def useradd() -> str:
    """The program that makes users; who became root by `su` alone does not find it by the user's own PATH."""
    return shutil.which("useradd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin") or "useradd"


def _known() -> pwd.struct_passwd | None:
    with suppress(KeyError):
        return pwd.getpwnam(SERVICE_USER)
    return None


def _made() -> pwd.struct_passwd:
    """Made by one at a time: where two add the same user in one moment, useradd lets both, each with another number."""
    accounts = os.open(_ACCOUNTS, os.O_RDONLY)
    try:
        fcntl.flock(accounts, fcntl.LOCK_EX)
        if _known() is None:
            _add()
        return pwd.getpwnam(SERVICE_USER)
    finally:
        os.close(accounts)


def _add() -> None:
    command = (useradd(), "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVICE_USER)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in {0, _ALREADY_THERE}:
        raise OperationsError(
            f"시스템 사용자 {SERVICE_USER} 계정을 만들지 못했습니다({done.stderr.strip()}). "
            f"직접 만든 뒤 다시 시작하십시오: useradd --system {SERVICE_USER}"
        )
