"""`haedap doctor`: what is there, what is missing, how to mend it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

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
        show(findings)
    return 0 if healthy else 1


def show(findings: Iterable[Finding]) -> None:
    """Print them as a table. What was found is text: brackets in it, as of an address of IPv6, are no markup."""
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        mark = Text("✓", style="green") if finding.ok else Text("✗", style="red")
        table.add_row(mark, finding.label, Text(finding.found))
        if finding.mend:
            table.add_row("", "", Text(f"→ {finding.mend}", style="yellow"))
    Console(highlight=False).print(table)
