"""What the centre owes to citizens, as the facts tell: the part of the auditor that knows the rules of promises."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from haedap.domain.facts import (
    AttemptEnded,
    AttemptStarted,
    PromiseAltered,
    PromiseEnded,
    PromiseEscalated,
    PromiseMade,
)
from haedap.domain.ids import AgentId, ContactId, PromiseId
from haedap.domain.states import AttemptOutcome, PromiseOutcome, PromiseReason
from haedap.domain.targets import Owner, ToAgent, ToOutside

SAME_AGENT = timedelta(seconds=20)
ESCALATE = timedelta(minutes=20)
"""As all plans of the worlds have it."""


@dataclass
class Place:
    """A contact's place, kept when it is over."""

    entered: int
    priority: int


@dataclass
class Debt:
    """An open promise."""

    citizen: str
    owner: Owner
    reason: PromiseReason
    contact: ContactId | None
    place: Place
    deadline: datetime
    escalated: bool = False
    attempt: int = 0
    calling: ContactId | None = None
    trying: bool = False

    @property
    def debtor(self) -> tuple[str, str]:
        return self.citizen, self.owner.number if isinstance(self.owner, ToOutside) else ""


@dataclass
class Debts:
    """All open promises, and what was known of contacts that are over."""

    open: dict[PromiseId, Debt] = field(default_factory=dict)
    ended: dict[PromiseId, PromiseOutcome] = field(default_factory=dict)
    places: dict[ContactId, Place] = field(default_factory=dict)
    had: dict[ContactId, AgentId] = field(default_factory=dict)
    """Which agent had the contact last."""
    seen: Counter[str] = field(default_factory=Counter)

    def make(self, fact: PromiseMade, place: Place) -> None:
        assert fact.promise not in self.open, "a promise made twice"
        assert fact.citizen
        self.seen[f"PromiseMade {fact.reason}"] += 1
        self.open[fact.promise] = Debt(fact.citizen, fact.owner, fact.reason, fact.contact, place, fact.deadline)

    def alter(self, fact: PromiseAltered, now: datetime, *, put_off: bool) -> None:
        """`put_off`: somebody changed it, and there is a queue that can keep it."""
        debt = self.open[fact.promise]
        debt.owner, debt.deadline = fact.owner, fact.deadline
        debt.escalated = debt.escalated and (not put_off or fact.deadline - ESCALATE <= now)

    def escalate(self, fact: PromiseEscalated) -> None:
        debt = self.open[fact.promise]
        debt.escalated = True

    def start(self, fact: AttemptStarted) -> None:
        debt = self.open[fact.promise]
        assert not debt.trying, "two attempts at a time"
        assert fact.attempt == debt.attempt + 1
        debt.attempt, debt.calling, debt.trying = fact.attempt, fact.contact, True

    def finish(self, fact: AttemptEnded) -> None:
        debt = self.open[fact.promise]
        assert debt.trying, "an attempt ended twice"
        assert fact.attempt == debt.attempt
        debt.trying, debt.calling = False, None
        self.seen[f"AttemptEnded {fact.outcome}"] += 1
        if fact.outcome is AttemptOutcome.REACHED:
            assert fact.again_at is None

    def end(self, fact: PromiseEnded) -> None:
        assert fact.promise in self.open, "a promise ended twice, or was never made"
        debt = self.open.pop(fact.promise)
        assert not debt.trying, "a promise ended in mid-attempt"
        self.ended[fact.promise] = fact.outcome
        if fact.outcome is PromiseOutcome.MERGED:
            assert fact.into is not None
            older = self.open[fact.into]
            assert older.debtor == debt.debtor, "merged into somebody else's"
            older.place = Place(
                min(older.place.entered, debt.place.entered), max(older.place.priority, debt.place.priority)
            )
            if debt.reason is PromiseReason.DROPPED:
                older.contact = debt.contact

    def preferred(self, debt: Debt, now: datetime) -> tuple[AgentId | None, datetime | None]:
        """Who alone is asked for the contact of a promise, and until when."""
        if isinstance(debt.owner, ToAgent):
            return (None, None) if debt.escalated else (debt.owner.agent, None)
        return None, now + SAME_AGENT

    def nobody_is_owed_twice(self) -> None:
        debtors = Counter(debt.debtor for debt in self.open.values())
        assert not debtors or debtors.most_common(1)[0][1] == 1, "the same call is owed twice"
