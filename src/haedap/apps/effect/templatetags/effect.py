"""How the page writes its numbers."""

from __future__ import annotations

from django import template

from haedap.analytics.rounding import percent, whole

register = template.Library()
_NOTHING = "–"


@register.filter
def rate(value: float | None) -> str:
    """`79.2%`; a dash for nothing."""
    return _NOTHING if value is None else percent(value)


@register.filter
def share(part: int, whole: int) -> str:
    """`part` of `whole` in percent."""
    return rate(part / whole if whole else None)


@register.filter
def minutes(seconds: float | None) -> str:
    """`3:05`; a dash for nothing."""
    if seconds is None:
        return _NOTHING
    full, left = divmod(whole(seconds), 60)
    return f"{full}:{left:02d}"
