"""An auditor: knows the rules of `haedap.routing.router` in their plainest form and checks every output against them.

It is told events and outputs, never looks into the router, and finds partners by scanning everybody.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from haedap.domain.decisions import AnyDecision, Decision, DialOutside, EndContact, EndLeg, OfferContact
from haedap.domain.events import (
    AgentLegEnded,
    AgentStateForced,
    AnyEvent,
    ChannelReconciled,
    OfferFailed,
    PlanChanged,
    PromiseChanged,
    TimePassed,
)
from haedap.domain.facts import (
    AgentReachabilityChanged,
    AgentStateChanged,
    AnyFact,
    AttemptEnded,
    AttemptStarted,
    CitizenAnswered,
    CitizenCalled,
    ContactClosed,
    ContactMoved,
    ContactOffered,
    ContactOpened,
    ContactQueued,
    ContactReturned,
    LegLost,
    LegRegained,
    OfferEnded,
    PromiseAltered,
    PromiseEnded,
    PromiseEscalated,
    PromiseMade,
    ProtectionTaken,
    SegmentEnded,
    SegmentStarted,
    SupervisionEnded,
    SupervisionStarted,
    TransferAnswered,
    TransferEnded,
    TransferStarted,
    TransferStepped,
)
from haedap.domain.ids import AgentId, ContactId, OfferId, PromiseId, QueueKey, SkillKey
from haedap.domain.plan import Queue
from haedap.domain.states import (
    AgentState,
    ContactOutcome,
    ContactState,
    EndedBy,
    MoveCause,
    OfferOutcome,
    PromiseReason,
    ProtectionStep,
    TransferMode,
    TransferOutcome,
)
from haedap.domain.targets import Owner, ToAgent, ToOutside, ToQueue
from tests.property.routing.debts import SAME_AGENT, Debt, Debts, Place

Output = AnyDecision | AnyFact
NOT_YET = QueueKey("")
NOBODY = AgentId(0)
NO_LEVEL = 99
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
    pending: AgentState | None = None
    rest_until: datetime | None = None


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
        self.closed: dict[ContactId, datetime] = {}
        self.offers: dict[OfferId, OfferOutcome | None] = {}
        self.rung: set[OfferId] = set()
        self.side: dict[OfferId, tuple[ContactId, AgentId]] = {}
        """The legs beside the agents' legs: whose contact, which supervisor (0: whom an agent consults)."""
        self.supervisors: set[AgentId] = set()
        self.taken_over: set[AgentId] = set()
        self.requests: set[str] = set()
        self.debts = Debts()
        self._changes = False
        self.queues_on_plan: set[QueueKey] = set()
        self.outgoing: dict[ContactId, None] = {}
        self.seen = self.debts.seen
        self._count = 0

    def check(self, event: AnyEvent, outputs: tuple[Output, ...]) -> None:
        """What the router said to the event."""
        self.now = max(self.now, event.at)
        self._changes = isinstance(event, PromiseChanged)
        self.taken_over.clear()
        if isinstance(event, PlanChanged):
            self._plan(event)
        self._legs_are_gone(event)
        self._is_forced(event)
        for output in outputs:
            self._count_kind(output)
            if isinstance(output, Decision):
                self._decision(output)
            rule = getattr(self, f"_{type(output).__name__}", None)
            if rule is not None:
                rule(output)
        self.debts.nobody_is_owed_twice()
        self._forget_who_is_gone()
        self._everybody_is_in_one_place()
        self._every_leg_has_its_place()
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
        self.on_plan, self.queues_on_plan = set(named), {queue.key for queue in event.plan.queues}
        self.supervisors = {supervisor.id for supervisor in event.plan.supervisors}

    def _count_kind(self, output: Output) -> None:
        name = type(output).__name__
        self.seen[name] += 1
        for detail in ("outcome", "state", "step", "mode", "cause"):
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
        case = self.cases[decision.contact]
        if case.offer == decision.offer:
            return
        assert not decision.join
        assert case.state is C.ENGAGED
        if case.consulted == decision.agent:
            self._consults(decision.contact, decision.offer)
        else:
            assert decision.agent in self.supervisors
            assert decision.agent != case.agent
            assert decision.agent not in self._supervising(), "a supervisor in two talks"
            assert self.people.get(decision.agent, Person()).state not in (A.OFFERED, A.ENGAGED)
            assert not any(contact == decision.contact and agent for contact, agent in self.side.values())
            self.side[decision.offer] = decision.contact, decision.agent

    def _DialOutside(self, decision: DialOutside) -> None:  # noqa: N802
        assert decision.offer not in self.rung
        self.rung.add(decision.offer)
        self._consults(decision.contact, decision.offer)

    def _consults(self, contact: ContactId, offer: OfferId) -> None:
        assert self.cases[contact].transfer is not None
        assert (contact, NOBODY) not in self.side.values(), "two whom an agent consults"
        self.side[offer] = contact, NOBODY

    def _EndLeg(self, decision: EndLeg) -> None:  # noqa: N802
        self.side.pop(decision.offer, None)

    def _EndContact(self, decision: EndContact) -> None:  # noqa: N802
        self.side = {offer: leg for offer, leg in self.side.items() if leg[0] != decision.contact}

    def _supervising(self) -> set[AgentId]:
        return {agent for _, agent in self.side.values() if agent != NOBODY}

    def _legs_are_gone(self, event: AnyEvent) -> None:
        if isinstance(event, OfferFailed | AgentLegEnded):
            self.side.pop(event.offer, None)
        elif isinstance(event, ChannelReconciled):
            there = {*event.ringing, *event.answered, *event.connected}
            self.side = {offer: leg for offer, leg in self.side.items() if offer in there}

    def _is_forced(self, event: AnyEvent) -> None:
        if isinstance(event, AgentStateForced) and event.state is A.AVAILABLE:
            person = self.people.get(event.agent)
            if person is not None and event.supervisor in self.supervisors:
                person.rest_until = None

    # --- facts about contacts

    def _ContactOpened(self, fact: ContactOpened) -> None:  # noqa: N802
        assert fact.contact not in self.cases
        assert fact.contact not in self.closed, "a closed contact opened anew"
        self.cases[fact.contact] = Case(caller=fact.caller, promise=fact.promise, resumes=fact.resumes)
        if fact.promise is not None:
            self.outgoing[fact.contact] = None
        self.seen["resumed"] += fact.resumes is not None

    def _ContactQueued(self, fact: ContactQueued) -> None:  # noqa: N802
        case = self.cases[fact.contact]
        assert case.state is C.IN_FLOW
        assert not case.queued, "offered (인입) is counted once"
        case.state, case.queue, case.priority, case.since = C.WAITING, fact.queue, fact.priority, self.now
        case.entered = self._place(case)
        case.queued = True
        self.debts.places[fact.contact] = Place(case.entered, case.priority)

    def _place(self, case: Case) -> int:
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
        self._count += 1
        return self._count

    def _ContactOffered(self, fact: ContactOffered) -> None:  # noqa: N802
        case, person = self.cases[fact.contact], self.people[fact.agent]
        assert fact.offer not in self.offers
        assert fact.queue == case.queue
        assert case.offer is None, "two offers of one contact"
        if case.consulted == fact.agent:
            case.consulted, case.state = None, C.OFFERED
            assert self.side.pop(fact.offer) == (fact.contact, NOBODY), "the leg that rings is put the citizen"
        elif case.state is C.FORWARDED:
            assert case.transfer is not None
            assert case.transfer.target == ToAgent(fact.agent)
            assert self._idle(fact.agent, person)
            case.state = C.OFFERED
        elif case.state is C.RECONNECTING:
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
        if fact.offer in self.side:
            assert case.state is C.FORWARDED
            self._taken_by_hand(fact, case)
        else:
            assert self.offers[fact.offer] is OfferOutcome.ANSWERED
            assert case.state is C.OFFERED
        assert not case.segment_open
        assert fact.segment == case.segments + 1
        case.preferred = case.preferred_until = None
        self.debts.had[fact.contact] = fact.agent
        case.state, case.segments, case.segment_open = C.ENGAGED, fact.segment, True

    def _taken_by_hand(self, fact: SegmentStarted, case: Case) -> None:
        """From hand to hand: a colleague who was consulted, or a supervisor, has the citizen."""
        contact, supervisor = self.side.pop(fact.offer)
        assert contact == fact.contact
        if supervisor == NOBODY:
            assert fact.agent == case.consulted
        else:
            assert fact.agent == supervisor
            self.taken_over.add(supervisor)
            self.people.setdefault(supervisor, Person())
        case.consulted, case.agent = None, fact.agent
        self.offers[fact.offer] = OfferOutcome.ANSWERED

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
        if case.transfer is not None or case.steps[-1:] == (ProtectionStep.END,) or fact.by is EndedBy.SUPERVISOR:
            case.state = C.FORWARDED
        else:
            case.state, case.given_back = C.WAITING, True

    # --- facts about transfers, supervision and protection

    def _TransferStarted(self, fact: TransferStarted) -> None:  # noqa: N802
        case = self._open_segment(fact)
        assert case.state is C.ENGAGED
        assert case.transfer is None, "one transfer at a time"
        case.transfers += 1
        assert fact.transfer == case.transfers
        case.transfer, case.answered = fact, False

    def _TransferAnswered(self, fact: TransferAnswered) -> None:  # noqa: N802
        case = self._open_transfer(fact)
        assert not case.answered
        case.answered = True

    def _TransferStepped(self, fact: TransferStepped) -> None:  # noqa: N802
        case = self._open_transfer(fact)
        assert case.transfer is not None
        assert case.transfer.mode is TransferMode.CONSULT
        assert case.state is C.ENGAGED
        assert case.answered or not fact.consulted
        assert fact.citizen or fact.consulted, "an agent who hears nobody"

    def _TransferEnded(self, fact: TransferEnded) -> None:  # noqa: N802
        case = self._open_transfer(fact)
        target = None if case.transfer is None else case.transfer.target
        if fact.outcome is TransferOutcome.COMPLETED:
            assert case.answered or isinstance(target, ToQueue)
            assert case.state is C.FORWARDED or not isinstance(target, ToOutside)
        case.transfer = None

    def _ContactMoved(self, fact: ContactMoved) -> None:  # noqa: N802
        case = self.cases[fact.contact]
        if fact.cause is MoveCause.TRANSFER:
            assert case.state is C.FORWARDED
            assert fact.by is not None
            self.cooling[fact.contact, fact.by] = self.now + timedelta(seconds=20)
            case.state, case.queue, case.given_back = C.WAITING, fact.queue, True
        else:
            assert case.state is C.WAITING, "only who waits is moved"
            assert (fact.by in self.supervisors) == (fact.cause is MoveCause.SUPERVISOR)
            assert case.promise is None or case.reached or fact.cause is MoveCause.SUPERVISOR
            case.queue = fact.queue

    def _ContactReturned(self, fact: ContactReturned) -> None:  # noqa: N802
        case = self.cases[fact.contact]
        assert case.transfer is None
        assert case.state in (C.FORWARDED, C.WAITING)
        assert not case.segment_open
        case.state, case.given_back = C.WAITING, True
        case.preferred, case.preferred_until = fact.agent, self.now + timedelta(seconds=20)

    def _open_transfer(self, fact: TransferAnswered | TransferStepped | TransferEnded) -> Case:
        case = self.cases[fact.contact]
        assert case.transfer is not None, "a transfer ended twice"
        assert case.transfer.transfer == fact.transfer
        return case

    def _SupervisionStarted(self, fact: SupervisionStarted) -> None:  # noqa: N802
        case = self.cases[fact.contact]
        assert case.segments == fact.segment
        assert case.state is C.ENGAGED
        assert case.supervisor in (None, fact.supervisor)
        assert fact.supervisor in self._supervising()
        case.supervisor = fact.supervisor

    def _SupervisionEnded(self, fact: SupervisionEnded) -> None:  # noqa: N802
        case = self.cases[fact.contact]
        assert case.supervisor == fact.supervisor
        case.supervisor = None

    def _ProtectionTaken(self, fact: ProtectionTaken) -> None:  # noqa: N802
        case = self._open_segment(fact)
        assert case.state is C.ENGAGED
        assert fact.step not in case.steps
        if fact.step is ProtectionStep.END:
            assert ProtectionStep.ANNOUNCE in case.steps or fact.kind in ("sexual", "threat")
            rest = timedelta(seconds=self.queues[case.queue].rest_seconds)
            self.people[fact.agent].rest_until = self.now + rest
        case.steps = (*case.steps, fact.step)

    def _open_segment(
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

    def _ContactClosed(self, fact: ContactClosed) -> None:  # noqa: N802
        case = self.cases.pop(fact.contact)
        assert not case.segment_open
        assert case.offer is None
        assert case.transfer is None, "a transfer without outcome"
        assert case.supervisor is None
        self.closed[fact.contact] = self.now
        self.debts.places.setdefault(fact.contact, Place(case.entered, case.priority))
        if not case.queued:
            del self.debts.places[fact.contact]
        if case.promise is not None and not case.reached:
            assert fact.outcome is ContactOutcome.NOT_REACHED
        elif case.segments:
            assert fact.outcome is ContactOutcome.ANSWERED
        elif case.promised or (case.queued and case.caller is not None and fact.by is not EndedBy.CITIZEN):
            assert fact.outcome is ContactOutcome.PROMISED, "cut off, or promised, is not given up"
        elif case.queued:
            assert fact.outcome is ContactOutcome.ABANDONED
        else:
            assert fact.outcome not in (ContactOutcome.ANSWERED, ContactOutcome.ABANDONED)

    # --- facts about promises

    def _PromiseMade(self, fact: PromiseMade) -> None:  # noqa: N802
        case = None if fact.contact is None else self.cases.get(fact.contact)
        place = None if fact.contact is None else self.debts.places.get(fact.contact)
        if place is None or fact.reason in (PromiseReason.AGENT, PromiseReason.TEXT):
            self._count += 1
            place = Place(self._count, 0)
        self.debts.make(fact, Place(place.entered, place.priority))
        if case is not None:
            case.promised = True
            if fact.reason is PromiseReason.QUEUE:
                assert case.state is C.WAITING
                case.state = C.IN_FLOW

    def _PromiseAltered(self, fact: PromiseAltered) -> None:  # noqa: N802
        self.debts.alter(fact, self.now, put_off=self._changes and self._has_home(fact.owner))
        self._follow(self.debts.open[fact.promise])

    def _PromiseEscalated(self, fact: PromiseEscalated) -> None:  # noqa: N802
        self.debts.escalate(fact)
        self._follow(self.debts.open[fact.promise])

    def _AttemptStarted(self, fact: AttemptStarted) -> None:  # noqa: N802
        self.debts.start(fact)
        assert fact.contact is None or self.cases[fact.contact].promise == fact.promise

    def _AttemptEnded(self, fact: AttemptEnded) -> None:  # noqa: N802
        self.debts.finish(fact)

    def _PromiseEnded(self, fact: PromiseEnded) -> None:  # noqa: N802
        self.debts.end(fact)
        if fact.into is not None:
            self._follow(self.debts.open[fact.into])

    def _has_home(self, owner: Owner) -> bool:
        return not isinstance(owner, ToQueue) or owner.queue in self.queues_on_plan

    def _follow(self, debt: Debt) -> None:
        """The contact that stands for a promise has its place."""
        case = None if debt.calling is None else self.cases.get(debt.calling)
        if case is not None:
            case.entered = debt.place.entered
            case.priority = debt.place.priority + 100 * debt.escalated
            self.debts.places[debt.calling or ContactId("")] = Place(case.entered, case.priority)
            if not isinstance(debt.owner, ToAgent) or debt.escalated:
                case.preferred_until = case.preferred_until or self.now

    def _CitizenCalled(self, fact: CitizenCalled) -> None:  # noqa: N802
        case = self._open_segment(fact)
        assert case.promise is not None
        assert not case.reached

    def _CitizenAnswered(self, fact: CitizenAnswered) -> None:  # noqa: N802
        case = self._open_segment(fact)
        assert case.promise is not None
        assert not case.reached
        case.reached = True

    def is_forgotten(self, contact: ContactId) -> bool:
        """Whether the contact ended so long ago that news of it would be news of another."""
        return contact in self.closed and self.closed[contact] < self.now - timedelta(minutes=59)

    # --- facts about agents

    def _AgentStateChanged(self, fact: AgentStateChanged) -> None:  # noqa: N802
        person = self.people[fact.agent]
        returned = (person.state, fact.state) == (A.WRAP_UP, A.OFFERED) and self._is_of_case(person, fact.contact)
        if not returned and fact.agent not in self.taken_over:
            assert fact.state in LEGAL[person.state], f"{person.state} → {fact.state}"
        if fact.pending is not None:
            assert fact.state in (A.ENGAGED, A.WRAP_UP)
        ends_idleness = (person.state, fact.state) == (A.WRAP_UP, A.OFFERED)
        if ends_idleness or (fact.state is A.AVAILABLE and person.state is not A.OFFERED):
            self._count += 1
            person.idle_since = self._count
        if fact.state is A.AVAILABLE:
            assert person.rest_until is None or person.rest_until <= self.now, "no rest after abuse"
        self._consulted_or_not(fact)
        person.state, person.contact, person.pending = fact.state, fact.contact, fact.pending

    def _consulted_or_not(self, fact: AgentStateChanged) -> None:
        """Whether the agent is consulted about a contact, or asked to be."""
        for contact, case in self.cases.items():
            if case.consulted == fact.agent and (fact.state not in (A.OFFERED, A.ENGAGED) or fact.contact != contact):
                case.consulted = None
        case_of = None if fact.contact is None else self.cases.get(fact.contact)
        if case_of is not None and fact.state is A.OFFERED and case_of.agent != fact.agent:
            assert case_of.transfer is not None
            assert case_of.consulted is None
            case_of.consulted = fact.agent

    def _AgentReachabilityChanged(self, fact: AgentReachabilityChanged) -> None:  # noqa: N802
        assert self.people[fact.agent].reachable is not fact.reachable
        self.people[fact.agent].reachable = fact.reachable

    # --- rules over all

    def _idle(self, agent: AgentId, person: Person) -> bool:
        return person.state is A.AVAILABLE and person.reachable and agent not in self._supervising()

    def _is_kept(self, case: Case) -> bool:
        """Whether the contact waits for one agent alone, who may come within the time."""
        preferred = None if case.preferred is None else self.people.get(case.preferred)
        if case.preferred is not None and case.preferred_until is None:
            return True
        if preferred is None or case.preferred_until is None or case.preferred_until < self.now:
            return False
        at_desk = preferred.state in (A.AVAILABLE, A.WRAP_UP) and preferred.reachable
        return at_desk and preferred.pending is None

    def _is_of_case(self, person: Person, contact: ContactId | None) -> bool:
        """Whether the agent works on this contact, or on the one that it resumes."""
        case = None if contact is None else self.cases.get(contact)
        return person.contact is not None and person.contact in (contact, None if case is None else case.resumes)

    def _may_have(self, contact: ContactId, case: Case, agent: AgentId, person: Person) -> bool:
        cool = self.cooling.get((contact, agent), self.now) <= self.now
        return self.queues[case.queue].skill in person.levels and cool

    def _is_wide(self, case: Case, person: Person) -> bool:
        """Whether an agent of another skill may serve the contact, who has waited so long."""
        since = case.since or self.now
        rules = self.queues[case.queue].widening
        return any(
            rule.skill in person.levels and since + timedelta(seconds=rule.after_seconds) <= self.now for rule in rules
        )

    def _is_fair(self, fact: ContactOffered, case: Case, person: Person) -> None:
        assert case.state is C.WAITING
        if case.preferred == fact.agent:
            assert person.reachable
            assert person.state is A.AVAILABLE or (person.state is A.WRAP_UP and self._is_of_case(person, fact.contact))
            return
        assert self._idle(fact.agent, person)
        skill = self.queues[case.queue].skill
        if skill not in person.levels:
            assert self._is_wide(case, person), "not this agent's"
            self.seen["widened"] += 1
        assert self.cooling.get((fact.contact, fact.agent), self.now) <= self.now, "cooling"
        chosen = (person.levels.get(skill, NO_LEVEL), person.idle_since)
        for agent_id, other in self.people.items():
            if self._idle(agent_id, other) and self._may_have(fact.contact, case, agent_id, other):
                assert (other.levels[skill], other.idle_since) >= chosen, f"agent {agent_id} was passed over"
        for contact_id, waiting in self.cases.items():
            waits = waiting.state is C.WAITING and waiting.preferred is None
            if waits and self._may_have(contact_id, waiting, fact.agent, person):
                assert waiting.rank >= case.rank, f"contact {contact_id} was overtaken"

    def _everybody_is_in_one_place(self) -> None:
        at_work: dict[AgentId, ContactId] = {}
        for contact_id, case in self.cases.items():
            assert (case.agent is not None) == (case.state in (C.OFFERED, C.ENGAGED, C.RECONNECTING))
            if case.agent is not None:
                assert case.agent not in at_work
                at_work[case.agent] = contact_id
            if case.consulted is not None:
                assert case.transfer is not None, "consulted about nothing"
                assert case.consulted not in at_work
                at_work[case.consulted] = contact_id
        for agent_id, person in self.people.items():
            if person.state in (A.OFFERED, A.ENGAGED):
                assert at_work.pop(agent_id) == person.contact
        assert not at_work, "a contact with an agent who does not have it"

    def _every_leg_has_its_place(self) -> None:
        seen: set[tuple[ContactId, bool]] = set()
        for contact, supervisor in self.side.values():
            case = self.cases[contact]
            assert case.state is C.ENGAGED or (supervisor == NOBODY and case.state is C.FORWARDED), "a stray leg"
            assert case.transfer is not None or case.state is C.FORWARDED or supervisor != NOBODY
            assert (contact, supervisor == NOBODY) not in seen
            seen.add((contact, supervisor == NOBODY))
        for contact, case in self.cases.items():
            if case.state is C.FORWARDED and case.steps[-1:] != (ProtectionStep.END,):
                assert (contact, True) in seen, "nobody has the citizen, and nobody is rung for them"

    def _nobody_waits_for_an_idle_agent(self, event: AnyEvent) -> None:
        due = event.at if isinstance(event, TimePassed) else datetime.min.replace(tzinfo=UTC)
        for agent_id, person in self.people.items():
            if not self._idle(agent_id, person):
                continue
            for contact_id, case in self.cases.items():
                waits = case.state is C.WAITING and not self._is_kept(case)
                if waits and self.queues[case.queue].skill in person.levels:
                    assert self.cooling.get((contact_id, agent_id), due) > due, "an idle agent and a waiting contact"

    def _no_offer_outlives_its_time(self) -> None:
        for case in self.cases.values():
            assert case.offered_until is None or case.offered_until > self.now, "an offer without end"
