"""Many Markdown articles in one ZIP. Nothing of it is ever written to a disk under the name that it has there."""

from __future__ import annotations

import contextlib
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from haedap.apps.knowledge.content import Content
from haedap.apps.knowledge.errors import UnreadableError
from haedap.apps.knowledge.formats import Read
from haedap.apps.knowledge.formats.front_matter import MOST_BYTES, read_markdown, write_markdown

MOST_FILES = 2000
MOST_UNPACKED = 50 * 1024 * 1024
_STAMP = (2026, 1, 1, 0, 0, 0)
"""One time for all files, so that the same articles give the same archive."""
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, NotImplementedError, RuntimeError,
    ValueError, IndexError,
)  # fmt: skip
"""What `zipfile` raises of an archive with wrong bytes in it, each way of packing its own."""


def read_archive(data: bytes) -> Read:
    """The articles of all `.md` files; other files are passed over. Raises UnreadableError."""
    found = Read()
    archive = open_zip(data)
    for info in _articles(archive):
        read = read_markdown(unpack(archive, info, MOST_BYTES), _shown(info))
        found.items += read.items
        found.problems += read.problems
    if not found.items and not found.problems:
        raise UnreadableError(_("There is no article (.md) in this archive."))
    return found


def write_archive(contents: Iterable[Content]) -> bytes:
    """One `.md` file an article, named by its code."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for content in contents:
            archive.writestr(
                zipfile.ZipInfo(f"{content.code}.md", _STAMP), write_markdown(content), zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The archive, when it says of itself that it is small and ordinary. Raises UnreadableError."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGE as error:
        raise UnreadableError(_("This archive is damaged. Pack it again.")) from error
    infos = archive.infolist()
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise UnreadableError(
            _("The archive holds more than %(files)d files or %(size)d MB. Divide it.")
            % {"files": MOST_FILES, "size": MOST_UNPACKED // 1024 // 1024}
        )
    if any(info.flag_bits & 1 for info in infos):
        raise UnreadableError(_("The archive has a password. Pack it without one."))
    return archive


def unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """The file, at most one byte more than `most`: what an archive says of its own sizes need not be true.

    Raises UnreadableError.
    """
    try:
        with archive.open(info) as file:
            return file.read(most + 1)
    except DAMAGE as error:
        raise UnreadableError(_("This archive is damaged. Pack it again.")) from error


def _articles(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    files = (info for info in archive.infolist() if not info.is_dir())
    return [info for info in files if _shown(info).lower().endswith(".md") and not _shown(info).startswith((".", "_"))]


def _shown(info: zipfile.ZipInfo) -> str:
    """Only the last part of the name, for messages; old Korean archives have it in CP949."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("cp949")
    return PurePosixPath(name.replace("\\", "/")).name[:80]
