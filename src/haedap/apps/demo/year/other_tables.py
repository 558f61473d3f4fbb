"""The rows round the contacts: aids, callbacks, cases, opinions, and what the agents did all day."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from haedap.apps.demo.year.arrivals import Ints
from haedap.apps.demo.year.columns import named, table, times
from haedap.apps.demo.year.contact_tables import SEQ, Ids, Numbering, unanswered_numbers, uuids
from haedap.apps.demo.year.outcomes import Passed
from haedap.apps.demo.year.parts import Parts
from haedap.apps.demo.year.periods import agent_periods
from haedap.apps.demo.year.profile import Profile, catalogue
from haedap.apps.demo.year.shifts import SECOND
from haedap.apps.demo.year.telling import numbers
from haedap.apps.demo.year.year import SpanYear
from haedap.domain.states import (
    AttemptOutcome,
    PromiseOutcome,
    PromiseReason,
    PromiseState,
)

_MINUTE = 60 * SECOND
_HOUR = 60 * _MINUTE
_KEPT, _LATE = 0.92, 0.97
"""Of the promised calls, which were kept in time; which at all."""
_ASKED, _REPLIED = 0.09, 0.34
"""Of the answered contacts, after which the citizen was asked for an opinion; of those, who gave one."""
_ITEMS = {"handling": -1.2, "satisfaction": -0.4, "kindness": 1.6, "quality": 0.0}
"""How much better (points) an item is judged than their mean."""
_POINTS = 4
"""An answer is one of so many steps above 0."""


def other_tables(
    profile: Profile, year: SpanYear, parts: Parts, ids: Ids, numbering: Numbering, rng: np.random.Generator
) -> dict[str, list[pa.Table]]:
    """`article_use`, `lookup_use`, `promise` and its attempts, `survey` and its answers, `agent_period`."""
    promises, attempts = _promises(profile, year, parts, ids, numbering, rng)
    surveys, answers = _surveys(profile, year, ids, rng)
    return {
        "article_use": [_article_uses(year, parts, ids, rng)],
        "lookup_use": [_lookup_uses(year, parts, ids, rng)],
        "promise": promises,
        "promise_attempt": attempts,
        "survey": [surveys],
        "survey_answer": [answers],
        "agent_period": [agent_periods(year, parts, ids, numbering)],
    }


def _during(year: SpanYear, places: Ints, rng: np.random.Generator) -> Ints:
    """A time within each of these talks."""
    service = year.roster.service
    length = service.ended[places] - service.answered[places]
    return service.answered[places] + (length * rng.uniform(0.05, 0.7, len(places))).astype(np.int64)


def _article_uses(year: SpanYear, parts: Parts, ids: Ids, rng: np.random.Generator) -> pa.Table:
    """One article each, of the topic's; the first of a topic is read most."""
    some = np.array([len(articles) for articles in parts.articles])
    places = np.flatnonzero(year.outcomes.article & (some[year.arrivals.topic] > 0))
    topics = year.arrivals.topic[places]
    choice = np.minimum((rng.exponential(0.7, len(places))).astype(np.int64), some[topics] - 1)
    used = [parts.articles[topic][one] for topic, one in zip(topics.tolist(), choice.tolist(), strict=True)]
    return table(
        len(places),
        {
            "contact": ids.answered.take(pa.array(places)),
            "article_id": pa.array([article for article, _version in used], pa.int64()),
            "version_id": pa.array([version for _article, version in used], pa.int64()),
            "agent": named(year.roster.service.agent[places], parts.agents),
            "how": np.where(rng.random(len(places)) < 0.83, "read", "script"),
            "at": times(_during(year, places, rng)),
        },
    )


def _lookup_uses(year: SpanYear, parts: Parts, ids: Ids, rng: np.random.Generator) -> pa.Table:
    leaves = list(catalogue().leaves.values())
    known = np.array([leaf.system in parts.systems for leaf in leaves])
    places = np.flatnonzero(year.outcomes.looked_up & known[year.arrivals.topic])
    topics = year.arrivals.topic[places]
    return table(
        len(places),
        {
            "contact": ids.answered.take(pa.array(places)),
            "agent": named(year.roster.service.agent[places], parts.agents),
            "system": named(topics, [leaf.system for leaf in leaves]),
            "purpose": named(topics, [leaf.purpose for leaf in leaves]),
            "subject": "",
            "digest": "",
            "outcome": np.where(rng.random(len(places)) < 0.94, "ok", "empty"),
            "failure": "",
            "cached": False,
            "took_ms": rng.gamma(2.0, 160.0, len(places)).astype(np.int64) + 40,
            "at": times(_during(year, places, rng)),
        },
    )


def _promises(
    profile: Profile, year: SpanYear, parts: Parts, ids: Ids, numbering: Numbering, rng: np.random.Generator
) -> tuple[list[pa.Table], list[pa.Table]]:
    """Officers' calls, and those of the queue to who did not want to wait."""
    service = year.roster.service
    owed = np.flatnonzero(year.outcomes.passed == Passed.PROMISE)
    topics = year.arrivals.topic[owed]
    officers = _Promised(service.ended[owed], 8 * _HOUR, rng)
    asked = slice(year.counts.abandoned, None)
    waited = _Promised(year.unanswered[asked] + 120 * SECOND, 8 * _HOUR, rng)
    common = {"state": PromiseState.ENDED.value, "attempts": 1, "seq": SEQ}
    by_officer = officers.columns() | {
        "citizen": numbers(year.citizens[owed], profile.area),
        "contact": ids.answered.take(pa.array(owed)),
        "reason": PromiseReason.OFFICER.value,
        "owner_kind": "outside",
        "owner_officer": named(topics, [team.officer for team in parts.teams]),
        "owner_number": named(topics, [team.number for team in parts.teams]),
        "owner_name": named(topics, [f"{team.name} {team.officer_name}" for team in parts.teams]),
        "made_by": named(service.agent[owed], parts.agents),
    }
    by_queue = waited.columns() | {
        "citizen": unanswered_numbers(profile, year)[asked],
        "contact": ids.unanswered[asked],
        "reason": PromiseReason.QUEUE.value,
        "owner_kind": "queue",
        "owner_queue": named(rng.choice(year.arrivals.topic, len(waited.made)), parts.queues),
    }
    tables, attempts = [], []
    for promised, columns in ((officers, by_officer), (waited, by_queue)):
        keys = pa.array(uuids(promised.made, rng))
        tables.append(table(len(promised.made), common | columns | {"id": keys}))
        attempts.append(promised.attempts(keys, numbering))
    return tables, attempts


class _Promised:
    """What became of calls that were promised at some times, each within `limit`."""

    def __init__(self, made: Ints, limit: int, rng: np.random.Generator) -> None:
        number = len(made)
        fate = rng.random(number)
        self.made = made
        self.deadline = made + limit
        self.kept = fate < _LATE
        in_time = made + 5 * _MINUTE + (rng.beta(1.2, 3.0, number) * (limit - 10 * _MINUTE)).astype(np.int64)
        late = self.deadline + (rng.uniform(0.2, 20.0, number) * _HOUR).astype(np.int64)
        self.ended = np.where(fate < _KEPT, in_time, late)

    def columns(self) -> dict[str, object]:
        """The columns of the promise that tell of times and of its end."""
        return {
            "made_at": times(self.made),
            "place_at": times(self.made),
            "due_at": times(self.made),
            "deadline": times(self.deadline),
            "ended_at": times(self.ended),
            "outcome": np.where(self.kept, PromiseOutcome.KEPT.value, PromiseOutcome.NOT_REACHED.value),
        }

    def attempts(self, promises: pa.Array, numbering: Numbering) -> pa.Table:
        """One each, without a contact of its own.

        The number of a year's contacts is published: the centre's own calls would change it.
        """
        number = len(self.made)
        return table(
            number,
            {
                "id": numbering.take("promise_attempt", number),
                "promise": promises,
                "number": 1,
                "started_at": times(self.ended - _MINUTE),
                "ended_at": times(self.ended),
                "outcome": np.where(self.kept, AttemptOutcome.REACHED.value, AttemptOutcome.NO_ANSWER.value),
                "seq": SEQ,
            },
        )


def _surveys(profile: Profile, year: SpanYear, ids: Ids, rng: np.random.Generator) -> tuple[pa.Table, pa.Table]:
    service = year.roster.service
    asked = np.flatnonzero(rng.random(len(service.ended)) < _ASKED)
    replied = rng.random(len(asked)) < _REPLIED
    asked_at = service.ended[asked] + 10 * _MINUTE
    answered_at = asked_at + (rng.exponential(50.0, len(asked)) * _MINUTE).astype(np.int64) + SECOND
    surveys = table(
        len(asked),
        {
            "contact": ids.answered.take(pa.array(asked)),
            "asked_at": times(asked_at),
            "answered_at": times(answered_at, ~replied),
        },
    )
    who = ids.answered.take(pa.array(asked[replied]))
    step = 100 // _POINTS
    answers = [
        table(
            len(who),
            {
                "contact": who,
                "item": item,
                "points": rng.binomial(_POINTS, (profile.survey + better) / 100, len(who)) * step,
            },
        )
        for item, better in _ITEMS.items()
    ]
    return surveys, pa.concat_tables(answers)
