"""The tree of departments, read in one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from haedap.apps.offices.models import Department
from haedap.web.locking import one_at_a_time
from haedap.web.reaching import reached


@dataclass(slots=True)
class Node:
    """A department at its level (0: top), and what is below it."""

    department: Department
    level: int
    children: list[Node] = field(default_factory=list)


def lock() -> None:
    """Nobody else moves departments until the running transaction ends.

    Each of two moves can be right alone, and both of them a circle.
    """
    one_at_a_time("offices")


def roots() -> list[Node]:
    """The active departments, in the centre's order. What stands below a closed one stands at the top."""
    departments = list(Department.objects.filter(active=True))
    known = {department.pk for department in departments}
    below: dict[int | None, list[Department]] = {}
    for department in departments:
        below.setdefault(department.parent_id if department.parent_id in known else None, []).append(department)

    def branch(parent: int | None, level: int) -> list[Node]:
        return [Node(department, level, branch(department.pk, level + 1)) for department in below.get(parent, [])]

    return branch(None, 0)


def below(department: int) -> set[int]:
    """The department of this id, and everything below it, closed or not."""
    return reached(department, lambda new: Department.objects.filter(parent__in=new).values_list("pk", flat=True))


def flat() -> Iterator[Node]:
    """The tree from top to bottom."""
    waiting = roots()[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children[::-1]
