"""What other apps may ask of the search."""

from __future__ import annotations

from haedap.apps.search.entries import entry, publish, publish_all, withdraw
from haedap.apps.search.finding import Found, Hit, Mark, search
from haedap.apps.search.missing import Miss, missed, misses, reopen, settle
from haedap.apps.search.models import SearchEntry

__all__ = [
    "Found",
    "Hit",
    "Mark",
    "Miss",
    "SearchEntry",
    "entry",
    "missed",
    "misses",
    "publish",
    "publish_all",
    "reopen",
    "search",
    "settle",
    "withdraw",
]
