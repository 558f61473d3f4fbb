"""What can be made to go wrong with a fake system, and for how long."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from haedap.fake_city import FakeCityError

LONGEST_DELAY_MS = 600_000


class FaultKind(StrEnum):
    """How a system fails."""

    NONE = "none"
    ERROR = "error"
    """HTTP 500 with a page of HTML; in the database, an error of the view."""
    HANG = "hang"
    """No answer, until the caller goes away."""
    GARBAGE = "garbage"
    """Bytes that are nothing."""
    HALF = "half"
    """The first half of the right answer."""
    CUT = "cut"
    """The connection ends in the middle."""
    CHARSET = "charset"
    """The right answer in another character set."""
    HUGE = "huge"
    """An answer that does not end for a long while."""
    REDIRECT = "redirect"
    """A pointer to another address."""
    REFUSE = "refuse"
    """The system's own sign for a failure, in its own shape."""
    LIMIT = "limit"
    """The system's own sign that no more questions are taken, where it has one."""
    HOSTILE = "hostile"
    """The right shape, filled with markup, control characters and numbers that are too large."""


class Behaviour(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one system behaves from now on. `times`: how many answers the fault lasts; 0: until it is changed,
    as those of databases always do."""

    delay_ms: int = 0
    fault: FaultKind = FaultKind.NONE
    times: int = 0


@dataclass(slots=True)
class Behaviours:
    """How each system behaves. `usual_delay_ms`: for those that were told nothing."""

    systems: tuple[str, ...]
    usual_delay_ms: int = 0
    _told: dict[str, Behaviour] = field(default_factory=dict)
    _left: dict[str, int] = field(default_factory=dict)

    def tell(self, system: str, behaviour: Behaviour) -> None:
        """Change one system. Raises FakeCityError."""
        if system not in self.systems:
            raise FakeCityError(f"그런 시스템이 없습니다. 있는 것: {', '.join(self.systems)}.")
        if not 0 <= behaviour.delay_ms <= LONGEST_DELAY_MS or behaviour.times < 0:
            raise FakeCityError(f"delay_ms는 0부터 {LONGEST_DELAY_MS}까지, times는 0 이상이어야 합니다.")
        self._told[system] = behaviour
        self._left[system] = behaviour.times

    def heal(self) -> None:
        """All systems as they were."""
        self._told.clear()
        self._left.clear()

    def of(self, system: str) -> Behaviour:
        """How it behaves now."""
        return self._told.get(system, Behaviour(delay_ms=self.usual_delay_ms))

    def next(self, system: str) -> Behaviour:
        """How it behaves for one answer, which counts."""
        behaviour = self.of(system)
        if behaviour.times and behaviour.fault is not FaultKind.NONE:
            self._left[system] -= 1
            if self._left[system] < 0:
                return msgspec.structs.replace(behaviour, fault=FaultKind.NONE)
        return behaviour
