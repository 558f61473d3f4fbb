"""Rounding as people, the wallboard and spreadsheets do it, so that one figure reads the same wherever it stands."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: float, decimals: int = 0) -> float:
    """3 of 80 with three decimals is 0.038: what lies in the middle goes away from zero.

    Python's own goes to the even digit, or to whichever side the binary fraction happens to lie on.
    """
    return float(Decimal(str(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def whole(value: float) -> int:
    """3 of 2.5."""
    return int(half_up(value))


def percentage(share: float, *, decimals: int = 1) -> float:
    """79.2 of 0.7918."""
    return float(Decimal(str(half_up(share, decimals + 2))) * 100)


def percent(share: float) -> str:
    """`79.2%` of 0.7918: a share as it is shown everywhere. `percent` of `frontend/src/lib/format.ts` does the same."""
    return f"{percentage(share):.1f}%"
