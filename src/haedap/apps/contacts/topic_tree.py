"""The tree of topics as administrators keep it: all of it, switched off or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from haedap.apps.contacts.models import ContactNote, Topic
from haedap.web.reaching import reached

MOST_LEVELS = 3


@dataclass(frozen=True, slots=True)
class Branch:
    """A topic in the tree, and what can be done with it."""

    topic: Topic
    path: str
    """Names from the root, with those above it."""
    level: int
    """1 for a root."""
    off: bool
    """Switched off, itself or something above it."""
    first: bool
    last: bool


def branches() -> list[Branch]:
    """The whole tree, each topic before those below it, in the centre's order."""
    children: dict[int | None, list[Topic]] = {}
    for topic in Topic.objects.all():
        children.setdefault(topic.parent_id, []).append(topic)
    found: list[Branch] = []

    def add(parent: int | None, above: str, level: int, *, off: bool) -> None:
        siblings = children.get(parent, [])
        for topic in siblings:
            is_off, path = off or not topic.active, above + topic.name
            ends = {"first": topic is siblings[0], "last": topic is siblings[-1]}
            found.append(Branch(topic, path, level, is_off, **ends))
            add(topic.pk, f"{path} > ", level + 1, off=is_off)

    add(None, "", 1, off=False)
    return found


def below(topic: int) -> set[int]:
    """The topic of this id, and everything below it."""
    return reached(topic, lambda new: Topic.objects.filter(parent__in=new).values_list("pk", flat=True))


def possible_parents(topic: Topic | None) -> list[Branch]:
    """Where the topic, None for a new one, may stand: not below itself, and not so that anything is too deep."""
    all_of_them = branches()
    own = below(topic.pk) if topic is not None else set()
    levels = [branch.level for branch in all_of_them if branch.topic.pk in own]
    height = max(levels) - min(levels) if levels else 0
    return [branch for branch in all_of_them if branch.topic.pk not in own and branch.level + 1 + height <= MOST_LEVELS]


def lock() -> None:
    """Nobody else changes the tree until the running transaction ends; records name its topics all the while.

    Each of two moves can be right alone, and both of them a circle.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE topic IN SHARE ROW EXCLUSIVE MODE")


def move(topic: Topic, step: int) -> None:
    """One place up (-1) or down (1) among those beside it, at the end nothing; the tree is locked."""
    siblings = list(Topic.objects.filter(parent=topic.parent_id))
    place = [sibling.pk for sibling in siblings].index(topic.pk)
    if 0 <= place + step < len(siblings):
        siblings[place], siblings[place + step] = siblings[place + step], siblings[place]
    _number(siblings)


def number_children(parent: int | None, order: Mapping[str, int]) -> None:
    """Put the topics below `parent` in the order of their codes there; those without one follow as they were."""
    siblings = list(Topic.objects.filter(parent=parent))
    siblings.sort(key=lambda topic: order.get(topic.code, len(order)))
    _number(siblings)


def put_last(topic: Topic) -> None:
    """The topic comes after all that stand beside it."""
    beside = Topic.objects.filter(parent=topic.parent_id).exclude(pk=topic.pk)
    topic.position = max(beside.values_list("position", flat=True), default=-1) + 1


def is_used(topic: Topic) -> bool:
    """Whether a record has it; then it is switched off and never removed."""
    return ContactNote.objects.filter(topic=topic).exists()


def _number(siblings: list[Topic]) -> None:
    for place, sibling in enumerate(siblings):
        sibling.position = place
    Topic.objects.bulk_update(siblings, ["position"])
