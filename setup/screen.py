"""What the set-up shows: one calm line a step on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

_SECONDS_BETWEEN_LINES = 5.0
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


@dataclass(slots=True)
class Line:
    """One step as it is shown."""

    name: str
    started: float = field(default_factory=time.monotonic)
    said: str = ""
    state: str = "running"
    seconds: float = 0.0
    printed: float = 0.0


class Screen:
    """Steps report here from their threads; everything they say is kept in a log file beside."""

    def __init__(self, log: Path) -> None:
        self._lines: dict[str, Line] = {}
        self._lock = threading.Lock()
        self._drawn = 0
        self._live = sys.stdout.isatty()
        for folder in (log.parent.parent, log.parent):
            folder.mkdir(mode=0o750, exist_ok=True)
        self._log = log.open("w", encoding="utf-8")
        self._ended = threading.Event()
        self._painter = threading.Thread(target=self._paint, daemon=True)
        if self._live:
            self._painter.start()

    def start(self, name: str) -> None:
        with self._lock:
            self._lines[name] = Line(name)

    def say(self, name: str, text: str) -> None:
        """Something a step did; on no terminal at most one line in five seconds is shown."""
        with self._lock:
            self._log.write(f"{name}: {text}\n")
            line = self._lines[name]
            line.said = text
            now = time.monotonic()
            if not self._live and now - line.printed >= _SECONDS_BETWEEN_LINES:
                line.printed = now
                self._print(f"  · {name}: {text[:110]}")

    def finish(self, name: str, *, failed: str = "") -> None:
        """A step ended; one that had nothing to do is not mentioned."""
        with self._lock:
            line = self._lines[name]
            line.seconds = time.monotonic() - line.started
            if not line.said and not failed:
                del self._lines[name]
                return
            line.state, line.said = ("failed", failed) if failed else ("done", "")
            if not self._live:
                self._print(_ended_line(line))

    def close(self) -> None:
        self._ended.set()
        if self._live:
            self._painter.join()
            self._draw(0)
        self._log.close()

    def _paint(self) -> None:
        frame = 0
        while not self._ended.wait(0.12):
            with self._lock:
                self._draw(frame)
            frame += 1

    def _draw(self, frame: int) -> None:
        up = f"\x1b[{self._drawn}F" if self._drawn else ""
        rows = [self._row(line, frame) for line in self._lines.values() if line.said or line.state != "running"]
        self._drawn = len(rows)
        sys.stdout.write(up + "".join(f"\x1b[2K{row}\n" for row in rows) + "\x1b[J")
        sys.stdout.flush()

    def _row(self, line: Line, frame: int) -> str:
        if line.state != "running":
            return _ended_line(line)
        seconds = time.monotonic() - line.started
        return f"  {_FRAMES[frame % len(_FRAMES)]} {line.name}  {seconds:3.0f}초  \x1b[2m{line.said[:70]}\x1b[0m"

    def _print(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def _ended_line(line: Line) -> str:
    if line.state == "failed":
        return f"  ✗ {line.name}: {line.said}"
    return f"  ✓ {line.name}  {line.seconds:.1f}초"
