"""What an archive consists of: the one file that is replaced in one step, and names all others."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from haedap.analytics.archive import ArchiveError

FORM = 2
"""Grows when the columns of the tables or what they mean change: an archive of another form is written anew."""
WHOLE = ""
"""In the place of a month, for tables that have none."""
_NAME, _LOCK = "manifest.json", "lock"


class Part(msgspec.Struct, frozen=True):
    """One file, relative to the archive's folder. `digest` of its bytes."""

    file: str
    rows: int
    digest: str


class Manifest(msgspec.Struct):
    """An archive as it counts."""

    centre: str = ""
    synthetic: str = ""
    """The profile of the invented year that it is of; empty: its contacts are real."""
    form: int = FORM
    database: str = ""
    """Which database it is of; another one's archive is written anew."""
    as_of: datetime | None = None
    """When it was last up to date; None: never yet."""
    transaction: int | None = None
    """What older transactions did was looked at; in whole numbers that never begin anew."""
    journal: int = 0
    """The last row of the journal that is in it."""
    tables: dict[str, dict[str, list[Part]]] = {}
    """By table and month (`2026-11`), its files."""
    counts: dict[str, dict[str, int]] = {}
    """By `table/month`, how many rows each table of the database had for it: fewer of them leave no other trace."""
    due: list[tuple[str, str]] = []
    """Tables and months that have changed and are not written yet."""

    def files(self) -> set[str]:
        """All that count."""
        return {part.file for months in self.tables.values() for parts in months.values() for part in parts}


def load(folder: Path) -> Manifest:
    """The archive in `folder`; an empty one when there is none. Raises ArchiveError when it cannot be read."""
    try:
        data = (folder / _NAME).read_bytes()
    except FileNotFoundError:
        return Manifest()
    try:
        return msgspec.json.decode(data, type=Manifest)
    except msgspec.DecodeError as error:
        raise ArchiveError(
            f"보관소의 목록({folder / _NAME})을 읽을 수 없습니다. haedap archive --anew로 새로 만드십시오."
        ) from error


def save(folder: Path, manifest: Manifest) -> None:
    """Make `manifest` what the archive is: wholly, or, when this is interrupted, not at all."""
    write_durably(folder / f"{_NAME}.new", msgspec.json.encode(manifest))
    (folder / f"{_NAME}.new").replace(folder / _NAME)
    sync(folder)


def write_durably(path: Path, data: bytes) -> None:
    """The bytes are on the disk when this returns."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """The folder's entries are on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One writer at a time, of all processes. Raises ArchiveError when there is another one, or none may write."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / _LOCK).open("w")
    except PermissionError:
        raise ArchiveError(
            f"보관소({folder})에 쓸 권한이 없습니다. 관리자 권한으로 haedap archive를 한 번 실행하십시오."
        ) from None
    with lock as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ArchiveError("보관소에 이미 쓰고 있습니다. 끝난 뒤 다시 실행하십시오.") from None
        try:
            yield
        finally:
            _hand_over(folder)


def _hand_over(folder: Path) -> None:
    """What root has written belongs to the owner of the folder around: the centre's own processes write here next."""
    if os.geteuid() != 0:
        return
    owner = folder.parent.stat()
    for path in (folder, *folder.rglob("*")):
        if path.lstat().st_uid != owner.st_uid:
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def remove_strangers(folder: Path, manifest: Manifest) -> None:
    """Take away what was written in vain, and what was replaced the last time and may have been read since."""
    ours = manifest.files()
    for path in sorted(folder.rglob("*.parquet*")):
        if str(path.relative_to(folder)) not in ours:
            path.unlink()
