"""The rows of contacts, and of what agents did in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from haedap.apps.demo.year import telling
from haedap.apps.demo.year.arrivals import NONE, Ints
from haedap.apps.demo.year.columns import named, table, times, values
from haedap.apps.demo.year.outcomes import Passed
from haedap.apps.demo.year.parts import Parts
from haedap.apps.demo.year.profile import Profile, catalogue
from haedap.apps.demo.year.shifts import SECOND
from haedap.apps.demo.year.year import SpanYear
from haedap.domain.states import (
    Channel,
    ContactOutcome,
    ContactState,
    EndedBy,
    TransferMode,
    TransferOutcome,
)

SEQ = 0
"""The engine's rows have the number of a journal entry here, which is 1 or more: so these are told apart."""
_CONSULTED = 0.72
_SHORT = 0.28
"""Of those who gave up, who did so at once."""


@dataclass(slots=True)
class Numbering:
    """Ids below zero for the tables in which the engine gives them, from 1 up."""

    used: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def take(self, name: str, number: int) -> Ints:
        """The next `number` ids of the table."""
        first = self.used[name] + 1
        self.used[name] += number
        return -np.arange(first, first + number)


@dataclass(frozen=True, slots=True)
class Ids:
    """The contacts of a span."""

    answered: pa.Array
    unanswered: pa.Array
    closed: pa.Array


def contact_ids(year: SpanYear, rng: np.random.Generator) -> Ids:
    """New ones, always the same for the same chance."""
    return Ids(*(pa.array(uuids(at, rng)) for at in (year.arrivals.at, year.unanswered, year.closed)))


def uuids(at: Ints, rng: np.random.Generator) -> list[str]:
    """A UUID (version 7) of each of these times, so that indexes grow at one end."""
    drawn = rng.bytes(10 * len(at)).hex()
    found = []
    for place, milli in enumerate((at // 1000).tolist()):
        time, chance = f"{milli:012x}", drawn[20 * place : 20 * place + 20]
        found.append(f"{time[:8]}-{time[8:]}-7{chance[1:4]}-a{chance[5:8]}-{chance[8:]}")
    return found


def contact_tables(
    profile: Profile, year: SpanYear, parts: Parts, ids: Ids, numbering: Numbering, rng: np.random.Generator
) -> dict[str, list[pa.Table]]:
    """`contact`, `segment`, `contact_note`, `transfer`, by the names of the tables."""
    return {
        "contact": [
            _answered(profile, year, parts, ids, rng),
            _unanswered(profile, year, parts, ids, rng),
            _closed(profile, year, parts, ids, rng),
        ],
        "segment": [_segments(year, parts, ids, numbering)],
        "contact_note": [_notes(profile, year, parts, ids, rng)],
        "transfer": [_transfers(year, parts, ids, numbering, rng)],
    }


def queue_of(year: SpanYear, parts: Parts) -> pa.Array:
    """The queue of each answered contact."""
    return named(year.arrivals.topic, parts.queues)


def _common(parts: Parts) -> dict[str, Any]:
    return {
        "channel": Channel.VOICE.value,
        "state": ContactState.ENDED.value,
        "called": parts.called,
        "flow": parts.flow,
        "seq": SEQ,
    }


def _answered(profile: Profile, year: SpanYear, parts: Parts, ids: Ids, rng: np.random.Generator) -> pa.Table:
    service, passed = year.roster.service, year.outcomes.passed
    number = len(passed)
    transferred = passed == Passed.TRANSFER
    with_officer = (rng.gamma(2.0, 60.0, number) * SECOND).astype(np.int64) + 10 * SECOND
    by_citizen = rng.random(number) < 0.8
    ended_by = np.where(by_citizen, EndedBy.CITIZEN.value, EndedBy.AGENT.value).astype(object)
    ended_by[transferred & ~by_citizen] = EndedBy.OFFICER.value
    queue = queue_of(year, parts)
    return table(
        number,
        _common(parts)
        | {
            "id": ids.answered,
            "outcome": ContactOutcome.ANSWERED.value,
            "ended_by": values(ended_by),
            "caller": telling.numbers(year.citizens, profile.area),
            "queue": queue,
            "asked_queue": queue,
            "arrived_at": times(year.arrivals.at),
            "queued_at": times(service.queued),
            "offered_at": times(service.offered),
            "answered_at": times(service.answered),
            "ended_at": times(service.ended + np.where(transferred, with_officer, 0)),
            "agent": named(service.agent, parts.agents),
            "segments": 1,
            "hold_seconds": service.hold,
            "transferred": transferred,
            "referred": passed > Passed.TRANSFER,
        },
    )


def _unanswered(profile: Profile, year: SpanYear, parts: Parts, ids: Ids, rng: np.random.Generator) -> pa.Table:
    """Those who gave up, and after them those who asked to be called back."""
    number, abandoned = len(year.unanswered), year.counts.abandoned
    queued = year.unanswered + (rng.uniform(11.0, 34.0, number) * SECOND).astype(np.int64)
    at_once = rng.random(number) < _SHORT
    seconds = np.where(at_once, rng.uniform(0.5, 4.8, number), rng.lognormal(3.7, 0.6, number).clip(6.0, 600.0))
    seconds[abandoned:] = rng.uniform(65.0, 130.0, number - abandoned)
    topics = rng.choice(year.arrivals.topic, number)
    queue = named(topics, parts.queues)
    outcome = np.full(number, ContactOutcome.ABANDONED.value, object)
    outcome[abandoned:] = ContactOutcome.PROMISED.value
    ended_by = np.full(number, EndedBy.CITIZEN.value, object)
    ended_by[abandoned:] = EndedBy.FLOW.value
    return table(
        number,
        _common(parts)
        | {
            "id": ids.unanswered,
            "outcome": values(outcome),
            "ended_by": values(ended_by),
            "caller": unanswered_numbers(profile, year),
            "queue": queue,
            "asked_queue": queue,
            "arrived_at": times(year.unanswered),
            "queued_at": times(queued),
            "ended_at": times(queued + (seconds * SECOND).astype(np.int64)),
        },
    )


def unanswered_numbers(profile: Profile, year: SpanYear) -> list[str]:
    """Who called when nobody answered: not the same people as those who were answered at that time."""
    halfway = np.roll(year.citizens, len(year.citizens) // 2)
    return telling.numbers(halfway[: len(year.unanswered)], profile.area)


def _closed(profile: Profile, year: SpanYear, parts: Parts, ids: Ids, rng: np.random.Generator) -> pa.Table:
    number, whole = len(year.closed), year.counts.closed_by_flow
    seconds = rng.uniform(24.0, 40.0, number)
    seconds[whole:] = rng.uniform(3.0, 20.0, number - whole)
    outcome = np.full(number, ContactOutcome.CLOSED_BY_FLOW.value, object)
    outcome[whole:] = ContactOutcome.LEFT_IN_FLOW.value
    ended_by = np.full(number, EndedBy.FLOW.value, object)
    ended_by[whole:] = EndedBy.CITIZEN.value
    return table(
        number,
        _common(parts)
        | {
            "id": ids.closed,
            "outcome": values(outcome),
            "ended_by": values(ended_by),
            "caller": telling.numbers(rng.choice(year.citizens, number), profile.area),
            "arrived_at": times(year.closed),
            "ended_at": times(year.closed + (seconds * SECOND).astype(np.int64)),
        },
    )


def _segments(year: SpanYear, parts: Parts, ids: Ids, numbering: Numbering) -> pa.Table:
    service = year.roster.service
    number = len(service.agent)
    return table(
        number,
        {
            "id": numbering.take("segment", number),
            "contact": ids.answered,
            "number": 1,
            "agent": named(service.agent, parts.agents),
            "queue": queue_of(year, parts),
            "offer": "",
            "started_at": times(service.answered),
            "talk_from": times(service.answered),
            "ended_at": times(service.ended),
            "ended_by": np.where(year.outcomes.passed == Passed.TRANSFER, EndedBy.AGENT.value, EndedBy.CITIZEN.value),
            "hold_seconds": service.hold,
            "wrap_up_seconds": (service.ready - service.ended) / SECOND,
            "seq": SEQ,
        },
    )


_DISPOSITIONS = {
    Passed.NOBODY: "answered",
    Passed.TRANSFER: "transferred",
    Passed.PROMISE: "referred",
    Passed.CASE: "referred",
}


def _notes(profile: Profile, year: SpanYear, parts: Parts, ids: Ids, rng: np.random.Generator) -> pa.Table:
    service, topic = year.roster.service, year.arrivals.topic
    codes = list(catalogue().leaves)
    guided = np.array([code.startswith("office_") for code in codes])[topic]
    wrong = np.array([code == "etc_wrong" for code in codes])[topic]
    key = np.array([_DISPOSITIONS[one] for one in Passed], object)[year.outcomes.passed]
    key[guided & (year.outcomes.passed == Passed.NOBODY)] = "guided"
    key[wrong & (year.outcomes.passed == Passed.NOBODY)] = "wrong"
    missing = ~np.isin(key, sorted(parts.dispositions))
    return table(
        len(topic),
        {
            "contact": ids.answered,
            "text": telling.notes(profile, catalogue(), year.arrivals, year.outcomes, rng),
            "version": 1,
            "topic_id": named(topic, parts.topics),
            "disposition": values(key, missing),
            "district": values(_district_names(profile, year.outcomes.district)),
            "updated_at": times(service.ready),
            "updated_by": named(service.agent, parts.agents),
        },
    )


def _district_names(profile: Profile, districts: Ints) -> np.ndarray:
    names = np.array([*(district.name for district in profile.districts), ""], object)
    return names[np.where(districts == NONE, len(profile.districts), districts)]


def _transfers(year: SpanYear, parts: Parts, ids: Ids, numbering: Numbering, rng: np.random.Generator) -> pa.Table:
    """To the team of the topic; nearly always the agent speaks to the officer first."""
    places = np.flatnonzero(year.outcomes.passed == Passed.TRANSFER)
    service, topic, number = year.roster.service, year.arrivals.topic[places], len(places)
    ended = service.ended[places]
    started = np.maximum(ended - (rng.uniform(14.0, 45.0, number) * SECOND).astype(np.int64), service.answered[places])
    answered = started + (ended - started) // 3
    consulted = rng.random(number) < _CONSULTED
    return table(
        number,
        {
            "id": numbering.take("transfer", number),
            "contact": ids.answered.take(pa.array(places)),
            "number": 1,
            "segment": 1,
            "agent": named(service.agent[places], parts.agents),
            "mode": np.where(consulted, TransferMode.CONSULT.value, TransferMode.BLIND.value),
            "target_kind": "outside",
            "target_number": named(topic, [team.number for team in parts.teams]),
            "target_officer": named(topic, [team.officer for team in parts.teams]),
            "target_name": named(topic, [f"{team.name} {team.officer_name}" for team in parts.teams]),
            "started_at": times(started),
            "answered_at": times(answered),
            "ended_at": times(ended),
            "outcome": TransferOutcome.COMPLETED.value,
            "seq": SEQ,
        },
    )
