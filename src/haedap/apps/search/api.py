"""What other apps may ask of the search."""

from __future__ import annotations

from haedap.apps.search.entries import publish, withdraw
from haedap.apps.search.finding import Found, Hit, Mark, search
from haedap.apps.search.missing import Miss, missed, misses, reopen, settle

__all__ = [
    "Found",
    "Hit",
    "Mark",
    "Miss",
    "missed",
    "misses",
    "publish",
    "reopen",
    "search",
    "settle",
    "withdraw",
]
