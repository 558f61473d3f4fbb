"""Floods: calls beyond what one caller may make within a minute of the clock. Counted by the times of the events."""

from haedap.domain.events import ContactArrived
from haedap.routing.floor import Floor

UNKNOWN_CALLERS = ""
"""All callers without a number count as one."""


def is_too_much(floor: Floor, event: ContactArrived) -> bool:
    """Count the call; True when its caller has had as many in this minute as the plan allows."""
    limits = None if floor.plan.plan is None else floor.plan.plan.flood
    caller = event.caller or UNKNOWN_CALLERS
    most = 0 if limits is None else limits.per_caller if caller else limits.unknown
    if not most:
        return False
    minute = floor.now.replace(second=0, microsecond=0)
    if floor.calls_minute != minute:
        floor.calls_minute, floor.calls = minute, {}
    calls = floor.calls[caller] = floor.calls.get(caller, 0) + 1
    return calls > most
