"""How figures are written."""

from __future__ import annotations

from haedap.analytics.measures import Unit
from haedap.analytics.rounding import half_up, percent, whole

NOTHING = "–"
"""A share or a mean of nothing does not exist."""


def written(value: float | None, unit: Unit) -> str:
    """`12,345`, `79.2%`, `3:05`, `84.3`."""
    if value is None:
        return NOTHING
    match unit:
        case Unit.RATIO:
            return percent(value)
        case Unit.SECONDS:
            return _clock(value)
        case Unit.POINTS:
            return f"{half_up(value, 1):.1f}"
        case _:
            return f"{value:,.0f}" if float(value).is_integer() else f"{half_up(value, 1):,.1f}"


def change(now: float | None, before: float | None, unit: Unit) -> str:
    """From `before` to `now`: counts in percent, shares in points of a percent, the rest in their own unit."""
    if now is None or before is None:
        return NOTHING
    difference = now - before
    match unit:
        case Unit.CONTACTS:
            return f"{_signed(difference / before * 100)}%" if before else NOTHING
        case Unit.RATIO:
            return f"{_signed(difference * 100)}%p"
        case Unit.SECONDS:
            return f"{_sign(half_up(difference))}{_clock(abs(difference))}"
        case _:
            return _signed(difference)


def _signed(value: float) -> str:
    """`+1.5`, `-1.5`; what is rounded to nothing has no sign."""
    rounded = half_up(value, 1)
    return f"{_sign(rounded)}{abs(rounded):,.1f}"


def _sign(value: float) -> str:
    return "+" if value > 0 else "-" if value < 0 else ""


def _clock(seconds: float) -> str:
    """`0:09`, `3:05`, `1:02:45`."""
    minutes, left = divmod(whole(seconds), 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02}:{left:02}" if hours else f"{minutes}:{left:02}"
