"""Flows as graphs: where each step leads, what is reached, and where a silent citizen would go in circles."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from haedap.flows.model import AnnouncementStep, AnyStep, HoursStep, MenuStep, PlayStep, QueueStep

Link = tuple[str, str]
"""The field and the name that stands in it."""


def links(step: AnyStep) -> Iterator[Link]:
    """All steps that may come next."""
    yield from automatic_links(step)
    if isinstance(step, MenuStep):
        for keys, target in step.choices.items():
            yield f"choices.{keys}", target


def automatic_links(step: AnyStep) -> Iterator[Link]:
    """The steps that may come next without a key."""
    match step:
        case PlayStep(next=target):
            yield "next", target
        case AnnouncementStep(next=target) if target is not None:
            yield "next", target
        case MenuStep(otherwise=target):
            yield "otherwise", target
        case HoursStep():
            branches = {"open": step.open, "closed": step.closed, "holiday": step.holiday, "own_day": step.own_day}
            yield from ((name, target) for name, target in branches.items() if target is not None)


def prompts_of(step: AnyStep) -> Iterator[Link]:
    """All prompts that the step says, with their places."""
    if isinstance(step, PlayStep | AnnouncementStep | QueueStep | MenuStep):
        yield from ((f"prompts.{number}", prompt) for number, prompt in enumerate(step.prompts))
    if isinstance(step, MenuStep):
        yield from ((f"invalid_prompts.{number}", prompt) for number, prompt in enumerate(step.invalid_prompts))


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


def _reached_from(first: str, steps: Mapping[str, AnyStep], follow: Callable[[AnyStep], Iterable[Link]]) -> set[str]:
    """What is reached from a step by one link or more."""
    found: set[str] = set()
    todo = [first]
    while todo:
        for _, target in follow(steps[todo.pop()]):
            if target not in found:
                found.add(target)
                todo.append(target)
    return found
