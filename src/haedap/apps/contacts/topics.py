"""상담유형: the tree of those in use, and which of them are usual."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from haedap.apps.contacts.models import Contact, ContactNote, Topic
from haedap.apps.contacts.notes import topic_path

NUMBERED = 9
"""As many as have a key of their own on the desk."""
_LATEST_OF_QUEUE = 500
_LATEST_OF_AGENT = 100
_OWN_WEIGHT = 3
"""So much does an agent's own contact count against one of the queue."""


@dataclass(frozen=True, slots=True)
class TopicNode:
    """A topic in use, with those below it."""

    id: int
    code: str
    name: str
    children: list[TopicNode]


def topic_tree() -> list[TopicNode]:
    """The topics in use, in the centre's order."""
    children: dict[int | None, list[Topic]] = {}
    for item in Topic.objects.filter(active=True):
        children.setdefault(item.parent_id, []).append(item)

    def branch(parent: int | None) -> list[TopicNode]:
        return [TopicNode(item.pk, item.code, item.name, branch(item.pk)) for item in children.get(parent, [])]

    return branch(None)


def topic_paths(topics: Collection[int], *, choosable: bool = False) -> dict[int, str]:
    """The path of each; `choosable`: only of those that an agent can choose, in use and with none below them."""
    rows = Topic.objects.filter(active=True, children=None) if choosable else Topic.objects.all()
    found = rows.select_related("parent__parent").in_bulk(list(topics))
    return {key: topic_path(topic) for key, topic in found.items()}


def usual_topics(queue: str | None, agent: int) -> list[int]:
    """At most 9 topics that can be chosen, the most usual first: what the queue's and the agent's latest contacts had.

    So many contacts are looked at that the order changes slowly, and a number stays the same from call to call.
    """
    counts: Counter[int] = Counter()
    if queue is not None:
        counts.update(_topics_of(Contact.objects.filter(queue=queue), _LATEST_OF_QUEUE))
    for topic, own in _topics_of(Contact.objects.filter(agent=agent), _LATEST_OF_AGENT).items():
        counts[topic] += _OWN_WEIGHT * own
    places = {topic: place for place, topic in enumerate(_leaves(topic_tree()))}
    known = [topic for topic in counts if topic in places]
    return sorted(known, key=lambda topic: (-counts[topic], places[topic]))[:NUMBERED]


def _topics_of(contacts: QuerySet[Contact], most: int) -> dict[int, int]:
    """How many of the latest contacts have each topic."""
    latest = contacts.order_by("-arrived_at", "-pk").values("pk")[:most]
    notes = ContactNote.objects.filter(contact__in=latest, topic__isnull=False)
    return dict(notes.values_list("topic_id").annotate(Count("pk")))


def _leaves(nodes: list[TopicNode]) -> Iterator[int]:
    for node in nodes:
        if node.children:
            yield from _leaves(node.children)
        else:
            yield node.id
