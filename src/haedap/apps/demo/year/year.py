"""The whole of a synthetic year, drawn from a profile and a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from haedap.apps.demo.year import arrivals, outcomes, shifts
from haedap.apps.demo.year.arrivals import Arrivals, Ints
from haedap.apps.demo.year.calendar import contacts_of, days_of
from haedap.apps.demo.year.counts import Counts, count
from haedap.apps.demo.year.outcomes import Outcomes
from haedap.apps.demo.year.profile import Profile, Span, catalogue
from haedap.apps.demo.year.shifts import Roster


@dataclass(frozen=True, slots=True)
class SpanYear:
    """One span. Answered contacts in the order of `arrivals`; of the others only when they arrived, and how many."""

    span: Span
    counts: Counts
    arrivals: Arrivals
    roster: Roster
    outcomes: Outcomes
    citizens: Ints
    unanswered: Ints
    closed: Ints


def spans(profile: Profile, seed: int) -> Iterator[SpanYear]:
    """Each span of the profile, always the same for the same seed."""
    for place, span in enumerate(profile.spans):
        yield _span(profile, span, generator(profile, seed, place))


def generator(profile: Profile, seed: int, *of: int) -> np.random.Generator:
    """Chance of its own for each part `of` a year."""
    return np.random.Generator(np.random.PCG64([abs(seed), crc32(profile.key.encode()), *of]))


def _span(profile: Profile, span: Span, rng: np.random.Generator) -> SpanYear:
    known = catalogue()
    days = days_of(profile, span)
    counts = count(profile, known, contacts_of(profile, span), rng)
    taken = arrivals.answered(profile, known, days, counts, rng)
    decided = outcomes.decide(profile, known, taken, rng)
    return SpanYear(
        span=span,
        counts=counts,
        arrivals=taken,
        roster=shifts.serve(profile, known, days, taken, rng),
        outcomes=decided,
        citizens=outcomes.citizens(decided.again_of, len(days), rng),
        unanswered=arrivals.unanswered(taken, days, counts.abandoned + counts.promised, rng),
        closed=arrivals.closed(days, counts.closed_by_flow + counts.left_in_flow, rng),
    )
