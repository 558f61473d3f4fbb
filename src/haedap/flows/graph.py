"""Flows as graphs: where each step leads, what is reached, and where a silent citizen would go in circles."""

from collections.abc import Callable, Mapping
from datetime import datetime

from haedap.domain.plan import Hours
from haedap.flows.hours import status
from haedap.flows.model import AnnouncementStep, AnyStep, CallbackStep, HoursStep, MenuStep, PlayStep, VoicemailStep


def links(step: AnyStep) -> set[str]:
    """All steps that may come next."""
    chosen = set(step.choices.values()) if isinstance(step, MenuStep) else set()
    return automatic_links(step) | chosen


def automatic_links(step: AnyStep) -> set[str]:
    """The steps that may come next without a key."""
    match step:
        case PlayStep(next=target) | MenuStep(otherwise=target):
            return {target}
        case AnnouncementStep(next=following):
            return {following} if following else set()
        case CallbackStep(otherwise=following) | VoicemailStep(otherwise=following):
            return {following} if following else set()
        case HoursStep():
            return {step.open, step.closed, step.holiday or step.closed, step.own_day or step.closed}
        case _:
            return set()


def branch(step: HoursStep, hours: Hours, at: datetime) -> str:
    """Where an hours step leads at this time."""
    now = status(hours, at)
    if now.open:
        return step.open
    if now.own_day and step.own_day:
        return step.own_day
    return step.holiday if now.holiday and step.holiday else step.closed


def reachable(first: str, steps: Mapping[str, AnyStep]) -> set[str]:
    """The steps that a citizen can get to, `first` among them."""
    return {first} | _reached_from(first, steps, links)


def endless_circles(steps: Mapping[str, AnyStep]) -> list[tuple[str, ...]]:
    """Groups of steps that a citizen who presses nothing would never leave for good, in the order of the flow."""
    ahead = {name: _reached_from(name, steps, automatic_links) for name in steps}
    circles: list[tuple[str, ...]] = []
    for name in steps:
        if name in ahead[name] and not any(name in circle for circle in circles):
            circles.append(tuple(other for other in steps if other in ahead[name] and name in ahead[other]))
    return circles


def _reached_from(first: str, steps: Mapping[str, AnyStep], follow: Callable[[AnyStep], set[str]]) -> set[str]:
    """What is reached from a step by one link or more."""
    found: set[str] = set()
    todo = [first]
    while todo:
        for target in follow(steps[todo.pop()]):
            if target not in found:
                found.add(target)
                todo.append(target)
    return found
