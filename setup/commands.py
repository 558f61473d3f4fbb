"""Running the commands of the set-up, and what is said when one fails."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

Say = Callable[[str], None]

_NOISE = ("npm warn", "Looking in ", "WARNING: ", "Ignoring ")
_UNREACHABLE = re.compile(
    r"proxyerror|(cannot|could not|failed to|unable to) connect|connection (refused|reset|timed out|failed)|timed out"
    r"|temporary failure|name or service not known|could not resolve|enotfound|eai_again|econn|etimedout"
    r"|certificate verify failed|self.signed certificate",
    re.IGNORECASE,
)
_OUT_OF_TIME = re.compile(r"Release file .* is (expired|not valid yet)")
_LONGEST_REASON = 120


class SetupError(Exception):
    """A step cannot be done; the message is a Korean sentence that says what to do."""


def sentence_for(error: OSError) -> str:
    """What the operating system refused, and where to look."""
    what = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)
    return f"파일을 다루지 못했습니다({what}). 주인과 권한, 디스크를 확인하십시오."


class Commands:
    """The commands under way, so that all of them end when somebody breaks the set-up off."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False
        self._lock_file: tuple[int, ...] = ()

    def hold(self, lock_file: int) -> None:
        """Let every command hold this open file's lock, too: one whose set-up was killed may still be writing."""
        self._lock_file = (lock_file,)

    def start(self, command: Sequence[str], cwd: Path | None, environment: dict[str, str]) -> subprocess.Popen[str]:
        """Start a command; raises SetupError once everything has been stopped."""
        with self._lock:
            if self._stopped:
                raise SetupError("그만두었습니다.")
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                pass_fds=self._lock_file,
            )
            self._running.add(process)
            return process

    def ended(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._running.discard(process)

    def stop(self) -> None:
        """End every command, and start none any more."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                with contextlib.suppress(PermissionError):  # sudo's; the terminal has told it
                    process.terminate()


commands = Commands()


def run(command: Sequence[str | Path], say: Say, cwd: Path | None = None, **environment: str) -> None:
    """Run a command, handing on each line it says; raises SetupError with the reason when it fails."""
    process = commands.start([str(part) for part in command], cwd, {**os.environ, **environment})
    said: list[str] = []
    with process:
        for line in process.stdout or ():
            text = line.strip()
            said.append(text)
            if text and not text.startswith(_NOISE):
                say(text)
    commands.ended(process)
    if process.returncode < 0:  # what it said last was no complaint
        raise SetupError(
            f"{Path(command[0]).name} 명령이 밖에서 끊겼습니다(신호 {-process.returncode}). "
            "메모리가 모자라지 않은지 확인하십시오."
        )
    if process.returncode != 0:
        raise SetupError(reason_in(said) or f"{Path(command[0]).name} 종료 코드 {process.returncode}")


def reason_in(said: Sequence[str]) -> str:
    """Why a command failed, by what it said: the network first, for then its other complaints mislead."""
    unreachable = next((line for line in said if _UNREACHABLE.search(line)), None)
    if unreachable is not None:
        return (
            "내려받지 못했습니다. 네트워크와 프록시 설정(http_proxy, https_proxy)을 확인하십시오 "
            f"({unreachable.rpartition(' broken by ')[2][:_LONGEST_REASON]})"
        )
    out_of_time = next(filter(_OUT_OF_TIME.search, said), None)
    if out_of_time is not None:
        return (
            "이 기계의 시계와 꾸러미 미러의 날짜가 맞지 않습니다. "
            f"시계(date)를 맞추거나, 더 자주 갱신되는 미러를 쓰십시오 ({out_of_time})"
        )
    lines = [line for line in said if line and not line.startswith(_NOISE)]
    complaints = [line for line in lines if "error" in line.casefold() or line.startswith("E:")]
    return " / ".join(complaints[:3] or lines[-3:])
