"""Files of articles. They lie in the state folder under names of our own, and go out only as downloads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from haedap.apps.knowledge.errors import RefusedError
from haedap.apps.knowledge.models import ArticleVersion, Attachment

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 10
_LONGEST_NAME = 120
_UNNAMEABLE = re.compile(r"[\x00-\x1f\x7f\"\\/:*?<>|\u202a-\u202e\u2066-\u2069]")
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class _Type:
    media_type: str
    begins: bytes


TYPES = {
    ".pdf": _Type("application/pdf", b"%PDF-"),
    ".hwp": _Type("application/x-hwp", _OLE),
    ".hwpx": _Type("application/hwp+zip", _ZIP),
    ".docx": _Type("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _ZIP),
    ".xlsx": _Type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ZIP),
    ".png": _Type("image/png", b"\x89PNG\r\n"),
    ".jpg": _Type("image/jpeg", b"\xff\xd8\xff"),
}
"""What may be attached, by the end of its name and by how such a file begins."""


def attach(version: ArticleVersion, name: str, data: bytes, account: int) -> Attachment:
    """Add a file to a draft. Raises RefusedError."""
    kind = _kind_of(name, data)
    with transaction.atomic():
        locked = ArticleVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if locked.state != ArticleVersion.State.DRAFT:
            raise RefusedError(_("Only a draft can be changed. Load the page anew."))
        if locked.attachments.count() >= MOST_FILES:
            raise RefusedError(_("An article has at most %(most)d attachments.") % {"most": MOST_FILES})
        row = Attachment.objects.create(
            name=_tidy(name), media_type=kind.media_type, bytes=len(data), added_by_id=account
        )
        locked.attachments.add(row)
        _put(path_of(row), data)
    return row


def detach(version: ArticleVersion, attachment: Attachment) -> None:
    """Take it off a draft; the file goes when no other version has it. Raises RefusedError."""
    with transaction.atomic():
        locked = ArticleVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if locked.state != ArticleVersion.State.DRAFT:
            raise RefusedError(_("Only a draft can be changed. Load the page anew."))
        locked.attachments.remove(attachment)
    remove_unused()


def remove_unused() -> int:
    """Files that no version has any more; returns how many."""
    unused = list(Attachment.objects.filter(versions=None))
    for row in unused:
        row.delete()
        _path(row.key.hex).unlink(missing_ok=True)
    return len(unused)


def path_of(attachment: Attachment) -> Path:
    """Where the file lies."""
    return _path(attachment.key.hex)


def _path(key: str) -> Path:
    folder: Path = settings.HAEDAP.state / "attachments"
    return folder / key


def _kind_of(name: str, data: bytes) -> _Type:
    ending = PurePosixPath(name).suffix.lower().replace(".jpeg", ".jpg")
    kind = TYPES.get(ending)
    if kind is None:
        raise RefusedError(_("Only these can be attached: %(types)s.") % {"types": ", ".join(TYPES)})
    if len(data) > MOST_BYTES:
        raise RefusedError(_("An attachment is at most %(most)d MB large.") % {"most": MOST_BYTES // 1024 // 1024})
    if not data.startswith(kind.begins):
        raise RefusedError(_("The file is not what its name says. Save it anew and choose it again."))
    return kind


def _tidy(name: str) -> str:
    plain = _UNNAMEABLE.sub("", PurePosixPath(name.replace("\\", "/")).name).strip(". ")
    suffix = PurePosixPath(plain).suffix
    return plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - len(suffix)] + suffix


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.chmod(0o600)
    part.rename(path)
