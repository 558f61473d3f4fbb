"""Which numbers were requested most, with the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from haedap.analytics.directory.tree import Target, Tree, number_key

LEAST_OUTSIDE: Final = 3
"""Contacts that must ask for a number which no office has: what one told is nobody's business."""
_MOBILE: Final = number_key("+8210")


class Source(StrEnum):
    """What shows that the citizen of a contact needed a number, the surest first."""

    TRANSFER = "transfer"
    """The citizen was put through, or that was tried."""
    REFERRAL = "referral"
    """The office owes the citizen a call or the answer to a case."""
    GIVEN = "given"
    """The agent wrote down the telephone number."""
    NAMED = "named"
    """The agent wrote down the office or one of its duties."""
    ARTICLE = "article"
    """The agent answered by an article of the office."""


WEIGHTS: Final[Mapping[Source, int]] = {
    Source.TRANSFER: 10,
    Source.REFERRAL: 10,
    Source.GIVEN: 10,
    Source.NAMED: 5,
    Source.ARTICLE: 3,
}
"""In tenths of a request. Who was put through or got the number would have dialled it; who is only told about the
office may have had enough with that; who was answered by an article mostly had."""


@dataclass(frozen=True, slots=True)
class Request:
    """That a contact needed `target`. `about`: for what, as the topic, the article or the duty is called."""

    contact: str
    source: Source
    target: Target
    about: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that was requested. `score` in tenths of a request; `evidence`: contacts by source.

    `matters`: what it was wanted for, most asked first.
    """

    key: str
    score: int
    contacts: int
    evidence: Mapping[Source, int]
    matters: tuple[str, ...] = ()


@dataclass(slots=True)
class _Count:
    sources: dict[str, set[Source]] = field(default_factory=dict)
    matters: dict[str, set[str]] = field(default_factory=dict)


def find(requests: Iterable[Request], tree: Tree, weights: Mapping[Source, int] = WEIGHTS) -> list[Candidate]:
    """All that were requested, the most requested first.

    A contact asks for a number once, whatever shows it: the heaviest of its sources counts. So no score is more than
    its contacts, and no office rises by its agents' writing the same thing down twice.
    """
    counts: dict[str, _Count] = {}
    for request in requests:
        key = tree.key_of(request.target)
        if key is None or key.startswith(_MOBILE):
            continue
        count = counts.setdefault(key, _Count())
        sources = count.sources.setdefault(request.contact, set())
        if request.about:
            count.matters.setdefault(request.about, set()).add(request.contact)
        sources.add(request.source)
    found = [_candidate(key, count, weights) for key, count in counts.items()]
    known = [one for one in found if tree.office(one.key) or one.contacts >= LEAST_OUTSIDE]
    return sorted(known, key=lambda one: (-one.score, -one.contacts, one.key))


def _candidate(key: str, count: _Count, weights: Mapping[Source, int]) -> Candidate:
    evidence = Counter(source for sources in count.sources.values() for source in sources)
    by_times = sorted(count.matters.items(), key=lambda item: (-len(item[1]), item[0]))
    return Candidate(
        key=key,
        score=sum(max(weights[source] for source in sources) for sources in count.sources.values()),
        contacts=len(count.sources),
        evidence={source: evidence[source] for source in Source if evidence[source]},
        matters=tuple(matter for matter, _contacts in by_times),
    )
