"""Who may look up what, as pure rules: a table in docs/reference/look-ups.md, and nothing else decides.

1. Only the agent who has the contact now, talking or wrapping up.
2. Only systems that are switched on, for roles that may use them.
3. Only when the citizen's identification reaches the level that the system asks for.
4. Only for a purpose of the list.
5. Only about whom was identified: somebody else has to be identified first, and by a number alone only the caller.
6. Fields are given by role; what nobody declared is given to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from haedap.domain.states import AgentState

LIVE = frozenset({AgentState.ENGAGED, AgentState.WRAP_UP})
"""An agent's states in which a contact is with them, after the answer."""

NUMBER_FIELD = "telephone"
"""The subject that the contact itself gives. Another number is taken only from a citizen who answered questions."""
IDENTITY_FIELDS = frozenset({"name", "birth", NUMBER_FIELD})
"""Subjects that say who the citizen is: fixed by the identification."""

LEAST_ASKED = 2
"""How many things must have been asked and found right for the level ASKED."""


class Level(StrEnum):
    """본인확인 수준, each more than the one before."""

    NONE = "none"
    NUMBER = "number"
    ASKED = "asked"
    VERIFIED = "verified"

    def reaches(self, needed: Level) -> bool:
        """Whether this is enough where `needed` is asked for."""
        order = list(Level)
        return order.index(self) >= order.index(needed)


class Way(StrEnum):
    """How the citizen was identified."""

    NUMBER = "number"
    """The number of the caller is that of a citizen on record."""
    ASKED = "asked"
    """The citizen answered questions."""
    CALLBACK = "callback"
    """The citizen was called at the number on record."""
    MOBILE = "mobile"
    """휴대폰 본인확인."""
    CERTIFICATE = "certificate"
    """인증서, 간편인증."""


LEVEL_OF = {
    Way.NUMBER: Level.NUMBER,
    Way.ASKED: Level.ASKED,
    Way.CALLBACK: Level.VERIFIED,
    Way.MOBILE: Level.VERIFIED,
    Way.CERTIFICATE: Level.VERIFIED,
}


class Refusal(StrEnum):
    """Why something is not looked up."""

    NOT_LIVE = "not_live"
    SWITCHED_OFF = "switched_off"
    ROLE = "role"
    LEVEL = "level"
    PURPOSE = "purpose"
    SUBJECT = "subject_changed"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where who asks stands: `state` and `has_contact` of their duty, their roles, and the level of the contact."""

    state: str
    has_contact: bool
    roles: frozenset[str]
    level: Level

    @property
    def live(self) -> bool:
        """Rule 1."""
        return self.has_contact and self.state in LIVE


@dataclass(frozen=True, slots=True)
class Needs:
    """What a system asks for. `roles`: any of them is enough."""

    enabled: bool
    roles: frozenset[str]
    level: Level


def refusal(standing: Standing, needs: Needs, *, purpose_known: bool = True) -> Refusal | None:
    """The first rule that is broken; None when the look-up is allowed."""
    if not standing.live:
        return Refusal.NOT_LIVE
    if not needs.enabled:
        return Refusal.SWITCHED_OFF
    if not standing.roles & needs.roles:
        return Refusal.ROLE
    if not standing.level.reaches(needs.level):
        return Refusal.LEVEL
    return None if purpose_known else Refusal.PURPOSE


def changes_whom(typed: Mapping[str, str], identified: Mapping[str, str]) -> bool:
    """Rule 5: whether what was typed for a look-up is about somebody other than who was identified."""
    return any(name in IDENTITY_FIELDS and identified.get(name) != typed[name] for name in typed)


def identification_refused(way: Way, *, asked: int, number_on_record: bool) -> bool:
    """Whether this way was not gone: nothing asked, or a number that says nothing."""
    if way is Way.NUMBER or way is Way.CALLBACK:
        return not number_on_record
    return way is Way.ASKED and asked < LEAST_ASKED
