"""The sound of a contact: a signed address that lives for half an hour, served in ranges so that a player can seek."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from haedap.apps.accounts import access
from haedap.apps.accounts.api import Account
from haedap.apps.contacts import permissions
from haedap.apps.contacts.models import Recording
from haedap.apps.contacts.ranges import RangeUnsatisfiableError, Span, read_range

LIFE_SECONDS = 1800
_BLOCK = 64 * 1024
_signer = TimestampSigner(salt="haedap.recording")


def sign(contact: UUID, account: int) -> str:
    """A token with which `account` may hear this one recording."""
    return _signer.sign(f"{contact}/{account}")


def _permitted(token: str, contact: UUID, account: int) -> bool:
    try:
        return _signer.unsign(token, max_age=LIFE_SECONDS) == f"{contact}/{account}"
    except BadSignature:
        return False


@access.allow(access.SIGNED_IN)
@require_safe
async def recording(request: HttpRequest, contact: UUID) -> HttpResponseBase:
    """The WAV, whole or the part that was asked for."""
    account = request.user
    if not isinstance(account, Account) or not _permitted(request.GET.get("token", ""), contact, account.pk):
        raise PermissionDenied
    path = await sync_to_async(_path)(account, contact)
    status = await sync_to_async(path.stat)()
    modified = http_date(status.st_mtime)
    # Of a file that has changed since, no part fits to those that the player has (RFC 9110, 13.1.5).
    wanted = request.headers.get("Range") if request.headers.get("If-Range", modified) == modified else None
    try:
        part = read_range(wanted, status.st_size)
    except RangeUnsatisfiableError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{status.st_size}"})
    span = part or Span(0, status.st_size)
    headers = {
        "Content-Type": "audio/wav",
        "Content-Length": str(span.length),
        "Accept-Ranges": "bytes",
        "Last-Modified": modified,
        "Cache-Control": "no-store",
        "Content-Disposition": "inline",
    }
    if part is not None:
        headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{status.st_size}"
    return StreamingHttpResponse(_blocks(path, span), status=206 if part else 200, headers=headers)


def _path(account: Account, contact: UUID) -> Path:
    """Where the sound lies. Raises Http404 when it is not theirs to hear, not there, or outside the folder."""
    row = recording_of(contact, ready=True)
    path = file_of(row) if row and permissions.opened(account, contact) else None
    if path is None:
        raise Http404
    return path


def recording_of(contact: UUID, *, ready: bool = False) -> Recording | None:
    """What was recorded in a contact; `ready`: only when it can be heard."""
    rows = Recording.objects.filter(pk=contact)
    return (rows.filter(status=Recording.Status.READY) if ready else rows).first()


def file_of(recording: Recording) -> Path | None:
    """Where its sound lies; None when that is outside the folder or gone, as old files are that were moved away."""
    folder = settings.HAEDAP.recordings.resolve()
    path: Path = (folder / recording.file).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None


async def _blocks(path: Path, span: Span) -> AsyncIterator[bytes]:
    left = span.length
    file: BinaryIO = await sync_to_async(lambda: path.open("rb"))()
    try:
        await sync_to_async(file.seek)(span.start)
        while left > 0:
            block = await sync_to_async(file.read)(min(_BLOCK, left))
            if not block:
                return
            left -= len(block)
            yield block
    finally:
        file.close()
