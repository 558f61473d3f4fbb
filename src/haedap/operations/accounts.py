"""The demo's accounts as the start-up list shows them."""

from __future__ import annotations

from dataclasses import dataclass

_LABELS = {"agent": "상담사", "supervisor": "관리자", "administrator": "시스템 관리자"}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that everybody may know, for invented people only."""

    username: str
    password: str
    role: str

    @property
    def label(self) -> str:
        return _LABELS.get(self.role, self.role)
