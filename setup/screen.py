"""What the set-up shows: one calm line a step on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import shutil
import sys
import threading
import time
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

_SECONDS_BETWEEN_LINES = 5.0
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_NARROWEST = 20


@dataclass(slots=True)
class Line:
    """One step as it is shown."""

    name: str
    started: float = field(default_factory=time.monotonic)
    said: str = ""
    printed: float = 0.0


class Screen:
    """Steps report here from their threads; everything they say is kept in a log file beside."""

    def __init__(self, log: Path) -> None:
        self._lines: dict[str, Line] = {}
        self._lock = threading.Lock()
        self._drawn = 0
        self._ended_rows: list[str] = []
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
            line = self._lines.pop(name)
            if not line.said and not failed:
                return
            row = _ended_line(name, time.monotonic() - line.started, failed)
            if self._live:
                self._ended_rows.append(row)
            else:
                self._print(row)

    def close(self) -> None:
        self._ended.set()
        if self._live:
            self._painter.join()
            with self._lock:
                self._draw(0)
        self._log.close()

    def _paint(self) -> None:
        frame = 0
        while not self._ended.wait(0.12):
            with self._lock:
                self._draw(frame)
            frame += 1

    def _draw(self, frame: int) -> None:
        """Ended steps stay above for good, however long their rows; what is under way is drawn over and over below."""
        up = f"\x1b[{self._drawn}F" if self._drawn else ""
        columns = max(shutil.get_terminal_size().columns - 1, _NARROWEST)
        rows = [_row(line, frame, columns) for line in self._lines.values() if line.said]
        self._drawn = len(rows)
        sys.stdout.write(f"{up}\x1b[J" + "".join(f"{row}\n" for row in (*self._ended_rows, *rows)))
        self._ended_rows.clear()
        sys.stdout.flush()

    def _print(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def _row(line: Line, frame: int, columns: int) -> str:
    """What a step is doing, never longer than one row of the terminal: the cursor goes back by rows."""
    seconds = time.monotonic() - line.started
    head = f"  {_FRAMES[frame % len(_FRAMES)]} {line.name}  {seconds:3.0f}초  "
    return f"{head}\x1b[2m{_cut(line.said, columns - _columns(head))}\x1b[0m"


def _cut(text: str, columns: int) -> str:
    while _columns(text) > max(columns, 0):
        text = text[:-1]
    return text


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: a Korean syllable takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _ended_line(name: str, seconds: float, failed: str) -> str:
    return f"  ✗ {name}: {failed}" if failed else f"  ✓ {name}  {seconds:.1f}초"
