"""Recordings as files: where the exchange puts them, and the WAV that it makes of them.

The voice channel writes and reads them, the engine notes them in the record; neither knows the other.
"""

import contextlib
import os
import struct
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

_HEADER_BYTES = 44
"""What stands before the sound in a WAV file of Asterisk."""
_UNFINISHED = b"data" + bytes(4)
"""The end of a header that was written before the sound was, and never again."""


def recording_file(contact: str, arrived_at: datetime, zone: ZoneInfo) -> str:
    """Where a contact that arrived then is recorded, relative to the recordings folder: by the local day."""
    return f"{arrived_at.astimezone(zone):%Y/%m/%d}/{contact}.wav"


def has_sound(file: Path) -> bool:
    """Whether there is more than a header."""
    try:
        return file.stat().st_size > _HEADER_BYTES
    except FileNotFoundError:
        return False


def is_empty_since(file: Path, before: datetime) -> bool:
    """Whether there is no more than a header, and was not before that time either."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return False
    return found.st_size <= _HEADER_BYTES and found.st_mtime < before.timestamp()


def samples_of(file: Path) -> bytes:
    """Its samples of two bytes, also when the exchange died before it wrote their number into the header."""
    try:
        data = file.read_bytes()[_HEADER_BYTES:]
    except FileNotFoundError:
        return b""
    return data[: len(data) // 2 * 2]


def finish(file: Path) -> None:
    """Tell in the header how much sound follows: the exchange does so when it closes the file, and a dead one never."""
    with contextlib.suppress(OSError), file.open("r+b") as sound:
        samples = os.fstat(sound.fileno()).st_size - _HEADER_BYTES
        if samples > 0 and sound.read(_HEADER_BYTES).endswith(_UNFINISHED):
            for place, length in ((4, samples + _HEADER_BYTES - 8), (_HEADER_BYTES - 4, samples)):
                sound.seek(place)
                sound.write(struct.pack("<I", length))
