"""An auditor's books: people, contacts and legs as the facts tell, and nothing that the router says of itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from haedap.domain.decisions import AnyDecision
from haedap.domain.facts import (
    AnyFact,
    CitizenAnswered,
    CitizenCalled,
    LegLost,
    LegRegained,
    ProtectionTaken,
    SegmentEnded,
    TransferAnswered,
    TransferEnded,
    TransferStarted,
    TransferStepped,
)
from haedap.domain.ids import AgentId, ContactId, OfferId, PromiseId, QueueKey, SkillKey
from haedap.domain.plan import Queue
from haedap.domain.states import AgentState, ContactState, OfferOutcome, PromiseReason, ProtectionStep
from haedap.domain.targets import Owner, ToQueue
from tests.property.routing.debts import SAME_AGENT, Debts

Output = AnyDecision | AnyFact
NOT_YET = QueueKey("")
NOBODY = AgentId(0)
A, C = AgentState, ContactState


@dataclass
class Person:
    """An agent, as the facts tell."""

    levels: dict[SkillKey, int] = field(default_factory=dict)
    state: AgentState = A.SIGNED_OUT
    reachable: bool = False
    idle_since: int = 0
    contact: ContactId | None = None
    pending: AgentState | None = None
    rest_until: datetime | None = None
    missing_since: datetime | None = None
    """While available without a telephone."""


@dataclass
class Case:
    """A contact, as the facts tell."""

    state: ContactState = C.IN_FLOW
    queue: QueueKey = NOT_YET
    priority: int = 0
    entered: int = 0
    given_back: bool = False
    offer: OfferId | None = None
    offered_until: datetime | None = None
    agent: AgentId | None = None
    segments: int = 0
    segment_open: bool = False
    queued: bool = False
    transfers: int = 0
    transfer: TransferStarted | None = None
    answered: bool = False
    consulted: AgentId | None = None
    supervisor: AgentId | None = None
    steps: tuple[ProtectionStep, ...] = ()
    preferred: AgentId | None = None
    preferred_until: datetime | None = None
    caller: str | None = None
    promise: PromiseId | None = None
    resumes: ContactId | None = None
    reached: bool = False
    since: datetime | None = None
    promised: bool = False
    held: bool = False
    muted: bool = False

    @property
    def rank(self) -> tuple[bool, int, int]:
        return (not self.given_back, -self.priority, self.entered)


class Books:
    """All that the facts have told so far, and what follows from it."""

    def __init__(self) -> None:
        self.now = datetime.min.replace(tzinfo=UTC)
        self.people: dict[AgentId, Person] = {}
        self.on_plan: set[AgentId] = set()
        self.cases: dict[ContactId, Case] = {}
        self.queues: dict[QueueKey, Queue] = {}
        self.cooling: dict[tuple[ContactId, AgentId], datetime] = {}
        self.closed: dict[ContactId, datetime] = {}
        self.offers: dict[OfferId, OfferOutcome | None] = {}
        self.rung: set[OfferId] = set()
        self.silent: set[OfferId] = set()
        """The legs that the exchange was told to mute."""
        self.side: dict[OfferId, tuple[ContactId, AgentId]] = {}
        """The legs beside the agents' legs: whose contact, which supervisor (0: whom an agent consults)."""
        self.supervisors: set[AgentId] = set()
        self.taken_over: set[AgentId] = set()
        self.requests: set[str] = set()
        self.debts = Debts()
        self.changes = False
        """Whether what is checked follows from a `PromiseChanged`."""
        self.queues_on_plan: set[QueueKey] = set()
        self.outgoing: dict[ContactId, None] = {}
        self.seen = self.debts.seen
        self.count = 0
        """Of all who ever came to wait, or to be idle: their order."""

    def supervising(self) -> set[AgentId]:
        return {agent for _, agent in self.side.values() if agent != NOBODY}

    def place_of(self, case: Case) -> int:
        """Of who comes anew the last; of who resumes, or is called back, the one of before."""
        debt = None if case.promise is None else self.debts.open[case.promise]
        if debt is not None:
            case.preferred, case.preferred_until = self.debts.preferred(debt, self.now)
            if debt.reason is PromiseReason.DROPPED:
                case.resumes = debt.contact
            if case.preferred is None and debt.contact is not None:
                case.preferred = self.debts.had.get(debt.contact)
            return debt.place.entered
        if case.resumes is not None:
            case.preferred, case.preferred_until = self.debts.had.get(case.resumes), self.now + SAME_AGENT
            return self.debts.places[case.resumes].entered
        self.count += 1
        return self.count

    def open_transfer(self, fact: TransferAnswered | TransferStepped | TransferEnded) -> Case:
        case = self.cases[fact.contact]
        assert case.transfer is not None, "a transfer ended twice"
        assert case.transfer.transfer == fact.transfer
        return case

    def open_segment(
        self,
        fact: LegLost
        | LegRegained
        | SegmentEnded
        | TransferStarted
        | ProtectionTaken
        | CitizenCalled
        | CitizenAnswered,
    ) -> Case:
        case = self.cases[fact.contact]
        assert case.segment_open
        assert (case.segments, case.agent) == (fact.segment, fact.agent)
        return case

    def is_idle(self, agent: AgentId, person: Person) -> bool:
        return person.state is A.AVAILABLE and person.reachable and agent not in self.supervising()

    def is_kept(self, case: Case) -> bool:
        """Whether the contact waits for one agent alone, who may come within the time."""
        preferred = None if case.preferred is None else self.people.get(case.preferred)
        if case.preferred is not None and case.preferred_until is None:
            return True
        if preferred is None or case.preferred_until is None or case.preferred_until < self.now:
            return False
        at_desk = preferred.state in (A.AVAILABLE, A.WRAP_UP) and preferred.reachable
        return at_desk and preferred.pending is None

    def is_of_case(self, person: Person, contact: ContactId | None) -> bool:
        """Whether the agent works on this contact, or on the one that it resumes."""
        case = None if contact is None else self.cases.get(contact)
        return person.contact is not None and person.contact in (contact, None if case is None else case.resumes)

    def may_have(self, contact: ContactId, case: Case, agent: AgentId, person: Person) -> bool:
        cool = self.cooling.get((contact, agent), self.now) <= self.now
        return self.queues[case.queue].skill in person.levels and cool

    def is_wide(self, case: Case, person: Person) -> bool:
        """Whether an agent of another skill may serve the contact, who has waited so long."""
        since = case.since or self.now
        rules = self.queues[case.queue].widening
        return any(
            rule.skill in person.levels and since + timedelta(seconds=rule.after_seconds) <= self.now for rule in rules
        )

    def has_home(self, owner: Owner) -> bool:
        return not isinstance(owner, ToQueue) or owner.queue in self.queues_on_plan

    def is_forgotten(self, contact: ContactId) -> bool:
        """Whether the contact ended so long ago that news of it would be news of another."""
        return contact in self.closed and self.closed[contact] < self.now - timedelta(minutes=59)


Rules = Mapping[type[Output], Callable[[Books, Any], None]]
"""What is checked of each kind of output."""
