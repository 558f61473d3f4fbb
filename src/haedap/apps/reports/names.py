"""What the values of dimensions are called, and in which order they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from haedap.analytics.dimensions import Dimension, Value
from haedap.apps.accounts import api as accounts
from haedap.apps.centre import api as centre
from haedap.apps.contacts import words
from haedap.apps.reports import topics
from haedap.apps.reports.periods import weekday

_NATURAL = frozenset(
    {Dimension.HOUR, Dimension.WEEKDAY, Dimension.DAY, Dimension.WEEK, Dimension.MONTH, Dimension.YEAR}
)
"""Dimensions whose values have an order of their own; the others stand by how many contacts they have."""
_MONDAY = date(2024, 1, 1)


def ordered(dimension: Dimension) -> bool:
    """Whether the values stand in their own order."""
    return dimension in _NATURAL


def names_of(dimension: Dimension, values: Iterable[Value]) -> dict[Value, str]:
    """The name of each value, as the centre has it now. What is gone keeps its key."""
    known = _known(dimension)
    return {value: known.get(value) or _said(dimension, value) for value in values}


def name_of(dimension: Dimension, value: Value) -> str:
    """The name of one value."""
    return names_of(dimension, [value])[value]


def _known(dimension: Dimension) -> dict[Value, str]:
    match dimension:
        case Dimension.QUEUE:
            return _beside(None, _("No person was asked for"), centre.queue_names())
        case Dimension.TOPIC:
            return _beside("", _("No topic"), topics.paths())
        case Dimension.AGENT:
            return _beside(None, _("Nobody answered"), accounts.names())
        case Dimension.CHANNEL:
            return {channel.value: str(name) for channel, name in words.CHANNELS.items()}
        case Dimension.OFFICE:
            return {"": _("No owning office")}
        case Dimension.DISTRICT:
            return {"": _("District not known")}
        case _:
            return {}


def _beside(nothing: Value, name: str, known: Mapping[Any, str]) -> dict[Value, str]:
    return {nothing: name, **known}


def _said(dimension: Dimension, value: Value) -> str:
    """The name of a value out of the value itself."""
    match dimension:
        case Dimension.HOUR:
            return _("%(hour)d h") % {"hour": value}
        case Dimension.WEEKDAY:
            return weekday(_MONDAY.replace(day=int(value or 0) + 1))
        case Dimension.DAY:
            day = date.fromisoformat(str(value))
            return f"{day.month}/{day.day} ({weekday(day)})"
        case Dimension.MONTH:
            return date_format(date.fromisoformat(f"{value}-01"), _("M Y"))
        case _:
            return str(value or "–")
