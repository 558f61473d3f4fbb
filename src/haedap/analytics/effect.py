"""What articles and look-ups do: self-handled rate and handle time with and without them, fairly compared. Pure.

Topics differ in how easy they are, and in how often there is an article: the plain rates of both groups mix that in.
So they are standardised by topic: each topic counts in both groups with the weight of all its contacts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

ENOUGH = 20
"""From so many contacts with aid on, a topic is judged by its own difference."""


@dataclass(slots=True)
class Group:
    """Answered and ended contacts that have something in common."""

    contacts: int = 0
    self_handled: int = 0
    passed_on: int = 0
    handled: int = 0
    handled_seconds: float = 0.0

    def add(self, row: Mapping[str, Any]) -> None:
        """Count a row of `queries.effect` or of `queries.effect_times`."""
        self.contacts += row.get("contacts", 0)
        self.self_handled += row.get("self_handled", 0)
        self.passed_on += row.get("passed_on", 0)
        self.handled += row.get("handled", 0)
        self.handled_seconds += row.get("handled_seconds", 0.0)

    @property
    def self_handled_rate(self) -> float | None:
        """자체처리율, 0 to 1; none without contacts."""
        return self.self_handled / self.contacts if self.contacts else None

    @property
    def handle_time(self) -> float | None:
        """평균처리시간 in seconds; none when nobody was handled to the end."""
        return self.handled_seconds / self.handled if self.handled else None


Figure: TypeAlias = Callable[[Group], float | None]


@dataclass(slots=True)
class Comparison:
    """Two groups of the same contacts, in all and by topic."""

    used: Group = field(default_factory=Group)
    unused: Group = field(default_factory=Group)
    by_topic: dict[int, tuple[Group, Group]] = field(default_factory=dict)

    def add(self, row: Mapping[str, Any], *, used: bool) -> None:
        """Count a row in one of the groups."""
        pair = self.by_topic.setdefault(row["topic"], (Group(), Group()))
        for group in (self.used if used else self.unused, pair[0] if used else pair[1]):
            group.add(row)

    def standardised(self, figure: Figure) -> tuple[float, float] | None:
        """The figure of both groups as if they had the same topics; over the topics in which both groups have it.

        None when there is no such topic.
        """
        weighted = [
            (one.contacts + other.contacts, figure(one), figure(other)) for one, other in self.by_topic.values()
        ]
        both = [(weight, one, other) for weight, one, other in weighted if one is not None and other is not None]
        total = sum(weight for weight, _one, _other in both)
        if not total:
            return None
        return (
            sum(weight * one for weight, one, _other in both) / total,
            sum(weight * other for weight, _one, other in both) / total,
        )

    @property
    def comparable(self) -> int:
        """The contacts of the topics in which both groups occur."""
        return sum(a.contacts + b.contacts for a, b in self.by_topic.values() if a.contacts and b.contacts)


@dataclass(frozen=True, slots=True)
class Loss:
    """What a topic loses. `no_article`, `no_look_up`: of `passed_on`; `unaided` had neither."""

    topic: int
    contacts: int
    passed_on: int
    no_article: int
    no_look_up: int
    unaided: int
    avoidable: float | None


@dataclass(frozen=True, slots=True)
class Effect:
    """The page: three comparisons, and the topics that lose most, most first."""

    either: Comparison
    article: Comparison
    look_up: Comparison
    losses: tuple[Loss, ...]

    @property
    def contacts(self) -> int:
        return self.either.used.contacts + self.either.unused.contacts


def effect_of(rows: Iterable[Mapping[str, Any]]) -> Effect:
    """Put the rows of `queries.effect` and of `queries.effect_times` together."""
    either, article, look_up = Comparison(), Comparison(), Comparison()
    lost: dict[int, dict[str, int]] = {}
    for row in rows:
        either.add(row, used=row["article"] or row["looked_up"])
        article.add(row, used=row["article"])
        look_up.add(row, used=row["looked_up"])
        _count_lost(lost.setdefault(row["topic"], dict.fromkeys(_LOST, 0)), row)
    losses = [Loss(topic=topic, avoidable=_avoidable(either, topic), **counts) for topic, counts in lost.items()]
    losses = [loss for loss in losses if loss.passed_on]
    losses.sort(key=lambda loss: (-loss.unaided, -loss.passed_on, loss.topic))
    return Effect(either, article, look_up, tuple(losses))


_LOST = ("contacts", "passed_on", "no_article", "no_look_up", "unaided")


def _count_lost(counts: dict[str, int], row: Mapping[str, Any]) -> None:
    passed = row.get("passed_on", 0)
    counts["contacts"] += row.get("contacts", 0)
    counts["passed_on"] += passed
    counts["no_article"] += 0 if row["article"] else passed
    counts["no_look_up"] += 0 if row["looked_up"] else passed
    counts["unaided"] += 0 if row["article"] or row["looked_up"] else passed


def _avoidable(either: Comparison, topic: int) -> float | None:
    """How many of the topic's unaided contacts that were passed on would have been handled; none when nothing tells."""
    used, unused = either.by_topic[topic]
    rates = (used.self_handled_rate, unused.self_handled_rate)
    if used.contacts < ENOUGH:
        rates = either.standardised(lambda group: group.self_handled_rate) or (None, None)
    if rates[0] is None or rates[1] is None:
        return None
    return min(max(0.0, rates[0] - rates[1]) * unused.contacts, float(unused.passed_on))
