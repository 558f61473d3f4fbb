"""What other apps may ask of the search.

`SearchEntry` is offered as a type and for its kinds; entries are written by these functions alone.
"""

from __future__ import annotations

from haedap.apps.search.entries import entry, filters_on, publish_all, withdraw, withdraw_others
from haedap.apps.search.finding import Found, Hit, Mark, search
from haedap.apps.search.missing import Miss, count_misses, missed, misses, reopen, settle
from haedap.apps.search.models import SearchEntry

__all__ = [
    "Found",
    "Hit",
    "Mark",
    "Miss",
    "SearchEntry",
    "count_misses",
    "entry",
    "filters_on",
    "missed",
    "misses",
    "publish_all",
    "reopen",
    "search",
    "settle",
    "withdraw",
    "withdraw_others",
]
