"""What something costs, told so that others on the same machine change little of it."""

from __future__ import annotations

import os


def processor_seconds() -> float:
    """What this process has used of the processors so far, with its children that have ended."""
    return sum(os.times()[:4])
