"""A busy day of a centre as a stream of events, on a virtual clock, in answer to what a router decides."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any

from haedap.domain import events as e
from haedap.domain.decisions import AnyDecision, Connect, OfferContact, Play
from haedap.domain.facts import AgentStateChanged, AnyFact, ContactClosed, ContactQueued, OfferEnded
from haedap.domain.ids import AgentId, ContactId, FlowKey, QueueKey, SkillKey
from haedap.domain.plan import Agent, AgentSkill, Number, Plan, Queue
from haedap.domain.states import AgentState, Channel, ContactOutcome, Control, EndedBy, OfferOutcome, PlayOutcome

START = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
SKILLS = 12
QUEUES = 20
TALK, PATIENCE, FIRST_MINUTE = 180.0, 3000.0, 60.0


def plan_for(agents: int, chance: Random) -> Plan:
    """20 queues on 12 skills; each agent has one to four skills, of levels one to three."""
    queues = tuple(
        Queue(QueueKey(f"queue{n}"), f"대기열 {n}", SkillKey(f"skill{n % SKILLS}"), wrap_up_seconds=30)
        for n in range(QUEUES)
    )
    flows: dict[FlowKey, dict[str, Any]] = {
        FlowKey(queue.key): {"start": "wait", "steps": {"wait": {"kind": "queue", "queue": queue.key}}}
        for queue in queues
    }
    numbers = tuple(Number(number_of(n), FlowKey(f"queue{n}")) for n in range(QUEUES))
    people = tuple(Agent(AgentId(n), f"상담사 {n}", f"agent-{n}", _skills(n, chance)) for n in range(1, agents + 1))
    return Plan(version=1, queues=queues, agents=people, numbers=numbers, flows=flows)


def number_of(queue: int) -> str:
    """The number that leads to a queue."""
    return f"+8222000{queue:04}"


def _skills(number: int, chance: Random) -> tuple[AgentSkill, ...]:
    others = chance.sample(range(SKILLS), chance.randint(0, 3))
    chosen = dict.fromkeys((number % SKILLS, *others))
    return tuple(AgentSkill(SkillKey(f"skill{skill}"), chance.randint(1, 3)) for skill in chosen)


class Stream:
    """Events in the order of their time. Who leaves is followed by others, so that about `wanted` contacts wait."""

    def __init__(self, plan: Plan, chance: Random, wanted: int) -> None:
        self.plan = plan
        self.wanted = wanted
        self.chance = chance
        self.now = START
        self.waiting = 0
        self._arrivals = 0
        self._entries = 0
        self._heap: list[tuple[datetime, int, e.AnyEvent]] = []

    @property
    def settled(self) -> bool:
        """Whether the first minute is over and as many wait as are wanted, within two in a hundred."""
        off = abs(self.waiting - self.wanted)
        return self.now > START + timedelta(seconds=FIRST_MINUTE) and off <= max(5, self.wanted // 50)

    def opening(self) -> Iterator[e.AnyEvent]:
        """The plan, everybody at work, then who is to be served and who is to wait, within a minute."""
        yield e.PlanChanged(at=self.now, plan=self.plan)
        for agent in self.plan.agents:
            yield e.AgentReachable(at=self.now, agent=agent.id)
            yield e.AgentSignedIn(at=self.now, agent=agent.id)
            yield e.AgentSetAvailable(at=self.now, agent=agent.id)
        for _ in range(len(self.plan.agents) * 4 // 5 + self.wanted):
            self._arrive_in(self.chance.uniform(0, FIRST_MINUTE))
        for agent in self.plan.agents:
            self._break_of(agent.id)

    def next(self, deadline: datetime | None) -> e.AnyEvent:
        """What happens next: something of the world, or time."""
        at = self._heap[0][0]
        if deadline is not None and deadline < at:
            self.now = max(self.now, deadline)
            return e.TimePassed(at=self.now)
        self.now, _, event = heappop(self._heap)
        return event

    def react(self, outputs: tuple[AnyDecision | AnyFact, ...]) -> None:
        """The world hears what the router decided."""
        for output in outputs:
            reaction = _REACTIONS.get(type(output))
            if reaction is not None:
                reaction(self, output)

    def _post(self, seconds: float, kind: Callable[..., e.AnyEvent], **fields: Any) -> None:
        at = self.now + timedelta(seconds=seconds)
        self._entries += 1
        heappush(self._heap, (at, self._entries, kind(at=at, **fields)))

    def _soon(self, mean: float) -> float:
        return self.chance.expovariate(1 / mean)

    def _arrive_in(self, seconds: float) -> None:
        self._arrivals += 1
        contact = ContactId(f"{self._arrivals:08x}-0000-4000-8000-000000000000")
        called = self.chance.choice(self.plan.numbers).number
        caller = f"+8210000{self._arrivals % 100_000:05}"
        self._post(seconds, e.ContactArrived, contact=contact, channel=Channel.VOICE, called=called, caller=caller)
        self._post(seconds + self._soon(PATIENCE), e.CitizenLeft, contact=contact)

    def _break_of(self, agent: AgentId) -> None:
        self._post(self._soon(1800), e.AgentSetAway, agent=agent, reason="break")

    def offered(self, decision: OfferContact) -> None:
        """Most answer; some decline; some let it ring."""
        fate, offer = self.chance.random(), decision.offer
        if fate < 0.94:
            self._post(self._soon(3), e.OfferAnswered, offer=offer)
        elif fate < 0.97:
            self._post(self._soon(3), e.OfferFailed, offer=offer, outcome=OfferOutcome.REJECTED)

    def connected(self, decision: Connect) -> None:
        """They talk; either hangs up; some are held."""
        talk, fate = self._soon(TALK), self.chance.random()
        self._post(0.05, e.Connected, contact=decision.contact, offer=decision.offer)
        if fate < 0.6:
            self._post(talk, e.CitizenLeft, contact=decision.contact)
        else:
            self._post(talk, e.AgentLegEnded, offer=decision.offer, by=EndedBy.AGENT)

    def played(self, decision: Play) -> None:
        """A saying takes its time."""
        self._post(6, e.PlaybackEnded, contact=decision.contact, request=decision.id, outcome=PlayOutcome.FINISHED)

    def agent_changed(self, fact: AgentStateChanged) -> None:
        """Breaks end; some wrap-ups are cut short; some calls are put on hold."""
        if fact.state is AgentState.AWAY:
            self._post(self._soon(60), e.AgentSetAvailable, agent=fact.agent)
            self._break_of(fact.agent)
        elif fact.state is AgentState.WRAP_UP and self.chance.random() < 0.4:
            self._post(self._soon(15), e.AgentSetAvailable, agent=fact.agent)
        elif fact.state is AgentState.ENGAGED and fact.contact is not None and self.chance.random() < 0.2:
            for after, control in ((20, Control.HOLD), (40, Control.UNHOLD)):
                self._post(after, e.ControlRequested, agent=fact.agent, contact=fact.contact, control=control)

    def closed(self, fact: ContactClosed) -> None:
        """Somebody else calls, unless too many wait; more do when too few."""
        self.waiting -= fact.outcome is ContactOutcome.ABANDONED
        lacking = self.wanted - self.waiting
        for _ in range((lacking >= 0) + (lacking > self.wanted // 100)):
            self._arrive_in(self._soon(1))

    def queued(self, _: ContactQueued) -> None:
        """One more is on the line."""
        self.waiting += 1

    def offer_ended(self, fact: OfferEnded) -> None:
        """One less, if it was answered."""
        self.waiting -= fact.outcome is OfferOutcome.ANSWERED


_REACTIONS: dict[type[AnyDecision | AnyFact], Callable[[Stream, Any], None]] = {
    OfferContact: Stream.offered,
    Connect: Stream.connected,
    Play: Stream.played,
    AgentStateChanged: Stream.agent_changed,
    ContactClosed: Stream.closed,
    ContactQueued: Stream.queued,
    OfferEnded: Stream.offer_ended,
}
