"""What `haedap run` shows: a list of ticks, then what a newcomer needs."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Awaitable
from typing import TextIO

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from haedap.apps.demo.people import ACCOUNTS
from haedap.config import Settings

_ROLES = {"agent": "상담사", "supervisor": "관리자", "administrator": "시스템 관리자"}


class Unfailing(io.TextIOBase):
    """A terminal that may be closed, or a file on a disk that may be full: what cannot be written there is not said.

    A centre goes on without a screen, and it ends in order when nobody sees it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._stream.encoding

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()


class StartScreen:
    """The start-up list; steps may run side by side."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._running: list[str] = []
        self._status = console.status("", spinner="dots")

    def begin(self) -> None:
        self._console.print("\n[bold]해답[/bold] 센터를 시작합니다\n")
        self._status.start()

    def end(self) -> None:
        self._status.stop()

    async def step(self, label: str, work: Awaitable[None]) -> None:
        """Shows the step while it runs, and a tick with its seconds after it; a failure leaves a cross."""
        began = time.monotonic()
        self._running.append(label)
        self._refresh()
        mark = "[red]✗[/red]"
        try:
            await work
            mark = "[green]✓[/green]"
        finally:
            self._running.remove(label)
            self._console.print(f"  {mark} {label}  [dim]{time.monotonic() - began:.1f}초[/dim]")
            self._refresh()

    def _refresh(self) -> None:
        self._status.update("  " + " · ".join(self._running))


def show_ready(console: Console, settings: Settings, *, begun: bool = True) -> None:
    """The last panel: the address, who may log in, the first call, how to end. Each line fits 80 columns.

    `begun`: there is an administrator already.
    """
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column()
    address = f"{settings.web_url}/"
    grid.add_row("주소", Text(address, style=f"link {address}"))
    grid.add_row("대표번호", settings.main_number_dialled)
    ports = f"UDP {settings.sip_udp_port} · TCP {settings.sip_tcp_port} · TLS {settings.sip_tls_port}"
    grid.add_row("SIP", f"{settings.sip_host} {ports}")
    if settings.demo:
        _add_demo(grid, settings)
    if not begun:
        grid.add_row("첫 관리자", ".venv/bin/haedap manage make_administrator chief")
    grid.add_row()
    grid.add_row("끝내기", "Ctrl-C로 끝냅니다")
    console.print()
    console.print(Panel(grid, title="해답이 준비되었습니다", border_style="green", expand=False, padding=(1, 2)))


def _add_demo(grid: Table, settings: Settings) -> None:
    """Who may log in, a line for each account, and the way to the first call, a line for each step."""
    for role, label in _ROLES.items():
        known = [f"{account.username} / {account.password}" for account in ACCOUNTS if account.role == role]
        grid.add_row(label, Text("\n".join(known)))
    grid.add_row()
    steps = (
        f"1. {settings.web_url}/ 에 상담사로 로그인합니다.",
        "2. [bold]업무 시작[/bold], [bold]대기[/bold]를 누릅니다.",
        f"3. 다른 창에서 {settings.web_url}/demo/phone 을 엽니다.",
        "4. [bold]전화 걸기[/bold]를 누릅니다.",
        "5. 상담 화면에서 [bold]받기[/bold]를 누릅니다.",
    )
    grid.add_row("첫 전화", "\n".join(steps))
