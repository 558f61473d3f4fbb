"""By what contacts are grouped, and the values of the groups. Without the engines, which take long to load."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

Value: TypeAlias = str | int | None
Group: TypeAlias = tuple[Value, ...]


class Dimension(StrEnum):
    """What contacts are grouped by, with what the values are."""

    CENTRE = "centre"
    CHANNEL = "channel"
    QUEUE = "queue"
    """The key of the queue that was asked for; None: no person was."""
    AGENT = "agent"
    """The account of the first who answered; None: nobody did."""
    TOPIC = "topic"
    """The topic's code; '' without one."""
    OFFICE = "office"
    """The name of the topic's owning office; '' without one."""
    DISTRICT = "district"
    """읍면동; '' when not known."""
    DAY = "day"
    """`2026-11-18`, in Seoul like all that follow."""
    WEEK = "week"
    """Its Monday: `2026-11-16`."""
    MONTH = "month"
    """`2026-11`."""
    YEAR = "year"
    """An int."""
    HOUR = "hour"
    """0 to 23."""
    WEEKDAY = "weekday"
    """0 is Monday."""
