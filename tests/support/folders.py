"""Where a test run keeps what nobody keeps.

In memory if there is room: to copy the thousand files of a database costs a disk ten times the processor.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of an own name is made in it
_ROOM = 2_000_000_000


def quick_folder() -> Path:
    """A new folder that everybody may enter, for the caller to remove. Its path is short: unix sockets lie below it."""
    in_memory = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    if in_memory:
        _remove_what_the_dead_left()
    folder = Path(tempfile.mkdtemp(prefix=f"hd-{os.getpid()}-", dir=_MEMORY if in_memory else None))
    folder.chmod(0o755)
    return folder


def _remove_what_the_dead_left() -> None:
    """A run that was killed would hold its memory until the machine ends."""
    for folder in _MEMORY.glob("hd-*-*"):
        if not Path("/proc", folder.name.split("-")[1]).exists():
            shutil.rmtree(folder, ignore_errors=True)
