"""Signs in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext as _

from haedap.analytics.radar import Kind, Raised, Sign
from haedap.apps.centre import api as centre
from haedap.apps.contacts.api import Topic

_WORDS = 4
_MOST_OF_ALL = 0.5


def title_of(raised: Sequence[Raised], contacts: Sequence[Collection[Sign]]) -> str:
    """A few words for an event: its words, else its topic, else the keys pressed or the queue.

    For more contacts of all kinds: what most of them have in common.
    """
    signs = [one.sign for one in raised]
    if all(sign.kind == Kind.ALL for sign in signs):
        signs = _common(contacts)
    for kind in (Kind.WORD, Kind.TOPIC, Kind.CHOICE, Kind.QUEUE, Kind.DISTRICT):
        found = [sign for sign in signs if sign.kind == kind]
        if found:
            return " · ".join(_apart(names_of(found).values())[:_WORDS])
    return _("More contacts of all kinds")


def names_of(signs: Collection[Sign]) -> dict[Sign, str]:
    """How each is shown."""
    topics = [sign.value for sign in signs if sign.kind == Kind.TOPIC]
    topic_names = dict(Topic.objects.filter(code__in=topics).values_list("code", "name")) if topics else {}
    kinds = {sign.kind for sign in signs}
    queues = centre.queue_names() if Kind.QUEUE in kinds else {}
    steps = centre.step_names() if Kind.CHOICE in kinds else {}
    return {sign: _name(sign, topic_names, queues, steps) for sign in signs}


def _name(sign: Sign, topics: dict[str, str], queues: dict[str, str], steps: dict[tuple[str, str], str]) -> str:
    match sign.kind:
        case Kind.TOPIC:
            return topics.get(sign.value, sign.value)
        case Kind.QUEUE:
            return queues.get(sign.value, sign.value)
        case Kind.CHOICE:
            flow, _slash, step = sign.value.partition("/")
            return steps.get((flow, step), step)
        case Kind.ALL:
            return _("all contacts")
    return sign.value


def _apart(names: Iterable[str]) -> list[str]:
    """Without those that are part of one before them, or the other way round: kiwi finds parts of compounds, too."""
    chosen: list[str] = []
    for name in names:
        if not any(name in before or before in name for before in chosen):
            chosen.append(name)
    return chosen


def _common(contacts: Sequence[Collection[Sign]]) -> list[Sign]:
    """What at least half of them have, the most frequent first."""
    counts = Counter(sign for signs in contacts for sign in set(signs))
    return [sign for sign, count in counts.most_common() if count >= _MOST_OF_ALL * len(contacts)]
