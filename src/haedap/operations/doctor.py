"""`haedap doctor`: what is there, what is missing, how to mend it."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from haedap.config import get_settings
from haedap.operations.checks import Finding, all_findings


def examine(*, as_json: bool) -> int:
    """Print every finding; returns 0 when all is well, else 1."""
    findings = list(all_findings(get_settings()))
    healthy = all(finding.ok for finding in findings)
    if as_json:
        report = {"ok": healthy, "checks": [{"ok": finding.ok, **asdict(finding)} for finding in findings]}
        print(json.dumps(report, ensure_ascii=False, indent=2))  # noqa: T201 - the command's output
    else:
        _show(findings)
    return 0 if healthy else 1


def _show(findings: list[Finding]) -> None:
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        mark = "[green]✓[/green]" if finding.ok else "[red]✗[/red]"
        table.add_row(mark, finding.label, finding.found)
        if finding.mend:
            table.add_row("", "", f"[yellow]→ {finding.mend}[/yellow]")
    Console(highlight=False).print(table)
