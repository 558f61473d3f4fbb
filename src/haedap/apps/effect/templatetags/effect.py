"""How the page writes its numbers."""

from __future__ import annotations

from django import template

register = template.Library()
_NOTHING = "–"


@register.filter
def rate(value: float | None) -> str:
    """`79.2 %`; a dash for nothing."""
    return _NOTHING if value is None else f"{value * 100:.1f} %"


@register.filter
def share(part: int, whole: int) -> str:
    """`part` of `whole` in percent."""
    return rate(part / whole if whole else None)


@register.filter
def minutes(seconds: float | None) -> str:
    """`3:05`; a dash for nothing."""
    return _NOTHING if seconds is None else f"{round(seconds) // 60}:{round(seconds) % 60:02d}"
