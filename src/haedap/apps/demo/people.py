"""The demo's accounts, known to everybody: for invented people only, and only in the demo."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account with a public password."""

    username: str
    password: str
    role: str


PASSWORD = "haedap-Demo-1"  # noqa: S105 - public by design
ACCOUNTS = (
    DemoAccount("agent1", PASSWORD, "agent"),
    DemoAccount("agent2", PASSWORD, "agent"),
    DemoAccount("agent3", PASSWORD, "agent"),
    DemoAccount("supervisor", PASSWORD, "supervisor"),
    DemoAccount("admin", PASSWORD, "administrator"),
)
