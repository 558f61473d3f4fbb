"""Running the commands of the set-up, and what is said when one fails."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

Say = Callable[[str], None]

_NOISE = ("npm warn", "Looking in ", "WARNING: ", "Ignoring ")


class SetupError(Exception):
    """A step cannot be done; the message is a Korean sentence that says what to do."""


def run(command: Sequence[str | Path], say: Say, cwd: Path | None = None, **environment: str) -> None:
    """Run a command, handing on each line it says; raises SetupError with its last lines when it fails."""
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    said: list[str] = []
    with process:
        for line in process.stdout or ():
            text = line.strip()
            if text and not text.startswith(_NOISE):
                said.append(text)
                say(text)
    if process.returncode != 0:
        complaints = [line for line in said if "error" in line.casefold() or line.startswith("E:")]
        raise SetupError(" / ".join(complaints[:3] or said[-3:]) or f"{command[0]} 종료 코드 {process.returncode}")
