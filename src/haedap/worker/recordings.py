"""Recordings: from the file that the exchange has written to a row that says how long it is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import soundfile
import structlog
from django.utils import timezone

from haedap.apps.contacts.models import Contact, Recording
from haedap.domain.states import ContactState

SETTLE = timedelta(seconds=3)
"""The exchange closes the file a moment after the call's end."""
GIVE_UP = timedelta(minutes=2)
_AT_ONCE = 500
_log = structlog.get_logger(__name__)


def finish_recordings(folder: Path) -> int:
    """Measure what is finished, mark what never came; returns how many recordings were settled."""
    now = timezone.now()
    ended = Contact.objects.filter(state=ContactState.ENDED, ended_at__lte=now - SETTLE)
    writing = Recording.objects.filter(status=Recording.Status.WRITING, contact__in=ended.values("pk"))
    rows = list(writing.order_by("started_at")[:_AT_ONCE])
    long_ended = Contact.objects.filter(pk__in=[row.pk for row in rows], ended_at__lte=now - GIVE_UP)
    late = set(long_ended.values_list("pk", flat=True))
    return sum(_settle(row, folder / row.file, late=row.pk in late) for row in rows)


def _settle(row: Recording, path: Path, *, late: bool) -> int:
    measured = _measure(path)
    if measured is not None:
        seconds, size = measured
        values = {"status": Recording.Status.READY, "duration_seconds": seconds, "bytes": size}
    elif late:
        _log.warning("recording_missing", contact=str(row.pk))
        values = {"status": Recording.Status.MISSING}
    else:
        return 0
    return Recording.objects.filter(pk=row.pk, status=Recording.Status.WRITING).update(**values)


def _measure(path: Path) -> tuple[float, int] | None:
    """Seconds and bytes; None while the file is not there or is no sound yet."""
    try:
        with soundfile.SoundFile(path) as sound:
            return sound.frames / sound.samplerate, path.stat().st_size
    except (OSError, soundfile.SoundFileError):
        return None
