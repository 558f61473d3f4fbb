"""What of a centre the rows of a year name: see `centre_parts` for how it gets there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Team:
    """Who answers for a topic: a team of its owning office, with its officer."""

    department: int
    place: str
    """`세정과 > 재산세팀`."""
    number: str
    """E.164."""
    name: str
    """As lists of transfers show it: `세정과 재산세팀`."""
    officer: int
    officer_name: str


@dataclass(frozen=True, slots=True)
class Parts:
    """Keys and ids. Tuples of topics are in the catalogue's order; `queues` are known by their keys."""

    flow: str
    called: str
    agents: tuple[int, ...]
    queues: tuple[str, ...]
    topics: tuple[int, ...]
    topic_paths: tuple[str, ...]
    teams: tuple[Team, ...]
    articles: tuple[tuple[tuple[int, int], ...], ...]
    """Of each topic the articles in force, with the versions."""
    systems: frozenset[str]
    dispositions: frozenset[str]
