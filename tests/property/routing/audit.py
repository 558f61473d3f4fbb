"""An auditor: knows the rules of `haedap.routing.router` in their plainest form and checks every output against them.

It is told events and outputs, never looks into the router, and finds partners by scanning everybody.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from haedap.domain.decisions import AnyDecision, Decision, OfferContact
from haedap.domain.events import AnyEvent, PlanChanged, TimePassed
from haedap.domain.facts import (
    AgentReachabilityChanged,
    AgentStateChanged,
    AnyFact,
    ContactClosed,
    ContactOffered,
    ContactOpened,
    ContactQueued,
    LegLost,
    LegRegained,
    OfferEnded,
    SegmentEnded,
    SegmentStarted,
)
from haedap.domain.ids import AgentId, ContactId, OfferId, QueueKey, SkillKey
from haedap.domain.plan import Queue
from haedap.domain.states import AgentState, ContactOutcome, ContactState, OfferOutcome

Output = AnyDecision | AnyFact
NOT_YET = QueueKey("")
A, C = AgentState, ContactState

LEGAL = {
    A.SIGNED_OUT: {A.AWAY},
    A.AWAY: {A.AVAILABLE, A.AWAY, A.SIGNED_OUT},
    A.AVAILABLE: {A.OFFERED, A.AWAY, A.SIGNED_OUT},
    A.OFFERED: {A.ENGAGED, A.AVAILABLE, A.AWAY, A.SIGNED_OUT},
    A.ENGAGED: {A.ENGAGED, A.WRAP_UP, A.AVAILABLE, A.AWAY, A.SIGNED_OUT},
    A.WRAP_UP: {A.WRAP_UP, A.AVAILABLE, A.AWAY, A.SIGNED_OUT},
}


@dataclass
class Person:
    """An agent, as the facts tell."""

    levels: dict[SkillKey, int] = field(default_factory=dict)
    state: AgentState = A.SIGNED_OUT
    reachable: bool = False
    idle_since: int = 0
    contact: ContactId | None = None


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

    @property
    def rank(self) -> tuple[bool, int, int]:
        return (not self.given_back, -self.priority, self.entered)


class Auditor:
    """Fails on the first output that breaks a rule."""

    def __init__(self) -> None:
        self.now = datetime.min.replace(tzinfo=UTC)
        self.people: dict[AgentId, Person] = {}
        self.on_plan: set[AgentId] = set()
        self.cases: dict[ContactId, Case] = {}
        self.queues: dict[QueueKey, Queue] = {}
        self.cooling: dict[tuple[ContactId, AgentId], datetime] = {}
        self.closed: set[ContactId] = set()
        self.offers: dict[OfferId, OfferOutcome | None] = {}
        self.rung: set[OfferId] = set()
        self.requests: set[str] = set()
        self.seen: Counter[str] = Counter()
        self._count = 0

    def check(self, event: AnyEvent, outputs: tuple[Output, ...]) -> None:
        """What the router said to the event."""
        self.now = max(self.now, event.at)
        if isinstance(event, PlanChanged):
            self._plan(event)
        for output in outputs:
            self._count_kind(output)
            if isinstance(output, Decision):
                self._decision(output)
            rule = getattr(self, f"_{type(output).__name__}", None)
            if rule is not None:
                rule(output)
        self._forget_who_is_gone()
        self._everybody_is_in_one_place()
        self._nobody_waits_for_an_idle_agent(event)
        if isinstance(event, TimePassed):
            self._no_offer_outlives_its_time()

    # --- the plan

    def _plan(self, event: PlanChanged) -> None:
        self.queues.update({queue.key: queue for queue in event.plan.queues})
        named = {agent.id: agent for agent in event.plan.agents}
        for agent_id, agent in named.items():
            person = self.people.setdefault(agent_id, Person())
            person.levels = {}
            for skill in agent.skills:
                person.levels[skill.skill] = min(skill.level, person.levels.get(skill.skill, skill.level))
        self.on_plan = set(named)

    def _count_kind(self, output: Output) -> None:
        name = type(output).__name__
        self.seen[name] += 1
        for detail in ("outcome", "state"):
            if hasattr(output, detail):
                self.seen[f"{name} {getattr(output, detail)}"] += 1

    def _forget_who_is_gone(self) -> None:
        for agent_id in self.people.keys() - self.on_plan:
            person = self.people[agent_id]
            if person.state is A.SIGNED_OUT:
                assert not person.reachable, "an agent off the plan is told to be reachable"
                del self.people[agent_id]
                self.cooling = {pair: until for pair, until in self.cooling.items() if pair[1] != agent_id}

    # --- decisions

    def _decision(self, decision: Decision) -> None:
        assert decision.id not in self.requests, f"request {decision.id} made twice"
        assert decision.id.startswith(f"{decision.contact}-")
        self.requests.add(decision.id)

    def _OfferContact(self, decision: OfferContact) -> None:  # noqa: N802 - named after the type
        assert decision.offer not in self.rung, "an offer rings once"
        self.rung.add(decision.offer)
        assert self.cases[decision.contact].offer == decision.offer

    # --- facts about contacts

    def _ContactOpened(self, fact: ContactOpened) -> None:  # noqa: N802
        assert fact.contact not in self.cases
        assert fact.contact not in self.closed, "a closed contact opened anew"
        self.cases[fact.contact] = Case()

    def _ContactQueued(self, fact: ContactQueued) -> None:  # noqa: N802
        case = self.cases[fact.contact]
        assert case.state is C.IN_FLOW
        assert not case.queued, "offered (인입) is counted once"
        self._count += 1
        case.state, case.queue, case.priority, case.entered = C.WAITING, fact.queue, fact.priority, self._count
        case.queued = True

    def _ContactOffered(self, fact: ContactOffered) -> None:  # noqa: N802
        case, person = self.cases[fact.contact], self.people[fact.agent]
        assert fact.offer not in self.offers
        assert fact.queue == case.queue
        assert case.offer is None, "two offers of one contact"
        if case.state is C.RECONNECTING:
            assert case.agent == fact.agent, "a lost citizen is kept for the same agent"
            assert person.reachable
        else:
            self._is_fair(fact, case, person)
            self.seen["given back"] += case.given_back
            case.state = C.OFFERED
        case.offer, self.offers[fact.offer] = fact.offer, None
        case.agent = fact.agent
        case.offered_until = self.now + timedelta(seconds=self.queues[case.queue].ring_seconds + 2)
        of_agent = [other for other in self.cases.values() if other.agent == fact.agent]
        assert len(of_agent) == 1, "an agent with two contacts"

    def _OfferEnded(self, fact: OfferEnded) -> None:  # noqa: N802
        case = self.cases[fact.contact]
        assert fact.offer in self.rung
        assert self.offers[fact.offer] is None, "an offer ended twice"
        assert (case.offer, case.agent) == (fact.offer, fact.agent)
        self.offers[fact.offer] = fact.outcome
        case.offer = case.offered_until = None
        if fact.outcome is OfferOutcome.ANSWERED:
            return
        if case.state is C.OFFERED:
            case.state, case.agent = C.WAITING, None
            if fact.outcome is OfferOutcome.FAILED:
                self.cooling[fact.contact, fact.agent] = self.now + timedelta(seconds=5)
        else:
            assert case.state is C.RECONNECTING

    def _SegmentStarted(self, fact: SegmentStarted) -> None:  # noqa: N802
        case = self.cases[fact.contact]
        assert self.offers[fact.offer] is OfferOutcome.ANSWERED
        assert case.state is C.OFFERED
        assert not case.segment_open
        assert fact.segment == case.segments + 1
        case.state, case.segments, case.segment_open = C.ENGAGED, fact.segment, True

    def _LegLost(self, fact: LegLost) -> None:  # noqa: N802
        case = self._open_segment(fact)
        assert case.state is C.ENGAGED
        case.state = C.RECONNECTING

    def _LegRegained(self, fact: LegRegained) -> None:  # noqa: N802
        case = self._open_segment(fact)
        assert case.state is C.RECONNECTING
        case.state = C.ENGAGED

    def _SegmentEnded(self, fact: SegmentEnded) -> None:  # noqa: N802
        case = self._open_segment(fact)
        assert case.offer is None, "the offer ends before the segment"
        case.segment_open, case.agent = False, None
        case.state, case.given_back = C.WAITING, True

    def _open_segment(self, fact: LegLost | LegRegained | SegmentEnded) -> Case:
        case = self.cases[fact.contact]
        assert case.segment_open
        assert (case.segments, case.agent) == (fact.segment, fact.agent)
        return case

    def _ContactClosed(self, fact: ContactClosed) -> None:  # noqa: N802
        case = self.cases.pop(fact.contact)
        assert not case.segment_open
        assert case.offer is None
        self.closed.add(fact.contact)
        if case.segments:
            assert fact.outcome is ContactOutcome.ANSWERED
        elif case.queued:
            assert fact.outcome is ContactOutcome.ABANDONED
        else:
            assert fact.outcome not in (ContactOutcome.ANSWERED, ContactOutcome.ABANDONED)

    # --- facts about agents

    def _AgentStateChanged(self, fact: AgentStateChanged) -> None:  # noqa: N802
        person = self.people[fact.agent]
        assert fact.state in LEGAL[person.state], f"{person.state} → {fact.state}"
        if fact.pending is not None:
            assert fact.state in (A.ENGAGED, A.WRAP_UP)
        if fact.state is A.AVAILABLE and person.state is not A.OFFERED:
            self._count += 1
            person.idle_since = self._count
        person.state, person.contact = fact.state, fact.contact

    def _AgentReachabilityChanged(self, fact: AgentReachabilityChanged) -> None:  # noqa: N802
        assert self.people[fact.agent].reachable is not fact.reachable
        self.people[fact.agent].reachable = fact.reachable

    # --- rules over all

    def _may_have(self, contact: ContactId, case: Case, agent: AgentId, person: Person) -> bool:
        cool = self.cooling.get((contact, agent), self.now) <= self.now
        return self.queues[case.queue].skill in person.levels and cool

    def _is_fair(self, fact: ContactOffered, case: Case, person: Person) -> None:
        assert case.state is C.WAITING
        assert person.state is A.AVAILABLE
        assert person.reachable
        assert self._may_have(fact.contact, case, fact.agent, person), "not this agent's, or cooling"
        skill = self.queues[case.queue].skill
        chosen = (person.levels[skill], person.idle_since)
        for agent_id, other in self.people.items():
            if other.state is A.AVAILABLE and other.reachable and self._may_have(fact.contact, case, agent_id, other):
                assert (other.levels[skill], other.idle_since) >= chosen, f"agent {agent_id} was passed over"
        for contact_id, waiting in self.cases.items():
            if waiting.state is C.WAITING and self._may_have(contact_id, waiting, fact.agent, person):
                assert waiting.rank >= case.rank, f"contact {contact_id} was overtaken"

    def _everybody_is_in_one_place(self) -> None:
        at_work: dict[AgentId, ContactId] = {}
        for contact_id, case in self.cases.items():
            assert (case.agent is not None) == (case.state in (C.OFFERED, C.ENGAGED, C.RECONNECTING))
            if case.agent is not None:
                assert case.agent not in at_work
                at_work[case.agent] = contact_id
        for agent_id, person in self.people.items():
            if person.state in (A.OFFERED, A.ENGAGED):
                assert at_work.pop(agent_id) == person.contact
        assert not at_work, "a contact with an agent who does not have it"

    def _nobody_waits_for_an_idle_agent(self, event: AnyEvent) -> None:
        due = event.at if isinstance(event, TimePassed) else datetime.min.replace(tzinfo=UTC)
        for agent_id, person in self.people.items():
            if person.state is not A.AVAILABLE or not person.reachable:
                continue
            for contact_id, case in self.cases.items():
                if case.state is C.WAITING and self.queues[case.queue].skill in person.levels:
                    assert self.cooling.get((contact_id, agent_id), due) > due, "an idle agent and a waiting contact"

    def _no_offer_outlives_its_time(self) -> None:
        for case in self.cases.values():
            assert case.offered_until is None or case.offered_until > self.now, "an offer without end"
