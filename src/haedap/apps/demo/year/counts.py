"""How many contacts there are of what: whole numbers that add up exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from haedap.apps.demo.year.profile import Catalogue, Profile

_UNEVEN = 0.08
"""How much one year's topics differ from another's (standard deviation, by which weights are multiplied)."""
_PROMISED = 0.14
"""Of those whom nobody answered, who asked to be called back."""
_LEFT = 0.3
"""Of those whom the announcements served, who hung up before their end."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The contacts of a span: `leaves` answered, in the catalogue's order; the others without a topic."""

    leaves: tuple[int, ...]
    abandoned: int
    promised: int
    closed_by_flow: int
    left_in_flow: int

    @property
    def answered(self) -> int:
        return sum(self.leaves)

    @property
    def contacts(self) -> int:
        return self.answered + self.abandoned + self.promised + self.closed_by_flow + self.left_in_flow


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """`total` divided by `weights` into whole numbers that add up to it: largest remainders (Hare-Niemeyer)."""
    whole = sum(weights)
    if total < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError("a total of 0 or more is divided by weights of which one is positive")
    shares = [total * weight / whole for weight in weights]
    counts = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda place: (counts[place] - shares[place], place))
    for place in by_remainder[: total - sum(counts)]:
        counts[place] += 1
    return counts


def count(profile: Profile, catalogue: Catalogue, total: int, rng: np.random.Generator) -> Counts:
    """What the `total` contacts of a span are about, and what becomes of those that nobody answers."""
    flow = round(total * profile.flow_share / 100)
    answered = round((total - flow) * profile.answer_rate / 100)
    unanswered = total - flow - answered
    promised = round(unanswered * _PROMISED)
    left = round(flow * _LEFT)
    return Counts(
        leaves=_by_leaf(profile, catalogue, _by_field(profile, total, answered), rng),
        abandoned=unanswered - promised,
        promised=promised,
        closed_by_flow=flow - left,
        left_in_flow=left,
    )


def _by_field(profile: Profile, total: int, answered: int) -> list[int]:
    """Published numbers as they are, shares of `total` rounded, the rest by weight."""
    fixed = [
        field.contacts if field.contacts is not None else round(total * (field.share or 0.0) / 100)
        for field in profile.fields
    ]
    rest = apportion(answered - sum(fixed), [field.weight for field in profile.fields])
    return [one + other for one, other in zip(fixed, rest, strict=True)]


def _by_leaf(profile: Profile, catalogue: Catalogue, by_field: list[int], rng: np.random.Generator) -> tuple[int, ...]:
    codes = list(catalogue.leaves)
    fields = [profile.field_of(code) for code in codes]
    uneven = rng.lognormal(0.0, _UNEVEN, len(codes))
    weights = [leaf.weight * factor for leaf, factor in zip(catalogue.leaves.values(), uneven, strict=True)]
    counts = [0] * len(codes)
    for field, total in enumerate(by_field):
        places = [place for place, of in enumerate(fields) if of == field]
        for place, number in zip(places, apportion(total, [weights[place] for place in places]), strict=True):
            counts[place] = number
    return tuple(counts)
