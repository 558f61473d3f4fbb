"""What becomes of each answered contact: who needs somebody else, who was helped by what, who calls again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from haedap.apps.demo.year.arrivals import NONE, Arrivals, Ints
from haedap.apps.demo.year.calendar import Floats
from haedap.apps.demo.year.counts import apportion
from haedap.apps.demo.year.profile import Catalogue, Profile

Bools = NDArray[np.bool_]

_DAY = 86_400_000_000
_ARTICLE = 0.52
"""Of the contacts, in which an agent reads an article."""
_HELPED = 0.35
"""How much seldomer a contact with an article or a look-up is passed on."""
_AGAIN = 0.055
"""Of the contacts, after which the citizen calls again; of those passed on, this and _AGAIN_PASSED."""
_AGAIN_PASSED = 0.07
_AGAIN_WITHIN = 6.5
_UNKNOWN_DISTRICT = 0.2
_WEEKS_BETWEEN = 6
BLOCK, BLOCKS = 10_000, 4
"""Citizens come in blocks of telephone numbers, see `telling.numbers`; a busy centre needs more of them."""


class Passed(IntEnum):
    """To whom an answered contact went."""

    NOBODY = 0
    TRANSFER = 1
    PROMISE = 2
    """An officer calls back."""
    CASE = 3


_SHARES = {Passed.TRANSFER: 0.74, Passed.PROMISE: 0.12, Passed.CASE: 0.14}


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One value a contact. `again_of`: the place of the contact that it repeats; NONE: it is the first."""

    passed: Ints
    article: Bools
    looked_up: Bools
    district: Ints
    """A place in the profile's list; NONE: nobody said."""
    again_of: Ints


def decide(profile: Profile, catalogue: Catalogue, arrivals: Arrivals, rng: np.random.Generator) -> Outcomes:
    """Draw it; how many are passed on is exact."""
    leaves = list(catalogue.leaves.values())
    number = len(arrivals.at)
    needs = np.array([leaf.needs for leaf in leaves])[arrivals.topic]
    linked = np.array([bool(leaf.system) for leaf in leaves])[arrivals.topic]
    article = rng.random(number) < _ARTICLE * np.clip(1.25 - 0.25 * needs, 0.35, 1.1)
    looked_up = linked & (rng.random(number) < profile.lookups)
    passed = _passed(profile, needs, article | looked_up, rng)
    return Outcomes(
        passed=passed,
        article=article,
        looked_up=looked_up,
        district=_districts(profile, catalogue, arrivals, rng),
        again_of=_repeats(arrivals, passed, rng),
    )


def _passed(profile: Profile, needs: Floats, helped: Bools, rng: np.random.Generator) -> Ints:
    """The published share stays with the centre; the others are likelier the more the topic needs its office."""
    number = len(needs)
    leaving = number - round(number * profile.self_handled / 100)
    weights = needs**1.3 * np.where(helped, _HELPED, 1.0)
    chosen = np.argsort(rng.exponential(1.0, number) / weights)[:leaving]
    passed = np.zeros(number, np.int64)
    kinds = np.repeat(list(_SHARES), apportion(leaving, list(_SHARES.values())))
    passed[rng.permutation(chosen)] = kinds
    return passed


def _districts(profile: Profile, catalogue: Catalogue, arrivals: Arrivals, rng: np.random.Generator) -> Ints:
    """A district of each contact: districts ask about different things, and a surge may have its own."""
    found = np.full(len(arrivals.at), NONE)
    names = [district.name for district in profile.districts]
    roots = np.array([code.split("_")[0] for code in catalogue.leaves])
    for root in np.unique(roots):
        weights = [
            district.weight * catalogue.districts[district.kind].get(str(root), 1.0) for district in profile.districts
        ]
        chosen = roots[arrivals.topic] == root
        found[chosen] = rng.choice(len(names), int(chosen.sum()), p=np.array(weights) / sum(weights))
    found[rng.random(len(found)) < _UNKNOWN_DISTRICT] = NONE
    for place, surge in enumerate(profile.surges):
        if surge.district:
            chosen = (arrivals.surge == place) & (rng.random(len(found)) < 0.85)
            found[chosen] = names.index(surge.district)
    return found


def _repeats(arrivals: Arrivals, passed: Ints, rng: np.random.Generator) -> Ints:
    """Who calls again about the same within a week: the contact of that topic that comes next after some days."""
    again_of = np.full(len(arrivals.at), NONE)
    for topic in np.unique(arrivals.topic):
        places = np.flatnonzero((arrivals.topic == topic) & (arrivals.surge == NONE))
        at = arrivals.at[places]
        rate = _AGAIN + np.where(passed[places] > 0, _AGAIN_PASSED, 0.0)
        first = np.flatnonzero(rng.random(len(places)) < rate)
        wanted = at[first] + (rng.uniform(0.1, _AGAIN_WITHIN - 0.5, len(first)) * _DAY).astype(np.int64)
        second = np.searchsorted(at, wanted)
        for one, other in zip(first, second, strict=True):
            near = other < len(at) and at[other] - at[one] < _AGAIN_WITHIN * _DAY
            if near and again_of[places[other]] == NONE:
                again_of[places[other]] = places[one]
    return again_of


def citizens(again_of: Ints, days: int, rng: np.random.Generator) -> Ints:
    """Who each contact of so many days is from: a number from 0 on.

    Everybody calls in turn, so that apart from who calls again nobody does so twice within weeks.
    """
    blocks = math.ceil(_WEEKS_BETWEEN * 7 * len(again_of) / days / BLOCK)
    turn = rng.permutation(BLOCK * min(max(blocks, 1), BLOCKS))
    found = turn[np.arange(len(again_of)) % len(turn)]
    for place in np.flatnonzero(again_of != NONE):
        found[place] = found[again_of[place]]
    return found
