"""The floor: everything that the router knows at one moment, and the few things that every rule needs from it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from haedap.domain.decisions import AnyDecision
from haedap.domain.facts import AnyFact
from haedap.domain.ids import AgentId, ContactId, OfferId, PromiseId, QueueKey, RequestId
from haedap.domain.plan import Queue
from haedap.domain.states import AgentState, ContactOutcome, ContactState, EndedBy
from haedap.routing.deadlines import NO_CONTACT, Deadline, Deadlines, Kind
from haedap.routing.index import Index
from haedap.routing.plans import PlanInUse
from haedap.routing.records import (
    AgentRecord,
    ClosedRecord,
    ContactRecord,
    GoneRecord,
    Leg,
    LegStage,
    PromiseRecord,
    QueueRecord,
)

LONG_AGO = datetime.min.replace(tzinfo=UTC)
CLOSED_REMEMBERED = timedelta(hours=1)
MOST_CLOSED = 100_000


class Part(StrEnum):
    """Whose leg it is."""

    AGENT = "agent"
    CONSULTED = "consulted"
    SUPERVISOR = "supervisor"


LEGS: dict[Part, Callable[[ContactRecord], Leg | None]] = {
    Part.AGENT: lambda contact: contact.leg,
    Part.CONSULTED: lambda contact: contact.consult,
    Part.SUPERVISOR: lambda contact: None if contact.watch is None else contact.watch.leg,
}


class Closing(NamedTuple):
    """A contact that ended by the event in hand. `was`: its state until then; `rules`: those of its queue, if any.

    A queue that left the plan is forgotten with its last contact, but what is owed to that contact goes by its rules.
    """

    contact: ContactRecord
    was: ContactState
    outcome: ContactOutcome
    by: EndedBy
    rules: Queue | None


class Floor:
    """State of the router. `out` gathers what the event in hand leads to; all else outlives the event.

    `fresh_agents` and `fresh_contacts` are those who may have got a partner by this event; `matching` empties them.
    """

    __slots__ = (
        "agents",
        "begun",
        "by",
        "calls",
        "calls_minute",
        "closed",
        "closings",
        "contacts",
        "deadlines",
        "exchange",
        "fresh_agents",
        "fresh_contacts",
        "gone",
        "index",
        "now",
        "orders",
        "out",
        "owed",
        "plan",
        "promises",
        "queues",
        "registered",
        "settled",
        "signed_out",
        "supervising",
    )

    def __init__(self) -> None:
        self.now = LONG_AGO
        self.plan = PlanInUse.none()
        self.contacts: dict[ContactId, ContactRecord] = {}
        self.agents: dict[AgentId, AgentRecord] = {}
        self.queues: dict[QueueKey, QueueRecord] = {}
        self.closed: dict[ContactId, ClosedRecord] = {}
        self.registered: dict[AgentId, None] = {}
        """Agents who are not on the plan and whose telephone is registered."""
        self.exchange = ""
        """The run of the exchange that the last reconciliation named, if it did."""
        self.supervising: dict[AgentId, ContactId] = {}
        """Supervisors who take part in a talk, or are rung for it."""
        self.by: AgentId | None = None
        """While a supervisor's force is followed: whose."""
        self.index = Index()
        self.deadlines = Deadlines(self.holds)
        self.orders = 0
        self.calls_minute = LONG_AGO
        self.calls: dict[str, int] = {}
        """Calls of each caller within `calls_minute`, as far as the plan limits them."""
        self.out: list[AnyDecision | AnyFact] = []
        self.fresh_agents: dict[AgentId, None] = {}
        self.fresh_contacts: dict[ContactId, None] = {}
        self.promises: dict[PromiseId, PromiseRecord] = {}
        self.owed: dict[tuple[str, str], PromiseId] = {}
        """Which promise is owed to whom by whom: see `PromiseRecord.debtor`."""
        self.settled: dict[PromiseId, datetime] = {}
        """Promises that ended of late, and when."""
        self.gone: dict[str, GoneRecord] = {}
        """By their number, citizens whose place is kept in case that they call again; the oldest first."""
        self.begun: list[ContactRecord] = []
        self.closings: list[Closing] = []
        """Segments that began and contacts that ended by the event in hand: see `promises.follow_up`."""
        self.signed_out = False
        """Whether an agent signed out by the event in hand."""

    def emit(self, item: AnyDecision | AnyFact) -> None:
        """The event in hand leads to this."""
        self.out.append(item)

    def next_order(self) -> int:
        """A number greater than all before."""
        self.orders += 1
        return self.orders

    def request(self, contact: ContactRecord) -> RequestId:
        """The id of the next request for a live contact."""
        contact.requests += 1
        return RequestId(f"{contact.id}-{contact.requests}")

    def stray_request(self, contact: ContactId) -> RequestId:
        """The id of the next request for any contact, one that is over or was never known included."""
        record = self.contacts.get(contact) or self.closed.get(contact)
        if record is None:
            return RequestId(f"{contact}-0")
        record.requests += 1
        return RequestId(f"{contact}-{record.requests}")

    def next_offer(self, contact: ContactRecord) -> OfferId:
        """The id of the next leg of a live contact."""
        contact.offers += 1
        return OfferId(f"{contact.id}.{contact.offers}")

    def part_of(self, offer: OfferId) -> tuple[ContactRecord, Part] | None:
        """The contact that has the leg `offer` at this moment, and whose leg it is; None for every other offer."""
        contact = self.contacts.get(offered_contact(offer))
        if contact is None:
            return None
        for part, leg_of in LEGS.items():
            leg = leg_of(contact)
            if leg is not None and leg.offer == offer:
                return contact, part
        return None

    def rules(self, contact: ContactRecord) -> Queue:
        """The rules of the queue that the contact entered."""
        return self.queues[contact.queue].rules

    def remember_closed(self, contact: ContactRecord) -> None:
        """Keeps the closed contact's name for an hour; the oldest go first when there are too many."""
        self.closed[contact.id] = ClosedRecord(id=contact.id, at=self.now, requests=contact.requests)
        while len(self.closed) > MOST_CLOSED or next(iter(self.closed.values())).at < self.now - CLOSED_REMEMBERED:
            del self.closed[next(iter(self.closed))]

    def leave_queue(self, contact: ContactRecord) -> None:
        """The contact has no more to do with its queue; a queue that left the plan goes with its last contact."""
        queue = self.queues.get(contact.queue)
        if queue is not None:
            queue.contacts -= 1
            self.forget_unused(contact.queue)

    def forget_unused(self, key: QueueKey) -> None:
        """Forgets the queue if it left the plan and no contact needs it any more."""
        queue = self.queues[key]
        if queue.removed and not queue.contacts:
            del self.queues[key]
            self.index.forget_queue(key)
            self.index_queues()

    def remember_settled(self, promise: PromiseId) -> None:
        """Keeps the name of a promise that is over for an hour: it is not to be made anew."""
        self.settled[promise] = self.now
        while next(iter(self.settled.values())) < self.now - CLOSED_REMEMBERED:
            del self.settled[next(iter(self.settled))]

    def index_queues(self) -> None:
        """Tells the index which queues there are and which skills they ask for."""
        self.index.set_queues((key, queue.rules.skill) for key, queue in self.queues.items())

    def holds(self, deadline: Deadline) -> bool:
        """Whether the deadline is still what the records say."""
        at, kind, name, agent_id = deadline
        if kind in _OF_AGENTS:
            agent = self.agents.get(agent_id)
            return agent is not None and _OF_AGENTS[kind](agent, ContactId(name)) == at
        if kind in _OF_PROMISES:
            promise = self.promises.get(PromiseId(name))
            return promise is not None and _OF_PROMISES[kind](promise) == at
        contact = self.contacts.get(ContactId(name))
        return contact is not None and _OF_CONTACTS[kind](contact) == at


def offered_contact(offer: OfferId) -> ContactId:
    """The contact that an offer's id names."""
    return ContactId(offer.rpartition(".")[0])


def _ring_until(part: Part) -> Callable[[ContactRecord], datetime | None]:
    leg_of = LEGS[part]

    def until(contact: ContactRecord) -> datetime | None:
        leg = leg_of(contact)
        return leg.until if leg is not None and leg.stage is LegStage.RINGING else None

    return until


def _wrap_up_until(agent: AgentRecord, _: ContactId) -> datetime | None:
    return agent.until if agent.state is AgentState.WRAP_UP else None


def _cooling_until(agent: AgentRecord, contact: ContactId) -> datetime | None:
    return agent.cooling.get(contact)


_OF_CONTACTS: dict[Kind, Callable[[ContactRecord], datetime | None]] = {
    Kind.RING: _ring_until(Part.AGENT),
    Kind.CONSULT_RING: _ring_until(Part.CONSULTED),
    Kind.SUPERVISOR_RING: _ring_until(Part.SUPERVISOR),
    Kind.RECONNECT: lambda contact: contact.reconnect_until,
    Kind.RETRY: lambda contact: contact.retry_at,
    Kind.FLOW: lambda contact: contact.flow_until,
    Kind.ANNOUNCE: lambda contact: contact.announce_at,
    Kind.PREFERRED: lambda contact: contact.preferred_until,
    Kind.CALLING: lambda contact: contact.calling_until,
    Kind.RECALL: lambda contact: contact.recall_at,
    Kind.OVERFLOW: lambda contact: contact.overflow_at,
    Kind.WIDEN: lambda contact: contact.widen_at,
}
_OF_PROMISES: dict[Kind, Callable[[PromiseRecord], datetime | None]] = {
    Kind.ESCALATION: lambda promise: None if promise.escalated else promise.escalate_at,
    Kind.PROMISE: lambda promise: promise.wake_at,
}
_OF_AGENTS: dict[Kind, Callable[[AgentRecord, ContactId], datetime | None]] = {
    Kind.WRAP_UP: _wrap_up_until,
    Kind.COOLING: _cooling_until,
    Kind.ABSENCE: lambda agent, _: agent.absent_at,
}


def restore_deadlines(floor: Floor) -> None:
    """Fills the heap from the records."""
    for contact in floor.contacts.values():
        for kind, of_contact in _OF_CONTACTS.items():
            at = of_contact(contact)
            if at is not None:
                floor.deadlines.add(at, kind, contact=contact.id)
    for agent in floor.agents.values():
        _restore_of_agent(floor, agent)
    for promise in floor.promises.values():
        for kind, of_promise in _OF_PROMISES.items():
            at = of_promise(promise)
            if at is not None:
                floor.deadlines.add_promise(at, kind, promise.id)


def _restore_of_agent(floor: Floor, agent: AgentRecord) -> None:
    for kind, of_agent in _OF_AGENTS.items():
        for contact in agent.cooling if kind is Kind.COOLING else (NO_CONTACT,):
            at = of_agent(agent, contact)
            if at is not None:
                floor.deadlines.add(at, kind, contact=contact, agent=agent.id)
